"""The watchlist: companies, their names, topics, and the rules that go with them."""

from __future__ import annotations

from transforms.watchlist.entities import (
    Alias,
    Clause,
    Company,
    Parent,
    Person,
    Scoring,
    Topic,
    Watchlist,
)
from transforms.watchlist.parse import parse_watchlist

__all__ = [
    "Alias",
    "Clause",
    "Company",
    "Parent",
    "Person",
    "Scoring",
    "Topic",
    "Watchlist",
    "parse_watchlist",
]
