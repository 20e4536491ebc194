"""How well stories agree with what the demo's invented history is known to tell.

    python benchmarks/demo_stories.py [--errors] [--record]

Each event of the history has a number, which its addresses end in: articles of one event
are one story, and no others. The engine reads titles, summaries and times, and no address.
The history depends on the moment it is made for, so four of them are scored: pairs of
articles that were joined rightly, wrongly and not at all; stories of several events, and
those of them in two languages. --errors lists the stories of several events, and what was
not joined.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations

from clusters import clustered
from results import Result, Table, add_record_option, publish
from story_labels import Labelled

from connectors.samples.history import history

MOMENTS = (
    datetime(2026, 11, 28, 12, tzinfo=UTC),
    datetime(2026, 9, 14, 3, 30, tzinfo=UTC),
    datetime(2026, 7, 3, 18, tzinfo=UTC),
    datetime(2027, 2, 10, 9, 15, tzinfo=UTC),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Pairs of articles by what became of them; stories of several articles, and mixed."""

    right: int
    wrong: int
    missed: int
    stories: int
    mixed: int
    mixed_across: int

    @property
    def precision(self) -> float:
        """Of pairs that were joined, those of one event."""
        return self.right / (self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Of pairs of one event, those that were joined."""
        return self.right / (self.right + self.missed)


def main() -> None:
    """Score four moments and print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--errors", action="store_true")
    add_record_option(parser)
    args = parser.parse_args()
    scores = []
    for moment in MOMENTS:
        articles = history(moment)
        stories = assigned(articles)
        scores.append((moment, score(articles, stories)))
        if args.errors:
            for line in _errors(articles, stories):
                print(line)
    publish(_result(scores), record=args.record)


def assigned(articles: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return the story of each article by its address, all of them given at once."""
    return clustered([_labelled(row) for row in articles])


def score(articles: Sequence[Mapping[str, str]], stories: Mapping[str, str]) -> Score:
    """Compare *stories* with the events that the addresses name."""
    told = [
        (event_of(row["url"]), stories[row["url"]], row["language"]) for row in articles
    ]
    events = [event for event, _, _ in told]
    groups = _groups([story for _, story, _ in told])
    true = _pairs(_groups(events).values())
    joined = _pairs(groups.values())
    mixed = [group for group in groups.values() if len({told[n][0] for n in group}) > 1]
    return Score(
        right=len(joined & true),
        wrong=len(joined - true),
        missed=len(true - joined),
        stories=sum(len(group) > 1 for group in groups.values()),
        mixed=len(mixed),
        mixed_across=sum(len({told[n][2] for n in group}) > 1 for group in mixed),
    )


def event_of(url: str) -> str:
    """Return the event that an article of the history tells."""
    return url.rpartition("/")[2]


def _groups(keys: Sequence[str]) -> dict[str, list[int]]:
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for number, key in enumerate(keys):
        groups[key].append(number)
    return dict(groups)


def _pairs(groups: Iterable[Sequence[int]]) -> set[tuple[int, int]]:
    return {(a, b) for group in groups for a, b in combinations(group, 2)}


def _errors(
    articles: Sequence[Mapping[str, str]], stories: Mapping[str, str]
) -> Iterator[str]:
    by_story: defaultdict[str, list[Mapping[str, str]]] = defaultdict(list)
    by_event: defaultdict[str, list[Mapping[str, str]]] = defaultdict(list)
    for row in articles:
        by_story[stories[row["url"]]].append(row)
        by_event[event_of(row["url"])].append(row)
    for group in by_story.values():
        if len({event_of(row["url"]) for row in group}) > 1:
            yield "MIXED " + " | ".join(
                f"{event_of(r['url'])}: {r['title']}" for r in group
            )
    for event, group in by_event.items():
        if len({stories[row["url"]] for row in group}) > 1:
            yield f"SPLIT {event} " + " | ".join(row["title"] for row in group)


def _result(scores: Sequence[tuple[datetime, Score]]) -> Result:
    rows = [
        [
            f"{moment:%Y-%m-%d %H:%M}",
            each.stories,
            f"{each.precision:.3f}",
            f"{each.recall:.3f}",
            each.right,
            each.wrong,
            each.missed,
            each.mixed,
            each.mixed_across,
        ]
        for moment, each in scores
    ]
    worst = max(each.mixed for _, each in scores)
    return Result(
        name="demo_stories",
        title="Stories of the demo's invented history",
        summary=f"pairs P {min(e.precision for _, e in scores):.2f} R "
        f"{min(e.recall for _, e in scores):.2f} at the worst of four moments; at most "
        f"{worst} stories of several events",
        code=("transforms/stories", "transforms/names", "connectors/samples"),
        tables=[
            Table(
                columns=[
                    "made for",
                    "stories of several articles",
                    "P",
                    "R",
                    "right",
                    "wrong",
                    "missed",
                    "of several events",
                    "of these in two languages",
                ],
                rows=rows,
            )
        ],
    )


def _labelled(row: Mapping[str, str]) -> Labelled:
    return Labelled(
        article_id=row["url"],
        title=row["title"],
        summary=row["summary"],
        language=row["language"],
        published=datetime.fromisoformat(row["published"]),
        publisher=row["publisher"],
        url=row["url"],
    )


if __name__ == "__main__":
    main()
