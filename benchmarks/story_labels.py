"""Our own labels of stories: pairs of headlines, and a week of articles in clusters.

    python benchmarks/story_labels.py FILE [--shared DIR] [--pairs FILE]

Writes our own pairs, or those of another file of labels, with their titles for ``sinowire
stories compare``: to a place outside of this repository. The labels name articles by an
id (the first 16 hexadecimal digits of the SHA-256 of title, line feed and address) and by
the place where the corpus has them; nothing of the articles is in this repository. Titles
are looked up in ``../shared/corpus`` each time, in about three seconds; where it is
absent, there is a message and no pairs.
How the labels were made, and how many there are: docs/measured/story-labels.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tarfile
from calendar import timegm
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import feedparser
from results import ROOT, SHARED, json_lines, shipped_tagger

from transforms.names.tagging import Tagger, tag_text
from transforms.stories.pairs.similarity import StoryText
from transforms.text.html import plain_line, plain_text

PAIRS = ROOT / "tests" / "data" / "story_pairs_own.jsonl"
WEEK = ROOT / "tests" / "data" / "story_week.jsonl"
DIGEST = "digest"
# Summaries of headline sets are cut at 300 or less; those of feeds are whole articles.
LONGEST_SUMMARY = 300
# The collectors of hot lists note when they first saw an entry, in their own time.
COLLECTED_IN = timezone(timedelta(hours=8))

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """An article as the corpus has it, and the event that it tells if it is of the week."""

    article_id: str
    title: str
    summary: str
    language: str
    published: datetime
    publisher: str
    url: str
    cluster: str = ""
    affair: str = ""


def main() -> None:
    """Write the pairs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--pairs", type=Path, default=PAIRS, help="other labels of pairs")
    args = parser.parse_args()
    pairs = own_pairs(args.shared, file=args.pairs)
    lines = (json.dumps(pair, ensure_ascii=False) + "\n" for pair in pairs)
    args.file.write_text("".join(lines), encoding="utf-8")


def own_pairs(shared: Path = SHARED, *, file: Path = PAIRS) -> Iterator[Row]:
    """Yield the pairs as the rows of ``gold/story_pairs_dev.jsonl`` are shaped.

    Beside these they have a ``reason``, and their sides a ``summary`` where known.
    """
    labels = read_rows(file)
    found = look_up([label[side] for label in labels for side in "ab"], shared)
    for label in labels:
        sides = {side: found.get(label[side]["id"]) for side in "ab"}
        if all(sides.values()):
            yield label | {side: _side(made) for side, made in sides.items() if made}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A labelled pair: ``source`` is gold, hard, own or wild, ``kind`` as en-zh is."""

    kind: str
    source: str
    label: str
    a: StoryText
    b: StoryText


def labelled_pairs(shared: Path = SHARED) -> Iterator[Pair]:
    """Yield the gold pairs, easy and hard, and our own, as ``stories compare`` reads them.

    Pairs made by machine translation are left out.
    """
    gold = shared / "gold"
    sources = {
        "gold": read_rows(gold / "story_pairs_dev.jsonl"),
        "hard": read_rows(gold / "story_pairs2_dev.jsonl"),
        "own": own_pairs(shared),
    }
    for source, rows in sources.items():
        yield from pairs_to_compare(source, rows)


def pairs_to_compare(source: str, rows: Iterable[Row]) -> Iterator[Pair]:
    """Yield labelled *rows* with what tagging finds in their headlines."""
    tagger = shipped_tagger()
    for row in rows:
        if not row["pair_type"].endswith("-mt"):
            a, b = (_text(tagger, row[side]) for side in "ab")
            kind, label = row["pair_type"], row["label"]
            yield Pair(kind=kind, source=source, label=label, a=a, b=b)


def _text(tagger: Tagger, row: Row) -> StoryText:
    title, summary = row["title"], row.get("summary") or ""
    found = tag_text(tagger, title=title, summary=summary)["companies"]
    at = datetime.fromisoformat(row["published"])
    return StoryText(
        title=title,
        summary=summary,
        publisher=row.get("source") or "",
        published_at=at if at.tzinfo else at.replace(tzinfo=UTC),
        companies=frozenset(company["company_id"] for company in found),
        names=title_names(found),
    )


def title_names(found: Iterable[Row]) -> tuple[str, ...]:
    """Return what a title calls the companies that were *found* in an article."""
    return tuple(sorted({row["alias"] for row in found if row["field"] == "title"}))


def labelled_week(shared: Path = SHARED) -> list[Labelled]:
    """Return the articles of the week in the order of publication.

    ``cluster`` names the event, and ``affair`` what it is a turn of, where others of
    the week are; a digest is of no event, whatever else is called so.
    """
    labels = read_rows(WEEK)
    found = look_up(labels, shared)
    week = [
        replace(made, cluster=label["cluster"], affair=label.get("affair", ""))
        for label in labels
        if (made := found.get(label["id"]))
    ]
    return sorted(week, key=lambda made: (made.published, made.article_id))


def read_rows(file: Path) -> list[Row]:
    """Return the labels in *file*, one a line."""
    return list(json_lines(file))


def _side(made: Labelled) -> Row:
    return {
        "title": made.title,
        "summary": made.summary,
        "source": made.publisher,
        "published": made.published.isoformat(),
        "lang": made.language,
    }


def look_up(wanted: Iterable[Row], shared: Path) -> dict[str, Labelled]:
    """Return the *wanted* articles by id; say on standard error which are missing."""
    labels = list(wanted)
    ids = {row["id"] for row in labels}
    if not (shared / "corpus").is_dir():
        _say(f"no corpus in {shared}: labels of stories are skipped")
        return {}
    found: dict[str, Labelled] = {}
    for row in rows_at(labels, shared):
        if row["title"] and (row.get("published") or row.get("first_seen")):
            made = labelled(row)
            if made.article_id in ids:
                found.setdefault(made.article_id, made)
    if missing := len(ids - found.keys()):
        _say(f"{missing} labelled articles are not where the corpus had them: skipped")
    return found


def rows_at(labels: Iterable[Row], shared: Path) -> Iterator[Row]:
    """Yield the rows of the corpus where *labels* have their places."""
    places: defaultdict[str, set[str]] = defaultdict(set)
    for label in labels:
        file, _, part = label["place"].partition(":")
        places[file].add(part)
    for file, parts in places.items():
        path = shared / "corpus" / file
        if path.is_file():
            read = feed_rows if path.suffix == ".xz" else json_lines
            yield from read(path, parts)


def _say(message: str) -> None:
    print(message, file=sys.stderr)


def labelled(row: Row) -> Labelled:
    """Return a row of a headline set as an article."""
    address = row.get("url") or row["source"]
    return Labelled(
        article_id=id_of(row["title"], address),
        title=plain_line(row["title"]),
        summary=plain_text(row.get("summary") or "")[:LONGEST_SUMMARY],
        language=row["lang"],
        published=moment_of(row),
        publisher=row["source"],
        url=address,
    )


def feed_rows(file: Path, captures: Collection[str] = ()) -> Iterator[Row]:
    """Yield the entries of a feed's *captures*, or of all, as rows of a headline set."""
    source, left = file.name.removesuffix(".tar.xz"), set(captures)
    with tarfile.open(file, "r|xz") as archive:
        for member in archive:
            if captures and not left:
                return
            if captures and member.name not in left:
                continue
            left.discard(member.name)
            body = archive.extractfile(member)
            for entry in feedparser.parse(body.read()).entries if body else ():
                at = entry.get("published_parsed") or entry.get("updated_parsed")
                yield {
                    "title": entry.get("title", ""),
                    "summary": entry.get("summary", ""),
                    "url": entry.get("link", ""),
                    "source": source,
                    "lang": "en" if source == "techcrunch" else "zh",
                    "published": at and datetime.fromtimestamp(timegm(at), UTC).isoformat(),
                }


def id_of(title: str, address: str) -> str:
    """Return the id by which labels name an article."""
    return hashlib.sha256(f"{title}\n{address}".encode()).hexdigest()[:16]


def moment_of(row: Row) -> datetime:
    """Return when a row of a headline set was published, or collected."""
    # A time without a zone is of the publisher and in UTC, or of the collector.
    published = row.get("published")
    at = datetime.fromisoformat(published or row["first_seen"])
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC if published else COLLECTED_IN)
    return at.astimezone(UTC)


if __name__ == "__main__":
    main()
