"""The numbers of briefs, trends and pages, today and as of a past day."""
