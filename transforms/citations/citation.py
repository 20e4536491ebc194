"""Citation of an article, a story, an act, a claim or a number, and the facts of its note.

A program that manages references keeps what it knows and gives items ids of its own; what
only we know stands in the note, a line a fact, and comes back with it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from transforms.citations.number import NumberRows
from transforms.text.harmless import harmless

Kind = Literal["article", "story", "measure", "claim", "number"]
PRODUCT = "Sinowire"
_PREFIX = "sinowire-"
_KINDS: Mapping[str, Kind] = {"s": "story", "m": "measure", "c": "claim", "n": "number"}
_LETTERED = re.compile(r"[smcn][0-9a-f]{20}")
_ID = re.compile(r"[smcn]?[0-9a-f]{20}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """State of the data that citations are made of.

    ``arrivals`` is the place of the newest article in the order of arrival, ``zone`` the
    one on whose calendar days are counted.
    """

    as_of: datetime
    arrivals: int
    rules: str
    version: str
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """What is cited, with what finds it again.

    Words, outlet and address are those of the article ``article_id``: of a story, an act
    or a claim its first report. A number has a ``result`` in place of them.
    """

    id: str
    kind: Kind
    title: str
    basis: Basis
    published_at: datetime
    outlet: str = ""
    url: str = ""
    language: str = ""
    authors: tuple[str, ...] = ()
    article_id: str = ""
    first_seen_at: datetime | None = None
    content_hash: str = ""
    archived: str = ""
    result: NumberRows | None = None

    @property
    def day(self) -> date:
        """The day of publication in the reporting zone."""
        return day_in(self.published_at, self.basis.zone)

    @property
    def cited_on(self) -> date:
        """The day of the data."""
        return day_in(self.basis.as_of, self.basis.zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A citation as a file has it; ``day`` is as exact as that says, such as 2026-01."""

    place: int
    id: str
    title: str
    outlet: str
    url: str
    day: str
    facts: Mapping[str, str]

    @property
    def kind(self) -> Kind:
        """What is cited, by the form of its id."""
        return kind_of(self.id)


def kind_of(given: str) -> Kind:
    """Return what an id stands for, by its form."""
    return _KINDS[given[0]] if _LETTERED.fullmatch(given) else "article"


def is_id(given: str) -> bool:
    """Tell whether *given* has the form of an id of ours."""
    return _ID.fullmatch(given) is not None


def day_in(at: datetime, zone: str) -> date:
    """Return the day of a moment in a zone."""
    return at.astimezone(ZoneInfo(zone)).date()


def moment(at: datetime) -> str:
    """Return a moment as text, exact to the microsecond."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def words(text: str) -> str:
    """Return *text* as it is cited and compared: on one line, composed, nothing hidden."""
    return unicodedata.normalize("NFC", harmless(text))


def facts(citation: Citation) -> dict[str, str]:
    """Return what only we know of a citation, by its name in the note."""
    basis, result = citation.basis, citation.result
    seen = citation.first_seen_at
    given = {
        "id": citation.id,
        "kind": citation.kind,
        "article": citation.article_id,
        "published": "" if result else moment(citation.published_at),
        "zone": basis.zone,
        "first-seen": moment(seen) if seen else "",
        "content-hash": citation.content_hash,
        "archived": citation.archived,
        "number": result.number.text if result else "",
        "sql": result.number.sql if result else "",
        "rows": str(result.rows) if result else "",
        "result": result.shown if result else "",
        "result-hash": result.digest if result else "",
        "as-of": moment(basis.as_of),
        "arrivals": str(basis.arrivals),
        "rules": basis.rules,
        "release": basis.version,
    }
    return {name: value for name, value in given.items() if value}


def note_lines(citation: Citation) -> list[str]:
    """Return the facts of a citation as lines of a note."""
    return [f"{_PREFIX}{name}: {words(value)}" for name, value in facts(citation).items()]


def read_facts(note: str) -> dict[str, str]:
    """Return the facts that a note has, whatever stands between them."""
    lines = (line.strip() for line in note.splitlines())
    told = (
        line.removeprefix(_PREFIX).partition(": ")
        for line in lines
        if line.startswith(_PREFIX)
    )
    return {name: value for name, _, value in told}
