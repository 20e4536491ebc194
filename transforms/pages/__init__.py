"""Pages of the desk: rows of the warehouse made into what templates show. Pure."""
