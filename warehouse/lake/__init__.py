"""The warehouse as a lake: a catalog in PostgreSQL, rows in a shared folder."""
