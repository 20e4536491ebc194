"""Citation of an article, a story, an act, a claim or a number, and the facts of its note.

A program that manages references keeps what it knows and gives items ids of its own; what
only we know stands in the note, a line a fact, and comes back with it.

A number is one of some macros with literal arguments. No text of a citation is ever run: it
is read into a ``Number`` or refused, and what is asked is written anew from that.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from transforms.text.harmless import harmless

_DAYS = ("since", "until")
_BESIDE = (*_DAYS, "before")
# Table macros of the published file, over days that they do not share with later news.
MACROS: Mapping[str, tuple[str, ...]] = {
    "acts_between": _DAYS,
    "changes_between": _BESIDE,
    "claims_between": _DAYS,
    "company_topics_between": _DAYS,
    "family_changes_between": _DAYS,
    "gaps_between": _DAYS,
    "group_pairs_between": _DAYS,
    "languages_between": _DAYS,
    "leads_between": _DAYS,
    "matrix_between": _DAYS,
    "measures_between": _DAYS,
    "movers_between": _BESIDE,
    "pairs_between": _DAYS,
    "share_between": _DAYS,
    "sources_between": _DAYS,
    "subjects_between": _DAYS,
    "themes_between": _DAYS,
}
# Those that are counted no more: what was cited of them cannot be asked again.
WITHDRAWN = frozenset({"frames_between"})
EXAMPLE = "share_between('2026-01-01', '2026-02-01')"
LONGEST = 500
_MOST_BEFORE = 99
# Longer results are cited by their hash alone.
_SHOWN = 1_000
_DIGITS = 12
_NAME = r"[a-z_][a-z0-9_]{0,40}"
_TEXT = r"'(?:[^']|'')*'"
_EQUAL = rf"({_NAME})\s*=\s*({_TEXT}|-?\d{{1,15}})"
_WHOLE = re.compile(
    rf"(?:select\s+(?P<columns>{_NAME}(?:\s*,\s*{_NAME})*)\s+from\s+|from\s+)?"
    rf"(?P<macro>{_NAME})\s*\((?P<arguments>[^()]*)\)"
    rf"(?:\s+where\s+(?P<where>{_EQUAL}(?:\s+and\s+{_EQUAL})*))?\s*;?",
    re.IGNORECASE,
)
_NAMES = re.compile(_NAME, re.IGNORECASE)
_ONE_EQUAL = re.compile(_EQUAL, re.IGNORECASE)
_DAY_TEXT = re.compile(r"(?:date\s*)?'(\d{4}-\d\d-\d\d)'", re.IGNORECASE)
Kind = Literal["article", "story", "measure", "claim", "number"]
PRODUCT = "Sinowire"
_PREFIX = "sinowire-"
_KINDS: Mapping[str, Kind] = {"s": "story", "m": "measure", "c": "claim", "n": "number"}
_LETTERED = re.compile(r"[smcn][0-9a-f]{20}")
_ID = re.compile(r"[smcn]?[0-9a-f]{20}")


class NumberError(Exception):
    """A text is not a number that can be cited; says why, and what can."""


class NumberWithdrawn(NumberError):  # noqa: N818
    """A number was counted once, and is no more."""


@dataclass(frozen=True, slots=True)
class Number:
    """A macro over a period, with the columns and the rows of it that are meant."""

    macro: str
    arguments: tuple[date | int, ...]
    columns: tuple[str, ...] = ()
    where: tuple[tuple[str, str | int], ...] = ()

    @property
    def text(self) -> str:
        """The number in its one spelling."""
        return self._spelled("")

    @property
    def sql(self) -> str:
        """The statement that gives it, as of a moment."""
        whole = self._spelled("date ")
        return whole if self.columns else f"from {whole}"

    def _spelled(self, day: str) -> str:
        given = ", ".join(
            str(each) if isinstance(each, int) else f"{day}'{each}'"
            for each in self.arguments
        )
        chosen = f"select {', '.join(self.columns)} from " if self.columns else ""  # noqa: S608  names and literals, read strictly
        kept = " and ".join(f"{name} = {_literal(value)}" for name, value in self.where)
        return f"{chosen}{self.macro}({given}){' where ' if kept else ''}{kept}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRows:
    """Rows of a number: their hash, and the rows themselves if they are few."""

    number: Number
    rows: int
    digest: str
    shown: str


def is_number(text: str) -> bool:
    """Tell whether *text* is meant as a number and not as an id."""
    return "(" in text


def read_number(text: str) -> Number:
    """Return the number that *text* writes.

    Raises:
        NumberError: It is none, or not one of those that can be cited.
        NumberWithdrawn: It is counted no more.
    """
    found = _WHOLE.fullmatch(text.strip()) if len(text) <= LONGEST else None
    if found is None:
        raise NumberError(
            f"a number is one macro with its days in quotes, such as {EXAMPLE}; columns "
            "and rows may be chosen as in SQL, by one equal value each"
        )
    macro = found["macro"].lower()
    if macro in WITHDRAWN:
        raise NumberWithdrawn(
            f"{macro} is not counted any more; these are: {', '.join(MACROS)}"
        )
    if macro not in MACROS:
        raise NumberError(
            f"{macro} is not a number that can be cited; these are: {', '.join(MACROS)}"
        )
    return Number(
        macro,
        _arguments(macro, found["arguments"]),
        tuple(name.lower() for name in _NAMES.findall(found["columns"] or "")),
        tuple(
            (name.lower(), _value(value))
            for name, value in _ONE_EQUAL.findall(found["where"] or "")
        ),
    )


def result_of(number: Number, rows: Sequence[Mapping[str, Any]]) -> NumberRows:
    """Return what of a macro's *rows* a number means, in an order of its own.

    Raises:
        NumberError: A column is not there, or no row is meant.
    """
    named = {*number.columns, *(name for name, _ in number.where)}
    if rows and (strange := sorted(named - rows[0].keys())):
        raise NumberError(
            f"{number.macro} has no column {strange[0]}; it has {', '.join(rows[0])}"
        )
    meant = [row for row in rows if all(_is(row[n], value) for n, value in number.where)]
    if not meant:
        raise NumberError(f"{number.text} gives no row; look at its days and ids")
    kept = ({name: row[name] for name in number.columns or row} for row in meant)
    lines = sorted(
        json.dumps(_plain(row), ensure_ascii=False, separators=(",", ":")) for row in kept
    )
    whole = f"[{','.join(lines)}]"
    return NumberRows(
        number=number,
        rows=len(lines),
        digest=hashlib.sha256(whole.encode()).hexdigest()[:32],
        shown=whole if len(whole) <= _SHOWN else "",
    )


def number_id(number: Number, as_of: str) -> str:
    """Return the id of a number as of a moment."""
    whole = f"{number.text}\n{as_of}"
    return "n" + hashlib.sha256(whole.encode()).hexdigest()[:20]


def _arguments(macro: str, text: str) -> tuple[date | int, ...]:
    names, parts = MACROS[macro], [part.strip() for part in text.split(",")]
    if len(parts) != len(names):
        raise NumberError(f"{macro} takes {', '.join(names)}, and is given {len(parts)}")
    return tuple(map(_argument, names, parts))


def _argument(name: str, text: str) -> date | int:
    if name not in _DAYS:
        if text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= _MOST_BEFORE:
            return int(text)
        raise NumberError(f"{name} is a number from 1 to {_MOST_BEFORE}, not {text[:40]}")
    found = _DAY_TEXT.fullmatch(text)
    try:
        return date.fromisoformat(found[1]) if found else _no_day(name, text)
    except ValueError:
        return _no_day(name, text)


def _no_day(name: str, text: str) -> date:
    raise NumberError(f"{name} is a day in quotes, such as '2026-01-01', not {text[:40]}")


def _value(text: str) -> str | int:
    return text[1:-1].replace("''", "'") if text.startswith("'") else int(text)


def _literal(value: str | int) -> str:
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def _is(cell: Any, value: str | int) -> bool:
    """Tell whether a cell is what is asked for; a day is written as a text."""
    return cell == value if isinstance(value, int) else str(cell) == value


def _plain(value: Any) -> Any:
    """Return a value as JSON has it, fractions without digits that hang on the order."""
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, float):
        return float(f"{value:.{_DIGITS}g}")
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, bool | int | str | None) else str(value)


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
