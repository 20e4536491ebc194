"""``/feeds``: health of each feed, the reason and the remedy."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict

from connectors.feeds.poll.outcomes import OUTCOMES
from flows.web.page import Page, PageView, Reading
from transforms.pages.rows.desk import FEED_STATES, POLLS, FeedPoll, FeedState
from transforms.pages.words import DataTable, Link, PageWords

STATES = ("dead", "failing", "quiet", "healthy", "paused")
POLLS_SHOWN = 5
# Feeds on a page, and pages: of ten thousand feeds one page was 3.8 MB.
ROWS, PLACES = 500, 100
# Commands stand in Markdown's marks there.
REMEDIES: dict[str, str] = {
    name: each.remedy.replace("`", "") for name, each in OUTCOMES.items()
}


def feeds_page(reading: Reading) -> PageView:
    """The feeds, what is wrong first, or one of them."""
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
    ill = [feed.feed_id for feed in shown if feed.state in ("dead", "failing", "quiet")]
    polls: defaultdict[str, list[FeedPoll]] = defaultdict(list)
    for poll in reading.rows(POLLS, feed_ids=ill, limit=POLLS_SHOWN) if ill else []:
        polls[poll.feed_id].append(poll)
    return PageView(
        template="feeds.html.j2",
        title=words.word("nav.feeds"),
        section="feeds",
        given={
            "feeds": shown,
            "polls": polls,
            "remedies": {
                feed: REMEDIES.get(own[0].outcome, "") for feed, own in polls.items()
            },
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
    """Return how many feeds are in each state, with where these are."""
    counts = Counter(feed.state for feed in feeds)
    return [
        Link(
            text=words.label("state", each),
            href=words.href("/feeds", state="" if each == state else each),
            note=f"{counts[each]:,}",
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
