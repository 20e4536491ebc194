"""Sandbox: readers' SQL, one statement in a process of its own.

Within one process no limit is reliable: ``repeat('x', 4e9)`` took 7.9 GB under a memory
limit of 512 MB, and an interrupt does not end a single long expression. A process has
limits enforced by the kernel, and can be killed.
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
