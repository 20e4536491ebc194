"""Dates ahead as an iCalendar document (RFC 5545), written by the library icalendar.

An occasion keeps its UID when its date moves, and its SEQUENCE grows; one that fell is
CANCELLED. A day is a day of its own; a week, a month or a longer span lasts all of it, and
takes nobody's time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from icalendar import Calendar, Event

from transforms.models.calendar import DueDate

_HOST = "sinowire"
_AGAIN = timedelta(hours=6)
# Nobody checked what is announced.
_STATUS = {"cancelled": "CANCELLED"}


class Entry(NamedTuple):
    """A date with what its occasion and company are called, and its story's address."""

    date: DueDate
    occasion: str
    company: str
    story: str


def to_ics(entries: Iterable[Entry], *, title: str, address: str) -> bytes:
    """Return a calendar called *title*, of which a client may ask again at *address*."""
    calendar = Calendar()
    calendar.add("prodid", "-//sinowire//dates ahead//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    calendar.add("source", address, parameters={"value": "uri"})
    calendar.add("refresh-interval", _AGAIN, parameters={"value": "duration"})
    for entry in entries:
        calendar.add_component(_event(entry))
    document: bytes = calendar.to_ical()
    return document


def _event(entry: Entry) -> Event:
    date, event = entry.date, Event()
    event.add("uid", f"{date.date_id}@{_HOST}")
    event.add("sequence", date.sequence)
    event.add("dtstamp", date.updated_at)
    event.add("last-modified", date.updated_at)
    event.add("created", date.announced_at)
    event.add("dtstart", date.due_on)
    event.add("dtend", date.due_until + timedelta(days=1))
    named = f"{entry.company}: " if entry.company else ""
    event.add("summary", f"{named}{entry.occasion} ({date.precision}): {date.headline}")
    event.add("description", f"{date.first_publisher}: {date.headline}\n{date.url}")
    event.add("url", entry.story)
    event.add("categories", [entry.occasion])
    event.add("status", _STATUS.get(date.status, "TENTATIVE"))
    event.add("transp", "TRANSPARENT")
    return event
