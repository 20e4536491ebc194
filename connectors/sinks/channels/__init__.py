"""Types of channel, one module each."""
