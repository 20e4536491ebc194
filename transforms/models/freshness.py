"""How new and how complete the data are, and what is to be doubted of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How new and how complete the data are.

    ``as_of`` is the newest successful poll or imported article. Of ``asked`` feeds
    ``answered`` did so when they were polled last. Bursts are known up to
    ``computed_until``. None means never.
    """

    as_of: datetime | None
    asked: int = 0
    answered: int = 0
    computed_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """What a reader must be warned of: data that are too old, feeds that failed."""

    freshness: Freshness
    is_late: bool
    has_failures: bool

    def __bool__(self) -> bool:
        return self.is_late or self.has_failures
