"""Dates ahead: which days and months headlines name for what is to come."""
