"""Read entries one by one, so that a bad one costs itself and never its document."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from connectors.errors import FeedError, FeedParseError, SlowFeedError
from connectors.feeds.formats.result import PartTooSlow, part
from transforms.models import Feed
from transforms.urls.canonical import hide_secrets

# Of a document's ten seconds one: ten thousand entries would take as long.
ENTRY = 0.1
T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Contained(Generic[U]):
    """What could be read, and a sentence on what could not, "" where all could."""

    read: list[U]
    notice: str


def read_each(
    read: Callable[[T], U], items: Iterable[T], *, feed: Feed, total: int
) -> Contained[U]:
    """Return what *read* makes of *items*, without those over which it fails or stays.

    Raises:
        FeedParseError: It fails over all of the *total* items of the document: the
            fault is not one entry's, and nothing may count as read.
        SlowFeedError: It takes too long over each of them.
    """
    done: list[U] = []
    failures: list[Exception] = []
    for item in items:
        try:
            with part(ENTRY):
                done.append(read(item))
        except MemoryError:
            raise  # no entry's fault
        except Exception as exc:  # noqa: BLE001  whatever it is, it is this entry's end alone
            failures.append(exc)
    notice = hide_secrets(_notice(failures), feed.url)
    if failures and len(failures) >= total:
        slow = all(isinstance(error, PartTooSlow | SlowFeedError) for error in failures)
        error = SlowFeedError if slow else FeedParseError
        raise error(feed.url, f"no entry could be read: {notice}")
    return Contained(done, notice)


def _notice(failures: list[Exception]) -> str:
    if not failures:
        return ""
    first = _why(failures[0])[:200]
    if len(failures) == 1:
        return f"left out 1 entry that could not be read ({first})"
    return f"left out {len(failures):,} entries that could not be read (first: {first})"


def _why(failure: Exception) -> str:
    if isinstance(failure, PartTooSlow):
        return "it takes too long"
    return failure.reason if isinstance(failure, FeedError) else repr(failure)
