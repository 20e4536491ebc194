"""Claims: what is told of a firm, on what ground, in which mode, and what became of it."""
