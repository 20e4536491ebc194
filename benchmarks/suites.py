"""Entries of ours beside those that the test suites of gofeed and feedparser expect.

A case of feedparser's says what it expects as a Python expression over the parse result,
such as ``not bozo and entries[0]['title'] == 'A'``. The text is parsed to a tree and
walked: only comparisons of a path with literals are understood, and nothing is executed.
"""

from __future__ import annotations

import ast
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from connectors.errors import FeedParseError
from connectors.feeds.formats.parser import parse_document
from connectors.feeds.formats.result import Parsed, identity_of
from transforms.models import Entry, Feed

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
# feedparser's own runner serves the cases there; relative links count on it.
SERVED = "http://127.0.0.1:8097/tests/"
FEEDS = {".xml", ".rss", ".atom", ".rdf", ".json"}
_FIELDS = frozenset(
    ["title", "link", "published", "updated", "guid", "author", "content", "categories"]
)
_SCORED = re.compile(
    r"title|title_detail\.value|link|id|guid|author|author_detail\.(?:name|email)"
    r"|authors\.\d+\.(?:name|email)|(?:published|updated)(?:_parsed)?|category"
    r"|tags\.\d+\.term|tags\.len\(\)"
)
_BESIDES = re.compile(r"description|summary|summary_detail\.value|content\.\d+\.value")
_HEAD = re.compile(r"Expect:\s*(?P<expression>.*?)\s*-->", re.DOTALL)
_HEADER = re.compile(r"^Header:[ \t]*([\w-]+)[ \t]*:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_MARKS = (
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
)
_NO_WORDS = re.compile(
    r"<!--.*?-->|<(script|style)\b[^<>]*>.*?</\1\s*>|</?[a-z!?][^<>]*>",
    re.IGNORECASE | re.DOTALL,
)
Keys = tuple[str | int, ...]
Claim = tuple[Keys, Any]  # that what lies at the path equals the value
Difference = tuple[str, str, Any, Any]  # case, field, theirs, ours


@dataclass
class Score:
    """One suite's figures; where theirs is empty, a value is only ours."""

    name: str
    documents: int = 0
    not_feeds: list[str] = field(default_factory=list)
    exceptions: list[str] = field(default_factory=list)
    values: int = 0
    agreed: int = 0
    differences: list[Difference] = field(default_factory=list)

    def compare(self, case: str, name: str, theirs: Any, ours: Any) -> None:
        """Count one of their values; keep the two where they differ."""
        self.values += bool(theirs)
        self.agreed += bool(theirs) and theirs == ours
        if theirs != ours and (theirs or ours):
            self.differences.append((case, name, theirs, ours))

    def read(self, path: Path, case: str, base: str, kind: str = "") -> Parsed | None:
        """Return what we make of a document; count it, and what went wrong."""
        self.documents += 1
        try:
            return parse_document(
                path.read_bytes(),
                feed=Feed(feed_id="case", url=base),
                content_type=kind,
                base_url=base,
                now=NOW,
                keep_blank=True,
            )
        except FeedParseError as exc:
            self.not_feeds.append(f"{case}: {exc.reason}")
        except Exception as exc:  # noqa: BLE001 (a crash is what is counted)
            self.exceptions.append(f"{case}: {type(exc).__name__}: {exc}")
        return None


def crashes(name: str, folder: Path) -> Score:
    """Return the score of a suite that is read for exceptions alone."""
    score = Score(name)
    for path in sorted(folder.rglob("*")):
        is_golden = path.suffix == ".json" and path.with_suffix(".xml").exists()
        if path.suffix in FEEDS and not is_golden:
            score.read(path, path.name, "https://feed.example/")
    return score


def compare_gofeed(folder: Path) -> list[Score]:
    """Return the score of the issue's fields, and that of what we compare besides."""
    scored, besides = Score("gofeed translator"), Score("  number, summary, feed title")
    for path in sorted(folder.rglob("*.xml")):
        case, golden = path.stem, json.loads(path.with_suffix(".json").read_bytes())
        items = golden.get("items") or []
        parsed = scored.read(path, case, "https://feed.example/")
        entries = parsed.entries if parsed else []
        besides.compare(case, "entries", len(items), len(entries))
        besides.compare(
            case, "feed", _words(golden.get("title")), _words(parsed and parsed.title)
        )
        for item, entry in zip(items, entries, strict=False):
            for name, theirs, ours in _values(item, entry):
                scored.compare(case, name, theirs, ours)
            theirs, ours = _words(item.get("description")), _words(entry.summary)
            besides.compare(case, "summary", theirs, ours)
        for item in items[len(entries) :]:
            for name in sorted(item.keys() & _FIELDS):
                scored.compare(case, name, item[name], None)
    return [scored, besides]


def _values(item: dict[str, Any], entry: Entry) -> Iterator[tuple[str, Any, Any]]:
    yield "title", _words(item.get("title")), _words(entry.title)
    yield "link", _address(item.get("link")), _address(entry.url)
    for name, ours in (("published", entry.published_at), ("updated", entry.updated_at)):
        text = item.get(f"{name}Parsed")
        yield name, datetime.fromisoformat(text).astimezone(UTC) if text else None, ours
    # The guid that the item has; what we put in the place of one is none.
    made_up = identity_of(entry.title, entry.published_raw or entry.updated_raw)
    own = "" if entry.guid in (entry.url, made_up) else entry.guid
    yield "guid", item.get("guid") or "", own
    authors = tuple(a.get("name") or a.get("email") for a in item.get("authors") or ())
    yield "author", authors, entry.authors
    yield "content", item.get("content") or "", entry.content
    yield "categories", sorted(item.get("categories") or ()), sorted(entry.categories)


def compare_feedparser(folder: Path) -> list[Score]:
    """Return the score of the issue's fields, and that of summaries and contents."""
    scored, besides = Score("feedparser"), Score("  summary and content")
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        expression, headers = read_case(path.read_bytes())
        if not expression:
            continue
        where = path.relative_to(folder)
        name = where.with_suffix("").as_posix()
        served = urljoin(SERVED, where.as_posix())
        base = urljoin(served, headers.get("content-location", ""))
        base = base if urlsplit(base).scheme == "http" else served
        parsed = scored.read(path, name, base, headers.get("content-type", ""))
        entries = parsed.entries if parsed else []
        for claim in expectations(expression):
            key = _key(claim)
            for score, pattern in ((scored, _SCORED), (besides, _BESIDES)):
                if pattern.fullmatch(key):
                    _judge(score, name, key, claim, entries)
    return [scored, besides]


def read_case(body: bytes) -> tuple[str, dict[str, str]]:
    """Return the expression and the HTTP headers that the comment at the head names."""
    # The expression itself is ASCII; the document may be in anything.
    encodings = (encoding for mark, encoding in _MARKS if body.startswith(mark))
    text = body[:16_000].decode(next(encodings, "latin-1"), "replace")
    found = _HEAD.search(text)
    headers = _HEADER.findall(text[: found.end()] if found else "")
    return (
        found["expression"] if found else "",
        {name.lower(): value for name, value in headers},
    )


def expectations(expression: str) -> list[Claim]:
    """Return the equalities that *expression* claims; other claims are left out."""
    try:
        tree = ast.parse(expression.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError):
        return []
    return [claim for part in _conjuncts(tree) for claim in _claims(part)]


def _conjuncts(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        for value in node.values:
            yield from _conjuncts(value)
    else:
        yield node


def _claims(node: ast.expr) -> Iterator[Claim]:
    """Yield a claim for every path in "a == b == literal", or in "not a.has_key('b')"."""
    match node:
        case ast.UnaryOp(
            op=ast.Not(),
            operand=ast.Call(
                func=ast.Attribute(value=inner, attr="has_key"),
                args=[ast.Constant(value=str() as key)],
            ),
        ) if path := _path(inner):
            yield (*path, key), ""
        case ast.Compare() if all(isinstance(o, ast.Eq) for o in node.ops):
            sides = [node.left, *node.comparators]
            literals = [value for side in sides for value in _literal(side)]
            if len(literals) == 1:
                yield from ((path, literals[0]) for s in sides if (path := _path(s)))


def _literal(node: ast.expr) -> list[Any]:
    """Return the value of a literal in a list of one, or an empty list."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        both = [*_literal(node.left), *_literal(node.right)]
        are_texts = len(both) == 2 and all(isinstance(s, str) for s in both)
        return ["".join(both)] if are_texts else []
    try:
        return [ast.literal_eval(node)]
    except (ValueError, TypeError, RecursionError):
        return []


def _path(node: ast.expr) -> Keys:
    """Return the keys of "entries[0]['tags'][1].term", or none for anything else."""
    keys: list[str | int] = []
    while True:
        match node:
            case ast.Name(id=name):
                return (name, *reversed(keys))
            case ast.Attribute(value=inner, attr=key):
                node = inner
            case ast.Subscript(value=inner, slice=ast.Constant(value=str() | int() as key)):
                node = inner
            case ast.Call(func=ast.Name(id="len"), args=[inner], keywords=[]):
                node, key = inner, "len()"
            case _:
                return ()
        keys.append(key)


def _key(claim: Claim) -> str:
    """Return "tags.0.term" for entries[0]['tags'][0]['term'], or nothing."""
    head, *keys = claim[0]
    is_of_entry = head == "entries" and len(keys) > 1 and isinstance(keys[0], int)
    return ".".join(map(str, keys[1:])) if is_of_entry else ""


def _judge(score: Score, case: str, key: str, claim: Claim, entries: list[Entry]) -> None:
    index = int(claim[0][1])
    has = index < len(entries)
    both = _both(claim, entries[index]) if has else (claim[1], "no such entry")
    score.compare(case, key, *both)


def _both(claim: Claim, entry: Entry) -> tuple[Any, Any]:
    """Return what is expected and what we have, in comparable forms."""
    path, value = claim
    name, *rest = path[2:]
    number = rest[0] if rest and isinstance(rest[0], int) else 0
    ours = _ours(str(name), entry)
    match name:
        case "author" | "author_detail" | "authors":
            place = -1 if name == "author_detail" else number
            return _author(value, rest[-1:] == ["email"], _at(entry.authors, place))
        case "category" | "tags":
            return value, len(ours) if rest == ["len()"] else _at(ours, number)
        case "published_parsed" | "updated_parsed":
            return tuple(value[:6]), ours and tuple(ours.timetuple())[:6]
        case "published" | "updated" | "id" | "guid":
            return value, ours
        case "link":
            return _address(value), _address(ours)
    return _words(value), _words(ours)


def _ours(name: str, entry: Entry) -> Any:
    fields = {
        "title_detail": "title",
        "link": "url",
        "id": "guid",
        "published": "published_raw",
        "updated": "updated_raw",
        "published_parsed": "published_at",
        "updated_parsed": "updated_at",
        "category": "categories",
        "tags": "categories",
    }
    if name in {*fields, "title", "guid", "content"}:
        return getattr(entry, fields.get(name, name))
    # feedparser copies the content where there is no summary; we keep one of them.
    return entry.summary or entry.content


def _at(values: tuple[str, ...], place: int) -> str:
    return values[place] if -len(values) <= place < len(values) else ""


def _author(value: str, is_address: bool, ours: str) -> tuple[str, str]:
    """Compare names; we keep one word an author, and a name goes before an address."""
    if is_address:
        return (value, ours) if "@" in ours or not ours else (ours, ours)
    return re.sub(r"\s*\([^()]*@[^()]*\)", "", value).strip() or value, ours


def _words(text: str | None) -> str:
    """Return the words of a text: no markup or code, entities decoded, single spaces."""
    for _ in range(2):
        text = html.unescape(_NO_WORDS.sub("", text or ""))
    return " ".join((text or "").split())


def _address(url: str | None) -> str:
    """Return *url* with the path that an empty one stands for."""
    url = (url or "").strip()
    return f"{url}/" if "://" in url and not urlsplit(url).path else url
