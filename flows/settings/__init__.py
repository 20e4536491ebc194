"""Settings: what a home may set (``settings``), of which kinds, and how it is read."""

from flows.settings.load import FILE, load_settings, read_file, retired_settings
from flows.settings.settings import PREFIX, Settings

__all__ = ["FILE", "PREFIX", "Settings", "load_settings", "read_file", "retired_settings"]
