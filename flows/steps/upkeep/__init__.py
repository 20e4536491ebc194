"""Upkeep of a whole home: checkup, maintenance, findings and stories made anew."""
