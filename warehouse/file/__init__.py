"""The warehouse's file: opened by turns, migrated, copied, published, verified."""
