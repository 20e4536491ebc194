"""``/stories/ID``: the articles of a story in order, and all that hangs on it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flows.web.errors import Moved, NotFound
from flows.web.page import Page, PageView, Reading
from transforms.pages import story
from transforms.pages.inbox import INBOX
from transforms.pages.rows.stories import (
    AFFAIR,
    ARTICLES_OF,
    EXCERPTS,
    NAMED_IN,
    NAMED_IN_DIGESTS,
    PARTED,
    TOLD,
    TREATED_IN,
    WORDINGS,
)
from transforms.pages.stories import card, told_story
from transforms.pages.words import DataTable
from warehouse.news.stories import current_story
from warehouse.numbers.asof import EVER

ALERTS = 50
PARTS = 10


def story_page(reading: Reading) -> PageView:
    """One story; a merged one leads to where its articles went."""
    story_id = reading.ask.place["story_id"]
    words = reading.words
    current = current_story(reading.con, story_id)
    [times] = reading.rows(TOLD, story_ids=[current], since=None) if current else [None]
    if not current or times is None or times.began_at is None or times.ended_at is None:
        raise NotFound(words.word("none.story", id=story_id))
    if current != story_id:
        raise Moved(f"/stories/{current}")
    asked: dict[str, Any] = {"story_ids": [story_id], "since": times.began_at}
    ended = times.ended_at + timedelta.resolution
    articles = reading.rows(ARTICLES_OF, **asked, until=ended)
    told = reading.translated({story_id: told_story(articles)})[story_id]
    ids = [article.article_id for article in articles]
    since = min(article.first_seen_at for article in articles)
    wordings = reading.rows(WORDINGS, article_ids=ids, since=since)
    excerpts = reading.rows(EXCERPTS, article_ids=ids, most=story.EXCERPT)
    steps = reading.rows(AFFAIR, story_id=story_id)
    others = reading.stories([step.story_id for step in steps], until=EVER)
    parted = reading.rows(PARTED, story_id=story_id, limit=PARTS)
    parts = reading.stories([part.story_id for part in parted], until=EVER)
    if all(article.is_digest for article in articles):
        named = reading.rows(NAMED_IN_DIGESTS, article_ids=ids)
    else:
        named = reading.rows(NAMED_IN, **asked, until=times.ended_at)
    return PageView(
        template="story.html.j2",
        title=told.headline or "",
        section="today",
        given={
            "story": told,
            "card": card(words, told),
            "lines": story.lines(words, articles, wordings, excerpts),
            "named": [(row, story.by_words(words, row.aliases)) for row in named],
            "treated": [
                (row, story.by_words(words, [row.term]))
                for row in reading.rows(TREATED_IN, **asked, until=times.ended_at)
            ],
            "alerts": reading.rows(
                INBOX, story_id=story_id, since=None, state=None, rule=None, limit=ALERTS
            ),
            "affair": story.turns(words, steps, others, told),
            "parts": [card(words, part) for part in parts.values()],
            "hours": story.spread_hours(told),
            "sql": reading.sql("stories.story_articles", story_id=story_id),
        },
        tables=(
            DataTable(name="articles", rows=[story.record(told, a) for a in articles]),
        ),
    )


PAGES = (Page(path="/stories/{story_id}", view=story_page),)
