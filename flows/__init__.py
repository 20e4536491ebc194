"""Flows: the order of steps, schedules, settings and the command line."""

from transforms.release import VERSION

__version__ = VERSION
