"""Reading of TOML configuration: one reader for feeds, watchlist, alerts and settings."""

from __future__ import annotations

from transforms.config.extends import EXTENDS_KEYS, read_base
from transforms.config.table import ConfigTable, tables
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
