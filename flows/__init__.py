"""Order, schedule, settings, and what a person starts."""
