"""The few stories that most publishers carried."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from transforms.brief.desk import Desk
from transforms.brief.heading import Heading
from transforms.brief.headlines import Headlines, headline, headline_in
from transforms.brief.model import BREAK, Items, Line, Section, Text, TopStory, plain
from transforms.models import Query

BOX = {"day": 5, "week": 10}


@dataclass(frozen=True, slots=True, kw_only=True)
class Story(Headlines):
    """A story of the period, with all that was told of it up to the end."""

    story_id: str
    first_publisher: str
    first_published_at: datetime
    articles: int
    publishers: int
    companies: tuple[str, ...]
    events: tuple[str, ...]
    weight: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryArticle:
    """An article of a story, in the order of publication."""

    story_id: str
    article_id: str
    title: str
    url: str
    publisher: str
    language: str
    topics: tuple[str, ...]


STORIES = Query(
    name="brief.stories",
    row=Story,
    relations=(
        "article_days",
        "articles",
        "companies",
        "company_coverage",
        "events_on",
        "topic_coverage",
        "headlines_of",
    ),
    counts="a story is ranked by what was told of it up to the end of the period",
)
# Its parameter is a list of stories, so it is asked after them and not shown as SQL.
ARTICLES = Query(
    name="brief.story_articles", row=StoryArticle, relations=("articles", "tags")
)


def section(desk: Desk) -> Section:
    """Number the stories, each with its other headline and who told it."""
    lines = tuple(_line(desk, story) for story in _box(desk))
    suffix = ".week" if desk.period == "week" else ""
    return Section(
        key="stories",
        title=desk.word(f"section.stories{suffix}"),
        blocks=(Items(lines, ordered=True),) if lines else (),
        queries=desk.evidence("stories"),
    )


def top_stories(desk: Desk) -> tuple[TopStory, ...]:
    """Return the same stories with all their articles, the shown one first."""
    found = enumerate(_box(desk), 1)
    return tuple(_top_story(desk, rank, story) for rank, story in found)


def _box(desk: Desk) -> list[Story]:
    return list(desk.rows(STORIES)[: BOX[desk.period]])


def _line(desk: Desk, story: Story) -> Line:
    line: Line = (headline(desk, story, style="strong"),)
    other = headline_in("en" if desk.language == "zh" else "zh", story, style="muted")
    if other and other.text != line[0].text:
        line += (Text(" · "), other)
    line += (Text(BREAK), *_about(desk, story))
    if story.first_published_at < desk.since:
        line += (Text(f" ({desk.word('story.continuing')})", style="muted"),)
    return line


def _about(desk: Desk, story: Story) -> Line:
    who = desk.listed([*story.companies, *story.events])
    return (
        *(desk.line("story.who", companies=who) if who else ()),
        *desk.line(
            "story.count",
            publishers=desk.count("publisher", story.publishers),
            articles=desk.count("article", story.articles),
            first=story.first_publisher,
            when=desk.moment(story.first_published_at),
        ),
    )


def _top_story(desk: Desk, rank: int, story: Story) -> TopStory:
    shown = headline(desk, story)
    own = [row for row in desk.rows(ARTICLES) if row.story_id == story.story_id]
    own.sort(key=lambda row: (row.title, row.url) != (shown.text, shown.url))
    return TopStory(
        rank=rank,
        story_id=story.story_id,
        titles=tuple(row.title for row in own),
        urls=tuple(row.url for row in own),
        companies=story.companies,
        topics=tuple(dict.fromkeys(topic for row in own for topic in row.topics)),
        publishers=tuple(dict.fromkeys(row.publisher for row in own)),
        languages=tuple(dict.fromkeys(row.language for row in own)),
        score=float(story.weight),
        why=plain(_about(desk, story)),
    )


HEADING = Heading(key="stories", write=section, queries=(STORIES,))
