"""Numbers of briefs, trends and pages, for today or as of a past day."""
