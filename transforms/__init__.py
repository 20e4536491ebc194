"""The thinking: pure functions over the nouns in models/. No I/O, no clock."""
