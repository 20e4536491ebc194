"""DuckDB: all SQL, migrations, the file, the lake and the published copy."""
