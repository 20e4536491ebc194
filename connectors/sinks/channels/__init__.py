"""Where alerts go: one module a type of channel."""
