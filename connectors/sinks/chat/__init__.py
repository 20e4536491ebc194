"""Chat services behind Apprise: their limits, their answers, and our connection to them."""
