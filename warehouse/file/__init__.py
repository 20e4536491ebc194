"""The warehouse as a file: lock, migrations, backup, publication."""
