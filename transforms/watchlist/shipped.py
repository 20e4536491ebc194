"""Rules that ship beside the watchlist: what is found in a text hangs on them as well."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

# Weights and words of relevance, the phrases of roles, and what headlines weigh.
_RULES = (
    *(("transforms.beat", f"{name}.toml") for name in ("weights", "words", "sources")),
    ("transforms.mentions", "roles.toml"),
    ("transforms.headlines", "telling.toml"),
)


@cache
def shipped_rules() -> str:
    """Return a hash of these files: a part of ``rules_version``."""
    digest = hashlib.sha256()
    for package, name in _RULES:
        digest.update((files(package) / name).read_bytes())
    return digest.hexdigest()
