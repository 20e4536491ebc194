"""How often a feed asks to be read, in the head of its document."""

from __future__ import annotations

import re
from datetime import timedelta

from transforms.models import Wishes

# The head of a document ends at its first item, and is short: the rest is not read.
HEAD = 16_384
_FIRST_ITEM = re.compile(rb"<(?:[\w-]+:)?(?:item|entry)[\s/>]", re.IGNORECASE)
_TTL = re.compile(rb"<ttl>\s*(\d{1,7})\s*</ttl>", re.IGNORECASE)
_PERIOD = re.compile(rb":updatePeriod>\s*+(?:<!\[CDATA\[)?\s*+(\w{4,8})", re.IGNORECASE)
_FREQUENCY = re.compile(
    rb":updateFrequency>\s*+(?:<!\[CDATA\[)?\s*+(\d{1,6})", re.IGNORECASE
)
_SKIP = re.compile(rb"<skip(Hours|Days)>(.{0,2000}?)</skip\1>", re.IGNORECASE | re.DOTALL)
_HOUR = re.compile(rb"<hour>\s*(\d{1,2})\s*<", re.IGNORECASE)
_DAY = re.compile(rb"<day>\s*(\w{6,9})\s*<", re.IGNORECASE)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PERIODS = {
    b"hourly": timedelta(hours=1),
    b"daily": timedelta(days=1),
    b"weekly": timedelta(days=7),
    b"monthly": timedelta(days=30),
    b"yearly": timedelta(days=365),
}


def wishes_in(body: bytes) -> Wishes:
    """Return what the head of an RSS, RDF or Atom document asks for.

    Only ASCII markup is read, so that any encoding but UTF-16 will do.
    """
    head = body[:HEAD]
    first = _FIRST_ITEM.search(head)
    if first:
        head = head[: first.start()]
    if b"<ttl" not in head and b":update" not in head and b"<skip" not in head:
        return Wishes()
    skipped = {name.lower(): inner for name, inner in _SKIP.findall(head)}
    hours = {int(hour) % 24 for hour in _HOUR.findall(skipped.get(b"hours", b""))}
    named = {
        day.decode("ascii", "replace").lower()
        for day in _DAY.findall(skipped.get(b"days", b""))
    }
    days = tuple(number for number, name in enumerate(_DAYS) if name in named)
    return Wishes(
        ttl=_ttl(head),
        claim=_claim(head),
        # Who rules out every hour or day has made a mistake.
        skip_hours=tuple(sorted(hours)) if len(hours) < 24 else (),  # noqa: PLR2004
        skip_days=days if len(days) < len(_DAYS) else (),
    )


def _ttl(head: bytes) -> timedelta | None:
    found = _TTL.search(head)
    return _positive(timedelta(minutes=int(found[1]))) if found else None


def _claim(head: bytes) -> timedelta | None:
    period, frequency = _PERIOD.search(head), _FREQUENCY.search(head)
    span = _PERIODS.get(period[1].lower()) if period else None
    if span is None:
        return None
    return span / max(1, int(frequency[1]) if frequency else 1)


def _positive(span: timedelta) -> timedelta | None:
    return span if span > timedelta() else None
