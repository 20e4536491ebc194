"""Words of pages: names, times and addresses in one language, links and boards."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from markupsafe import Markup

from transforms.brief.draft import WEB
from transforms.dates.zones import is_zone
from transforms.models import Facet
from transforms.words import LONG, Words, say

_SECTIONS = {"topic": "topics", "event": "topics", "person": "people"}
PREFIX = {"en": "", "zh": "/zh"}
OTHER = {"en": "zh", "zh": "en"}
BY_THE_HOUR = 6  # minutes say nothing beside so many hours


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWords(Words):
    """Wording of a page in its language, with its days in the reporting zone.

    Times of day are told in the zone ``clocks``, the reader's, where that is another.
    ``names`` gives every company and topic its names, English and Chinese,
    ``twins`` are ids that a topic and an event type share. ``kept`` are
    the parameters of the address that go on to the next page that ``takes`` them, such as
    a zone. ``beat`` is the name of what is watched, and ``headed`` that name where heads
    of pages show it; ``hidden`` are the rooms that it does not have, and ``in_chinese`` is
    whether some of its headlines are.
    """

    names: Mapping[str, tuple[str, str]]
    until: datetime
    clocks: ZoneInfo | None = None
    twins: frozenset[str] = frozenset()
    kept: tuple[tuple[str, str], ...] = ()
    takes: Callable[[str, str], bool] = lambda _path, _name: True
    beat: str = ""
    headed: str = ""
    hidden: Collection[str] = ()
    in_chinese: bool = True

    def name(self, subject: str | None) -> str:
        """Return the name of a company or topic in the page's language."""
        english, chinese = self.names.get(subject or "", (subject or "", ""))
        return (chinese if self.language == "zh" else "") or english

    def other_name(self, subject: str) -> str:
        """Return the name in the other language; "" if it is the same, or none reads it."""
        if self.language == "en" and not self.in_chinese:
            return ""
        english, chinese = self.names.get(subject, ("", ""))
        other = english if self.language == "zh" else chinese
        return "" if other == self.name(subject) else other

    def subject(self, kind: str, subject: str, **query: object) -> Link:
        """Return the name of a company, topic or event type, linked to its page."""
        if kind == "event" and subject in self.twins:
            query = {"kind": kind, **query}
        href = self.href(address_of(kind, subject), **query)
        return Link(text=self.name(subject), href=href)

    def subjects(self, kind: str, ids: Iterable[str], most: int) -> tuple[Link, ...]:
        """Return links to the pages of the first *most* of *ids*, each once."""
        return tuple(self.subject(kind, each) for each in list(dict.fromkeys(ids))[:most])

    def sector(self, code: str) -> str:
        """Return the name of a sector; a home may define its own sectors."""
        named = self.label("sector", code)
        return code.replace("-", " ") if named == code else named

    def long_day(self, value: date) -> str:
        """Return a day with its weekday."""
        weekday = self.word("weekdays").split()[value.weekday()]
        return self.word("day.long", weekday=weekday, date=self.day(value))

    @property
    def clock_zone(self) -> ZoneInfo:
        """The zone of times of day."""
        return self.clocks or self.zone

    def clock(self, at: datetime) -> str:
        """Return a time of day on the reader's clock.

        Its own date stands with it if that is not the day of the page, or not the day of
        the reporting zone to which the moment belongs.
        """
        local, shown = at.astimezone(self.clock_zone), self.local_day(self.until)
        if local.date() == self.local_day(at) == shown:
            return f"{local:%H:%M}"
        form = "date.short" if local.year == shown.year else "date"
        day = self.day(local.date(), form=form)
        return self.word("date.clock", day=day, clock=f"{local:%H:%M}")

    def time(self, at: datetime | None, there: str | None = None) -> Markup:
        """Return a moment as an element that a script may put on another clock.

        The tooltip has the time in the zone *there*, the outlet's own; without one in the
        page's zone.
        """
        if at is None:
            return Markup("–")
        zone = ZoneInfo(there) if there and is_zone(there) else self.clock_zone
        exact = f"{at.astimezone(zone):%Y-%m-%d %H:%M} {zone}"
        return Markup('<time datetime="{}" title="{}">{}</time>').format(
            f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", exact, self.clock(at)
        )

    def short_span(self, hours: float) -> str:
        """Return a length of time in its shortest form."""
        if hours < 1:
            return self.word("short.minutes", n=round(hours * 60))
        whole, minutes = divmod(round(hours * 60), 60)
        if whole < BY_THE_HOUR and minutes:
            return self.word("short.hours.minutes", h=whole, m=f"{minutes:02}")
        if hours < LONG:
            return self.word("short.hours", n=round(hours))
        return self.word("short.days", n=round(hours / 24))

    def href(self, path: str, **query: object) -> str:
        """Return the address of a page of the desk in this language."""
        return address(path, self.language, {**self.kept_by(path), **query})

    def kept_by(self, path: str) -> dict[str, str]:
        """Return the parameters of the address that the page at *path* has too."""
        return {name: value for name, value in self.kept if self.takes(path, name)}

    def seen_day(self) -> str:
        """Return the day that the address asks to see the data as of; "" for the newest."""
        return dict(self.kept).get("as_of", "") and str(self.local_day(self.until))

    def in_other(self, path: str, **query: object) -> str:
        """Return the address of a page of the desk in the other language."""
        return address(path, OTHER[self.language], {**self.kept_by(path), **query})


def address_of(kind: str, subject: str) -> str:
    """Return the path of a subject's page."""
    section = _SECTIONS.get(kind, "companies")
    return f"/{section}/{subject}"


def address(path: str, language: str, query: Mapping[str, object]) -> str:
    """Return the address of a page: its path, and the parameters with a value."""
    given = [(key, str(value)) for key, value in query.items() if value not in (None, "")]
    whole = f"{PREFIX[language]}{quote(path)}" or "/"
    if language != "en" and path == "/":
        whole = PREFIX[language] + "/"
    return f"{whole}?{urlencode(given)}" if given else whole


def web_address(url: str | None) -> str:
    """Return *url* if it is http(s), else ""."""
    found = (url or "").strip()
    return found if found.lower().startswith(WEB) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A text with its target: a page of the desk, or a web address.

    ``n`` is how many it opens.
    """

    text: str
    href: str
    note: str = ""
    n: int | None = None
    is_current: bool = False


def meant(paths: Iterable[str], language: str) -> list[Link]:
    """Return links to what an address may have meant; of those without a path none."""
    return [Link(text=say("near.meant", language, path=p), href=p) for p in paths if p]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A row of a board: a name linked to its page, and a count linked to its stories."""

    link: Link
    count: int
    opens: str
    subject_id: str = ""
    level: float = 0.0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """A board: its title, rows, SQL and data table."""

    key: str
    title: str
    rows: Sequence[Ranked]
    sql: str = ""
    table: DataTable | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DataTable:
    """Data of a page as ``.json`` and ``.csv``."""

    name: str
    rows: Sequence[Mapping[str, Any]]
    columns: Sequence[str] = field(default=())


def ranked(
    words: PageWords, rows: Sequence[Facet], opens: Callable[[Facet], str]
) -> list[Ranked]:
    """Return counts as rows of a board; *opens* is where the stories of one are."""
    high = max((row.stories for row in rows), default=0) or 1
    return [
        Ranked(
            link=Link(text=row.id, href=words.href("/", outlet=row.id))
            if row.kind == "outlet"
            else words.subject(row.kind, row.id),
            count=row.stories,
            subject_id=row.id,
            opens=f"{opens(row)}#stories",
            level=row.stories / high,
            note=words.word("kind.event.short") if row.kind == "event" else "",
        )
        for row in rows
    ]
