"""A feed with more entries than one poll takes: all arrive over several passes."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from flows.steps.cycle import run
from flows.steps.ingest import ingest
from warehouse.file.connect import open_published

pytestmark = pytest.mark.slow

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def ask(home):
    """Return the rows of a query on the published file."""

    def query(sql):
        path = home / "data" / "sinowire.duckdb"
        with contextlib.closing(open_published(path)) as con:
            return con.execute(sql).fetchall()

    return query


def items(*numbers):
    date = format_datetime(NOW - HOUR)
    return [(f"https://x.example/{n}", f"Baidu opens lab {n}", date) for n in numbers]


def test_the_archive_arrives_in_silence_and_news_after_it_is_told(
    web, subscribe, config, received, ask, monkeypatch
):
    """A feed counts as read once its rest is in; its archive raises no alert before."""
    made = ingest.fetch_options
    few = lambda settings: replace(made(settings), entries_per_poll=3)  # noqa: E731
    monkeypatch.setattr(ingest, "fetch_options", few)
    reported = []
    subscribe("/good")
    web.feed("/good", *items(*range(1, 9)))
    web.pages["/good"].headers["ETag"] = '"v1"'

    passes = [
        run(config(), now=NOW + n * HOUR, report=reported.append, progress=lambda _: None)
        for n in range(4)
    ]

    assert [summary.new_articles for summary in passes] == [3, 3, 2, 0]
    assert ask("select count(*), count(distinct article_id) from articles") == [(8, 8)]
    assert ask("select count(*) from sightings") == [(8,)]
    assert received() == []
    told = [line for line in reported if "left to the next polls" in line]
    assert len(told) == 2
    assert told[0].startswith("warning: feed good: new entries left to the next polls: 5")

    web.feed("/good", *items(9, *range(1, 9)))
    run(config(), now=NOW + 5 * HOUR, report=reported.append, progress=lambda _: None)

    assert len(received()) == 1
