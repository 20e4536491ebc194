"""Teach: learn from verdicts, put it in place, take it back."""
