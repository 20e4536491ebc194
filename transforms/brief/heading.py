"""What a section declares: its key, its queries, and the function that writes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from transforms.brief.desk import Desk
from transforms.brief.model import Period, Section
from transforms.models import Query

Rows = Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A section of the brief, as the list in ``sections`` knows it.

    ``printed`` gives its rows by name, for who reads them by machine; without it they
    are those of its queries. One of the front page stands before the numbers.
    """

    key: str
    write: Callable[[Desk], Section]
    queries: tuple[Query[Any], ...]
    periods: tuple[Period, ...] = ("day", "week")
    printed: Callable[[Desk], Rows] | None = None
    is_front: bool = False

    def rows(self, desk: Desk) -> Rows:
        """Return the rows that the section prints, by name."""
        if self.printed:
            return self.printed(desk)
        return {query.key: desk.rows(query) for query in self.queries}
