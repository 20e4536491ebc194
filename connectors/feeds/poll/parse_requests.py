"""Requests to a parser process, and the error of one that took too long."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from connectors.errors import PermanentFeedError
from transforms.models import Feed

T = TypeVar("T")
# Before each pickled message, its length.
LENGTH = struct.Struct(">Q")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseRequest:
    """One document to be parsed within ``deadline`` seconds.

    Of the items that are not ``known`` the first ``limit`` are read. With ``cut_at`` the
    body is the beginning of a document that is larger than so many bytes.
    """

    body: bytes
    feed: Feed
    content_type: str
    base_url: str
    now: datetime
    known: frozenset[int] = frozenset()
    limit: int | None = None
    cut_at: int = 0
    deadline: float

    @property
    def url(self) -> str:
        """The address that errors name."""
        return self.feed.url

    @property
    def effort(self) -> float:
        """The estimated work, in bytes not seen before."""
        return len(self.body) / 8 if self.known else len(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRequest(Generic[T]):
    """A function to call on the document at ``url`` within ``deadline`` seconds.

    It is sent by its name, so it must be a module's own.
    """

    function: Callable[..., T]
    args: tuple[Any, ...]
    url: str
    deadline: float
    # A person waits for this answer, so it goes first.
    effort: float = 0.0


Request = ParseRequest | CallRequest[Any]


def too_slow(request: Request) -> PermanentFeedError:
    """Return the error of a document that exceeded its time limit."""
    return PermanentFeedError(
        request.url,
        f"parsing takes too long, so it was stopped (limit {request.deadline:g} s)",
    )
