"""How well do stories agree with events and pairs labelled before tuning?

    python benchmarks/wild.py [--shared DIR] [--errors] [--record | --blind]

Four windows of the corpus are clustered whole, tens of thousands of headlines, and what a
reader found in them is looked up: events told in both languages, of which one Chinese and
one English telling should share a story; near misses, which should not; and hard pairs.
These are judged by ``compare`` and by what joined. How they were labelled, and what the
figures promise: docs/measured/story-labels.md. --errors lists what was missed or wrong.

--blind clusters half a year whole, nearly a hundred thousand headlines in ten minutes, and
looks up events in both languages that were labelled later and that no rule was chosen by;
of those marked ``seen`` the gold set has a pair.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path

from clusters import clustered
from readings import interval, read
from results import ROOT, Result, Table, arguments, json_lines, publish
from story_labels import (
    Labelled,
    Row,
    feed_rows,
    labelled,
    moment_of,
    own_pairs,
    pairs_to_compare,
    read_rows,
)

from flows.beats import load_beat
from transforms.stories.pairs.similarity import compare

PAIRS = ROOT / "tests" / "data" / "story_pairs_wild.jsonl"
EVENTS = ROOT / "tests" / "data" / "story_events_wild.jsonl"
BLIND = ROOT / "tests" / "data" / "story_events_blind.jsonl"
# From the first day to the day after the last; stories of each are clustered together.
WINDOWS = (
    (date(2023, 10, 24), date(2023, 11, 16)),
    (date(2026, 5, 12), date(2026, 6, 16)),
    (date(2026, 6, 19), date(2026, 7, 6)),
    (date(2026, 7, 13), date(2026, 8, 1)),
)
HALF_YEAR = ((date(2026, 2, 1), date(2026, 8, 1)),)
FEEDS = ("huxiu", "qqnews", "36kr_rsshub", "bilibili")
SIDES = ("en", "zh")
READING = "joined across languages"

Stories = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What became of the labels: whether each was joined, and each pair called one."""

    joined: Sequence[tuple[Row, bool]]
    pairs: Sequence[tuple[str, bool, bool]]
    read: Sequence[str]


def main() -> None:
    """Cluster the windows and print what became of the labels."""
    parser = arguments(__doc__, needs="corpus")
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--blind", action="store_true", help="events labelled later")
    args = parser.parse_args()
    chosen = HALF_YEAR if args.blind else WINDOWS
    windows = [list(headlines(args.shared, window)) for window in chosen]
    stories: dict[str, str] = {}
    for told in windows:
        stories |= clustered(told)
    if args.blind:
        print("\n".join(_blind(stories)))
        return
    found = _found(args.shared, stories)
    if args.errors:
        titles = {made.article_id: made.title for told in windows for made in told}
        print("\n".join(_errors(found, titles)))
    publish(_result(found, list(map(len, windows))), record=args.record)


def _blind(stories: Stories) -> Iterator[str]:
    told, joined = Counter[str](), Counter[str]()
    for row in filter(lambda row: is_held(row, stories), read_rows(BLIND)):
        kind = f"{_kind(row)}{', seen' if row['seen'] else ''}"
        told[kind] += 1
        joined[kind] += is_joined(row["en"], row["zh"], stories)
    return (f"{joined[kind]} of {told[kind]} {kind}" for kind in sorted(told))


def _found(shared: Path, stories: Stories) -> Found:
    events = [row for row in read_rows(EVENTS) if is_held(row, stories)]
    rows = list(own_pairs(shared, file=PAIRS))
    together = [is_joined([row["a"]], [row["b"]], stories) for row in read_rows(PAIRS)]
    pairs, lexicon = pairs_to_compare("wild", rows), load_beat().concepts
    judged = ((*row["row"].split("+"), row["label"]) for row in read(READING))
    return Found(
        joined=[(row, is_joined(row["en"], row["zh"], stories)) for row in events],
        pairs=[
            (pair.label, compare(pair.a, pair.b, lexicon).same, joined)
            for pair, joined in zip(pairs, together, strict=True)
        ],
        read=[
            label
            for one, other, label in judged
            if {stories.get(one)} & {stories.get(other)} - {None}
        ],
    )


def is_held(row: Row, stories: Stories) -> bool:
    """Tell whether articles of both languages of an event are among the clustered."""
    return all(any(told["id"] in stories for told in row[side]) for side in SIDES)


def is_joined(some: Iterable[Row], others: Iterable[Row], stories: Stories) -> bool:
    """Tell whether one of *some* articles shares a story with one of *others*."""
    mine, theirs = ({stories.get(row["id"]) for row in rows} for rows in (some, others))
    return bool((mine & theirs) - {None})


def headlines(shared: Path, window: tuple[date, date]) -> Iterator[Labelled]:
    """Yield the articles of a window, each headline of a publisher once."""
    first, end = window
    corpus = shared / "corpus"
    files = sorted((corpus / "headlines").glob("*.jsonl.gz"))
    feeds = (corpus / "feeds" / f"{name}.tar.xz" for name in FEEDS)
    seen: set[tuple[str, str]] = set()
    for row in chain(*map(json_lines, files), *map(feed_rows, feeds)):
        if row.get("published") or row.get("first_seen"):
            if not first <= moment_of(row).date() < end:
                continue
            made = labelled(row)
            if made.title and (key := (made.title, made.publisher)) not in seen:
                seen.add(key)
                yield made


def _errors(found: Found, titles: Mapping[str, str]) -> Iterator[str]:
    for row, joined in found.joined:
        if joined != (row["label"] == "event"):
            first = (titles.get(row[side][0]["id"], "") for side in SIDES)
            yield f"{'joined' if joined else 'missed'} {row['id']}: {' | '.join(first)}"


def _result(found: Found, sizes: Sequence[int]) -> Result:
    told = Counter(_kind(row) for row, _ in found.joined)
    joined = Counter(_kind(row) for row, joined in found.joined if joined)
    pairs = [
        ("compare", *_shares((label, same) for label, same, _ in found.pairs)),
        ("joined", *_shares((label, joined) for label, _, joined in found.pairs)),
    ]
    right, of = found.read.count("right"), len(found.read)
    low, high = interval(right, max(of, 1))
    stands = f"Of the joins across languages that were read {of} stand; one event: {right}"
    china = "events on China"
    return Result(
        name="wild",
        title="Story agreement on headlines labelled before tuning",
        summary=f"{joined[china]} of {told[china]} events on China that both languages "
        f"tell are joined across them",
        code=("transforms/stories", "transforms/names", "watchlist.toml"),
        tables=[
            Table(
                title="Told in both languages",
                columns=["labelled", "of these", "joined"],
                rows=[(kind, told[kind], joined[kind]) for kind in sorted(told)],
            ),
            Table(
                title="Hard pairs across languages, updates left out",
                columns=["by", "pairs", "P", "R"],
                rows=pairs,
            ),
        ],
        notes=[
            f"Headlines clustered, a window each: {', '.join(map(str, sizes))}.",
            f"{stands} ({low:.2f}–{high:.2f}).",
        ],
    )


def _kind(row: Row) -> str:
    if row["label"] == "event":
        return "events on China" if row["scope"] == "china" else "events elsewhere"
    return "near misses" if row["label"] == "near-miss" else "updates"


def _shares(pairs: Iterable[tuple[str, bool]]) -> tuple[int, str, str]:
    """Return how many pairs there are, and precision and recall of what is called one."""
    counts = Counter(pairs)
    right, wrong = counts["same", True], counts["different", True]
    missed = counts["same", False]
    precision, recall = right / max(right + wrong, 1), right / max(right + missed, 1)
    total = right + wrong + missed + counts["different", False]
    return total, f"{precision:.2f}", f"{recall:.2f}"


if __name__ == "__main__":
    main()
