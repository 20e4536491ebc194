"""Pages of sources: ``/acts`` of official ones with later press, and ``/feeds``."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from flows.web.page import Page, PageView, Reading
from transforms.models import FEED_STATES as STATES
from transforms.pages import acts as lines
from transforms.pages.acts import ACT_STORIES, ACTS, OFFICIAL_FEEDS
from transforms.pages.feeds import ILL, reason, remedy
from transforms.pages.rows.desk import (
    FEED_ANSWERS,
    FEED_STATES,
    POLLS,
    FeedPoll,
    FeedState,
)
from transforms.pages.words import DataTable, Link, PageWords

POLLS_SHOWN = 5
# Feeds on a page, and pages: of ten thousand feeds one page was 3.8 MB.
ROWS, PLACES = 500, 100
SHOWN = 100
# Older acts are read in SQL.
DAYS = 30
REGIONS = ("CN", "US", "EU", "HK")


def acts_page(reading: Reading) -> PageView:
    """Return official acts of a month on the beat, newest first; with ``all``, any."""
    ask, words = reading.ask, reading.words
    filters = {name: ask.text(name) or "" for name in ("body", "company")}
    region = ask.one_of("region", *REGIONS) or ""
    is_all = bool(ask.one_of("all", "1"))
    until = reading.publication.as_of + timedelta(days=1)
    period = {"since": until - timedelta(days=1 + DAYS), "until": until}
    params: dict[str, Any] = {**filters, **period, "region": region, "all": is_all}
    acts = reading.rows(ACTS, **params, limit=SHOWN)
    ids_of_acts = [act.article_id for act in acts]
    followed = reading.rows(ACT_STORIES, article_ids=ids_of_acts, **period)
    ids = dict.fromkeys([a.story_id for a in acts] + [s.story_id for s in followed])
    stories = reading.stories(list(ids))
    every = {**filters, "region": region, "all": "1" if is_all else ""}
    return PageView(
        template="acts.html.j2",
        title=words.word("acts.title"),
        section="acts",
        given={
            "acts": acts,
            "followed": lines.followed(words, followed, stories),
            "choices": [
                *(
                    Link(
                        text=words.word(f"acts.region.{each}"),
                        href=words.href(
                            "/acts", **every | {"region": "" if each == region else each}
                        ),
                        is_current=each == region,
                    )
                    for each in REGIONS
                ),
                Link(
                    text=words.word("acts.all"),
                    href=words.href("/acts", **every | {"all": "" if is_all else "1"}),
                    is_current=is_all,
                ),
            ],
            "on": [
                Link(
                    text=words.name(value) if name == "company" else value,
                    href=words.href("/acts", **every | {name: ""}),
                )
                for name, value in filters.items()
                if value
            ],
            "official": 0 if acts else reading.rows(OFFICIAL_FEEDS)[0].feeds,
            "is_full": len(acts) == SHOWN,
            "shown": SHOWN,
            "sql": reading.sql(ACTS, **params, limit=SHOWN),
        },
        tables=(
            DataTable(name="acts", rows=[lines.record(act) for act in acts]),
            DataTable(name="followed", rows=[asdict(story) for story in followed]),
        ),
        feed=[stories[act.story_id] for act in acts if act.story_id in stories],
        feed_title=words.word("acts.title"),
    )


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
        path="/acts",
        nav="acts",
        view=acts_page,
        known=frozenset({"region", "body", "company", "all"}),
        forms=("json", "csv", "atom"),
    ),
    Page(
        path="/feeds",
        nav="feeds",
        view=feeds_page,
        known=frozenset({"state", "feed", "page"}),
    ),
)
