"""An item half read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Item = dict[str, Any]


@dataclass(slots=True)
class ItemReading:
    """An item half read: what it has by now, and what the next element may change."""

    language: str | None
    item: Item = field(default_factory=dict)
    has_title: bool = False
    has_content: bool = False
    # The last author is a name, or has an address: feedparser mixes a person with it.
    mixes_author: bool = False


Reader = Callable[[Any, ItemReading], None]
