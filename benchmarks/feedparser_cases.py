"""Compare our entries with what feedparser's cases expect of theirs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from expectations import Expectation, expectations, read_case
from scores import Score, address, read, words

from transforms.models import Entry

# feedparser's own runner serves the cases there; relative links count on it.
SERVED = "http://127.0.0.1:8097/tests/"

_SCORED = re.compile(
    r"title|title_detail\.value|link|id|guid|author|author_detail\.(?:name|email)"
    r"|authors\.\d+\.(?:name|email)|(?:published|updated)(?:_parsed)?|category"
    r"|tags\.\d+\.term|tags\.len\(\)"
)
_BESIDES = re.compile(r"description|summary|summary_detail\.value|content\.\d+\.value")


def compare_feedparser(folder: Path) -> list[Score]:
    """Return the score of the issue's fields, and that of summaries and contents."""
    scored, besides = Score("feedparser"), Score("  summary and content")
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        case = read_case(path.read_bytes())
        if not case.expression:
            continue
        where = path.relative_to(folder)
        name = where.with_suffix("").as_posix()
        served = urljoin(SERVED, where.as_posix())
        base = urljoin(served, case.headers.get("content-location", ""))
        parsed = read(
            path,
            scored,
            name,
            base_url=base if urlsplit(base).scheme == "http" else served,
            content_type=case.headers.get("content-type", ""),
        )
        entries = parsed.entries if parsed else []
        for claim in expectations(case.expression):
            key = _key(claim)
            if _SCORED.fullmatch(key):
                _judge(scored, name, key, claim, entries)
            elif _BESIDES.fullmatch(key):
                _judge(besides, name, key, claim, entries)
    return [scored, besides]


def _key(claim: Expectation) -> str:
    """Return "tags.0.term" for entries[0]['tags'][0]['term'], or nothing."""
    head, *keys = claim.path
    is_of_entry = head == "entries" and len(keys) > 1 and isinstance(keys[0], int)
    return ".".join(map(str, keys[1:])) if is_of_entry else ""


def _judge(
    score: Score, case: str, key: str, claim: Expectation, entries: list[Entry]
) -> None:
    index = int(claim.path[1])
    if index < len(entries):
        score.compare(case, key, *_both(claim, entries[index]))
    else:
        score.compare(case, key, claim.value, "no such entry")


def _both(claim: Expectation, entry: Entry) -> tuple[Any, Any]:
    """Return what is expected and what we have, in comparable forms."""
    name, *rest = claim.path[2:]
    number = rest[0] if rest and isinstance(rest[0], int) else 0
    value, ours = claim.value, _ours(str(name), entry)
    match name:
        case "author" | "author_detail" | "authors":
            place = -1 if name == "author_detail" else number
            return _author(value, rest[-1:] == ["email"], entry.authors, place)
        case "category" | "tags":
            is_count = rest == ["len()"]
            return value, len(ours) if is_count else _at(ours, number)
        case "published_parsed" | "updated_parsed":
            return tuple(value[:6]), ours and tuple(ours.timetuple())[:6]
        case "published" | "updated" | "id" | "guid":
            return value, ours
        case "link":
            return address(value), address(ours)
    return words(value), words(ours)


def _ours(name: str, entry: Entry) -> Any:
    return {
        "title": entry.title,
        "title_detail": entry.title,
        "link": entry.url,
        "id": entry.guid,
        "guid": entry.guid,
        "published": entry.published_raw,
        "updated": entry.updated_raw,
        "published_parsed": entry.published_at,
        "updated_parsed": entry.updated_at,
        "category": entry.categories,
        "tags": entry.categories,
        "content": entry.content,
        # feedparser copies the content where there is no summary; we keep one of them.
    }.get(name, entry.summary or entry.content)


def _at(values: tuple[str, ...], place: int) -> str:
    return values[place] if -len(values) <= place < len(values) else ""


def _author(
    value: str, is_address: bool, authors: tuple[str, ...], place: int
) -> tuple[str, str]:
    """Compare names; we keep one word an author, and a name goes before an address."""
    ours = _at(authors, place)
    if is_address:
        return (value, ours) if "@" in ours or not ours else (ours, ours)
    return re.sub(r"\s*\([^()]*@[^()]*\)", "", value).strip() or value, ours
