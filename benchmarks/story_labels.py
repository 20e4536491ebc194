"""Our own labels of stories: pairs of headlines, and a week of articles in clusters.

    python benchmarks/story_labels.py FILE [--shared DIR]

Writes the pairs with their titles for ``sinowire stories compare``: to a place outside of
this repository. The labels name articles by an id (the first 16 hexadecimal digits of the
SHA-256 of title, line feed and address) and by the place where the corpus has them;
nothing of the articles is in this repository. Titles are looked up in ``../shared/corpus``
each time, in about three seconds; where it is absent, there is a message and no pairs.
How the labels were made, and how many there are: docs/measured/story-labels.md.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import sys
import tarfile
from calendar import timegm
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import feedparser
from results import ROOT, SHARED, shipped_tagger

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
    args = parser.parse_args()
    lines = (json.dumps(p, ensure_ascii=False) + "\n" for p in own_pairs(args.shared))
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
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


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
    corpus = shared / "corpus"
    if not corpus.is_dir():
        _say(f"no corpus at {corpus}: labels of stories are skipped")
        return {}
    places: defaultdict[str, defaultdict[str, set[str]]]
    places = defaultdict(lambda: defaultdict(set))
    for row in wanted:
        file, _, part = row["place"].partition(":")
        places[file][part].add(row["id"])
    found: dict[str, Labelled] = {}
    missing = 0
    for file, parts in places.items():
        read = feed_articles if file.endswith(".tar.xz") else _headlines
        ids = set().union(*parts.values())
        if (corpus / file).is_file():
            for made in read(corpus / file, parts):
                if made.article_id in ids:
                    found.setdefault(made.article_id, made)
        missing += len(ids - found.keys())
    if missing:
        _say(f"{missing} labelled articles are not where the corpus had them: skipped")
    return found


def _say(message: str) -> None:
    print(message, file=sys.stderr)


def _headlines(file: Path, parts: Iterable[str]) -> Iterator[Labelled]:
    """Yield the articles on some lines of a file of JSON lines."""
    numbers = {int(part) for part in parts}
    with gzip.open(file, "rb") as lines:
        for number, line in enumerate(lines):
            if number not in numbers:
                continue
            yield labelled(json.loads(line))


def labelled(row: Row) -> Labelled:
    """Return a row of a headline set as an article."""
    address = row.get("url") or row["source"]
    return Labelled(
        article_id=_id(row["title"], address),
        title=plain_line(row["title"]),
        summary=plain_text(row.get("summary") or "")[:LONGEST_SUMMARY],
        language=row["lang"],
        published=moment_of(row),
        publisher=row["source"],
        url=address,
    )


def feed_articles(file: Path, parts: Iterable[str]) -> Iterator[Labelled]:
    """Yield the articles of some captures of a feed."""
    source = file.name.removesuffix(".tar.xz")
    for capture in _captures(file, parts):
        for entry in feedparser.parse(capture).entries:
            published = entry.get("published_parsed") or entry.get("updated_parsed")
            title, address = entry.get("title", ""), entry.get("link", "")
            if not published or not title:
                continue
            yield Labelled(
                article_id=_id(title, address),
                title=plain_line(title),
                summary=plain_text(entry.get("summary", ""))[:LONGEST_SUMMARY],
                language="en" if source == "techcrunch" else "zh",
                published=datetime.fromtimestamp(timegm(published), UTC),
                publisher=source,
                url=address,
            )


def captures_in(file: Path) -> list[str]:
    """Return the names of the captures of a feed."""
    with tarfile.open(file, "r:xz") as archive:
        return archive.getnames()


def _captures(file: Path, names: Iterable[str]) -> Iterator[bytes]:
    left = set(names)
    with tarfile.open(file, "r|xz") as archive:
        for member in archive:
            if member.name in left and (reader := archive.extractfile(member)):
                left.remove(member.name)
                yield reader.read()
            if not left:
                return


def _id(title: str, address: str) -> str:
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
