"""How well do stories agree with a week of articles clustered by hand, or with the demo?

    python benchmarks/clusters.py [--demo] [--shared DIR] [--errors] [--record]

B-cubed precision, recall and F1 (Bagga & Baldwin 1998, *Entity-based cross-document
coreferencing using the vector space model*, COLING-ACL): for each article, which share of
its story is of its event, and which share of its event is in its story. Digests are of no
event: one that shares a story with anything counts as a wrong join. A second table leaves
out of each story, as pairs of the kind ``update`` are left out elsewhere, other turns of
the affair that the article at hand is a turn of. --errors lists what was joined and missed.

--demo compares with the invented history of the demo instead: the addresses of one event
end in its number, and articles of one event are one story, and no others. The engine reads
titles, summaries and times, and no address. The history depends on the moment it is made
for, so four of them are scored.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import combinations
from typing import NamedTuple

from results import Result, Table, arguments, publish, shipped_tagger
from story_labels import DIGEST, Labelled, labelled_week

from connectors.samples.history import history
from flows.beats import load_beat
from transforms.articles.reader import EntryReader, acts_of, companies_of, title_names
from transforms.headlines.digests import is_digest
from transforms.models import Article
from transforms.stories.cluster import Recent, assign_stories
from transforms.text.fold import script_of, search_text

MOMENTS = (
    datetime(2026, 11, 28, 12, tzinfo=UTC),
    datetime(2026, 9, 14, 3, 30, tzinfo=UTC),
    datetime(2026, 7, 3, 18, tzinfo=UTC),
    datetime(2027, 2, 10, 9, 15, tzinfo=UTC),
)


Row = Mapping[str, str]


class Agreement(NamedTuple):
    """B-cubed figures, and pairs of articles joined rightly, wrongly, and not at all."""

    articles: int
    precision: float
    recall: float
    right: int
    wrong: int
    missed: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.precision * self.recall / (self.precision + self.recall)


def main() -> None:
    """Cluster the week and print the figures."""
    parser = arguments(__doc__, needs="corpus")
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--demo", action="store_true", help="the demo's invented history")
    args = parser.parse_args()
    score_them = _score_demo if args.demo else _score_week
    score_them(args)


def _score_week(args: argparse.Namespace) -> None:
    week = labelled_week(args.shared)
    stories = clustered(week)
    publish(_result(week, stories), record=args.record)
    if args.errors:
        print("\n".join(_errors(week, stories)))


def _result(week: Sequence[Labelled], stories: Mapping[str, str]) -> Result:
    rows = []
    for strict in (True, False):
        for name in ("all", "en", "zh"):
            chosen = [a for a in week if name in ("all", a.language)]
            made = agreement(chosen, stories, strict=strict)
            turns = "wrong" if strict else "left out"
            shares = [f"{n:.3f}" for n in (made.precision, made.recall, made.f1)]
            counts = (made.right, made.wrong, made.missed)
            rows.append([turns, name, made.articles, *shares, *counts])
    columns = ["articles", "n", "B³ P", "B³ R", "B³ F1", "pairs right", "wrong", "missed"]
    [strictly, leniently] = (row for row in rows if row[1] == "all")
    return Result(
        name="clusters",
        title="Story agreement with a week clustered by hand",
        summary=f"{strictly[2]} articles: B-cubed P {strictly[3]}, R {strictly[4]}, F1 "
        f"{strictly[5]}; {leniently[5]} with other turns of a developing story left out",
        code=("transforms/stories", "transforms/names", "watchlist.toml"),
        tables=[Table(columns=["turns of a developing story", *columns], rows=rows)],
    )


def clustered(told: Sequence[Labelled]) -> dict[str, str]:
    """Return the story of each article, all of them given at once."""
    reader = EntryReader(shipped_tagger().watchlist, load_beat())
    read = reader.tag_stored([_article(made) for made in told])
    ids = [each.article.article_id for each in read]
    companies = dict(
        zip(ids, (companies_of(each.found.mentions) for each in read), strict=True)
    )
    names = dict(zip(ids, (title_names(each.found.mentions) for each in read), strict=True))
    articles = [each.article for each in read]
    lexicon, acts = reader.rules.concepts, acts_of(each.found.measures for each in read)
    made = assign_stories(articles, companies, names, Recent(), lexicon, acts=acts)
    return dict(made.stories)


def agreement(
    week: Sequence[Labelled], stories: Mapping[str, str], *, strict: bool = True
) -> Agreement:
    """Compare stories with the clusters of *week*; not *strict*: updates left out."""
    events: defaultdict[str, set[str]] = defaultdict(set)
    found: defaultdict[str, set[str]] = defaultdict(set)
    turns: defaultdict[str, set[str]] = defaultdict(set)
    for made in week:
        events[_event(made)].add(made.article_id)
        found[stories[made.article_id]].add(made.article_id)
        if made.affair and not strict:
            turns[made.affair].add(made.article_id)
    precision = recall = 0.0
    for made in week:
        event = events[_event(made)]
        story = found[stories[made.article_id]] - (turns[made.affair] - event)
        precision += len(story & event) / len(story)
        recall += len(story & event) / len(event)
    joined = _pairs(found.values()) - (_pairs(turns.values()) - _pairs(events.values()))
    true = _pairs(events.values())
    pairs = len(joined & true), len(joined - true), len(true - joined)
    return Agreement(len(week), precision / len(week), recall / len(week), *pairs)


def _event(made: Labelled) -> str:
    return f"{DIGEST} {made.article_id}" if made.cluster == DIGEST else made.cluster


def _pairs(groups: Iterable[set[str]]) -> set[tuple[str, str]]:
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


def _errors(week: Sequence[Labelled], stories: Mapping[str, str]) -> Iterable[str]:
    for a, b in combinations(week, 2):
        together = stories[a.article_id] == stories[b.article_id]
        if together != (_event(a) == _event(b)):
            kind = "JOINED" if together else "missed"
            turn = " (turns of one affair)" if a.affair and a.affair == b.affair else ""
            yield f"{kind}{turn}: {a.title} [{a.publisher}] | {b.title} [{b.publisher}]"


def _score_demo(args: argparse.Namespace) -> None:
    scores = {}
    for moment in MOMENTS:
        articles = history(moment)
        stories = assigned(articles)
        scores[moment] = score(articles, stories)
        if args.errors:
            print("\n".join(_demo_errors(articles, stories)))
    publish(_demo_result(scores), record=args.record)


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


def assigned(articles: Sequence[Row]) -> dict[str, str]:
    """Return the story of each article by its address, all of them given at once."""
    return clustered([_labelled(row) for row in articles])


def score(articles: Sequence[Row], stories: Mapping[str, str]) -> Score:
    """Compare *stories* with the events that the addresses name."""
    pairs = agreement([_labelled(row) for row in articles], stories)
    groups = _by(articles, lambda row: stories[row["url"]])
    mixed = [told for told in groups if len(set(map(event_of, told))) > 1]
    stories_of_several = sum(len(told) > 1 for told in groups)
    across = sum(len({row["language"] for row in told}) > 1 for told in mixed)
    counts = pairs.right, pairs.wrong, pairs.missed
    return Score(*counts, stories_of_several, len(mixed), across)


def event_of(row: Row) -> str:
    """Return the event that an article of the history tells."""
    return row["url"].rpartition("/")[2]


def _by(articles: Sequence[Row], key: Callable[[Row], str]) -> list[list[Row]]:
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in articles:
        groups[key(row)].append(row)
    return list(groups.values())


def _demo_errors(articles: Sequence[Row], stories: Mapping[str, str]) -> Iterator[str]:
    for told in _by(articles, lambda row: stories[row["url"]]):
        if len(set(map(event_of, told))) > 1:
            yield "MIXED " + " | ".join(f"{event_of(r)}: {r['title']}" for r in told)
    for told in _by(articles, event_of):
        if len({stories[row["url"]] for row in told}) > 1:
            yield f"SPLIT {event_of(told[0])} " + " | ".join(r["title"] for r in told)


def _demo_result(scores: Mapping[datetime, Score]) -> Result:
    rows = [
        [
            *(f"{moment:%Y-%m-%d %H:%M}", each.stories, f"{each.precision:.3f}"),
            *(f"{each.recall:.3f}", *each[:3], each.mixed, each.mixed_across),
        ]
        for moment, each in scores.items()
    ]
    precision = min(each.precision for each in scores.values())
    recall = min(each.recall for each in scores.values())
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


def _article(made: Labelled) -> Article:
    return Article(
        article_id=made.article_id,
        feed_id=made.publisher,
        url=made.url,
        title=made.title,
        summary=made.summary,
        content=None,
        language=made.language,
        script=script_of(made.title),
        is_digest=is_digest(made.title),
        publisher=made.publisher,
        authors=(),
        published_at=made.published,
        published_raw="",
        published_from="published",
        first_seen_at=made.published,
        content_hash="",
        search_text=search_text(made.title, made.summary),
    )


if __name__ == "__main__":
    main()
