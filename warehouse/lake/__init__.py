"""The warehouse as a lake: tables in PostgreSQL, their rows in a shared folder."""
