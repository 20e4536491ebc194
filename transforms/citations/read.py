"""Readers of CSL-JSON and RIS: one citation at a time, of files of any other product too.

Neither holds a file whole: a file of a hundred megabytes is read as it comes.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from transforms.citations.citation import Cited, read_facts
from transforms.text.json_limits import is_too_deep, read_json_part

# Of one citation; a long abstract has some thousand characters.
LONGEST = 1_000_000
MOST = 500_000
_TAG = re.compile(r"([A-Z][A-Z0-9])  ?-(?: (.*))?")
_FIRST = re.compile(r"\s*TY  ?-")
_MARKUP = re.compile(r"</?(?:p|br|div|span)\b[^<>]*>", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,\[]*")
_END = re.compile(r"[\s,\]]*")
_DATE = re.compile(r"(\d{4})(?:[/-](\d{1,2}))?(?:[/-](\d{1,2}))?")
_FIELDS = 10_000  # tags of one RIS record
_NO_FORM = "is neither CSL-JSON nor RIS; write one with: sinowire cite ID --style csl-json"


class CitationError(Exception):
    """A file of citations cannot be read; says where, and what is."""


def read_citations(chunks: Iterable[str]) -> Iterator[Cited]:
    """Yield the citations of a file, which comes in pieces of any size.

    Raises:
        CitationError: It is of another form, broken, or beyond the limits.
    """
    rest = iter(chunks)
    head = ""
    for piece in rest:
        head += piece.removeprefix("\ufeff") if not head else piece
        if head.strip():
            break
    start = head.lstrip()
    whole = chain([head], rest)
    read: Callable[[Iterable[str]], Iterator[Cited]]
    if start[:1] in ("[", "{"):
        read = _read_csl
    elif start:
        read = _read_ris
    else:
        raise CitationError("is empty; write one with: sinowire cite ID --style csl-json")
    place = 0
    for place, cited in enumerate(read(whole), 1):
        if place > MOST:
            raise CitationError(f"has more than {MOST:,} citations; cut it into several")
        yield cited
    if not place:
        raise CitationError("has no citation in it")


def is_citations(text: str) -> bool:
    """Tell whether *text* begins like a file of citations, and not like an id."""
    return text.lstrip()[:1] in ("[", "{") or _FIRST.match(text) is not None


def _read_csl(chunks: Iterable[str]) -> Iterator[Cited]:
    for place, item in enumerate(_values(chunks), 1):
        if not isinstance(item, Mapping):
            raise CitationError(f"citation {place} is no object of CSL-JSON")
        facts = read_facts(_text(item, "note"))
        yield Cited(
            place=place,
            id=facts.get("id") or _text(item, "id"),
            title=_text(item, "title"),
            outlet=_text(item, "container-title") or _text(item, "publisher"),
            url=_text(item, "URL"),
            day=_csl_day(item.get("issued")),
            facts=facts,
        )


def _values(chunks: Iterable[str]) -> Iterator[Any]:
    """Yield the values of a JSON array, or the value, each when it has come whole."""
    held, count = "", 0
    for chunk in chunks:
        held, at = held + chunk, 0
        while (at := _past(_BETWEEN, held, at)) < len(held) and held[at] != "]":
            found = _value_at(held, at, count + 1)
            if found is None:
                break
            value, at = found
            count += 1
            yield value
        held = held[at:]
    if _END.fullmatch(held) is None:
        raise CitationError(f"ends within citation {count + 1}, or is not JSON there")


def _past(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _value_at(text: str, at: int, place: int) -> tuple[Any, int] | None:
    """Return the value that begins there, and where it ends; None if more must come."""
    try:
        return read_json_part(text, at)
    except json.JSONDecodeError as exc:
        if is_too_deep(exc):
            raise CitationError(f"citation {place} is nested too deeply") from exc
        if len(text) - at > LONGEST:
            raise CitationError(
                f"citation {place} has no end within {LONGEST:,} characters, or is not JSON"
            ) from exc
        return None


def _text(item: Mapping[str, Any], name: str) -> str:
    """Return a field as text; other products write numbers, or lists of one."""
    value = item.get(name)
    if isinstance(value, list) and value:
        value = value[0]
    return str(value) if isinstance(value, str | int) else ""


def _csl_day(issued: Any) -> str:
    if not isinstance(issued, Mapping):
        return _day(issued) if isinstance(issued, str) else ""
    match issued.get("date-parts"):
        case [[*parts], *_]:
            return _day("-".join(str(part) for part in parts[:3]))
    return _day(_text(issued, "raw") or _text(issued, "literal"))


def _day(text: str) -> str:
    """Return a date as 2026-01-05, or as much of it as is told."""
    found = _DATE.match(text.strip())
    if found is None:
        return ""
    year, *rest = (part for part in found.groups() if part)
    return "-".join([year, *(part.zfill(2) for part in rest)])


def _read_ris(chunks: Iterable[str]) -> Iterator[Cited]:
    tags: dict[str, list[str]] = {}
    last, place = "", 0
    for line in _lines(chunks):
        found = _TAG.fullmatch(line)
        name, value = (found[1], (found[2] or "").strip()) if found else ("", line.strip())
        if name == "TY":
            _check_ended(tags, place)
            tags, last, place = {"TY": [value]}, "TY", place + 1
        elif not tags:
            if line.strip():
                raise CitationError(
                    f"has a line after citation {place} that belongs to none: "
                    f"{line.strip()[:60]!r}"
                    if place
                    else _NO_FORM
                )
        elif name == "ER":
            yield _of_ris(place, tags)
            tags = {}
        elif name:
            tags.setdefault(name, []).append(value)
            last = name
        elif value:
            # Some products break long lines.
            tags[last][-1] += f" {value}"
        if sum(map(len, tags.values())) > _FIELDS:
            raise CitationError(f"citation {place} has more than {_FIELDS:,} lines")
    _check_ended(tags, place)


def _check_ended(tags: Mapping[str, object], place: int) -> None:
    if tags:
        raise CitationError(f'citation {place} has no end: a line of "ER  -" is missing')


def _lines(chunks: Iterable[str]) -> Iterator[str]:
    held = ""
    for chunk in chunks:
        *lines, held = re.split(r"\r\n|\n|\r(?!\n|$)", held + chunk)
        yield from lines
        if len(held) > LONGEST:
            raise CitationError(f"has a line of more than {LONGEST:,} characters")
    yield held.removesuffix("\r")


def _of_ris(place: int, tags: Mapping[str, list[str]]) -> Cited:
    facts = read_facts("\n".join(map(_plain, tags.get("N1", []) + tags.get("N2", []))))
    return Cited(
        place=place,
        id=facts.get("id") or _first(tags, "AN", "ID"),
        title=_first(tags, "TI", "T1"),
        outlet=_first(tags, "T2", "JF", "JO", "PB"),
        url=_first(tags, "UR"),
        day=_day(_first(tags, "DA", "Y1", "PY")),
        facts=facts,
    )


def _first(tags: Mapping[str, list[str]], *names: str) -> str:
    return next((tags[name][0] for name in names if tags.get(name)), "")


def _plain(note: str) -> str:
    """Return a note without the markup in which some products keep notes."""
    return html.unescape(_MARKUP.sub("\n", note)) if _MARKUP.match(note) else note
