"""Every outcome of a poll by its name, from a real server's answer to a second poll."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest

import warehouse
from connectors.errors import FeedError
from connectors.feeds.poll.outcomes import FAILURES, WEIGHTS, remedy_of
from connectors.feeds.poll.poll import poll_feeds
from transforms.models import Cursor, Outcome

SQL = Path(warehouse.__file__).parent / "sql"
_LIST = re.compile(r"\([^()]*\)")
_NAMES = re.compile(r"'(\w+)'")
NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
FIRST = ("a", "b")
PAGE = b"<html><head><title>Welcome</title></head><body>Hello</body></html>"
CHALLENGE = b"<html><title>Just a moment...</title></html>"


@dataclass(frozen=True)
class Case:
    """What the server answers to the second poll, and what is made of it."""

    name: str
    outcome: Outcome
    body: Callable[[Any], bytes] = lambda _rss: b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    titles: tuple[str, ...] = ()
    says: str = ""


def always(body):
    return lambda _rss: body


CASES = [
    Case("a new entry", "new", lambda rss: rss("c", *FIRST), titles=("c",)),
    Case("304", "unchanged", status=304),
    Case("the same bytes", "unchanged", lambda rss: rss(*FIRST)),
    Case("known items in a new frame", "unchanged", lambda rss: rss("b", "a")),
    Case("a feed without an entry", "empty", lambda rss: rss()),
    Case("a web page", "not_a_feed", always(PAGE), says='a web page, not a feed ("Welcome'),
    Case("a bot check", "challenge", always(CHALLENGE), says="bot check"),
    Case("a bot check with 403", "challenge", always(CHALLENGE), 403, says="HTTP 403"),
    Case(
        "entries without dates",
        "undated",
        lambda rss: rss("c", "d", when="some day"),
        titles=("c", "d"),
    ),
    Case(
        "old entries under a new date",
        "stale_copy",
        lambda rss: rss(*FIRST, when="Tue, 04 Aug 2026 11:00:00 GMT"),
    ),
    Case("410", "gone", status=410, says="the publisher says that the feed is gone"),
    Case(
        "a redirect to a web page",
        "moved",
        status=301,
        headers={"Location": "/page"},
        says="look for the feed's new address",
    ),
    Case("503", "transient_error", status=503, says="busy or down"),
    Case("429", "transient_error", status=429, says="poll less often"),
    Case("404", "permanent_error", status=404, says="look for the feed's new one"),
    Case("403", "permanent_error", always(b"no"), 403, says="the server refuses us"),
    Case("a large page", "too_large", always(PAGE + b"x" * 5_000_000), says="max_bytes"),
]


def test_every_outcome_has_a_case():
    """A new outcome is not added without an answer that leads to it."""
    assert {case.outcome for case in CASES} == set(get_args(Outcome))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.outcome}: {case.name}")
def test_outcome(case, web, run, options, make_feed, rss):
    """The second answer of a feed has its outcome, its entries and its words."""
    feed = make_feed(web.url("/f"))

    def poll(cursor):
        async def go():
            cursors = {feed.feed_id: cursor}
            found = poll_feeds([feed], cursors, run_id="r", now=NOW, options=options)
            return [polled async for polled in found]

        (polled,) = run(go())
        return polled

    web.serve("/f", rss(*FIRST), ETag='"1"')
    web.serve("/page", PAGE)
    cursor = poll(Cursor()).cursor
    web.serve("/f", case.body(rss), case.status, **case.headers)

    polled = poll(cursor)

    assert polled.poll.outcome == case.outcome
    assert tuple(entry.title for entry in polled.entries) == case.titles
    assert case.says in (polled.poll.error or "")
    assert bool(polled.poll.error) == bool(case.says)
    assert polled.poll.next_poll_at > NOW


def test_the_table_has_every_outcome():
    """An outcome that has no weight would be taken for a surprise."""
    assert set(WEIGHTS) == set(get_args(Outcome))


def test_every_error_ends_in_a_failure():
    """What is raised over a feed weighs something, and has a remedy."""
    errors = [FeedError, *_below(FeedError)]

    assert {error.outcome for error in errors} == set(FAILURES)
    assert all(remedy_of(outcome) for outcome in FAILURES)


def _below(error):
    for each in error.__subclasses__():
        yield each
        yield from _below(each)


def test_sql_knows_the_same_outcomes():
    """A list of outcomes in SQL is that of all, or that of the answers."""
    lists = [
        frozenset(_NAMES.findall(found))
        for path in sorted(SQL.rglob("*.sql"))
        if "migrations" not in path.parts
        for found in _LIST.findall(path.read_text(encoding="utf-8"))
        if "'stale_copy'" in found
    ]
    answers = WEIGHTS.keys() - FAILURES

    assert set(lists) == {frozenset(answers), frozenset(WEIGHTS)}
