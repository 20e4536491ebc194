"""Look at a feed for a person: what a poll would do with it, and where a site has feeds."""
