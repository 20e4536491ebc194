"""The names that stand around headlines, as ``credits.toml`` has them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def credits_data() -> Mapping[str, Any]:
    """Return ``credits.toml``."""
    return tomllib.loads((files(__package__) / "credits.toml").read_text(encoding="utf-8"))
