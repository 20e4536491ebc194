"""``sinowire feeds health``: those in trouble first, readable in a terminal."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from rich.cells import cell_len

from flows.console.feed_health import health_summary, health_table, span, wrapped

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def row(feed_id, state="healthy", **fields):
    defaults = {
        "feed_id": feed_id,
        "as_of": NOW,
        "state": state,
        "last_article_at": NOW - 5 * HOUR,
        "usual_gap": 3 * HOUR,
        "pace": None,
        "next_poll_at": NOW + HOUR / 2,
        "reason": "Answers, and brings articles as usual.",
    }
    return defaults | fields


def test_a_row_says_when_in_words():
    """Ages and spans are told in their largest unit, by the clock of the last run."""
    head, rule, line = health_table([row("caixin", pace=2 * HOUR)]).splitlines()

    assert head.split() == ["feed_id", "state", "newest", "every", "next", "reason"]
    assert set(rule) <= {"─", " "}
    assert line.split()[:6] == ["caixin", "healthy", "5h", "ago", "2h", "30m"]


def test_what_is_not_known_is_left_empty():
    """A feed before its first poll has a state and a reason, and nothing else."""
    bare = row(
        "new",
        as_of=None,
        last_article_at=None,
        usual_gap=None,
        next_poll_at=None,
        reason="Not polled yet.",
    )

    assert health_table([bare]).splitlines()[-1].split() == [
        "new",
        "healthy",
        "Not",
        "polled",
        "yet.",
    ]


def test_the_table_fits_a_terminal():
    """Long ids are cut, long reasons go on below, Chinese and addresses too."""
    reason = "一个很长的标题" * 20 + " https://x.example/" + "path/" * 40 + " and more."
    text = health_table([row("an-id-" * 20, "failing", reason=reason), row("b")])

    assert max(cell_len(line) for line in text.splitlines()) <= 120
    assert "and more." in text


def test_the_summary_counts_states():
    """One line says how many do how, the worst first."""
    rows = [row("a"), row("b"), row("c", "dead"), row("d", "quiet")]

    assert health_summary(rows) == (
        "4 feeds at the last run, 2026-08-04 12:00 UTC: 1 dead, 1 quiet, 2 healthy"
    )
    assert health_summary([]) == "0 feeds: none"


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (None, ""),
        (timedelta(seconds=40), "40s"),
        (timedelta(minutes=90), "90m"),
        (timedelta(hours=47), "47h"),
        (timedelta(days=12), "12d"),
    ],
)
def test_span(length, text):
    """A span is told in the largest unit of which there are two."""
    assert span(length) == text


def test_lines_hold_their_width():
    """No line is wider than asked, and no word is lost."""
    assert wrapped("one two three", 7) == ["one two", "three"]
    assert wrapped("", 7) == [""]
    assert wrapped("数据数据数据", 5) == ["数据", "数据", "数据"]


def test_command_prints_trouble_first(web, home, subscribe, sinowire):
    """The table is for people, its sum is on standard error; scripts get all columns."""
    web.page("/zgone", status=404)
    web.feed("/agood", ("https://x.example/1", "News", "Tue, 04 Aug 2026 09:00:00 GMT"))
    subscribe("/agood", "/zgone")
    sinowire("run", "--now", "2026-08-04T12:00Z")

    code, out, err = sinowire("feeds", "health")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()[2:] if line[0] != " "] == [
        "zgone",
        "agood",
    ]
    assert "2 feeds at the last run, 2026-08-04 12:00 UTC: 1 failing, 1 healthy" in err

    code, out, _ = sinowire("feeds", "health", "--format", "json")
    first = json.loads(out)[0]
    assert code == 0
    assert {"usual_gap", "pace", "error_score", "retry_after_at", "moved_to"} <= set(first)
