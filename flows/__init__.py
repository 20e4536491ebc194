"""Flows: order, schedule, settings, and what a person starts."""

from transforms.release import VERSION

__version__ = VERSION
