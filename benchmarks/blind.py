"""How accurate are tags? On headlines held out from tuning, or on those tuned on.

    python benchmarks/blind.py [--shared ../shared] [--labels FILE] [--errors] [--record]
    python benchmarks/blind.py --tuned [--shared ../shared]

The labels of ``tests/data/blind_tags.jsonl`` were written by one reader, by the rules
of ``../shared/gold/LABELLING.md``, before the tagger had seen any of the headlines:
five sets of 240, drawn at random over the sources of ``../shared/corpus``, half of them
from news that uses common words of the beat. Words were then chosen by the errors on
the first three, which are marked as seen; none was chosen by the fourth and the fifth.
Labels that were plainly slips were mended afterwards, in every set.

The labels name an article by an id (the first 16 hexadecimal digits of the SHA-256 of
title, line feed and source) and by the place where the corpus has it; no text is in
this repository. Where the corpus is absent, there is a message and no figure.

Topics and events are looked for in every headline, also in those off the beat that a run
would reject early: labels are on them too.

Optional labels neither help nor hurt. The interval holds 95 of 100 draws of as many
headlines from these ones. --errors lists what is missed and what is wrong, by id.

--tuned scores the headlines of ``gold/tagging_dev.jsonl``, by which words were chosen,
and lists each that is tagged wrongly with its cause in
``docs/measured/tagging-errors.md``, errors without a cause, and causes without an error.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from results import ROOT, Result, Table, arguments, publish, shipped_tagger
from story_labels import LONGEST_SUMMARY, id_of, read_rows, rows_at

from transforms.names.match.topics import tags_in
from transforms.names.tagging import Tagger, mentions_in
from transforms.text.html import plain_line, plain_text

LABELS = ROOT / "tests" / "data" / "blind_tags.jsonl"
CAUSES = ROOT / "docs" / "measured" / "tagging-errors.md"
KINDS = ("companies", "topics", "events")
# Types of events that are told apart since the headlines were labelled.
YOUNGER = frozenset({"new-capacity"})
DRAWS = 2000
SEED = 7
_CAUSE = re.compile(r"^- `(?P<id>[^`]+)`: (?P<cause>.+)$", re.MULTILINE)

Row = Mapping[str, Any]
Texts = dict[str, tuple[str, str]]
Groups = Mapping[str, Callable[[Row], bool]]


class Count(NamedTuple):
    """Labels found, found wrongly, and missed."""

    hits: int = 0
    false: int = 0
    missed: int = 0

    @property
    def shares(self) -> tuple[float, float, float]:
        """Precision, recall, and their harmonic mean."""
        ours, theirs = self.hits + self.false, self.hits + self.missed
        wholes = (ours, theirs, (ours + theirs) / 2)
        precision, recall, f1 = (self.hits / whole if whole else 1.0 for whole in wholes)
        return precision, recall, f1


class Scored(NamedTuple):
    """A labelled headline, with our tags of it."""

    row: Row
    ours: dict[str, frozenset[str]]

    def false(self, kind: str) -> list[str]:
        """Return our tags that are wrong."""
        return sorted(self.ours[kind] - {*self.row[kind], *self.row[f"{kind}_optional"]})

    def missed(self, kind: str) -> list[str]:
        """Return the labels that we miss."""
        return sorted(set(self.row[kind]) - self.ours[kind])

    def score(self, kind: str) -> Count:
        """Return the count of one kind of label."""
        hits = len(self.ours[kind] & set(self.row[kind]))
        return Count(hits, len(self.false(kind)), len(self.missed(kind)))


def main() -> None:
    """Print the table; with --errors, each headline that is tagged otherwise."""
    parser = arguments(__doc__, needs="gold")
    parser.add_argument("--labels", type=Path, default=LABELS)
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--tuned", action="store_true", help="score those tuned on")
    args = parser.parse_args()
    if args.tuned:
        score_tuned(args.shared / "gold")
    else:
        score_blind(args)


def score_blind(args: argparse.Namespace) -> None:
    """Score the headlines held out, and those seen of the same draw."""
    rows = read_rows(args.labels)
    texts = look_up(rows, args.shared)
    tagger = shipped_tagger()
    scored = [tagged(row, texts[row["id"]], tagger) for row in rows if row["id"] in texts]
    if len(scored) < len(rows):
        print(f"{len(rows) - len(scored)} headlines are not where the corpus had them.\n")
    publish(_result(scored), record=args.record)
    if args.errors:
        print("\n".join(_errors(scored, KINDS, {})))


def score_tuned(gold: Path) -> None:
    """Score the headlines that words were chosen by, and explain each error."""
    tagger, kinds = shipped_tagger(), KINDS[:2]
    rows = read_rows(gold / "tagging_dev.jsonl")
    scored = [tagged(row, (row["title"], row.get("summary", "")), tagger) for row in rows]
    groups: dict[str, Callable[[Row], bool]] = {"all": lambda _: True}
    for key in ("lang", "stratum"):
        for value in sorted({row[key] for row in rows}):
            groups[value] = lambda row, key=key, value=value: row[key] == value
    print("\n".join(_table(scored, kinds, groups).markdown()))
    for kind in kinds:
        empty = [item for item in scored if not item.row[kind]]
        alarms = sum(bool(item.false(kind)) for item in empty)
        print(f"False alarms on the {len(empty)} headlines without {kind}: {alarms}.")
    sentences = read_rows(gold / "ambiguity_dev.jsonl")
    failed = [row["id"] for row in sentences if not _passes(row, tagger)]
    print(f"Ambiguous names: {len(failed)} of {len(sentences)} sentences fail: {failed}")
    causes = dict(_CAUSE.findall(CAUSES.read_text(encoding="utf-8")))
    print("\n".join(_errors(scored, kinds, causes)))
    wrong = {i.row["id"] for i in scored for k in kinds if i.false(k) or i.missed(k)}
    print(f"Of {len(wrong)} errors these have no cause: {sorted(wrong - causes.keys())}")
    print(f"Causes that belong to no error: {sorted(causes.keys() - wrong)}")


def look_up(rows: Sequence[Row], shared: Path) -> Texts:
    """Return title and summary by id, of what the corpus still has."""
    wanted = {row["id"] for row in rows}
    return {
        item: (
            plain_line(row["title"]),
            plain_text(row.get("summary") or "")[:LONGEST_SUMMARY],
        )
        for row in rows_at(rows, shared)
        if (item := id_of(row["title"], row["source"])) in wanted
    }


def tagged(row: Row, text: tuple[str, str], tagger: Tagger) -> Scored:
    """Return a labelled headline with what the tagger finds in its text."""
    document = tagger.read(*text)
    mentions = mentions_in(document, tagger.mentions)
    tags = tags_in(document, mentions, tagger.topics)
    ours = {
        "companies": frozenset(mention.company_id for mention in mentions),
        "topics": frozenset(tag.topic_id for tag in tags if tag.kind == "topic"),
        "events": frozenset(t.topic_id for t in tags if t.kind == "event") - YOUNGER,
    }
    return Scored(row, ours)


def _passes(row: Row, tagger: Tagger) -> bool:
    ours = tagged(row, (row["text"], ""), tagger).ours["companies"]
    return ours.issuperset(row["expect"]) and ours.isdisjoint(row["forbid"])


def _result(scored: Sequence[Scored]) -> Result:
    unseen = [item for item in scored if not item.row["seen"]]
    found = [_sum(item.score(kind) for item in unseen).shares for kind in KINDS]
    companies, topics, events = found
    groups: Groups = {
        "unseen": lambda row: not row["seen"],
        "English": lambda row: not row["seen"] and row["lang"] == "en",
        "Chinese": lambda row: not row["seen"] and row["lang"] == "zh",
        "of the beat": lambda row: not row["seen"] and row["half"] == "likely",
        "any news": lambda row: not row["seen"] and row["half"] == "any",
        "seen": lambda row: row["seen"],
    }
    return Result(
        name="blind",
        title="Tagging accuracy on headlines held out from tuning",
        summary=f"{len(unseen)} headlines: companies P {companies[0]:.2f} R "
        f"{companies[1]:.2f}, topics P {topics[0]:.2f} R {topics[1]:.2f} "
        f"F1 {topics[2]:.2f}, events F1 {events[2]:.2f}",
        code=("watchlist.toml", "transforms"),
        tables=[_table(scored, KINDS, groups)],
        notes=["A company that the watchlist learnt after the labels counts as wrong."],
    )


def _table(scored: Sequence[Scored], kinds: Sequence[str], groups: Groups) -> Table:
    rows = [
        _row(kind, name, [item.score(kind) for item in scored if belongs(item.row)])
        for kind in kinds
        for name, belongs in groups.items()
    ]
    columns = ["labels", "headlines", "n", "right", "false", "missed", "P", "R", "F1"]
    return Table(columns=[*columns, "95 % of draws"], rows=rows)


def _row(kind: str, name: str, counts: Sequence[Count]) -> list[str | int]:
    total = _sum(counts)
    low, high = _interval(counts)
    shares = (f"{share:.3f}" for share in total.shares)
    return [kind, name, len(counts), *total, *shares, f"{low:.2f} to {high:.2f}"]


def _interval(counts: Sequence[Count]) -> tuple[float, float]:
    """Return between which F1 lie 95 of 100 draws with replacement."""
    draw = random.Random(SEED)
    draws = (draw.choices(counts, k=len(counts)) for _ in range(DRAWS))
    tries = sorted(_sum(drawn).shares[2] for drawn in draws)
    return tries[round(0.025 * DRAWS)], tries[round(0.975 * DRAWS) - 1]


def _sum(counts: Iterable[Count]) -> Count:
    return Count(*(sum(column) for column in zip(*counts, strict=True)))


def _errors(
    scored: Iterable[Scored], kinds: Sequence[str], causes: Mapping[str, str]
) -> Iterator[str]:
    yield "\n| item | of | should be | is wrongly | cause |\n|---|---|---|---|---|"
    for item in scored:
        for kind in kinds:
            missed, false = item.missed(kind), item.false(kind)
            if missed or false:
                cells = [item.row["id"], kind, ", ".join(missed), ", ".join(false)]
                yield f"| {' | '.join(cells)} | {causes.get(item.row['id'], '')} |"


if __name__ == "__main__":
    main()
