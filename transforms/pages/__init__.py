"""Pages of the desk: rows of the warehouse as templates show them. Pure."""
