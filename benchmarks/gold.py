"""How well companies and topics are found, on hand-labelled headlines, in Markdown.

    python benchmarks/gold.py [--gold ../shared/gold] [--cross-validate]

Optional labels neither help nor hurt, as in the scorer that comes with the labels.
Every headline that is still tagged wrongly is listed with its cause, which stands in
``docs/measured/tagging-errors.md``; an error without a cause is named, and so is a cause
without an error.

Nothing is fitted to the headlines but the numbers of ``[scoring]``. With
--cross-validate these are chosen anew on four fifths of the headlines and scored on
the fifth, for each fifth; words are people's work and are not chosen by a machine.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from transforms.names.match.topic_rules import compile_topics
from transforms.names.match.topics import tags_in
from transforms.names.rules.file import parse_watchlist
from transforms.names.tagging import Tagger, compile_tagger, mentions_in

ROOT = Path(__file__).resolve().parents[1]
GOLD = ROOT.parent / "shared" / "gold"
CAUSES = ROOT / "docs" / "measured" / "tagging-errors.md"
FOLDS = 5
# A source with fewer headlines says nothing by itself.
FEWEST = 10
GRID = {
    "threshold": (0.9, 1.0, 1.1),
    "share_of_best": (0.25, 0.35, 0.45, 0.55),
    "title": (1.0, 1.2),
    "summary": (0.4, 0.5, 0.6, 0.7),
    "weak": (0.4, 0.5, 0.6),
}
_CAUSE = re.compile(r"^- `(?P<id>[^`]+)`: (?P<cause>.+)$", re.MULTILINE)
_SECTION = re.compile(r"^## (?P<title>.+)$", re.MULTILINE)

Row = Mapping[str, Any]


class Count(NamedTuple):
    """Labels found, found wrongly, and missed."""

    hits: int = 0
    false: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """The share of ours that is right."""
        return _share(self.hits, self.hits + self.false)

    @property
    def recall(self) -> float:
        """The share of theirs that we found."""
        return _share(self.hits, self.hits + self.missed)

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return _share(2 * self.hits, 2 * self.hits + self.false + self.missed)


class Scored(NamedTuple):
    """A labelled headline, with what we say of it."""

    row: Row
    ours: dict[str, frozenset[str]]

    def false(self, kind: str) -> set[str]:
        """Return what we say wrongly."""
        labels = {*self.row[kind], *self.row[f"{kind}_optional"]}
        return set(self.ours[kind]) - labels

    def missed(self, kind: str) -> set[str]:
        """Return what we should have said."""
        return set(self.row[kind]) - self.ours[kind]

    def score(self, kind: str) -> Count:
        """Return the count of one kind of label."""
        hits = len(self.ours[kind] & set(self.row[kind]))
        return Count(hits, len(self.false(kind)), len(self.missed(kind)))


def main() -> None:
    """Print the tables, then the errors."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--gold", type=Path, default=GOLD)
    parser.add_argument("--cross-validate", action="store_true")
    args = parser.parse_args()
    if not args.gold.is_dir():
        sys.exit(f"{args.gold} is not here: --gold names the folder of the labels")
    text = (ROOT / "watchlist.toml").read_text(encoding="utf-8")
    tagger = compile_tagger(parse_watchlist(text))
    rows = _read(args.gold / "tagging_dev.jsonl")
    scored = [_scored(row, tagger) for row in rows]
    print("\n".join(_figures(scored)))
    print("\n".join(_ambiguity(_read(args.gold / "ambiguity_dev.jsonl"), tagger)))
    if args.cross_validate:
        print("\n".join(_cross_validated(rows, tagger)))
    print("\n".join(_errors(scored, causes(CAUSES.read_text(encoding="utf-8")))))


def fold_of(item_id: str) -> int:
    """Return the fifth that an item belongs to, whatever else is in the file."""
    return int(hashlib.sha256(item_id.encode()).hexdigest(), 16) % FOLDS


def causes(text: str) -> dict[str, str]:
    """Return by item id the cause, and the heading it stands under."""
    found: dict[str, str] = {}
    for part in re.split(r"(?m)^(?=## )", text):
        section = _SECTION.search(part)
        title = f"{section['title']}: " if section else ""
        found |= {m["id"]: title + m["cause"] for m in _CAUSE.finditer(part)}
    return found


def _read(file: Path) -> list[Row]:
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def _scored(row: Row, tagger: Tagger) -> Scored:
    document = tagger.read(row.get("title", row.get("text", "")), row.get("summary", ""))
    mentions = mentions_in(document, tagger.mentions)
    tags = tags_in(document, mentions, tagger.topics)
    topics = frozenset(tag.topic_id for tag in tags if tag.kind == "topic")
    companies = frozenset(mention.company_id for mention in mentions)
    return Scored(row, {"companies": companies, "topics": topics})


def _figures(scored: Sequence[Scored]) -> Iterator[str]:
    def of(key: str) -> Callable[[Scored], str]:
        return lambda item: str(item.row[key])

    yield from _table("headlines", [("all", scored)])
    yield from _table("language", _groups(scored, of("lang")))
    yield from _table("stratum", _groups(scored, _stratum))
    yield from _table("source", _groups(scored, of("source"), fewest=FEWEST))
    folds = _groups(scored, lambda item: f"fold {fold_of(item.row['id']) + 1}")
    yield from _table("fold", sorted(folds))
    for kind in ("companies", "topics"):
        empty = [item for item in scored if not item.row[kind]]
        alarms = sum(bool(item.false(kind)) for item in empty)
        yield f"False alarms on the {len(empty)} headlines without {kind}: {alarms}."


def _table(title: str, groups: Iterable[tuple[str, Sequence[Scored]]]) -> Iterator[str]:
    yield f"| {title} | n | companies P | R | F1 | topics P | R | F1 |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|"
    for name, items in groups:
        counts = [_total(items, kind) for kind in ("companies", "topics")]
        cells = [f"{v:.3f}" for c in counts for v in (c.precision, c.recall, c.f1)]
        yield f"| {name} | {len(items)} | {' | '.join(cells)} |"
    yield ""


def _groups(
    scored: Sequence[Scored], key: Callable[[Scored], str], *, fewest: int = 1
) -> list[tuple[str, list[Scored]]]:
    """Return the items by key, the largest group first; small ones are one at the end."""
    groups: dict[str, list[Scored]] = defaultdict(list)
    for item in scored:
        groups[key(item)].append(item)
    large = [(name, items) for name, items in groups.items() if len(items) >= fewest]
    small = [item for items in groups.values() if len(items) < fewest for item in items]
    large.sort(key=lambda group: (-len(group[1]), group[0]))
    return large + ([("others", small)] if small else [])


def _stratum(item: Scored) -> str:
    stratum = str(item.row["stratum"])
    return "rare" if stratum.startswith("rare") else stratum


def _total(items: Iterable[Scored], kind: str) -> Count:
    return _sum(item.score(kind) for item in items)


def _sum(counts: Iterable[Count]) -> Count:
    columns = zip(*counts, strict=True)
    return Count(*(sum(column) for column in columns))


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 1.0


def _ambiguity(rows: Sequence[Row], tagger: Tagger) -> Iterator[str]:
    failed = [row["id"] for row in rows if not _passes(row, tagger)]
    passed = len(rows) - len(failed)
    yield f"Ambiguous names: {passed} of {len(rows)} sentences pass."
    for item_id in failed:
        yield f"- fails: `{item_id}`"
    yield ""


def _passes(row: Row, tagger: Tagger) -> bool:
    ours = _scored(row, tagger).ours["companies"]
    return ours.issuperset(row["expect"]) and ours.isdisjoint(row["forbid"])


def _cross_validated(rows: Sequence[Row], tagger: Tagger) -> Iterator[str]:
    shipped = tuple(getattr(tagger.watchlist.scoring, key) for key in GRID)
    settings = product(*GRID.values())
    tries = {setting: _topic_counts(rows, tagger, setting) for setting in settings}
    folds = [fold_of(row["id"]) for row in rows]
    held_out: list[Count] = []
    yield "| held out | chosen on the others | topics P | R | F1 |"
    yield "|---|---|---:|---:|---:|"
    for fold in range(FOLDS):
        best = max(tries, key=lambda s: (_f1_without(tries[s], folds, fold), s == shipped))
        out = [c for c, own in zip(tries[best], folds, strict=True) if own == fold]
        held_out += out
        yield _row(f"fold {fold + 1}", _written(best), _sum(out))
    yield _row("all", f"one of {len(tries)} settings each", _sum(held_out))
    yield ""


def _topic_counts(
    rows: Sequence[Row], tagger: Tagger, setting: tuple[float, ...]
) -> list[Count]:
    values: dict[str, Any] = dict(zip(GRID, setting, strict=True))
    scoring = replace(tagger.watchlist.scoring, **values)
    topics = compile_topics(replace(tagger.watchlist, scoring=scoring))
    changed = replace(tagger, topics=topics)
    return [_scored(row, changed).score("topics") for row in rows]


def _f1_without(counts: Sequence[Count], folds: Sequence[int], fold: int) -> float:
    return _sum(c for c, own in zip(counts, folds, strict=True) if own != fold).f1


def _written(setting: tuple[float, ...]) -> str:
    return ", ".join(f"{key} {value:g}" for key, value in zip(GRID, setting, strict=True))


def _row(name: str, setting: str, count: Count) -> str:
    figures = f"{count.precision:.3f} | {count.recall:.3f} | {count.f1:.3f}"
    return f"| {name} | {setting} | {figures} |"


def _errors(scored: Sequence[Scored], known: Mapping[str, str]) -> Iterator[str]:
    yield "| item | of | should be | is wrongly | cause |"
    yield "|---|---|---|---|---|"
    wrong = [item for item in scored if _is_wrong(item)]
    for item in wrong:
        cause = known.get(item.row["id"], "**none given**")
        for kind in ("companies", "topics"):
            missed, false = sorted(item.missed(kind)), sorted(item.false(kind))
            if missed or false:
                cells = [item.row["id"], kind, ", ".join(missed), ", ".join(false), cause]
                yield f"| {' | '.join(cells)} |"
    yield ""
    ids = {str(item.row["id"]) for item in wrong}
    unexplained = f"of {len(ids)} errors have no cause in {CAUSES.name}"
    yield from _named(unexplained, ids - set(known))
    yield from _named("causes there belong to no error", set(known) - ids)


def _is_wrong(item: Scored) -> bool:
    return any(item.false(k) or item.missed(k) for k in ("companies", "topics"))


def _named(what: str, ids: set[str]) -> Iterator[str]:
    yield f"{len(ids)} {what}."
    yield from (f"- `{item_id}`" for item_id in sorted(ids))


if __name__ == "__main__":
    main()
