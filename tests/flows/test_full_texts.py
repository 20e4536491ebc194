"""Full texts: pages of real HTTP, stored beside the feed's words, and what follows."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
from serving import served

from connectors.feeds.full_text.extract import MISSING
from flows.steps.cycle import run
from flows.steps.upkeep.retag import retag
from transforms.models import SearchFilters
from transforms.search.query import read_search
from warehouse.file.connect import open_published
from warehouse.news.search import search, search_names
from warehouse.upkeep.checks import run_checks

pytestmark = pytest.mark.slow

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PARAGRAPHS = (
    "The city's traffic authority said on Tuesday that it would extend its trial of buses.",
    "Roborock, whose sweepers clean the depots at night, had offered to build the sensors.",
    "Four more districts join this year; the tender is expected in the autumn, it added.",
)


def quiet(_message):
    pass


def page(*paragraphs, title="Buses"):
    """Return an article's page as outlets make them, with a menu and a footer."""
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    menu = "".join(f"<li><a href='/s{n}'>Section {n}</a></li>" for n in range(9))
    return (
        f"<!doctype html><html><head><title>{title}</title></head><body><nav><ul>{menu}"
        f"</ul></nav><article><h1>{title}</h1>{body}</article><footer>Baidu Terms of use"
        "</footer></body></html>"
    ).encode()


@pytest.fixture
def publish(web, home, subscribe):
    """Serve a feed whose articles have pages here; the feed asks for full texts."""

    def serve(*titles, **pages):
        web.feed(
            "/news",
            *((f"{web.url}/{path}", title, format_datetime(NOW)) for path, title in titles),
        )
        for path, body in pages.items():
            web.page(f"/{path}", body=body, content_type="text/html")
        subscribe("/news")
        with (home / "feeds.toml").open("a", encoding="utf-8") as file:
            file.write("full_text = true\n")

    return serve


@pytest.fixture
def go(config):
    """Make a pass at a pretended moment and return its summary, and what was said."""

    def make(now=NOW):
        said = []
        summary = run(config(), now=now, report=said.append, progress=quiet)
        return summary, said

    return make


@pytest.fixture
def ask(home):
    """Return the rows of a query on the published file."""

    def query(sql):
        with open_published(home / "data" / "sinowire.duckdb") as con:
            return con.execute(sql).fetchall()

    return query


def asked(web, path):
    return sum(request[1] == path for request in web.requests)


def test_a_page_is_read_beside_the_feed(publish, go, ask, web, config, received, home):
    """Its text names who the headline does not; nobody is alerted, and the feed's stays."""
    publish(("old", "Weather"), old=page("Rain."))
    go(NOW - HOUR)
    publish(
        ("old", "Weather"), ("buses", "China extends trial of buses"),
        buses=page(*PARAGRAPHS),
    )  # fmt: skip

    summary, said = go()

    assert summary.full_texts == {"read": 1}
    assert "full texts: 1 page read" in said
    [(outcome, text, url, extractor, attempts)] = ask(
        "select outcome, text, full_texts.url, extractor, attempts from full_texts"
        " join articles using (article_id) where title like 'China%'"
    )
    assert (outcome, text, attempts) == ("read", "\n".join(PARAGRAPHS), 1)
    assert url == f"{web.url}/buses"
    assert extractor.startswith("trafilatura ")
    assert ask("select content from articles where title like 'China%'") == [(None,)]
    assert ask("select company_id, field from mentions") == [("roborock", "content")]
    assert received() == [], "a name in a page alerts nobody"
    assert summary.alerts == []

    with open_published(home / "data" / "sinowire.duckdb") as con:
        names = search_names(con)
        for words in ("tender autumn", "buses tender", '"four more districts"'):
            query = read_search(words, names, SearchFilters(), on_beat=False)
            assert [s.headline for s in search(con, query).stories] == [
                "China extends trial of buses"
            ]
        assert all(check.ok for check in run_checks(con))

    before = ask("from mentions"), ask("select relevance, beat_reason from articles")
    assert before[1][1][0] > 0
    changes = retag(
        config(), dry_run=False, report=quiet, progress=quiet, everything=True
    ).changes
    assert changes == [], "a retag reads pages as well"

    with served(home) as desk:
        [(story_id,)] = ask("select story_id from articles where title like 'China%'")
        shown = httpx.get(f"{desk}/stories/{story_id}", trust_env=False).text
    assert "From its page:" in shown
    assert "traffic authority said on Tuesday" in shown

    go(NOW + HOUR)
    assert asked(web, "/buses") == 1, "what was read is not asked for again"
    assert asked(web, "/robots.txt") == 2, "once a pass that visits pages"


def test_relevance_where_the_feed_gives_a_line(publish, go, ask, config):
    """The first sentences of a page decide it; a telling summary would."""
    lead = "China's commerce ministry put new limits on exports of chips made by Huawei."
    publish(("a", "New limits"), ("b", "New limits II"), a=page(lead, *PARAGRAPHS))
    go()
    found = dict(ask("select title, relevance from articles"))
    assert found["New limits"] > found["New limits II"] + 0.2
    assert ask("select count(*) from tags") == [(0,)], "topics keep to the feed's words"
    assert (
        retag(config(), dry_run=True, report=quiet, progress=quiet, everything=True).changes
        == []
    )


def test_failures_are_recorded_and_tried_again(publish, go, ask, web):
    """A server in trouble is asked again in an hour; what is gone is not."""
    publish(("a", "One"), ("b", "Two"), ("c", "Three"), c=page("Too little."))
    web.page("/a", status=500)

    assert go()[0].full_texts == {"transient_error": 1, "gone": 1, "no_text": 1}
    assert ask(
        "select title, outcome, http_status, attempts, next_try_at is null"
        " from full_texts join articles using (article_id) order by title"
    ) == [
        ("One", "transient_error", 500, 1, False),
        ("Three", "no_text", 200, 1, False),
        ("Two", "gone", 404, 1, True),
    ]
    assert go(NOW + HOUR / 2)[0].full_texts == {}
    web.page("/a", body=page(*PARAGRAPHS), content_type="text/html")
    assert go(NOW + HOUR)[0].full_texts == {"read": 1}
    assert ask("select attempts from full_texts where text is not null") == [(2,)]
    assert go(NOW + 6 * HOUR)[0].full_texts == {"no_text": 1}
    assert ask("select count(*) from full_texts where next_try_at is not null") == [(0,)]


def test_a_changed_headline_keeps_what_its_page_names(publish, go, ask, web):
    """The page's text counts at once under the new words; the page is read anew later."""
    more = (*PARAGRAPHS, "And Baidu too.")
    publish(("a", "Buses on trial"), a=page(*PARAGRAPHS))
    go()
    publish(("a", "Buses on trial in four districts"), a=page(*more))

    assert go(NOW + HOUR)[0].full_texts == {}
    assert ask("select company_id from mentions") == [("roborock",)]
    assert ask("select title from articles") == [("Buses on trial in four districts",)]

    assert go(NOW + 2 * HOUR)[0].full_texts == {"read": 1}
    assert ask("select company_id from mentions order by 1") == [("baidu",), ("roborock",)]

    # An old text stays where a later visit brings nothing.
    publish(("a", "Buses on trial in five districts"))
    web.page("/a", status=503)
    go(NOW + 3 * HOUR)
    assert go(NOW + 4 * HOUR)[0].full_texts == {"transient_error": 1}
    assert ask("select outcome, text like '%Baidu too.' from full_texts") == [
        ("transient_error", True)
    ]
    assert ask("select count(*) from mentions") == [(2,)]


def test_limits(publish, go, home, web):
    """A pass visits so many pages, and a host so many a day, the newest first."""
    titles = [(f"p{n}", f"Headline {n}") for n in range(5)]
    publish(*titles, **{path: page(*PARAGRAPHS) for path, _ in titles})
    (home / "sinowire.toml").write_text(
        "full_texts_per_run = 2\nfull_texts_per_host = 3\n", encoding="utf-8"
    )
    assert go()[0].full_texts == {"read": 2}
    assert go(NOW + HOUR)[0].full_texts == {"read": 1}
    assert [asked(web, f"/{path}") for path, _ in titles] == [0, 0, 1, 1, 1]


def test_a_body_is_visited_three_times_a_pass(publish, go, home):
    """The site of a ministry is no newspaper's; the rest comes at the next passes."""
    titles = [(f"p{n}", f"Act {n}") for n in range(5)]
    publish(*titles, **{path: page(*PARAGRAPHS) for path, _ in titles})
    with (home / "feeds.toml").open("a", encoding="utf-8") as file:
        file.write('kind = "official"\n')
    assert go()[0].full_texts == {"read": 3}
    assert go(NOW + HOUR)[0].full_texts == {"read": 2}


def test_without_the_library_feeds_are_read_as_ever(publish, go, ask, web, monkeypatch):
    """One sentence names what to install; no page is asked for."""
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    publish(("a", "One"), a=page(*PARAGRAPHS))
    summary, said = go()
    assert f"warning: {MISSING}" in said
    assert "pip install '.[full-text]'" in MISSING
    assert summary.new_articles == 1
    assert asked(web, "/a") == 0
    assert ask("select count(*) from full_texts") == [(0,)]


def test_nothing_is_visited_where_no_feed_asks(web, subscribe, go, ask):
    """Off is the default, and then not even robots.txt is asked for."""
    web.feed("/news", (f"{web.url}/a", "One", format_datetime(NOW)))
    subscribe("/news")
    assert go()[0].full_texts == {}
    assert {request[1] for request in web.requests} == {"/news"}
