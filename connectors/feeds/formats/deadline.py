"""Deadline of a document, and of a part of it: an alarm ends what takes longer."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from types import FrameType

# Seconds from ring to ring: what an alarm raises is lost in a destructor.
_RINGS = 0.1
_RINGS_AGAIN = 1.0


class TooSlow(BaseException):
    """The document's time limit is over; not an Exception, which parsers swallow."""


class PartTooSlow(Exception):  # noqa: N818  the end of an entry, of which it is the reason
    """A part of the document exceeded its share of the time limit."""


@dataclass(slots=True)
class _Clock:
    """Limits: ``ends`` is a moment, ``part_ends`` CPU time, unaffected by load."""

    seconds: float
    ends: float
    part_ends: float = inf


_running: list[_Clock] = []


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise ``TooSlow`` after *seconds*; runs in a process's main thread only."""
    _running.append(_Clock(seconds, time.monotonic() + seconds))
    before = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, min(seconds, _RINGS), _RINGS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        _running.pop()


@contextmanager
def part(share: float) -> Iterator[None]:
    """Raise ``PartTooSlow`` where the block takes more than *share* of the time limit."""
    if not _running:
        yield
        return
    clock = _running[-1]
    clock.part_ends = time.process_time() + share * clock.seconds
    try:
        yield
    finally:
        clock.part_ends = inf


def _ring(_number: int, _frame: FrameType | None) -> None:
    clock = _running[-1]
    now = time.monotonic()
    if now >= clock.ends:
        clock.ends = now + _RINGS_AGAIN
        raise TooSlow
    if (used := time.process_time()) >= clock.part_ends:
        clock.part_ends = used + _RINGS_AGAIN
        raise PartTooSlow
