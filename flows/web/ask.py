"""What an address asks for, checked before anything is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from flows.web.errors import BadRequest
from transforms.dates.zones import is_zone

Form = Literal["html", "json", "csv", "atom"]
# A parameter is a word or two; a search or a statement may be longer.
LONGEST = 200
LONGEST_TEXT = 8_000
YEARS = range(1990, 2101)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskAsk:
    """A page, the language and form it is asked for in, and its parameters.

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
        """What the page is kept by, beside the publication."""
        query = tuple(self.query.items())
        return (self.path, self.language, self.form, query, self.runs, self.stamp)

    def text(self, name: str) -> str | None:
        """Return a parameter, None where it was not given."""
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

    def period(self) -> tuple[date, date] | None:
        """Return the days *since* and *until*, both included; None where neither is given.

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


def read_query(
    pairs: list[tuple[str, str]],
    known: frozenset[str],
    texts: frozenset[str],
    prefix: str = "",
) -> dict[str, str]:
    """Return the parameters that a page knows, in order; of several the last one counts.

    Raises:
        BadRequest: One is too long or holds control characters.
    """
    given = {}
    for name, value in pairs:
        is_named = bool(prefix) and name.startswith(prefix) and len(name) < LONGEST
        if name not in known and name not in texts and not is_named:
            continue
        most = LONGEST_TEXT if name in texts else LONGEST
        if len(value) > most:
            raise BadRequest(
                f"{name} has {len(value):,} characters; at most {most:,} are read"
            )
        if name not in texts and _UNPRINTABLE.search(value):
            raise BadRequest(f"{name} holds control characters")
        if value.strip():
            given[name] = value.strip()
    return dict(sorted(given.items()))


def read_zone(value: str | None, default: str) -> ZoneInfo:
    """Return the zone that times are told in.

    Raises:
        BadRequest: There is no such zone.
    """
    name = value or default
    if not is_zone(name):
        raise BadRequest(f"{name!r} is not an IANA time zone, such as Asia/Shanghai")
    return ZoneInfo(name)
