"""Upkeep of a whole home: checkup, maintenance, and retagging."""
