"""Types of channel, a module each."""
