"""From an entry of a feed to the article that is stored."""
