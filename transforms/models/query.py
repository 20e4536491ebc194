"""A query of the warehouse as its reader declares it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from transforms.models.search import NamedResult

R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query(Generic[R]):
    """A named query, the record that each of its rows becomes, and whose numbers they are.

    ``relations`` are the tables, views and macros that it reads, the one that defines its
    numbers first. A query that counts something itself says in ``counts`` why no relation
    does.
    """

    name: str  # group.name in warehouse/sql/queries
    row: type[R]
    relations: tuple[str, ...]
    counts: str = ""

    @property
    def key(self) -> str:
        """The name that its rows and its SQL go by in a brief."""
        return self.name.partition(".")[2]


@dataclass(frozen=True, slots=True)
class Answers:
    """The rows of queries by key, and the SQL behind each key that is shown.

    ``found`` is what searches found that were asked beside the queries.
    """

    rows: Mapping[str, Sequence[Any]]
    sql: Mapping[str, str] = field(default_factory=dict)
    found: Sequence[NamedResult] = ()

    def of(self, query: Query[R]) -> Sequence[R]:
        """Return the rows of *query*; one that was not asked has none."""
        return self.rows.get(query.key, ())

    def first(self, query: Query[R]) -> R | None:
        """Return the row of a query that gives one; None where it was not asked."""
        return next(iter(self.of(query)), None)
