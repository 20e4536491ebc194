"""How well do stories agree with a week of articles clustered by hand?

    python benchmarks/clusters.py [--shared DIR] [--errors]

B-cubed precision, recall and F1 (Bagga & Baldwin 1998, *Entity-based cross-document
coreferencing using the vector space model*, COLING-ACL): for each article, which share of
its story is of its event, and which share of its event is in its story. Digests are of no
event: one that shares a story with anything counts as a wrong join. A second table leaves
out of each story, as pairs of the kind ``update`` are left out elsewhere, other turns of
the affair that the article at hand is a turn of. --errors lists what was joined and missed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from results import SHARED, Result, Table, arguments, publish, shipped_tagger
from story_labels import DIGEST, Labelled, labelled_week

from flows.beats import load_beat
from transforms.articles.reader import EntryReader, companies_of, title_names
from transforms.headlines.digests import is_digest
from transforms.models import Article
from transforms.stories.cluster import Recent, assign_stories
from transforms.text.fold import script_of, search_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
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
    parser = arguments(__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--errors", action="store_true")
    args = parser.parse_args()
    week = labelled_week(args.shared)
    if not week:
        raise SystemExit(f"no corpus at {args.shared / 'corpus'}; name it with --shared")
    stories = clustered(week)
    publish(_result(week, stories), record=args.record)
    if args.errors:
        for line in _errors(week, stories):
            print(line)


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
    columns = ["articles", "n", "B³·P", "B³·R", "B³·F1", "pairs·right", "wrong", "missed"]
    [strictly, leniently] = (row for row in rows if row[1] == "all")
    return Result(
        name="clusters",
        title="Story agreement with a week clustered by hand",
        summary=f"{strictly[2]} articles: B-cubed P {strictly[3]}, R {strictly[4]}, F1 "
        f"{strictly[5]}; {leniently[5]} with other turns of a developing story left out",
        code=("transforms/stories", "transforms/names", "watchlist.toml"),
        tables=[
            Table(
                columns=[
                    "turns of a developing story",
                    *(c.replace("·", " ") for c in columns),
                ],
                rows=rows,
            )
        ],
    )


def clustered(told: Sequence[Labelled]) -> dict[str, str]:
    """Return the story of each article, all of them given at once."""
    reader = EntryReader(shipped_tagger().watchlist, load_beat().reading)
    read = [reader.tag_stored(_article(made)) for made in told]
    ids = [each.article.article_id for each in read]
    companies = dict(zip(ids, (companies_of(each.mentions) for each in read), strict=True))
    names = dict(zip(ids, (title_names(each.mentions) for each in read), strict=True))
    articles = [each.article for each in read]
    made = assign_stories(articles, companies, names, Recent(), reader.rules.concepts)
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
    return Agreement(
        articles=len(week),
        precision=precision / len(week),
        recall=recall / len(week),
        right=len(joined & true),
        wrong=len(joined - true),
        missed=len(true - joined),
    )


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
