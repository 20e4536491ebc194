"""SQL from people we do not know: a statement at a time, each in a process of its own.

Inside one process nothing holds: ``repeat('x', 4e9)`` took 7.9 GB under a memory limit of
512 MB, and no interruption ends a single long expression. A process has limits that the
kernel keeps, and can be killed.
"""

from __future__ import annotations

from warehouse.sandbox.errors import QueryBusy, QueryEnded, QueryError, QueryFailed
from warehouse.sandbox.limits import FOR_STRANGERS, SandboxLimits, for_ourselves
from warehouse.sandbox.run import QueryAnswer, QueryTurns, run_query

__all__ = [
    "FOR_STRANGERS",
    "QueryAnswer",
    "QueryBusy",
    "QueryEnded",
    "QueryError",
    "QueryFailed",
    "QueryTurns",
    "SandboxLimits",
    "for_ourselves",
    "run_query",
]
