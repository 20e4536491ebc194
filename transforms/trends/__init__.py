"""Statistics of counts and words: significance, level shifts, emerging terms."""
