"""Archives without dates: stored and searched, and no news; what comes later is."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from flows.steps.cycle import run
from warehouse.file.connect import open_published

pytestmark = pytest.mark.slow

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
# Whatever counts, ranks or dates; each by what names an article or its story.
NEWS = {
    "coverage": "select article_id from coverage",
    "company_days": "select company_id from company_days",
    "coverage_gaps": "select substr(story_id, 2) from coverage_gaps",
    "source_league": "select publisher from source_league",
    "alerts": "select article_id from alerts",
    "official_acts": "select article_id from official_acts",
    "measures": "select article_id from measures",
    "claims": "select article_id from claims",
    "bursts": "from burst_counts_between(date '2020-01-01', date '2027-01-01', now())",
}


@pytest.fixture
def ask(home):
    """Return the rows of a query on the published file."""

    def query(sql, *params):
        path = home / "data" / "sinowire.duckdb"
        with contextlib.closing(open_published(path)) as con:
            return con.execute(sql, params).fetchall()

    return query


@pytest.fixture
def make_pass(config):
    """Make one pass at a moment."""
    return lambda at: run(config(), now=at, report=list, progress=lambda _: None)


def items(*entries, date="pubDate"):
    """Return an RSS document of (link, headline, date) items; "" is no date."""
    rows = "".join(
        f"<item><link>{link}</link><title>{title}</title>"
        + (f"<{date}>{at}</{date}>" if at else "")
        + "</item>"
        for link, title, at in entries
    )
    return f"<rss version='2.0'><channel><title>T</title>{rows}</channel></rss>".encode()


def archive(*numbers, title="Baidu may face a ban in the EU, sources say, file {}"):
    return [(f"https://n.example/{n}", title.format(n), "") for n in numbers]


def test_a_first_poll_without_dates_is_backlog(
    home, web, subscribe, make_pass, ask, received, sinowire
):
    """Fifty entries of a list without dates are found, and nothing counts them."""
    subscribe("/good", "/undated")
    told = (
        "https://x.example/1",
        "Roborock opens a robot plant",
        format_datetime(NOW - HOUR),
    )
    web.page("/good", body=items(told))
    web.page("/undated", body=items(*archive(*range(50))))
    text = (home / "feeds.toml").read_text("utf-8")
    (home / "feeds.toml").write_text(text + 'kind = "official"\n', "utf-8")

    assert make_pass(NOW).new_articles == 51

    kinds = "select published_from, count(*)::integer from articles group by all order by 1"
    assert ask(kinds) == [("backlog", 50), ("published", 1)]
    [(of_good,)] = ask("select article_id from articles where feed_id = 'good'")
    for name, sql in NEWS.items():
        found = {row[0] for row in ask(sql)}
        assert found <= {of_good, "Good", "roborock", "robotics"}, name
    code, out, err = sinowire("search", "Baidu ban", "--format", "json")
    assert code == 0, err
    assert len(json.loads(out)) >= 20
    code, out, err = sinowire("brief", "--until", "2026-08-04", "--format", "json")
    assert code == 0, err
    assert "Baidu" not in out
    assert [story["titles"] for story in json.loads(out)["stories"]] == [[told[1]]]
    assert received() == []

    web.page("/undated", body=items(*archive(50, *range(50))))
    make_pass(NOW + HOUR)

    assert ask(kinds)[1:] == [("first_seen", 1), ("published", 1)]
    assert ask("select articles from company_days where company_id = 'baidu'") == [(1,)]
    assert len(received()) == 1

    later = NOW + timedelta(days=30)
    web.page("/undated", body=items(*archive(52, 51, 50)))
    make_pass(later)
    web.page("/undated", body=items(*archive(53, 52, 51, 50)))
    make_pass(later + HOUR)

    assert ask(kinds) == [("backlog", 52), ("first_seen", 2), ("published", 1)]
    assert len(received()) == 2


def test_a_clock_that_is_ahead_makes_no_backlog(web, subscribe, make_pass, ask):
    """What is dated some hours from now is new, whatever the hour."""
    ahead = format_datetime(NOW + 6 * HOUR)
    web.page("/feed", body=items(("https://x.example/1", "Baidu opens a lab", ahead)))
    subscribe("/feed")

    make_pass(NOW)

    assert ask("select published_from from articles") == [("first_seen",)]


def test_backlog_is_first_with_nothing(web, subscribe, make_pass, ask):
    """What may be of any day stands in no story of these days."""
    subscribe("/undated", "/good")
    title = "Baidu buys Roborock for $2 billion"
    web.page("/undated", body=items(("https://n.example/1", title, "")))
    web.page("/good", body=items())
    make_pass(NOW)
    told = ("https://x.example/1", title, format_datetime(NOW))
    web.page("/good", body=items(told, *archive(7)))
    make_pass(NOW + HOUR)

    assert ask("select count(distinct story_id) from articles") == [(3,)]
    [(story,)] = ask("select story_id from articles where url = 'https://x.example/1'")
    first = "select first_publisher, articles from stories where story_id = ?"
    assert ask(first, story) == [("Good", 1)]
    assert ask("select articles from company_days where company_id = 'roborock'") == [(1,)]


def test_an_edit_of_backlog_stays_backlog(web, subscribe, make_pass, ask, received):
    """A new headline of an old page tells nobody of anything."""
    subscribe("/undated")
    web.page("/undated", body=items(*archive(1, title="A file {}")))
    make_pass(NOW)
    web.page("/undated", body=items(*archive(1, title="A file {} on Baidu")))
    make_pass(NOW + HOUR)

    assert ask("select title, published_from from articles") == [
        ("A file 1 on Baidu", "backlog")
    ]
    assert ask("select count(*) from coverage") == [(0,)]
    assert received() == []


def test_the_archive_of_a_statistical_office(web, subscribe, make_pass, ask, sinowire):
    """44 entries of four years with <pubTime> have the days that they say."""
    subscribe("/numbers")
    days = [NOW - timedelta(days=25 * n + 1) for n in range(44)]
    web.page(
        "/numbers",
        body=items(
            *(
                (f"https://s.example/{n}", f"Baidu data, part {n}", f"{day:%F %T}")
                for n, day in enumerate(days)
            ),
            date="pubTime",
        ),
    )
    make_pass(NOW)

    assert ask("select published_from, count(*) from articles group by all") == [
        ("published", 44)
    ]
    assert ask("select published_at::date::text from articles order by seq limit 2") == [
        ("2026-08-03",),
        ("2026-07-09",),
    ]
    code, out, err = sinowire("brief", "--until", "2026-08-04", "--format", "json")
    assert code == 0, err
    assert json.loads(out)["stories"] == []


def test_an_export_keeps_backlog(web, subscribe, make_pass, ask, sinowire, home, tmp_path):
    """What is imported from another home's export is no news there either."""
    subscribe("/undated")
    web.page("/undated", body=items(*archive(*range(5))))
    make_pass(NOW)
    assert sinowire("export", tmp_path / "out")[0] == 0
    other = tmp_path / "other"
    other.mkdir()
    for name in ("watchlist.toml", "feeds.toml", "alerts.toml"):
        (other / name).write_text((home / name).read_text("utf-8"), "utf-8")
    code, _, err = sinowire("--home", other, "import", tmp_path / "out")
    assert code == 0, err
    with contextlib.closing(open_published(other / "data" / "sinowire.duckdb")) as con:
        assert con.execute(
            "select published_from, count(*), (select count(*) from coverage) "
            "from articles group by all"
        ).fetchall() == [("backlog", 5, 0)]
