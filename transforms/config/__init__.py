"""Read the TOML that people edit: one reader for feeds, watchlist, alerts and settings."""

from __future__ import annotations

from transforms.config.table import Table, tables
from transforms.config.text import ConfigError, ConfigText, decode_text

__all__ = ["ConfigError", "ConfigText", "Table", "decode_text", "tables"]
