"""DuckDB: every line of SQL, the migrations, the published copy."""
