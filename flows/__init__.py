"""Order, schedule, settings, and what a person starts."""

from importlib.metadata import version

__version__ = version("sinowire")
