"""Page of today: the day's stories, the companies named most, and anomalies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from transforms.brief.ranking import (
    EarlierTelling,
    Lead,
    RankingWeights,
    is_light,
    rank,
    why_here,
)
from transforms.brief.sections.stories import Story
from transforms.pages.stories import (
    COMPANIES,
    StoryCard,
    ToldStory,
    card,
)
from transforms.pages.words import Link, PageWords, web_address

# Stories a page: what one reads in one sitting, and weighs under 60 KB.
SHOWN = 40
FOLDED = 6
FILTERS = 8
BURSTS = 6


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
        light = is_light(lead, by)
        # What is read in passing stays short.
        short = {"said": None} if light else {}
        cards.append(
            card(
                words,
                told[first],
                companies=_companies(words, story),
                topics=words.subjects("topic", (*story.events, *story.topics), 2),
                folded=tuple(
                    card(words, told[each], companies=_companies(words, stories[each], 2))
                    for each in others[:FOLDED]
                ),
                why=why_here(lead, words.language, words.name),
                known=_known_link(words, known.get(first)),
                is_continuing=story.first_published_at < since,
                is_light=light,
                **short,
            )
        )
    return cards


def _known_link(words: PageWords, earlier: EarlierTelling | None) -> Link | None:
    if earlier is None:
        return None
    when = words.day(earlier.published_at, form="date.short")
    said = words.word("known", when=when, first=earlier.publisher)
    return Link(text=said, href=web_address(earlier.url))


def _companies(words: PageWords, story: Story, most: int = COMPANIES) -> tuple[Link, ...]:
    """Return the companies that a story is about, or else those that it names."""
    return words.subjects("company", story.subjects or story.companies, most)


def filters(
    words: PageWords,
    path: str,
    stories: Sequence[Story],
    chosen: Chosen,
    query: Mapping[str, str],
) -> dict[str, list[Link]]:
    """Return the choices of each filter by its title: the active one, then the frequent."""
    made = {}
    for key in ("language", "topic", "outlet"):
        own = getattr(chosen, key)
        # Another choice takes the place of the active one of its kind.
        others = replace(chosen, **{key: ""})
        taken = [_values(story, key) for story in stories if others.takes(story)]
        counts = Counter(value for values in taken for value in values)
        frequent = sorted(counts, key=lambda value: (-counts[value], value))
        found = ([own] if own else []) + [v for v in frequent if v != own]
        links = [
            Link(
                text=words.label("language", value)
                if key == "language"
                else words.name(value),
                href=words.href(
                    path, **{**query, key: "" if value == own else value, "page": ""}
                ),
                n=None if value == own else counts[value],
                is_current=value == own,
            )
            for value in found[:FILTERS]
        ]
        if len(links) > 1 or own:
            made[words.word(f"filter.{key}")] = links
    return made


def _values(story: Story, key: str) -> Collection[str]:
    """Return what a filter would find a story by."""
    if key == "topic":
        return {*story.topics, *story.events}
    return story.languages if key == "language" else story.outlets
