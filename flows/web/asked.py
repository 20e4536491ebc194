"""Request of a page: its language, form and parameters, read as days and moments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from flows.web.errors import BadRequest
from flows.web.shelf import Publication
from transforms.dates.zones import is_zone
from transforms.freshness import stamp

Form = Literal["html", "json", "csv", "atom", "svg", "ics"]
# How the address of a form ends, behind that of its page.
ENDINGS: dict[Form, str] = {
    "json": ".json",
    "csv": ".csv",
    "atom": "/atom",
    "svg": ".svg",
    "ics": ".ics",
    "html": "",
}
_MOMENT = re.compile(
    r"(19|20)\d\d-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{3}(\d{3})?)?)?Z"
)
_CODE = re.compile(r"[a-z]{2,3}")
YEARS = range(1990, 2101)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskAsk:
    """The request of a page: language, form and parameters.

    ``path`` is that of the page, without language and form. ``query`` holds parameters
    that the page knows and that have a value, in order: two addresses that mean the same
    are one. A statement is run where ``runs`` says so; where a browser does not say whose
    page asks, ``stamp`` is what its form is known by.
    """

    path: str
    language: str = "en"
    form: Form = "html"
    place: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    runs: bool = False
    stamp: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        """The cache key of the page, beside the publication."""
        query = tuple(self.query.items())
        return (self.path, self.language, self.form, query, self.runs, self.stamp)

    def text(self, name: str) -> str | None:
        """Return a parameter, None if it is absent."""
        return self.query.get(name)

    def day(self, name: str) -> date | None:
        """Return a parameter that is a day.

        Raises:
            BadRequest: It is something else.
        """
        value = self.query.get(name)
        return None if value is None else read_day(value)

    def number(self, name: str, *, default: int, most: int) -> int:
        """Return a parameter that is a number from 1 to *most*.

        Raises:
            BadRequest: It is something else.
        """
        value = self.query.get(name)
        if value is None:
            return default
        if not value.isascii() or not value.isdigit() or not 1 <= int(value[:9]) <= most:
            raise BadRequest(f"{name} is {value!r}; it is a number from 1 to {most}")
        return int(value)

    def one_of(self, name: str, *values: str) -> str | None:
        """Return a parameter that is one of *values*.

        Raises:
            BadRequest: It is something else.
        """
        value = self.query.get(name)
        if value is not None and value not in values:
            raise BadRequest(f"{name} is {value!r}; it is one of {', '.join(values)}")
        return value

    def language_asked(self) -> str | None:
        """Return the code of the language of headlines that are asked for.

        Raises:
            BadRequest: It is no code.
        """
        value = self.query.get("language")
        if value is not None and not _CODE.fullmatch(value):
            raise BadRequest(f"language is {value!r}; it is a code such as en or zh")
        return value

    def period(self) -> tuple[date, date] | None:
        """Return the days *since* and *until*, both included; None without either.

        Raises:
            BadRequest: They are no days, or in the wrong order.
        """
        since, until = self.day("since"), self.day("until")
        if since is None and until is None:
            return None
        first = since or (until or date.max) - timedelta(days=89)
        last = until or (since or date.min) + timedelta(days=89)
        if first > last:
            raise BadRequest(f"the period begins on {first}, after its end on {last}")
        return first, last


def read_day(value: str) -> date:
    """Return a day written as 2026-11-25.

    Raises:
        BadRequest: It is something else.
    """
    try:
        found = datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007  a day has no zone
    except ValueError:
        found = None
    if found is None or found.year not in YEARS or value != found.isoformat():
        raise BadRequest(f"{value!r} is not a day; write it as 2026-11-25")
    return found


def read_moment(value: str, publication: Publication) -> datetime:
    """Return the moment of ``as_of``; a day stands for its end in the reporting zone.

    Raises:
        BadRequest: It is neither a day nor a moment, or after the newest data.
    """
    zone, newest = ZoneInfo(publication.zone), publication.as_of
    if _MOMENT.fullmatch(value):
        at = datetime.fromisoformat(value)
    else:
        day = read_day(value)
        at = datetime.combine(day + DAY, time(), zone) - timedelta.resolution
        at = min(at, newest) if day == newest.astimezone(zone).date() else at
    # A permanent address has whole seconds.
    if at >= newest + timedelta(seconds=1):
        raise BadRequest(f"as_of is {value!r}; the newest data are of {stamp(newest)}")
    return min(at, newest)


def form_of(path: str) -> Form:
    """Return the form that an address asks for by how it ends."""
    return next(form for form, ending in ENDINGS.items() if path.endswith(ending))


def read_zone(value: str) -> ZoneInfo:
    """Return the zone of clock times.

    Raises:
        BadRequest: There is no such zone.
    """
    if not is_zone(value):
        raise BadRequest(f"{value!r} is not an IANA time zone, such as Asia/Shanghai")
    return ZoneInfo(value)
