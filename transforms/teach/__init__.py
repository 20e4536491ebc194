"""Teaching: weights refitted to verdicts, and a test of their benefit."""
