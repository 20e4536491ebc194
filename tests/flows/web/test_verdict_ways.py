"""All kinds of verdicts, given in each way, on a file and on a lake with two hosts."""

from __future__ import annotations

import json
import shutil
from contextlib import closing

import chromium
import pytest
from digest import TABLES, digest_of
from serving import served

from flows.home import load_config
from flows.settings import load_settings
from flows.steps.apply_verdicts import undo_verdicts
from flows.steps.warehouse import publish
from flows.web.access import writing_token
from transforms.models.verdicts import KINDS, UNDO, GivenVerdict
from warehouse.file.connect import PUBLISHED_NAME, open_published
from warehouse.upkeep.checks import run_checks

pytestmark = [pytest.mark.lake, pytest.mark.long]
NOON, LATER = "2026-08-04T12:00Z", "2026-08-04T13:00Z"
OLD = "Tue, 04 Aug 2026 11:30:00 GMT"
# What two alerts tell of, and what is in stories of two articles.
LAB, RECALL = "Baidu opens a robot lab in Brazil", "Roborock recalls its vacuums in Spain"
PLANT, COURT, MAPS = (
    "Roborock opens a plant in Chile",
    "Baidu fined over maps by a court",
    "Court fines Baidu over its maps",
)
POOL, SHOP, RAIN = "Pool robot sinks", "百度在深圳开设机器人商店", "Rain in the old town"
LINES = (
    ("https://z.example/1", PLANT),
    ("https://z.example/2", PLANT),
    ("https://z.example/3", COURT),
    ("https://z.example/4", MAPS),
    ("https://z.example/5", POOL),
    ("https://z.example/6", SHOP),
    ("https://z.example/7", RAIN),
)
# By the numbers of articles above, or the title of an alert.
SAID = (
    (6, "not-about", "baidu"),
    (5, "about", "roborock"),
    (5, "not-topic", "robotics"),
    (3, "topic", "robotics"),
    (4, "off-beat", ""),
    (7, "on-beat", ""),
    (1, "not-one-event", 2),
    (3, "one-event", 2),
    (4, "headline", ""),
    (LAB, "unwanted", ""),
    (RECALL, "wanted", ""),
    (3, "side", "cn"),
    (3, "status", "proposed"),
    (1, "basis", "unnamed"),
    (1, "outcome", "denied"),
)
HELD = {
    "companies": [(5, "roborock", "subject", "verdict")],
    "topics": [(3, "robotics", "verdict: 4")],
    "beat": [(4, False, "verdict: 5"), (7, True, "verdict: 6")],
    "stories": [([1], PLANT), ([2, 3, 4], MAPS)],
    "alerts": [(RECALL, "wanted"), (LAB, "unwanted")],
    "acts": [("cn", "proposed")],
    "claims": [("roborock", "unnamed", "denied")],
    "checks": [],
}
NUMBER = "right(url, 1)::integer"
ASKED = {
    "companies": f"select {NUMBER}, company_id, role, via from mentions join articles "
    "using (article_id) where url in ('https://z.example/5', 'https://z.example/6')",
    "topics": f"select {NUMBER}, topic_id, term from tags join articles "
    "using (article_id) where url in ('https://z.example/3', 'https://z.example/5')",
    "beat": f"select {NUMBER}, is_on_beat, beat_reason from articles "
    "where url in ('https://z.example/4', 'https://z.example/7') order by all",
    "stories": f"select list({NUMBER} order by url), any_value(headline) from articles "
    "join stories using (story_id) where url <= 'https://z.example/4' "
    "and url like 'https://z.example%' group by story_id order by all",
    "alerts": "select title, verdicts.kind from alerts join verdicts "
    "on subject_id = alert_id where undone_at is null order by title desc",
    "acts": "select side, status from measures",
    "claims": "select subject, basis, outcome from claims",
}


@pytest.fixture
def newsroom(home, web, subscribe, sinowire):
    """A home with two alerts, and articles beside."""
    web.feed("/good", ("https://y.example/0", "Weather in Baoding", OLD))
    subscribe("/good")
    done(sinowire("run", "--now", NOON))
    news = enumerate((LAB, RECALL), 1)
    web.feed("/good", *((f"https://y.example/{n}", title, OLD) for n, title in news))
    done(sinowire("run", "--now", LATER))
    lines = (
        {"url": url, "title": title, "publisher": f"P{n}", "published": f"{NOON[:-3]}{n}Z"}
        for n, (url, title) in enumerate(LINES)
    )
    file = home / "lines.jsonl"
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    done(sinowire("import", file))
    return home


def done(told):
    code, out, err = told
    assert code == 0, err
    return out


def read(home, *, of=lambda con: con):
    with closing(open_published(home / "data" / PUBLISHED_NAME)) as con:
        return of(con)


def seen(home):
    """Return what readers see of what was said, by the numbers of articles."""

    def look(con):
        made = {name: con.execute(sql).fetchall() for name, sql in ASKED.items()}
        return made | {"checks": [c.name for c in run_checks(con) if not c.ok]}

    return read(home, of=look)


def digests(home):
    """Return rows and a digest of all that polls, and verdicts, make."""
    return read(home, of=lambda con: {name: digest_of(con, name) for name in TABLES})


def ids(home):
    """Return the ids of articles by number, and of alerts by title."""
    asked = (
        f"select {NUMBER}, article_id from articles where url like 'https://z.%'",
        "select title, alert_id from alerts",
    )
    return read(
        home, of=lambda con: {k: v for a in asked for k, v in con.execute(a).fetchall()}
    )


def in_terminal(home, sinowire):
    """Give each by a command."""
    known = ids(home)
    for subject, kind, value in SAID:
        words = (known[subject], kind, known.get(value, value) or ())
        done(sinowire("verdicts", "add", *(word for word in words if word)))


def by_import(home, sinowire):
    """Give all by a file."""
    known = ids(home)
    lines = (
        {"subject_id": known[subject], "kind": kind, "value": known.get(value, value)}
        for subject, kind, value in SAID
    )
    file = home / "said.jsonl"
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    done(sinowire("verdicts", "import", file))


def at_desk(home, _sinowire):
    """Give each by a button of its form, as fast as one can click on another subject."""
    known, token = ids(home), writing_token(load_settings(home))
    with served(home) as address, chromium.chromium() as browser:
        password = {"username": "ann", "password": token}
        page = browser.new_context(base_url=address, http_credentials=password).new_page()
        before = None
        for subject, kind, value in SAID:
            if subject == before:
                # What one verdict brings, the form of the next offers.
                page.locator('.notice[data-key="said.applied"]').wait_for(timeout=120_000)
            before = subject
            what = "alert" if KINDS[kind].subject == "alert" else "article"
            page.goto(f"/verdicts/new?{what}={known[subject]}")
            if kind == "about":
                page.locator("input[name=company]").fill("Roborock")
            elif kind == "topic":
                page.locator("select[name=topic]").select_option(f"topic:{value}")
            elif KINDS[kind].choices:
                page.locator(f"select[name={kind}]").select_option(value)
            elif kind == "one-event":
                page.locator("input[name=address]").fill(f"/stories/{known[value]}")
            page.locator(f'button[value^="{kind}"]').first.click()
            page.wait_for_url("**said=*")
        page.locator('.notice[data-key="said.applied"]').wait_for(timeout=120_000)


WAYS = (
    in_terminal,
    by_import,
    pytest.param(at_desk, marks=[chromium.NEEDED, pytest.mark.xdist_group("browser")]),
)


@pytest.fixture(params=["file", "lake"])
def kind(request, lake, settings_of_lake):
    """Where the home writes."""
    if request.param == "lake":
        request.getfixturevalue("replicas_begun")
        settings_of_lake(lake)
    return request.param


@pytest.mark.parametrize("give", WAYS)
def test_all_that_can_be_said_holds_and_is_taken_back(
    give, kind, newsroom, tmp_path_factory, lake, settings_of_lake, sinowire
):
    """Through a run, retag, restore and move, for both hosts; undo leaves no trace."""
    before = digests(newsroom)
    give(newsroom, sinowire)
    assert seen(newsroom) == HELD
    done(sinowire("run", "--now", LATER))
    assert seen(newsroom) == HELD
    done(sinowire("retag", "--all"))
    assert seen(newsroom) == HELD
    done(sinowire("backup", newsroom / "b.duckdb"))
    undo(newsroom, 1, 7)
    done(sinowire("restore", "--force", newsroom / "b.duckdb"))
    assert seen(newsroom) == HELD
    if kind == "file":
        settings_of_lake(lake)
        done(sinowire("move", "lake"))
        assert seen(newsroom) == HELD

    other = tmp_path_factory.mktemp("other")
    for file in newsroom.glob("*.toml"):
        shutil.copy(file, other)
    publish(load_settings(other))
    assert seen(other) == HELD
    undo(other, *range(1, 1 + len(SAID)))
    done(sinowire("run", "--now", LATER))
    assert digests(newsroom) == before


def undo(home, *numbers):
    words = GivenVerdict(subject_id="", kind=UNDO)
    undo_verdicts(load_config(load_settings(home)), numbers, words)
