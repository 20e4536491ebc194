"""The stories that lead, as an editor would put them: an affair once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from transforms.brief.desk import Desk
from transforms.brief.heading import Heading
from transforms.brief.headlines import headline, headline_in, link
from transforms.brief.model import (
    BREAK,
    Items,
    KnownSince,
    Line,
    Section,
    Text,
    TopStory,
)
from transforms.brief.ranking import (
    ASKED,
    EARLIER,
    EarlierTelling,
    Lead,
    LeadCandidate,
    is_light,
    known_behind,
    known_since,
    rank,
    why_here,
)
from transforms.brief.sections.by_company.movers import BURSTS, BurstRow, bursting
from transforms.brief.sections.story_rows import ARTICLES, STORIES, Story, StoryArticle
from transforms.models import Answers

LEADS = 10
OUTLETS = 4
COMPANIES = 5
OTHERS = 3
# Nearer than this the languages told it together.
TOGETHER = timedelta(minutes=30)
HOUR = timedelta(hours=1)


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
        """Those that the story which tells it is about; where it is about none, names."""
        return self.story.subjects or self.story.companies


def section(desk: Desk) -> Section:
    """Number the leading stories, each with its other headline and who told it."""
    leads = _leads(desk)
    weighty = tuple(_line(desk, told) for told in leads if not is_light(told.lead))
    light = tuple(_line(desk, told) for told in leads if is_light(told.lead))
    suffix = ".week" if desk.period == "week" else ""
    return Section(
        key="stories",
        title=desk.word(f"section.stories{suffix}"),
        blocks=(
            *((Items(weighty, ordered=True),) if weighty else ()),
            *((Items(light, heading=desk.word("section.stories.light")),) if light else ()),
        ),
        queries=desk.evidence("stories"),
    )


def top_stories(desk: Desk) -> tuple[TopStory, ...]:
    """Return the same stories with the articles of their affairs, the shown one first."""
    found = enumerate(_leads(desk), 1)
    return tuple(_top_story(desk, place, told) for place, told in found)


def leading_ids(answers: Answers) -> list[str]:
    """Return the stories of which is asked what the other language told before."""
    ranked = _ranked(answers.of(STORIES), answers.of(BURSTS))
    return [lead.story_ids[0] for lead in ranked]


def _leads(desk: Desk) -> list[_Told]:
    rows = {story.story_id: story for story in desk.rows(STORIES)}
    titles = {story_id: story.titles for story_id, story in rows.items()}
    known = known_since(titles, desk.rows(EARLIER))
    ranked = _ranked(rows.values(), desk.rows(BURSTS))
    return [
        _Told(
            lead,
            tuple(rows[story_id] for story_id in lead.story_ids),
            known.get(lead.story_ids[0]),
        )
        for lead in known_behind(ranked, known)[:LEADS]
    ]


def _ranked(stories: Iterable[Story], bursts: Iterable[BurstRow]) -> Sequence[Lead]:
    """Return the affairs that may lead."""
    flagged = bursting(bursts)
    return _rank(tuple(story.candidate(flagged) for story in stories))


@lru_cache(maxsize=4)
def _rank(candidates: tuple[LeadCandidate, ...]) -> Sequence[Lead]:
    """Rank them once: section, JSON and mail ask for the same ones."""
    return rank(candidates, most=ASKED)


def _line(desk: Desk, told: _Told) -> Line:
    line: Line = (headline(desk, told.story, style="strong"),)
    other = _other_headline(desk, told)
    if other and other.text != line[0].text:
        line += (Text(" · "), other)
    elif made := _translated(desk, told):
        label = desk.word("story.translated")
        line += (Text(" · "), Text(f"{made} ({label})", style="muted"))
    line += (Text(BREAK), *_about(desk, told))
    if told.known:
        line += desk.line(
            "story.known",
            when=desk.day(told.known.published_at, form="date.short"),
            first=link(told.known.publisher, told.known.url),
        )
    if told.story.first_published_at < desk.since:
        line += (Text(f" ({desk.word('story.continuing')})", style="muted"),)
    line += _more(desk, told) + _others(desk, told)
    return (*line, Text(BREAK), Text(_here(desk, told)))


def _here(desk: Desk, told: _Told) -> str:
    return why_here(told.lead, desk.language, lambda kind: desk.listed([kind]))


def _other_headline(desk: Desk, told: _Told) -> Text | None:
    language = "en" if desk.language == "zh" else "zh"
    if headline_in(desk.language, told.story) is None:
        # The story's own headline is in the other language already.
        language = desk.language
    # The story's own: another step of its affair is other news.
    return headline_in(language, told.story, style="muted")


def _translated(desk: Desk, told: _Told) -> str:
    """Return what a machine made of a headline that no outlet has in this language."""
    if headline_in(desk.language, told.story) is not None:
        return ""
    own = (row for row in desk.rows(ARTICLES) if row.title == told.story.headline)
    row = next(own, None)
    made = row and (row.made_zh if desk.language == "zh" else row.made_en)
    return made or ""


def _about(desk: Desk, told: _Told) -> Line:
    story = told.story
    who = desk.listed([*told.companies[:COMPANIES], *story.events[:1]])
    return (
        *(desk.line("story.who", companies=who) if who else ()),
        *desk.line(
            "story.count",
            publishers=desk.count("publisher", story.publishers),
            articles=desk.count("article", story.articles),
            first=story.first_publisher,
            when=desk.moment(story.first_published_at),
        ),
        *_gap(desk, story),
    )


def _gap(desk: Desk, story: Story) -> Line:
    """Say which language had it first, and by how much."""
    if not story.first_en_at or not story.first_zh_at:
        return ()
    apart = story.first_en_at - story.first_zh_at
    if abs(apart) < TOGETHER:
        return ()
    key = "story.gap.zh" if apart > timedelta(0) else "story.gap.en"
    return (Text(" "), *desk.line(key, gap=desk.span(abs(apart) / HOUR)))


def _more(desk: Desk, told: _Told) -> Line:
    """Return the other outlets of the story itself, each linked to its article."""
    shown = headline(desk, told.story)
    others: dict[str, Text] = {}
    for article in _own_articles(desk, told):
        is_shown = (article.title, article.url) == (shown.text, shown.url)
        if not is_shown and article.publisher != told.story.first_publisher:
            others.setdefault(article.publisher, link(article.publisher, article.url))
    outlets = list(others.values())[:OUTLETS]
    if not outlets:
        return ()
    return (Text(BREAK), *desk.line("story.more", outlets=desk.enumerated(outlets)))


def _others(desk: Desk, told: _Told) -> Line:
    """Return the other stories of its affair, as such."""
    found = [headline(desk, story) for story in told.stories[1 : 1 + OTHERS]]
    if not found:
        return ()
    return (Text(BREAK), *desk.line("story.affair", headlines=desk.enumerated(found)))


def _own_articles(desk: Desk, told: _Told) -> list[StoryArticle]:
    return [row for row in desk.rows(ARTICLES) if row.story_id == told.story.story_id]


def _articles(desk: Desk, told: _Told) -> list[StoryArticle]:
    """Return the articles of the affair, those of the story that tells it first."""
    by_story: Mapping[str, int] = {s.story_id: n for n, s in enumerate(told.stories)}
    own = [row for row in desk.rows(ARTICLES) if row.story_id in by_story]
    return sorted(own, key=lambda row: by_story[row.story_id])


def _top_story(desk: Desk, place: int, told: _Told) -> TopStory:
    shown = headline(desk, told.story)
    every = _articles(desk, told)
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
        why_here=_here(desk, told),
        known_since=_known(told.known),
    )


def _known(earlier: EarlierTelling | None) -> KnownSince | None:
    if earlier is None:
        return None
    return KnownSince(
        published_at=earlier.published_at,
        publisher=earlier.publisher,
        title=earlier.title,
        url=earlier.url,
    )


def _rows(desk: Desk) -> Mapping[str, Sequence[Story]]:
    return {STORIES.key: [told.story for told in _leads(desk)]}


HEADING = Heading(
    key="stories", write=section, queries=(STORIES,), printed=_rows, is_front=True
)
