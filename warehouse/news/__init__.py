"""News: articles, mentions, stories, full texts, verdicts and search."""
