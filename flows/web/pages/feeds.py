"""``/feeds``: how each feed does, why, and what to do about it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict

from connectors.feeds.poll.outcomes import OUTCOMES
from flows.web.pages.page import Page
from flows.web.reading import PageView, Reading
from transforms.pages.links import DataTable, Link
from transforms.pages.rows.desk import FEED_STATES, POLLS, FeedPoll

STATES = ("dead", "failing", "quiet", "healthy", "paused")
POLLS_SHOWN = 5
# Commands stand in Markdown's marks there.
REMEDIES: dict[str, str] = {
    name: each.remedy.replace("`", "") for name, each in OUTCOMES.items()
}


def feeds_page(reading: Reading) -> PageView:
    """Every feed, what is wrong first."""
    words = reading.words
    state = reading.ask.one_of("state", *STATES)
    feeds = reading.rows(FEED_STATES)
    shown = [feed for feed in feeds if not state or feed.state == state]
    ill = [feed.feed_id for feed in shown if feed.state in ("dead", "failing", "quiet")]
    polls: defaultdict[str, list[FeedPoll]] = defaultdict(list)
    for poll in reading.rows(POLLS, feed_ids=ill, limit=POLLS_SHOWN) if ill else []:
        polls[poll.feed_id].append(poll)
    counts = Counter(feed.state for feed in feeds)
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
            "states": [
                Link(
                    text=words.label("state", each),
                    href=words.href("/feeds", state="" if each == state else each),
                    note=f"{counts[each]:,}",
                    is_current=each == state,
                )
                for each in STATES
                if counts[each]
            ],
            "freshness": reading.publication.freshness,
            "sql": reading.sql(FEED_STATES),
            "newest": reading.publication.as_of,
        },
        tables=(DataTable(name="feeds", rows=[asdict(feed) for feed in shown]),),
    )


PAGES = (Page(path="/feeds", view=feeds_page, known=frozenset({"state"})),)
