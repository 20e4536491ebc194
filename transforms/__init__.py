"""The thinking: pure functions over the nouns in models.py. No I/O, no clock."""
