"""How well headlines are tagged that nobody chose a word for, in Markdown.

    python benchmarks/blind.py [--shared ../shared] [--labels FILE] [--errors] [--record]

The labels of ``tests/data/blind_tags.jsonl`` were written by one reader, by the rules
of ``../shared/gold/LABELLING.md``, before the tagger had seen any of the headlines:
five sets of 240, drawn at random over the sources of ``../shared/corpus``, half of them
from news that uses common words of the beat. Words were then chosen by the errors on
the first three, which are marked as seen; none was chosen by the fourth and the fifth.
Labels that were plainly slips were mended afterwards, in every set.

The labels name an article by an id (the first 16 hexadecimal digits of the SHA-256 of
title, line feed and source) and by the place where the corpus has it; no text is in
this repository. Where the corpus is absent, there is a message and no figure.

Optional labels neither help nor hurt. The interval holds 95 of 100 draws of as many
headlines from these ones. --errors lists what is missed and what is wrong, by id.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import tarfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import feedparser
from gold import Count, Scored
from results import Result, Table, add_record_option, publish

from transforms.names.match.topics import tags_in
from transforms.names.rules.file import parse_watchlist
from transforms.names.tagging import Tagger, compile_tagger, mentions_in
from transforms.text.html import plain_line, plain_text

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
LABELS = ROOT / "tests" / "data" / "blind_tags.jsonl"
KINDS = ("companies", "topics", "events")
# Types of events that are told apart since the headlines were labelled.
YOUNGER = frozenset({"new-capacity"})
LONGEST_SUMMARY = 300
DRAWS = 2000
SEED = 7

Row = Mapping[str, Any]
Texts = dict[str, tuple[str, str]]


def main() -> None:
    """Print the table; with --errors, each headline that is tagged otherwise."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--labels", type=Path, default=LABELS)
    parser.add_argument("--errors", action="store_true")
    add_record_option(parser)
    args = parser.parse_args()
    corpus = args.shared / "corpus"
    if not corpus.is_dir():
        print(f"no corpus at {corpus}: blind labels are skipped; name it with --shared")
        return
    rows = [
        json.loads(line) for line in args.labels.read_text(encoding="utf-8").splitlines()
    ]
    texts = look_up(rows, corpus)
    text = (ROOT / "watchlist.toml").read_text(encoding="utf-8")
    tagger = compile_tagger(parse_watchlist(text))
    scored = [_scored(row, texts[row["id"]], tagger) for row in rows if row["id"] in texts]
    if len(scored) < len(rows):
        print(f"{len(rows) - len(scored)} headlines are not where the corpus had them.\n")
    publish(_result(scored), record=args.record)
    if args.errors:
        print("\n".join(_errors(scored)))


def look_up(rows: Iterable[Row], corpus: Path) -> Texts:
    """Return title and summary by id, of what the corpus still has."""
    places: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        file, _, part = row["place"].partition(":")
        places[file].add(part)
    wanted = {row["id"] for row in rows}
    found: Texts = {}
    for file, parts in places.items():
        if (corpus / file).is_file():
            read = _feed if file.endswith(".tar.xz") else _headlines
            for title, summary, source in read(corpus / file, parts):
                if (item := _id(title, source)) in wanted:
                    found[item] = (plain_line(title), plain_text(summary)[:LONGEST_SUMMARY])
    return found


def _headlines(file: Path, parts: set[str]) -> Iterator[tuple[str, str, str]]:
    numbers = {int(part) for part in parts}
    with gzip.open(file, "rb") as lines:
        for number, line in enumerate(lines):
            if number in numbers:
                row = json.loads(line)
                yield row["title"], row.get("summary") or "", row["source"]


def _feed(file: Path, parts: set[str]) -> Iterator[tuple[str, str, str]]:
    source = file.name.removesuffix(".tar.xz")
    with tarfile.open(file, "r|xz") as archive:
        for member in archive:
            if member.name in parts and (reader := archive.extractfile(member)):
                for entry in feedparser.parse(reader.read()).entries:
                    yield entry.get("title", ""), entry.get("summary", ""), source


def _id(title: str, source: str) -> str:
    return hashlib.sha256(f"{title}\n{source}".encode()).hexdigest()[:16]


def _scored(row: Row, text: tuple[str, str], tagger: Tagger) -> Scored:
    document = tagger.read(*text)
    mentions = mentions_in(document, tagger.mentions)
    tags = tags_in(document, mentions, tagger.topics)
    ours = {
        "companies": frozenset(mention.company_id for mention in mentions),
        "topics": frozenset(tag.topic_id for tag in tags if tag.kind == "topic"),
        "events": frozenset(t.topic_id for t in tags if t.kind == "event") - YOUNGER,
    }
    return Scored(row, ours)


def _result(scored: Sequence[Scored]) -> Result:
    unseen = [item for item in scored if not item.row["seen"]]
    found = {kind: _sum([item.score(kind) for item in unseen]) for kind in KINDS}
    companies, topics, events = (found[kind] for kind in KINDS)
    return Result(
        name="blind",
        title="Tags of headlines that no word was chosen by",
        summary=f"{len(unseen)} headlines: companies P {companies.precision:.2f} R "
        f"{companies.recall:.2f}, topics P {topics.precision:.2f} R {topics.recall:.2f} "
        f"F1 {topics.f1:.2f}, events F1 {events.f1:.2f}",
        code=("watchlist.toml", "transforms"),
        tables=[_table(scored)],
        notes=["A company that the watchlist learnt after the labels counts as wrong."],
    )


def _table(scored: Sequence[Scored]) -> Table:
    groups: tuple[tuple[str, Callable[[Row], bool]], ...] = (
        ("unseen", lambda row: not row["seen"]),
        ("English", lambda row: not row["seen"] and row["lang"] == "en"),
        ("Chinese", lambda row: not row["seen"] and row["lang"] == "zh"),
        ("of the beat", lambda row: not row["seen"] and row["half"] == "likely"),
        ("any news", lambda row: not row["seen"] and row["half"] == "any"),
        ("seen", lambda row: row["seen"]),
    )
    rows = [
        _row(kind, name, [item.score(kind) for item in scored if belongs(item.row)])
        for kind in KINDS
        for name, belongs in groups
    ]
    columns = ["labels", "headlines", "n", "right", "false", "missed", "P", "R", "F1"]
    return Table(columns=[*columns, "95 % of draws"], rows=rows)


def _row(kind: str, name: str, counts: Sequence[Count]) -> list[str | int]:
    total = _sum(counts)
    low, high = _interval(counts)
    shares = (total.precision, total.recall, total.f1)
    return [
        kind,
        name,
        len(counts),
        *(total.hits, total.false, total.missed),
        *(f"{share:.3f}" for share in shares),
        f"{low:.2f} to {high:.2f}",
    ]


def _interval(counts: Sequence[Count]) -> tuple[float, float]:
    """Return between which F1 lie 95 of 100 draws with replacement."""
    draw = random.Random(SEED)
    tries = sorted(_sum(draw.choices(counts, k=len(counts))).f1 for _ in range(DRAWS))
    return tries[round(0.025 * DRAWS)], tries[round(0.975 * DRAWS) - 1]


def _sum(counts: Iterable[Count]) -> Count:
    return Count(*(sum(column) for column in zip(*counts, strict=True)))


def _errors(scored: Iterable[Scored]) -> Iterator[str]:
    yield ""
    yield "| item | of | should be | is wrongly |"
    yield "|---|---|---|---|"
    for item in scored:
        for kind in KINDS:
            missed, false = sorted(item.missed(kind)), sorted(item.false(kind))
            if missed or false:
                row = item.row["id"]
                yield f"| {row} | {kind} | {', '.join(missed)} | {', '.join(false)} |"


if __name__ == "__main__":
    main()
