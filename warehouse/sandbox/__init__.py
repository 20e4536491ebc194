"""Sandbox: readers' SQL, one statement in a process of its own.

Inside one process nothing holds: ``repeat('x', 4e9)`` took 7.9 GB under a memory limit of
512 MB, and no interruption ends a single long expression. A process has limits that the
kernel keeps, and can be killed.
"""

from __future__ import annotations

from warehouse.sandbox.run import (
    FOR_STRANGERS,
    QueryAnswer,
    QueryBusy,
    QueryEnded,
    QueryError,
    QueryFailed,
    QueryTurns,
    SandboxLimits,
    for_ourselves,
    run_query,
)

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
