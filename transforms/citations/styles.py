"""Styles of citations: CSL-JSON, RIS, BibTeX, Chicago and plain text.

Words of outlets are data in each of them: on one line, so that none begins a tag of RIS,
and in BibTeX without a brace, a command or a comment of their own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC
from typing import Any, Final
from urllib.parse import quote

from transforms.citations.citation import (
    PRODUCT,
    Citation,
    NumberRows,
    moment,
    note_lines,
    words,
)
from transforms.words import LANGUAGES, say

# Of TeX. BibTeX counts braces even behind a backslash, so a command stands for each.
_TEX: Final[Mapping[int, str]] = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        '"': r"\char34{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        **{sign: rf"\{sign}" for sign in "#$%&_"},
    }
)
_TEX_ADDRESS: Final[Mapping[int, str]] = str.maketrans(
    {sign: quote(sign, safe="") for sign in '\\{}^`"<> '}
)
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_ENDED = re.compile(r"[.?!…。？！]$")


def render(citations: Iterable[Citation], style: str) -> str:
    """Return *citations* in a style, as a file of it begins and ends."""
    if style == "csl-json":
        rows = ",\n".join(
            f"  {json.dumps(csl_item(each), ensure_ascii=False)}" for each in citations
        )
        return f"[\n{rows}\n]\n"
    write = _WRITERS[style]
    return "\n".join(write(each) for each in citations)


def csl_item(citation: Citation) -> dict[str, Any]:
    """Return a citation as an item of CSL-JSON."""
    issued = citation.cited_on if citation.result else citation.day
    item = {
        "id": citation.id,
        "type": "dataset" if citation.result else "article-newspaper",
        "title": words(citation.title),
        "container-title": "" if citation.result else words(citation.outlet),
        "publisher": PRODUCT if citation.result else "",
        "author": [{"literal": words(name)} for name in citation.authors],
        "issued": {"date-parts": [[issued.year, issued.month, issued.day]]},
        "accessed": {"date-parts": [[*citation.cited_on.timetuple()[:3]]]},
        "URL": words(citation.url),
        "language": citation.language,
        "archive": PRODUCT if citation.archived else "",
        "archive_location": citation.archived,
        "note": "\n".join(note_lines(citation)),
    }
    return {name: value for name, value in item.items() if value}


def _ris(citation: Citation) -> str:
    issued = citation.cited_on if citation.result else citation.day
    tags = [
        ("TY", "DATA" if citation.result else "NEWS"),
        ("ID", citation.id),
        ("TI", citation.title),
        ("PB" if citation.result else "T2", citation.outlet or PRODUCT),
        *(("AU", name) for name in citation.authors),
        ("PY", f"{issued:%Y}"),
        ("DA", f"{issued:%Y/%m/%d}"),
        ("Y2", f"{citation.cited_on:%Y/%m/%d}"),
        ("UR", citation.url),
        ("LA", citation.language),
        ("DB", PRODUCT),
        ("AN", citation.id),
        ("AV", citation.archived),
        *(("N1", line) for line in note_lines(citation)),
    ]
    lines = [f"{tag}  - {words(value)}\n" for tag, value in tags if value]
    return f"{''.join(lines)}ER  - \n"


def _bibtex(citation: Citation) -> str:
    issued = citation.cited_on if citation.result else citation.day
    fields = {
        "author": " and ".join(f"{{{tex(name)}}}" for name in citation.authors),
        "title": f"{{{tex(citation.title)}}}",
        "howpublished": tex(citation.outlet or PRODUCT),
        "year": f"{issued:%Y}",
        "month": str(issued.month),
        "day": str(issued.day),
        "date": f"{issued:%Y-%m-%d}",
        "url": words(citation.url).translate(_TEX_ADDRESS),
        "urldate": f"{citation.cited_on:%Y-%m-%d}",
        "language": tex(citation.language),
        "note": tex("; ".join(note_lines(citation))),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{{re.sub(r'[^0-9A-Za-z]', '-', citation.id)},\n{lines}}}\n"


def tex(text: str) -> str:
    """Return words as TeX prints them, with nothing in them that TeX or BibTeX reads."""
    return words(text).translate(_TEX)


def _chicago(citation: Citation) -> str:
    """Return a citation of the bibliography, in the language of what is cited.

    Names stand as they were told: which part of one is the family's cannot be known.
    """
    language = _language(citation)
    at = f"{citation.basis.as_of.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    parts = {
        "title": _closed(citation.title, language),
        "day": _day(citation, language),
        "outlet": words(citation.outlet),
        "authors": _authors(citation, language),
        "url": words(citation.url),
    }
    if citation.result:
        return f"{_number(citation, language)} {_source(citation, language, at)}\n"
    key = "cite.chicago" if parts["authors"] else "cite.chicago.unsigned"
    told = say(key, language, **parts)
    if parts["url"]:
        told += say("cite.chicago.url", language, url=parts["url"])
    return f"{told} {_source(citation, language, at)}\n"


def _text(citation: Citation) -> str:
    language = _language(citation)
    if result := citation.result:
        told = [_number(citation, language), f"SQL: {words(result.number.sql)}"]
    else:
        at = moment(citation.published_at)
        names = [words(citation.outlet), *map(words, citation.authors)]
        seen = moment(citation.first_seen_at or citation.published_at)
        told = [
            words(citation.title),
            " · ".join(filter(None, names)),
            say("cite.text.times", language, published=at, seen=seen),
            words(citation.url),
        ]
    if citation.archived:
        told.append(say("cite.text.archived", language, where=citation.archived))
    if citation.content_hash:
        told.append(say("cite.text.hash", language, hash=citation.content_hash))
    told.append(_source(citation, language, moment(citation.basis.as_of)))
    return "\n".join(filter(None, told)) + "\n"


def _number(citation: Citation, language: str) -> str:
    result = citation.result
    assert result is not None  # noqa: S101  the caller looked
    if result.rows > 1 or not result.shown:
        return say(
            "cite.number.hashed",
            language,
            number=words(citation.title),
            rows=result.rows,
            hash=result.digest,
        )
    return say(
        "cite.number",
        language,
        number=words(citation.title),
        result=_row(result),
    )


def _row(result: NumberRows) -> str:
    """Return the one row of a result in words."""
    [row] = json.loads(result.shown)
    told = (
        f"{name} = {f'{value:.4g}' if isinstance(value, float) else value}"
        for name, value in row.items()
    )
    return words(", ".join(told))


def _source(citation: Citation, language: str, as_of: str) -> str:
    """Return where it stands here, of which data and by which rules."""
    return say(
        "cite.source",
        language,
        product=PRODUCT,
        kind=say(f"cite.kind.{citation.kind}", language),
        id=citation.id,
        as_of=as_of,
        rules=citation.basis.rules,
        release=citation.basis.version,
    )


def _language(citation: Citation) -> str:
    return citation.language if citation.language in LANGUAGES else "en"


def _closed(title: str, language: str) -> str:
    """Return a title, in English with the full stop that stands within its quotes."""
    shown = words(title)
    return shown if language == "zh" or _ENDED.search(shown) else f"{shown}."


def _authors(citation: Citation, language: str) -> str:
    names = [words(name) for name in citation.authors]
    if language == "zh":
        return "、".join(names)
    if len(names) < 3:  # noqa: PLR2004  "A and B", and from three on "A, B, and C"
        return " and ".join(names)
    return f"{', '.join(names[:-1])}, and {names[-1]}"


def _day(citation: Citation, language: str) -> str:
    day = citation.day
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


_WRITERS: Mapping[str, Callable[[Citation], str]] = {
    "ris": _ris,
    "bibtex": _bibtex,
    "chicago": _chicago,
    "text": _text,
}
STYLES: Final = ("csl-json", *_WRITERS)
