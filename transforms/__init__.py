"""Domain logic: pure functions over the records in models/. No I/O, no clock."""
