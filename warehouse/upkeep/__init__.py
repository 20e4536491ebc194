"""Upkeep: checks, retag, regroup and export."""
