"""Leading stories, each developing story once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from transforms.brief.draft import (
    Draft,
    Heading,
    StoryHead,
    headline,
    headline_in,
    link,
)
from transforms.brief.model import BREAK, Items, KnownSince, Line, Section, Text, TopStory
from transforms.brief.ranking import (
    ASKED,
    EARLIER,
    EarlierTelling,
    Lead,
    LeadCandidate,
    RankingWeights,
    StoryTraits,
    is_light,
    known_behind,
    known_since,
    rank,
    why_here,
)
from transforms.brief.sections.companies import BURSTS, BurstRow, bursting
from transforms.grouping import first_of_pairs
from transforms.models import Answers, HeadlineLink, Query, StoryOf, StorySize
from transforms.search.snippet import snippet

LEADS = 10
OUTLETS = 4
COMPANIES = 5
OTHERS = 3
# Nearer than this the languages told it together.
TOGETHER = timedelta(minutes=30)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story(StoryTraits, StorySize, StoryHead):
    """A story of the period, with its coverage up to the end.

    Of one that tells what a state does, ``status`` is how far that has come.
    """

    status: str

    def candidate(self, bursts: Collection[str]) -> LeadCandidate:
        """Return the input of the ranking; *bursts* are the companies with a burst."""
        return LeadCandidate(
            story_id=self.story_id,
            titles=self.titles,
            outlets=self.outlets,
            languages=self.languages,
            articles=self.articles,
            subjects=self.subjects,
            companies=self.companies,
            topics=self.topics,
            events=self.events,
            relevance=self.relevance,
            is_reported=self.is_reported,
            affairs=self.affairs,
            act=self.act,
            measure=self.measure,
            is_answer=self.status == "answered",
            bursts=tuple(name for name in self.subjects if name in bursts),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryArticle(HeadlineLink, StoryOf):
    """An article of a story in order of publication, with its translation."""

    summary: str
    made_en: str | None
    made_zh: str | None
    topics: tuple[str, ...]


STORIES = Query(
    name="brief.stories",
    row=Story,
    relations=(
        "articles",
        "article_days",
        "coverage",
        "story_affairs",
        "told_measures_between",
        "outlet_columns",
        "headlines_of",
    ),
    counts="a story is ranked by what was told of it up to the end of the period",
)
# Its parameter is a list of stories, so it is asked after them and not shown as SQL.
ARTICLES = Query(
    name="brief.story_articles",
    row=StoryArticle,
    relations=("articles", "coverage", "translations"),
)


@dataclass(frozen=True, slots=True)
class _Told:
    """An affair that leads: its stories, the one that tells it first.

    ``known`` is who told that one before in the other language.
    """

    lead: Lead
    stories: tuple[Story, ...]
    known: EarlierTelling | None

    @property
    def story(self) -> Story:
        return self.stories[0]

    @property
    def companies(self) -> tuple[str, ...]:
        """The companies that the story is about; if there are none, those that it names."""
        return self.story.subjects or self.story.companies


def stories_section(draft: Draft) -> Section:
    """Number the leading stories, with their other headline and outlets."""
    leads = _leads(draft)
    by = draft.rules.ranking
    weighty = tuple(_line(draft, told) for told in leads if not is_light(told.lead, by))
    light = tuple(_line(draft, told) for told in leads if is_light(told.lead, by))
    suffix = ".week" if draft.period == "week" else ""
    return Section(
        key="stories",
        title=draft.word(f"section.stories{suffix}"),
        blocks=(
            *((Items(weighty, ordered=True),) if weighty else ()),
            *(
                (Items(light, heading=draft.word("section.stories.light")),)
                if light
                else ()
            ),
        ),
        queries=draft.evidence("stories"),
    )


def top_stories(draft: Draft) -> tuple[TopStory, ...]:
    """Return the leading stories with the articles of their affairs, main one first."""
    found = enumerate(_leads(draft), 1)
    return tuple(_top_story(draft, place, told) for place, told in found)


def above(draft: Draft) -> set[str]:
    """Return the leading stories and those told with them, if the brief has them."""
    only = draft.answers.only
    leads = _leads(draft) if not only or "stories" in only else []
    return {each.story_id for told in leads for each in told.stories[: 1 + OTHERS]}


def leading_ids(answers: Answers, by: RankingWeights) -> list[str]:
    """Return the ids of the leading stories, to look up their earlier coverage."""
    ranked = _ranked(answers.of(STORIES), answers.of(BURSTS), by)
    return [lead.story_ids[0] for lead in ranked]


def _leads(draft: Draft) -> list[_Told]:
    rows = {story.story_id: story for story in draft.rows(STORIES)}
    titles = {story_id: story.titles for story_id, story in rows.items()}
    known = known_since(titles, draft.rows(EARLIER))
    ranked = _ranked(rows.values(), draft.rows(BURSTS), draft.rules.ranking)
    return [
        _Told(
            lead,
            tuple(rows[story_id] for story_id in lead.story_ids),
            known.get(lead.story_ids[0]),
        )
        for lead in known_behind(ranked, known, draft.rules.ranking)[:LEADS]
    ]


def _ranked(
    stories: Iterable[Story], bursts: Iterable[BurstRow], by: RankingWeights
) -> Sequence[Lead]:
    """Return the affairs that may lead."""
    flagged = bursting(bursts)
    return _rank(tuple(story.candidate(flagged) for story in stories), by)


@lru_cache(maxsize=4)
def _rank(candidates: tuple[LeadCandidate, ...], by: RankingWeights) -> Sequence[Lead]:
    """Rank them once: section, JSON and mail ask for the same ones."""
    return rank(candidates, by, most=ASKED)


def _line(draft: Draft, told: _Told) -> Line:
    line: Line = (headline(draft, told.story, style="strong"),)
    other = _other_headline(draft, told)
    if other and other.text != line[0].text:
        line += (Text(" · "), other)
    elif made := _translated(draft, told):
        label = draft.word("story.translated")
        line += (Text(" · "), Text(f"{made} ({label})", style="muted"))
    # What is read in passing stays short.
    line += () if is_light(told.lead, draft.rules.ranking) else _said(draft, told)
    line += (Text(BREAK), *_about(draft, told))
    if told.known:
        line += draft.line(
            "story.known",
            when=draft.day(told.known.published_at, form="date.short"),
            first=link(told.known.publisher, told.known.url),
        )
    if told.story.first_published_at < draft.since:
        line += (Text(f" ({draft.word('story.continuing')})", style="muted"),)
    line += _more(draft, told) + _others(draft, told)
    here = _here(draft, told)
    return (*line, Text(BREAK), Text(here)) if here else line


def _here(draft: Draft, told: _Told) -> str:
    return why_here(told.lead, draft.language, lambda kind: draft.listed([kind]))


def _other_headline(draft: Draft, told: _Told) -> Text | None:
    language = "en" if draft.language == "zh" else "zh"
    if headline_in(draft.language, told.story) is None:
        # The story's own headline is in the other language already.
        language = draft.language
    # The story's own: another step of its affair is other news.
    return headline_in(language, told.story, style="muted")


def _translated(draft: Draft, told: _Told) -> str:
    """Return what a machine made of a headline that no outlet has in this language."""
    if headline_in(draft.language, told.story) is not None:
        return ""
    own = (row for row in draft.rows(ARTICLES) if row.title == told.story.headline)
    row = next(own, None)
    made = row and (row.made_zh if draft.language == "zh" else row.made_en)
    return made or ""


def _said(draft: Draft, told: _Told) -> Line:
    """Return what an article says, of those in the brief's language first."""
    shown = headline(draft, told.story).text
    own = [row for row in draft.rows(ARTICLES) if row.story_id == told.story.story_id]
    own.sort(key=lambda row: (row.language != draft.language, row.title != shown))
    found = (snippet(row.title, row.summary, row.language) for row in own)
    first = next(filter(None, found), None)
    return (Text(BREAK), Text(first.text)) if first else ()


def _about(draft: Draft, told: _Told) -> Line:
    story = told.story
    who = draft.listed([*told.companies[:COMPANIES], *story.events[:1]])
    return (
        *(draft.line("story.who", companies=who) if who else ()),
        *draft.line(
            "story.count",
            publishers=draft.count("publisher", story.publishers),
            articles=draft.count("article", story.articles),
            first=story.first_publisher,
            when=draft.moment(story.first_published_at),
        ),
        *_gap(draft, story),
    )


def _gap(draft: Draft, story: Story) -> Line:
    """Say which language had it first, and by how much."""
    if not story.first_en_at or not story.first_zh_at:
        return ()
    apart = story.first_en_at - story.first_zh_at
    if abs(apart) < TOGETHER:
        return ()
    key = "story.gap.zh" if apart > timedelta(0) else "story.gap.en"
    return (Text(" "), *draft.line(key, gap=draft.span(abs(apart) / HOUR)))


def _more(draft: Draft, told: _Told) -> Line:
    """Return the other outlets of the story itself, each linked to its article."""
    shown = headline(draft, told.story)
    own = (r for r in draft.rows(ARTICLES) if r.story_id == told.story.story_id)
    others = first_of_pairs(
        (article.publisher, link(article.publisher, article.url))
        for article in own
        if (article.title, article.url) != (shown.text, shown.url)
        and article.publisher != told.story.first_publisher
    )
    outlets = list(others.values())[:OUTLETS]
    if not outlets:
        return ()
    return (Text(BREAK), *draft.line("story.more", outlets=draft.enumerated(outlets)))


def _others(draft: Draft, told: _Told) -> Line:
    """Return the other stories of its affair, as such."""
    found = [headline(draft, story) for story in told.stories[1 : 1 + OTHERS]]
    if not found:
        return ()
    return (Text(BREAK), *draft.line("story.affair", headlines=draft.enumerated(found)))


def _articles(draft: Draft, told: _Told) -> list[StoryArticle]:
    """Return the articles of the affair, those of the story that tells it first."""
    by_story: Mapping[str, int] = {s.story_id: n for n, s in enumerate(told.stories)}
    own = [row for row in draft.rows(ARTICLES) if row.story_id in by_story]
    return sorted(own, key=lambda row: by_story[row.story_id])


def _top_story(draft: Draft, place: int, told: _Told) -> TopStory:
    shown = headline(draft, told.story)
    first, every = told.known, _articles(draft, told)
    every.sort(key=lambda row: (row.title, row.url) != (shown.text, shown.url))
    own = [row for row in every if row.story_id == told.story.story_id]
    return TopStory(
        rank=place,
        story_id=told.story.story_id,
        titles=tuple(row.title for row in every),
        urls=tuple(row.url for row in every),
        story_ids=tuple(row.story_id for row in every),
        companies=told.companies,
        topics=tuple(dict.fromkeys(topic for row in own for topic in row.topics)),
        publishers=tuple(dict.fromkeys(row.publisher for row in own)),
        languages=tuple(dict.fromkeys(row.language for row in own)),
        score=told.lead.score,
        why=told.lead.why,
        why_here=_here(draft, told),
        known_since=KnownSince(
            published_at=first.published_at,
            publisher=first.publisher,
            title=first.title,
            url=first.url,
        )
        if first
        else None,
    )


STORIES_SECTION = Heading(
    key="stories",
    write=stories_section,
    queries=(STORIES,),
    printed=lambda draft: {STORIES.key: [told.story for told in _leads(draft)]},
    is_front=True,
)
