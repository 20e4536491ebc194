"""Reading of TOML configuration: one reader for feeds, watchlist, alerts and settings."""

from __future__ import annotations

from transforms.config.table import EXTENDS_KEYS, ConfigTable, read_base, tables
from transforms.config.text import (
    ConfigError,
    ConfigText,
    decode_text,
    did_you_mean,
)

__all__ = [
    "EXTENDS_KEYS",
    "ConfigError",
    "ConfigTable",
    "ConfigText",
    "decode_text",
    "did_you_mean",
    "read_base",
    "tables",
]
