"""What an address asks of a subject's page: whose coverage, which days, which filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flows.web.asked import DAY
from flows.web.errors import BadRequest
from flows.web.page import Reading
from flows.web.pages.subjects import SubjectList
from transforms.pages import subject
from transforms.pages.rows import subjects as rows

DAYS = 90
LONGEST = 366
TREATED = ("topic", "event")
FILTERS = ("day", "hours", "beat", *TREATED, "outlet", "language", "with", "company")
# What a page's own links keep of its address: its period, and whose it is.
KEPT = ("kind", "since", "until")
STORIES = 30
BOARD = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The request for a subject: its coverage, days and filters.

    ``params`` are those of every query of its coverage, ``listed`` those of its stories,
    ``kept`` what links of the page keep of its address, ``place`` which page of them.
    """

    reading: Reading
    section: SubjectList
    subject_id: str
    kind: str
    period: subject.SubjectPeriod
    params: Mapping[str, Any]
    listed: Mapping[str, Any]
    kept: Mapping[str, str]
    place: int

    @property
    def path(self) -> str:
        """The path of the page."""
        return f"/{self.section}/{self.subject_id}"

    @property
    def of(self) -> str:
        """The name of the query of its articles."""
        return rows.COVERED[self.section]


def read_asked(
    reading: Reading,
    section: SubjectList,
    subject_id: str,
    kind: str,
    whose: Mapping[str, Any],
) -> Asked:
    """Return what an address asks of a subject.

    Raises:
        BadRequest: Its days or filters are none.
    """
    period = asked_period(reading)
    place = reading.ask.number("page", default=1, most=100)
    params = {
        **whose,
        "ids": list(whose.get("ids", [subject_id])),
        "id": subject_id,
        "kind": kind,
        "since": period.since,
        "until": period.until,
        "first_day": period.first,
        "last_day": period.last,
        "limit": BOARD,
    }
    listed = {
        **params,
        **asked_stories(reading),
        "sort": reading.ask.one_of("sort", "new", "wide") or "new",
        "limit": STORIES,
        "skip": STORIES * (place - 1),
    }
    return Asked(
        reading=reading,
        section=section,
        subject_id=subject_id,
        kind=kind,
        period=period,
        params=params,
        listed=listed,
        kept=_kept(reading, period),
        place=place,
    )


def asked_period(reading: Reading) -> subject.SubjectPeriod:
    """Return the requested period, by default 90 days up to the newest data.

    Raises:
        BadRequest: It is too long, or none.
    """
    period = reading.ask.period()
    if period is None:
        last = reading.day_of(reading.until)
        day = reading.ask.day("day")
        if day is not None and day < last - timedelta(days=DAYS - 1):
            last = day
        period = (last - timedelta(days=DAYS - 1), last)
    first, last = period
    if (last - first).days >= LONGEST:
        raise BadRequest(f"a period has at most {LONGEST} days; ask for fewer")
    return subject.SubjectPeriod(
        first=first,
        last=last,
        since=reading.start_of(first),
        until=reading.start_of(last + DAY),
    )


def asked_stories(reading: Reading) -> dict[str, Any]:
    """Return the filters of the stories, None for absent ones."""
    ask = reading.ask
    until = reading.until + timedelta.resolution
    hours = ask.number("hours", default=0, most=24 * LONGEST) if ask.text("hours") else 0
    return {
        "from": until - timedelta(hours=hours) if hours else None,
        "to": until if hours else None,
        "day": ask.day("day"),
        "outlet": ask.text("outlet"),
        "language": ask.language_asked(),
        "on_beat": ask.one_of("beat", "1") is not None,
        "topic": ask.text("event") or ask.text("topic"),
        "treated_kind": _treated_kind(reading),
        "named": ask.text("company"),
        "with": ask.text("with"),
    }


def _treated_kind(reading: Reading) -> str | None:
    """Return which kind a filter by topic means, None if its id says it."""
    if reading.ask.text("event"):
        return "event"
    return "topic" if reading.ask.text("topic") in reading.publication.twins else None


def _kept(reading: Reading, period: subject.SubjectPeriod) -> dict[str, str]:
    """Return what links keep: of a day long past its period too, or they count another."""
    kept = {name: value for name, value in reading.ask.query.items() if name in KEPT}
    if reading.ask.period() is None and period.last < reading.day_of(reading.until):
        kept |= {"since": str(period.first), "until": str(period.last)}
    return kept
