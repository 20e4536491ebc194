"""Why a statement has no answer.

QueryError
├── QueryFailed   it is not one SELECT or EXPLAIN, or DuckDB refused it: change it
├── QueryEnded    it took too long, or its answer too much room: ask for less
└── QueryBusy     others are asking: ask again
"""

from __future__ import annotations


class QueryError(Exception):
    """A statement has no answer; the message says why and what to do."""


class QueryFailed(QueryError):  # noqa: N818  (named for what happened, like its siblings)
    """The statement is not allowed, or wrong."""


class QueryEnded(QueryError):  # noqa: N818
    """The statement was ended: it took more time or room than it may."""


class QueryBusy(QueryError):  # noqa: N818
    """As many statements as may run at once are running."""
