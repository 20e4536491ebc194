"""Page of today: the day's stories, the companies named most, and anomalies."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from transforms.brief.ranking import (
    EarlierTelling,
    Lead,
    RankingWeights,
    is_light,
    rank,
    why_here,
)
from transforms.brief.sections.companies import BurstRow
from transforms.brief.sections.story_rows import Story
from transforms.pages.rows.stories import ChangedSubject, NamedOften
from transforms.pages.stories import (
    COMPANIES,
    StoryCard,
    ToldStory,
    card,
    company_links,
    topic_links,
)
from transforms.pages.words import Link, PageWords, Ranked, Ranking, levels, web_address
from transforms.words import level

# Stories a page: what one reads in one sitting, and weighs under 60 KB.
SHOWN = 40
FOLDED = 6
FILTERS = 8
BURSTS = 6
# A q from here on: of ten such days, one or more are chance.
WEAK = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Filters of the day's stories; empty ones do not restrict."""

    language: str = ""
    topic: str = ""
    outlet: str = ""

    @property
    def is_any(self) -> bool:
        """Whether any filter is set."""
        return bool(self.language or self.topic or self.outlet)

    def takes(self, story: Story) -> bool:
        """Tell whether *story* passes the filters."""
        return (
            (not self.language or self.language in story.languages)
            and (not self.topic or self.topic in (*story.topics, *story.events))
            and (not self.outlet or self.outlet in story.outlets)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Choices of one filter, the active one first."""

    title: str
    choices: tuple[Link, ...]
    is_on: bool


def leading(
    stories: Sequence[Story],
    chosen: Chosen,
    bursts: Collection[str],
    by: RankingWeights,
    *,
    most: int,
) -> list[Lead]:
    """Return the affairs of the filtered stories, in the brief's ranking."""
    taken = (story for story in stories if chosen.takes(story))
    return rank([story.candidate(bursts) for story in taken], by, most=most)


def lead_cards(
    words: PageWords,
    leads: Iterable[Lead],
    stories: Mapping[str, Story],
    told: Mapping[str, ToldStory],
    *,
    since: datetime,
    known: Mapping[str, EarlierTelling],
    by: RankingWeights,
) -> list[StoryCard]:
    """Return leads as cards; further stories of an affair fold into its first.

    *known* has the earlier article on a story in the other language.
    """
    cards = []
    for lead in leads:
        found = [story_id for story_id in lead.story_ids if story_id in told]
        if not found:
            continue
        first, *others = found
        story = stories[first]
        cards.append(
            card(
                words,
                told[first],
                companies=_companies(words, story),
                topics=topic_links(words, (*story.events, *story.topics), most=2),
                folded=tuple(
                    card(words, told[each], companies=_companies(words, stories[each], 2))
                    for each in others[:FOLDED]
                ),
                why=why_here(lead, words.language, words.name),
                known=_known_link(words, known.get(first)),
                is_continuing=story.first_published_at < since,
                is_light=is_light(lead, by),
            )
        )
    return cards


def _known_link(words: PageWords, earlier: EarlierTelling | None) -> Link | None:
    if earlier is None:
        return None
    day = words.local(earlier.published_at).date()
    when = words.day(day, form="date.short")
    said = words.word("known", when=when, first=earlier.publisher)
    return Link(text=said, href=web_address(earlier.url))


def _companies(words: PageWords, story: Story, most: int = COMPANIES) -> tuple[Link, ...]:
    """Return the companies that a story is about, or else those that it names."""
    return company_links(words, story.subjects or story.companies, most)


def filters(
    words: PageWords,
    path: str,
    stories: Sequence[Story],
    chosen: Chosen,
    query: Mapping[str, str],
) -> tuple[Filter, ...]:
    """Return the filters of the day's stories, most frequent choices first."""
    taken = [story for story in stories if chosen.takes(story)]
    by = {
        "language": [language for story in taken for language in story.languages],
        "topic": [topic for story in taken for topic in story.topics],
        "outlet": [outlet for story in taken for outlet in story.outlets],
    }
    made = []
    for key, values in by.items():
        own = getattr(chosen, key)
        found = ([own] if own else []) + [v for v in _frequent(values) if v != own]
        links = tuple(
            Link(
                text=_named(words, key, value),
                href=words.href(path, **{**query, key: "" if value == own else value}),
                is_current=value == own,
            )
            for value in found[:FILTERS]
        )
        if len(links) > 1 or own:
            made.append(
                Filter(title=words.word(f"filter.{key}"), choices=links, is_on=bool(own))
            )
    return tuple(made)


def _named(words: PageWords, key: str, value: str) -> str:
    if key == "language":
        return words.label("language", value)
    return words.name(value) if key == "topic" else value


def _frequent(values: Iterable[str]) -> list[str]:
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return sorted(counts, key=lambda value: (-counts[value], value))


@dataclass(frozen=True, slots=True, kw_only=True)
class BurstNote:
    """A burst in a line: its subject, observed and expected counts, and its story."""

    subject: Link
    observed: int
    opens: str
    expected: str
    is_weak: bool
    story: Link | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeNote:
    """A company or topic, with its stories and those of the day before."""

    subject: Link
    stories: int
    previous: int
    opens: str


def most_named(
    words: PageWords, rows: Sequence[NamedOften], *, sql: str, opens: Mapping[str, object]
) -> Ranking:
    """Return the companies with the most stories; counts link to pages by *opens*."""
    parts = levels([row.stories for row in rows])
    return Ranking(
        key="named",
        title=words.word("board.named"),
        sql=sql,
        rows=[
            Ranked(
                link=Link(
                    text=words.name(row.company_id),
                    href=words.href(f"/companies/{row.company_id}"),
                ),
                count=row.stories,
                opens=words.href(f"/companies/{row.company_id}", **opens) + "#stories",
                level=part,
            )
            for row, part in zip(rows, parts, strict=True)
        ],
    )


def changed(
    words: PageWords, rows: Sequence[ChangedSubject], opens: Mapping[str, object]
) -> list[ChangeNote]:
    """Return the subjects with more or fewer stories than the day before."""
    notes = []
    for row in rows:
        section = "companies" if row.kind == "company" else "topics"
        path = f"/{section}/{row.subject_id}"
        notes.append(
            ChangeNote(
                subject=Link(text=words.name(row.subject_id), href=words.href(path)),
                stories=row.stories,
                previous=row.previous,
                opens=words.href(path, **opens) + "#stories" if row.stories else "",
            )
        )
    return notes


def bursts(words: PageWords, rows: Sequence[BurstRow]) -> list[BurstNote]:
    """Return the bursts of the days, most significant first, each with its story."""
    notes = []
    for row in sorted(rows, key=lambda row: row.q)[:BURSTS]:
        section = "companies" if row.kind == "company" else "topics"
        path = f"/{section}/{row.subject_id}"
        story = row.story_id and Link(
            text=_headline(words, row), href=words.href(f"/stories/{row.story_id}")
        )
        notes.append(
            BurstNote(
                subject=Link(text=words.name(row.subject_id), href=words.href(path)),
                observed=row.observed,
                opens=words.href(path, day=row.day) + "#stories",
                expected=level(row.expected),
                is_weak=row.q >= WEAK,
                story=story or None,
            )
        )
    return notes


def _headline(words: PageWords, row: BurstRow) -> str:
    own = row.headline_zh if words.language == "zh" else row.headline_en
    return own or row.headline or ""
