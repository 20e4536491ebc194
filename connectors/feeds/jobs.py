"""What is sent to a parser process, and how messages are framed."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import datetime

from connectors.errors import PermanentFeedError
from transforms.models import Feed

LENGTH = struct.Struct(">Q")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseRequest:
    """One document to be parsed within ``deadline`` seconds.

    Of the items that are not ``known`` the first ``limit`` are read.
    """

    body: bytes
    feed: Feed
    content_type: str
    base_url: str
    now: datetime
    known: frozenset[int] = frozenset()
    limit: int | None = None
    deadline: float

    @property
    def effort(self) -> float:
        """What it takes, in bytes never seen: of a known document little is new."""
        return len(self.body) / 8 if self.known else len(self.body)


def too_slow(request: ParseRequest) -> PermanentFeedError:
    """Return the error of a document that took longer than its deadline."""
    return PermanentFeedError(
        request.feed.url,
        f"parsing took longer than {request.deadline:g} s, so it was stopped",
    )
