"""Pages of the desk: rows of the warehouse prepared for templates. Pure."""
