"""Stories: articles about one event, across outlets, scripts and languages."""
