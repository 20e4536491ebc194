"""The boards of a brief that topics and event types belong to.

The queries of the brief ask for a board, so that another watchlist fills it as well.
"""

from __future__ import annotations

from collections.abc import Mapping

from transforms.config import ConfigTable, did_you_mean
from transforms.models import TopicKind

# What each is for stands in docs/howto/watchlist.md.
BOARDS: Mapping[TopicKind, tuple[str, ...]] = {
    "topic": (
        "crackdown",
        "overseas",
        "policy",
        "policy-china",
        "policy-us-eu",
        "theme-crackdown",
        "theme-facial-recognition",
        "theme-overseas",
        "theme-research",
        "theme-startups",
        "theme-supercomputing",
        "theme-support",
        "theme-us-pressure",
    ),
    "event": ("crackdown", "money", "policy", "top-stories"),
}


def read_boards(table: ConfigTable, kind: TopicKind) -> tuple[str, ...]:
    """Return the boards at ``boards``, in order and each once.

    Raises:
        ConfigError: A topic, or an event type, has no such board.
    """
    boards = table.strings("boards")
    for board in boards:
        if board not in BOARDS[kind]:
            known = f"the boards of {kind}s are {', '.join(BOARDS[kind])}"
            remedy = did_you_mean(board, BOARDS[kind]) or known
            raise table.error("boards", f"names {board!r}, which is not a board", remedy)
    return tuple(sorted(set(boards)))
