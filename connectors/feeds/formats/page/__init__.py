"""Lists of articles on web pages and in JSON answers, read by a feed's selectors."""
