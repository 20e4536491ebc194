"""How well do stories agree with the events of the demo's invented history?

    python benchmarks/demo_stories.py [--errors] [--record]

Each event of the history has a number, which its addresses end in: articles of one event
are one story, and no others. The engine reads titles, summaries and times, and no address.
The history depends on the moment it is made for, so four of them are scored: pairs of
articles that were joined rightly, wrongly and not at all; stories of several events, and
those of them in two languages. --errors lists the stories of several events, and what was
not joined.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from clusters import agreement, clustered
from results import Result, Table, arguments, publish
from story_labels import Labelled

from connectors.samples.history import history

Row = Mapping[str, str]
MOMENTS = (
    datetime(2026, 11, 28, 12, tzinfo=UTC),
    datetime(2026, 9, 14, 3, 30, tzinfo=UTC),
    datetime(2026, 7, 3, 18, tzinfo=UTC),
    datetime(2027, 2, 10, 9, 15, tzinfo=UTC),
)


class Score(NamedTuple):
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
    parser = arguments(__doc__)
    parser.add_argument("--errors", action="store_true")
    args = parser.parse_args()
    scores = {}
    for moment in MOMENTS:
        articles = history(moment)
        stories = assigned(articles)
        scores[moment] = score(articles, stories)
        if args.errors:
            print("\n".join(_errors(articles, stories)))
    publish(_result(scores), record=args.record)


def assigned(articles: Sequence[Row]) -> dict[str, str]:
    """Return the story of each article by its address, all of them given at once."""
    return clustered([_labelled(row) for row in articles])


def score(articles: Sequence[Row], stories: Mapping[str, str]) -> Score:
    """Compare *stories* with the events that the addresses name."""
    pairs = agreement([_labelled(row) for row in articles], stories)
    groups = _by(articles, lambda row: stories[row["url"]])
    mixed = [told for told in groups if len(set(map(event_of, told))) > 1]
    return Score(
        right=pairs.right,
        wrong=pairs.wrong,
        missed=pairs.missed,
        stories=sum(len(told) > 1 for told in groups),
        mixed=len(mixed),
        mixed_across=sum(len({row["language"] for row in told}) > 1 for told in mixed),
    )


def event_of(row: Row) -> str:
    """Return the event that an article of the history tells."""
    return row["url"].rpartition("/")[2]


def _by(articles: Sequence[Row], key: Callable[[Row], str]) -> list[list[Row]]:
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in articles:
        groups[key(row)].append(row)
    return list(groups.values())


def _errors(articles: Sequence[Row], stories: Mapping[str, str]) -> Iterator[str]:
    for told in _by(articles, lambda row: stories[row["url"]]):
        if len(set(map(event_of, told))) > 1:
            yield "MIXED " + " | ".join(f"{event_of(r)}: {r['title']}" for r in told)
    for told in _by(articles, event_of):
        if len({stories[row["url"]] for row in told}) > 1:
            yield f"SPLIT {event_of(told[0])} " + " | ".join(r["title"] for r in told)


def _result(scores: Mapping[datetime, Score]) -> Result:
    rows = [
        [
            *(f"{moment:%Y-%m-%d %H:%M}", each.stories),
            *(f"{each.precision:.3f}", f"{each.recall:.3f}"),
            *(each.right, each.wrong, each.missed, each.mixed, each.mixed_across),
        ]
        for moment, each in scores.items()
    ]
    precision, recall = (
        min(getattr(each, name) for each in scores.values())
        for name in ("precision", "recall")
    )
    worst = max(each.mixed for each in scores.values())
    columns = ["made for", "stories of several articles", "P", "R", "right", "wrong"]
    columns += ["missed", "of several events", "of these in two languages"]
    return Result(
        name="demo_stories",
        title="Story agreement with the demo's invented history",
        summary=f"pairs P {precision:.2f} R {recall:.2f} at the worst of four moments; at "
        f"most {worst} stories of several events",
        code=("transforms/stories", "transforms/names", "connectors/samples"),
        tables=[Table(columns=columns, rows=rows)],
    )


def _labelled(row: Row) -> Labelled:
    return Labelled(
        article_id=row["url"],
        title=row["title"],
        summary=row["summary"],
        language=row["language"],
        published=datetime.fromisoformat(row["published"]),
        publisher=row["publisher"],
        url=row["url"],
        cluster=event_of(row),
    )


if __name__ == "__main__":
    main()
