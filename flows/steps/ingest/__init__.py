"""From feeds, or a file of history, into the warehouse."""
