"""``/feeds``: all feeds, those in trouble first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from operator import attrgetter

from flows.web.page import Page, PageView, Reading
from transforms.grouping import grouped
from transforms.models import FEED_STATES as STATES
from transforms.pages.feeds import ILL, reason, remedy
from transforms.pages.rows.desk import (
    FEED_ANSWERS,
    FEED_STATES,
    POLLS,
    FeedState,
)
from transforms.pages.words import DataTable, Link, PageWords

POLLS_SHOWN = 5
# Feeds on a page, and pages: of ten thousand feeds one page was 3.8 MB.
ROWS, PLACES = 500, 100


def feeds_page(reading: Reading) -> PageView:
    """Return all feeds, those in trouble first, or one of them."""
    words, ask = reading.words, reading.ask
    state, feed_id = ask.one_of("state", *STATES), ask.text("feed")
    place = ask.number("page", default=1, most=PLACES)
    feeds = reading.rows(FEED_STATES)
    listed = [
        feed
        for feed in feeds
        if state in (None, feed.state) and feed_id in (None, feed.feed_id)
    ]
    shown = listed[ROWS * (place - 1) : ROWS * place]
    ill = [f.feed_id for f in shown if f.failures or f.state in (*ILL, "quiet")]
    asked = reading.rows(POLLS, feed_ids=ill, limit=POLLS_SHOWN) if ill else []
    polls = grouped(asked, attrgetter("feed_id"))
    return PageView(
        template="feeds.html.j2",
        title=words.word("nav.feeds"),
        section="feeds",
        given={
            "feeds": shown,
            "polls": polls,
            "outlets": reading.publication.search_names.publishers,
            "reasons": {f.feed_id: reason(words, f, polls[f.feed_id]) for f in shown},
            "remedies": {f.feed_id: remedy(f, polls[f.feed_id]) for f in shown},
            "first_place": ROWS * (place - 1) + 1,
            "found": len(listed),
            "ill": [a for a in reading.rows(FEED_ANSWERS) if a.remedy_by],
            "states": _states(words, feeds, state),
            "place": place,
            "more": len(listed) > ROWS * place,
            "query": dict(ask.query),
            "freshness": reading.publication.freshness,
            "sql": reading.sql(FEED_STATES),
            "newest": reading.publication.as_of,
        },
        tables=(DataTable(name="feeds", rows=[asdict(feed) for feed in shown]),),
    )


def _states(words: PageWords, feeds: Sequence[FeedState], state: str | None) -> list[Link]:
    """Return links with the number of feeds in each state."""
    counts = Counter(feed.state for feed in feeds)
    return [
        Link(
            text=words.label("state", each),
            href=words.href("/feeds", state="" if each == state else each),
            n=None if each == state else counts[each],
            is_current=each == state,
        )
        for each in STATES
        if counts[each]
    ]


PAGES = (
    Page(
        path="/feeds",
        nav="feeds",
        view=feeds_page,
        known=frozenset({"state", "feed", "page"}),
    ),
)
