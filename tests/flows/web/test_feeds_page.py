"""``/feeds`` of thousands of feeds: by pages, those in trouble first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from either_kind import publish, writer

from connectors.feeds.poll.outcomes import FAILURES
from flows.web.pages.sources import ROWS
from transforms.models import Feed, Poll
from transforms.pages.feeds import REASONS, STATUSES, remedy
from transforms.pages.rows.desk import FeedPoll, FeedState
from transforms.words import phrases
from warehouse.feeds import record_polls, sync_feeds

NOW = datetime(2026, 8, 4, 4, tzinfo=UTC)
FEEDS = 2 * ROWS + 1


@pytest.fixture
def many(home, serve_desk):
    """A desk of a thousand feeds and one, of which one fails: the last by its name."""
    feeds = [
        Feed(feed_id=f"f{n:04}", url=f"https://f{n}.example", publisher=f"Outlet {n}")
        for n in range(FEEDS)
    ]
    polls = [
        Poll(
            feed_id=feeds[-1].feed_id,
            run_id="r",
            polled_at=NOW + n * timedelta(hours=1),
            outcome="permanent_error",
            error=f"HTTP {400 + n}",
        )
        for n in range(9)
    ]
    with writer(home) as con:
        sync_feeds(con, feeds)
        record_polls(con, polls, {})
    publish(home)
    with (
        serve_desk(home) as address,
        httpx.Client(base_url=address, trust_env=False, timeout=60) as client,
    ):
        yield client


def test_what_the_list_is_worth_stands_above_it(many):
    """How many are ill in which way, since when, and who can do something about it."""
    page, chinese = many.get("/feeds").text, many.get("/zh/feeds").text

    [line] = [line for line in page.splitlines() if "1 of them: refused, since" in line]
    assert f'href="/feeds?feed=f{FEEDS - 1:04}"' in line
    assert "yours to mend in feeds.toml" in line
    assert "其中1个：被拒绝" in chinese


def test_feeds_come_by_pages_and_those_in_trouble_first(many):
    """Each is on one page, as a row for programs too; the states count all of them."""
    pages = [many.get("/feeds.json", params={"page": n}).json() for n in (1, 2, 3)]

    assert [len(rows) for rows in pages] == [ROWS, ROWS, 1]
    assert pages[0][0]["feed_id"] == f"f{FEEDS - 1:04}"
    assert len({row["feed_id"] for rows in pages for row in rows}) == FEEDS
    first, last = many.get("/feeds"), many.get("/feeds?page=3")
    assert ('rel="next"' in first.text, 'rel="prev"' in first.text) == (True, False)
    assert ('rel="next"' in last.text, 'rel="prev"' in last.text) == (False, True)
    assert f"{FEEDS - 1:,}" in first.text
    assert len(many.get("/feeds?state=failing").text) < len(first.text) / 10


def test_one_feed_is_found_among_them_with_its_newest_polls(many):
    """An alert leads there, whichever page the feed is on."""
    text = many.get("/feeds", params={"feed": f"f{FEEDS - 1:04}"}).text

    assert text.count('<th scope="row">') == 1
    assert [f"HTTP {n}" in text for n in (403, 404, 408)] == [False, True, True]
    assert (
        "Has never answered: 9 failed polls in a row, the last one refused: HTTP 408."
        in text
    )
    chinese = many.get("/zh/feeds", params={"feed": f"f{FEEDS - 1:04}"}).text
    assert "从未应答：连续9次抓取失败，最近一次被拒绝（HTTP 408）。" in chinese
    assert "尚未抓取。" in many.get("/zh/feeds", params={"feed": "f0001"}).text
    assert "No such feed" in many.get("/feeds?feed=none").text


@pytest.mark.parametrize(
    ("outcome", "status", "error", "key"),
    [
        ("permanent_error", 404, "HTTP 404", "404"),
        ("permanent_error", 403, "HTTP 403", "401"),
        ("permanent_error", None, "its address is not global", "permanent_error"),
        (
            "not_a_feed",
            200,
            "the document breaks off before its first item ends",
            "damaged",
        ),
        ("not_a_feed", 200, "a web page, not a feed", "not_a_feed"),
        ("not_a_feed", 200, 'the selector "h3 a" finds nothing', "selectors"),
        ("transient_error", None, "it took longer than 30 s", "unreached"),
        ("transient_error", 503, "HTTP 503", "transient_error"),
        ("transient_error", 429, "HTTP 429", "429"),
        ("gone", 410, "HTTP 410", "gone"),
    ],
)
def test_what_can_be_done_goes_by_what_came(outcome, status, error, key):
    """A document that breaks off is no page that names a feed; what is well needs none."""
    poll = FeedPoll(
        feed_id="f", polled_at=NOW, outcome=outcome, http_status=status, duration_ms=1,
        new_articles=0, error=error,
    )  # fmt: skip
    feed = {
        "feed_id": "f", "publisher": "F", "language": "en", "url": "", "site": None,
        "reason": "", "last_success_at": None, "last_article_at": None,
        "usual_gap_hours": None, "silent_hours": None, "failures": 3, "next_poll_at": None,
        "retry_after_at": None, "moved_to": None, "other_url": None,
    }  # fmt: skip

    assert remedy(FeedState(**feed, state="failing"), [poll]) == key
    assert remedy(FeedState(**feed, state="healthy"), [poll]) == ""
    assert remedy(FeedState(**feed, state="quiet"), [poll]) == "quiet"
    keys = {*FAILURES, *REASONS, *STATUSES.values(), "quiet", "unreached"}
    for language in ("en", "zh"):
        assert {f"remedy.{each}" for each in keys} <= phrases(language).keys()


def test_a_feed_leads_to_its_document_its_site_and_its_stories(many, get):
    """And the page says which of how many it shows."""
    text = many.get("/feeds", params={"feed": "f0001"}).text

    assert 'href="https://f1.example"' in text or 'href="https://f1.example/"' in text
    search = 'href="/search?outlet=Market+Square&amp;sort=newest&amp;ever=1&amp;all=1"'
    assert search in get("/feeds").text
    # A search for an outlet without articles would be refused.
    assert "/search?outlet=" not in text
    page = many.get("/feeds").text
    assert f"1–{ROWS}" in page
    assert f"{FEEDS:,} feeds" in page
