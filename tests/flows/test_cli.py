"""The command line as a person and a script use it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from email.utils import format_datetime

import pytest
import typer
from either_kind import publish, writer

from flows.console.cli import command_line, outlined
from flows.home import write_starters
from transforms.models import Burst
from warehouse.numbers.trends import replace_bursts

pytestmark = pytest.mark.slow

NOW = format_datetime(datetime(2026, 8, 4, 12, tzinfo=UTC))


@pytest.fixture
def polled(sinowire, web, subscribe, fill_once):
    """A home whose one feed was polled twice, the second time with news."""

    def poll_twice():
        old = ("https://x.example/1", "Weather is fine in Baoding", NOW)
        web.feed("/good", old)
        assert sinowire("run")[0] == 0
        web.feed("/good", ("https://x.example/2", "Baidu opens a robot lab", NOW), old)
        assert sinowire("run", "--now", "2026-08-04T13:00Z")[0] == 0

    subscribe("/good")
    fill_once("polled", poll_twice)


def test_run_prints_one_object_for_scripts(sinowire, web, subscribe):
    """--json is one object on standard output, whatever is said beside it."""
    web.feed("/good", ("https://x.example/1", "Baidu opens a lab", NOW))
    subscribe("/good")

    code, out, _ = sinowire("run", "--json")

    done = json.loads(out)
    assert code == 0
    assert done["outcomes"] == {"new": 1}
    assert (done["feeds"], done["entries"], done["new_articles"]) == (1, 1, 1)
    assert {"changed_articles", "mentions", "tags", "new_stories", "alerts"} <= done.keys()
    assert {"deliveries", "seconds"} <= done.keys()


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        pytest.param(["run", "--now", "noon"], 2, "ISO 8601", id="moment"),
        pytest.param(["run", "--feed", "nobody"], 2, "feeds list", id="feed"),
        pytest.param(["run", "--shard", "3/2"], 2, "K goes from 1 to 2", id="shard"),
        pytest.param(
            ["run", "--shard", "1/2", "--feed", "x"], 2, "one of the two", id="both"
        ),
        pytest.param(["deploy"], 2, "PREFECT_API_URL: is not in", id="no server"),
        pytest.param(["up", "--worker", "1"], 2, "PREFECT_API_URL", id="nobody's worker"),
        pytest.param(["up", "--worker", "1", "--port", "1"], 2, "--port", id="no port"),
        pytest.param(["deploy", "--shards", "65"], 2, "--shards", id="shards"),
        pytest.param(["sql", "select 1"], 1, "sinowire run", id="nothing published"),
        pytest.param(["--home", "/nowhere", "run"], 2, "sinowire init", id="home"),
        pytest.param(["feeds", "parse", "/nowhere"], 2, "/nowhere", id="file"),
        pytest.param(["alerts", "test", "pager"], 2, "pager", id="channel"),
        pytest.param(["frobnicate"], 2, "No such command", id="command"),
    ],
)
def test_errors_are_a_sentence_and_a_code(home, sinowire, args, code, message):
    """The request's fault is 2, the work's is 1; no traceback either way."""
    got, _, err = sinowire(*args)

    assert got == code
    assert message in err
    assert "Traceback" not in err


def test_a_worker_without_feeds_is_refused(home, sinowire):
    """It would poll the shipped feeds, and disable those of all other machines."""
    (home / "feeds.toml").unlink()

    got, _, err = sinowire("up", "--worker", "2")

    assert got == 2
    assert f"{home}/feeds.toml: is missing" in err
    assert "copy feeds.toml, watchlist.toml and alerts.toml" in err


def test_debug_shows_the_traceback(home, sinowire):
    """--debug may stand anywhere and shows where an error came from."""
    code, _, err = sinowire("run", "--now", "noon", "--debug")

    assert code == 2
    assert "Traceback" in err


def test_home_may_stand_after_the_command(tmp_path, sinowire, monkeypatch):
    """Global options work wherever a person writes them."""
    monkeypatch.delenv("SINOWIRE_HOME", raising=False)
    (tmp_path / "feeds.toml").write_text("")

    code, out, _ = sinowire("run", "--json", "--home", tmp_path)

    assert code == 0
    assert json.loads(out)["feeds"] == 0
    assert (tmp_path / "data").is_dir()


def test_sql_answers_in_four_formats(polled, sinowire):
    """The same rows as table, JSON, CSV and Markdown."""
    query = "select company_id, count(*) as n from mentions group by all"

    answers = {
        shape: sinowire("sql", query, "--format", shape)[1]
        for shape in ("table", "json", "csv", "markdown")
    }

    assert json.loads(answers["json"]) == [{"company_id": "baidu", "n": 1}]
    assert answers["csv"].splitlines() == ["company_id,n", "baidu,1"]
    assert answers["markdown"].splitlines()[0].startswith("| company")
    assert "baidu" in answers["table"]


def test_sql_can_only_read(polled, sinowire):
    """No statement writes, and none reaches a file beside the published one."""
    for statement in ("delete from articles", "select * from read_text('/etc/hostname')"):
        code, out, err = sinowire("sql", statement)
        assert (code, out) == (1, "")
        assert err.startswith("error: ")


def test_sql_reads_statements_from_standard_input(polled, sinowire):
    """Piped statements run one after the other."""
    _, out, _ = sinowire("sql", "--format", "csv", stdin="select 1 as a; select 2 as b;")

    assert out.splitlines() == ["a", "1", "b", "2"]


def test_search_folds_both_scripts(polled, sinowire, web, subscribe):
    """A Traditional query finds a Simplified headline."""
    web.feed("/good", ("https://x.example/3", "字节跳动发布新模型", NOW))
    sinowire("run", "--now", "2026-08-04T14:00Z")

    _, out, _ = sinowire("search", "字節跳動", "--all", "--format", "json")

    assert [row["title"] for row in json.loads(out)] == ["字节跳动发布新模型"]


def test_alerts_tell_what_arrived(polled, sinowire):
    """The list names the alert, and explain says why and every attempt."""
    _, out, _ = sinowire("alerts", "list", "--format", "json")
    (alert,) = json.loads(out)

    code, words, _ = sinowire("alerts", "explain", alert["alert_id"])

    assert (alert["rule_id"], alert["state"]) == ("giants", "delivered")
    assert code == 0
    assert "Baidu" in words
    assert "is_about" in words
    assert "delivered" in words


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--company", "baidu"], 1),
        (["--company", "roborock"], 0),
        (["--rule", "giants", "--since", "2026-08-01"], 1),
        (["--since", "2026-08-05"], 0),
    ],
)
def test_alerts_are_narrowed_down(polled, sinowire, options, found):
    """By company, rule and day."""
    _, out, _ = sinowire("alerts", "list", "--format", "json", *options)

    assert len(json.loads(out)) == found


def test_rule_on_what_an_article_is_about(home, web, subscribe, sinowire):
    """`about = true` fires on the subject of a headline, not on a former employer."""
    (home / "alerts.toml").write_text(
        '[rule.subject]\ncompanies = ["baidu"]\nabout = true\nchannels = ["log"]\n'
        '[rule.named]\ncompanies = ["baidu"]\nchannels = ["log"]\n'
        'roles = ["subject", "named", "aside"]\n'
        '[channel.log]\ntype = "file"\npath = "log.jsonl"\n',
        encoding="utf-8",
    )
    subscribe("/good")
    web.feed("/good", ("https://x.example/0", "A quiet day", NOW))
    sinowire("run", "--now", "2026-08-04T12:00Z")
    web.feed(
        "/good",
        ("https://x.example/1", "Former Baidu engineer opens a noodle shop", NOW),
        ("https://x.example/2", "Baidu shows a robot", NOW),
    )
    sinowire("run", "--now", "2026-08-04T13:00Z")

    _, out, _ = sinowire("alerts", "list", "--format", "json")
    alerts = sorted((row["rule_id"], row["title"]) for row in json.loads(out))
    _, out, _ = sinowire("alerts", "backtest", "--since", "2026-08-01", "--format", "json")
    tried = [(row["rule_id"], row["alerts"], row["about"]) for row in json.loads(out)]

    assert alerts == [
        ("named", "Baidu shows a robot"),
        ("named", "Former Baidu engineer opens a noodle shop"),
        ("subject", "Baidu shows a robot"),
    ]
    assert tried == [("named", 2, 1), ("subject", 1, 1)]


def test_alerts_backtest_says_what_would_have_fired(polled, sinowire):
    """Today's rules over the history, a row a day and rule."""
    _, out, _ = sinowire("alerts", "backtest", "--since", "2026-08-01", "--format", "json")

    rows = [(row["rule_id"], row["alerts"], row["about"]) for row in json.loads(out)]
    assert rows == [("giants", 1, 1)]


def test_alerts_backtest_says_of_how_many_articles_there_was_none(polled, home, sinowire):
    """Nothing at all would leave open whether it looked at any."""
    (home / "alerts.toml").write_text(
        '[rule.sibling]\ncompanies = ["roborock"]\nchannels = ["log"]\n'
        '[channel.log]\ntype = "file"\npath = "log.jsonl"\n',
        encoding="utf-8",
    )
    code, out, said = sinowire("alerts", "backtest", "--since", "2026-08-01")

    assert (code, out.strip()) == (0, "")
    assert re.fullmatch(r"no alert in \d+ days? of \d articles?\n", said)


def test_alerts_backtest_tells_bursts_on_record(polled, home, sinowire):
    """One that goes on after midnight is told once; after a day without, again."""
    (home / "alerts.toml").write_text(
        '[rule.rising]\nkind = "burst"\nchannels = ["log"]\n'
        '[channel.log]\ntype = "file"\npath = "log.jsonl"\n',
        encoding="utf-8",
    )
    days = [date(2026, 7, n) for n in (1, 2, 3, 6)] + [date(2026, 6, 30)]
    found = [
        Burst(
            subject_id="baidu", kind="company", day=day, observed=9, expected=2.0, p=0, q=0
        )
        for day in days
    ]
    with writer(home) as con:
        replace_bursts(con, found, since=min(days), until=max(days))
    publish(home)

    _, out, _ = sinowire("alerts", "backtest", "--since", "2026-07-01", "--format", "json")

    assert [(row["day"], row["alerts"]) for row in json.loads(out)] == [
        ("2026-07-01", 1),
        ("2026-07-06", 1),
    ]
    assert "9 stories on 2026-07-01" in json.loads(out)[0]["sample"]


@pytest.mark.parametrize(
    "args",
    [
        ("run", "--now", "9999-12-31T23:59:59Z"),
        ("run", "--now", "1970-01-01"),
        ("run", "--now", "0001-01-01T00:00+14:00"),
        ("trends", "--as-of", "2101-01-01"),
    ],
)
def test_a_moment_far_from_any_news_is_refused(home, sinowire, args):
    """A slip in the year is the request's fault; the option is named."""
    code, out, err = sinowire(*args)

    assert (code, out) == (2, "")
    assert args[-2] in err


def test_feeds_can_be_added_and_removed(home, web, sinowire):
    """A page's own feed is found, written to feeds.toml, and taken out again."""
    web.feed("/news.xml", ("https://x.example/1", "Hello", NOW), title="The Outlet")
    link = "<link rel='alternate' type='application/rss+xml' href='/news.xml'>"
    web.page(
        "/", body=f"<html><head>{link}</head></html>".encode(), content_type="text/html"
    )

    code, out, err = sinowire("feeds", "add", web.url + "/", "--id", "outlet")
    assert (code, err) == (0, "")
    assert "outlet" in out
    _, listed, _ = sinowire("feeds", "list", "--format", "json")
    (feed,) = json.loads(listed)
    assert (feed["feed_id"], feed["url"]) == ("outlet", web.url + "/news.xml")

    assert sinowire("feeds", "remove", "outlet")[0] == 0
    assert json.loads(sinowire("feeds", "list", "--format", "json")[1]) == []


def test_opml_goes_out_and_comes_back(home, web, subscribe, sinowire, tmp_path):
    """What export prints, import reads; twice adds nothing."""
    subscribe("/one", "/two")
    _, opml, _ = sinowire("feeds", "export")
    (home / "feeds.toml").write_text("")
    file = tmp_path / "feeds.opml"
    file.write_text(opml, encoding="utf-8")

    assert "added 2 feeds" in sinowire("feeds", "import", file)[1]
    assert "added 0 feeds" in sinowire("feeds", "import", file)[1]


def test_parse_prints_entries_as_published_and_as_stored(home, sinowire, tmp_path):
    """JSON lines keep HTML; --clean is what the warehouse would hold."""
    file = tmp_path / "feed.xml"
    file.write_text(
        "<rss version='2.0'><channel><title>x</title><item><title>A &amp; B</title>"
        "<link>/1?utm_source=rss</link><description>&lt;b&gt;bold&lt;/b&gt;</description>"
        "<pubDate>2026年8月23日 10:00</pubDate></item></channel></rss>",
        encoding="utf-8",
    )
    base = ["feeds", "parse", file, "--feed-url", "https://x.example/feed"]

    raw = json.loads(sinowire(*base, "--timezone", "Asia/Shanghai")[1])
    clean = json.loads(sinowire(*base, "--timezone", "Asia/Shanghai", "--clean")[1])

    assert (raw["title"], raw["summary"]) == ("A & B", "<b>bold</b>")
    assert raw["url"] == "https://x.example/1?utm_source=rss"
    assert raw["published_at"] == "2026-08-23T02:00:00+00:00"
    assert (clean["url"], clean["summary"]) == ("https://x.example/1", "bold")


def test_parse_refuses_what_is_no_feed(home, sinowire, tmp_path):
    """A web page is not zero entries."""
    file = tmp_path / "page.html"
    file.write_text("<html><body>Down for maintenance</body></html>")

    code, out, err = sinowire("feeds", "parse", file)

    assert (code, out) == (1, "")
    assert "feed" in err


def test_tag_keeps_order_and_parts_topics_from_events(home, sinowire):
    """One object a line, in the order they came."""
    lines = '{"id": 1, "title": "Baidu robot"}\n\n{"id": 2, "text": "Nothing here"}\n'

    _, out, _ = sinowire("watchlist", "tag", stdin=lines)

    first, second = (json.loads(line) for line in out.splitlines())
    assert [c["company_id"] for c in first["companies"]] == ["baidu"]
    assert [t["topic_id"] for t in first["topics"]] == ["robotics"]
    assert (second["id"], second["companies"], second["events"]) == (2, [], [])


def test_tag_prints_dates_as_exact_as_their_words(home, sinowire):
    """A month of Beijing's day in Chinese, and how surely the headline is a report."""
    lines = [
        {"title": "Baidu to launch a robot on December 9", "published": "2026-11-30"},
        {"title": "百度机器人明日发布", "published": "2026-11-30T17:00:00+00:00"},
        {"title": "Baidu's new robot to launch in January 2027", "published": "2026-11-30"},
    ]

    _, out, _ = sinowire("watchlist", "tag", stdin="\n".join(map(json.dumps, lines)))

    tagged = [json.loads(line) for line in out.splitlines()]
    assert [
        [(d["what"], d["date"], d["subject"], d["text"]) for d in each["dates"]]
        for each in tagged
    ] == [
        [("launch", "2026-12-09", "baidu", "December 9")],
        [("launch", "2026-12-02", "baidu", "明日")],
        [("launch", "2027-01", "baidu", "in January 2027")],
    ]
    assert all(0 < each["report_score"] < 1 for each in tagged)


def test_a_line_that_is_not_json_is_named(home, sinowire):
    """Its number is in the message."""
    code, _, err = sinowire("watchlist", "tag", stdin='{"id": 1, "title": "x"}\nnonsense\n')

    assert code == 2
    assert ":2: is not JSON" in err


def test_compare_says_same_and_why(home, sinowire):
    """Pairs in, verdicts out."""
    pair = {
        "id": "p1",
        "a": {"title": "TikTok is testing its own AI chatbot called Tako"},
        "b": {"title": "TikTok is testing an AI chatbot called Tako"},
    }

    _, out, _ = sinowire("stories", "compare", stdin=json.dumps(pair))

    made = json.loads(out)
    assert (made["id"], made["same"]) == ("p1", True)
    assert 0 <= made["score"] <= 1
    assert made["why"]


def test_history_comes_in_silently_and_once(home, sinowire, tmp_path):
    """Imported articles are tagged and clustered, alert nobody, and import once."""
    file = tmp_path / "history.jsonl"
    file.write_text(
        '{"url": "https://x.example/1", "title": "Baidu opens a lab", '
        '"published": "2026-07-01T08:00:00", "publisher": "Outlet", "language": "en"}\n'
    )

    first = sinowire("import", file)[1]
    second = sinowire("import", file)[1]

    assert "1 new article," in first
    assert "0 new articles" in second
    assert json.loads(sinowire("alerts", "list", "--format", "json")[1]) == []
    rows = json.loads(sinowire("sql", "select * from articles", "--format", "json")[1])
    assert rows[0]["published_at"].startswith("2026-07-01T08:00:00")


@pytest.mark.parametrize("shape", ["parquet", "csv", "jsonl"])
def test_last_change_survives_an_export(home, sinowire, tmp_path, shape):
    """Also where the wording is newer than the first sight of its article."""
    (tmp_path / "history.jsonl").write_text(
        '{"url": "https://x.example/1", "title": "Baidu opens a lab", '
        '"published": "2026-07-01T08:00Z", "updated": "2026-07-01T09:30Z"}\n'
        '{"url": "https://x.example/2", "title": "Baidu closes a lab", '
        '"published": "2026-07-02T08:00Z"}\n'
    )
    asked = ("sql", "select updated_at from articles order by url", "--format", "json")

    sinowire("import", tmp_path / "history.jsonl")
    before = json.loads(sinowire(*asked)[1])
    sinowire("export", tmp_path / "out", "--format", shape)
    shutil.rmtree(home / "data")
    sinowire("import", tmp_path / "out")

    assert before[0]["updated_at"].startswith("2026-07-01T09:30:00")
    assert before[1]["updated_at"] is None
    assert json.loads(sinowire(*asked)[1]) == before


def test_a_bad_line_of_history_is_named(home, sinowire, tmp_path):
    """File, line and what every line needs."""
    file = tmp_path / "history.jsonl"
    file.write_text('{"title": "no address"}\n')

    code, _, err = sinowire("import", file)

    assert code == 2
    assert "history.jsonl:1" in err
    assert "url" in err


def test_backup_restore_and_export(polled, sinowire, tmp_path):
    """A backup comes back; an export has files and a manifest."""
    backup = tmp_path / "kept.duckdb"
    assert sinowire("backup", backup)[0] == 0

    code, _, err = sinowire("restore", backup)
    assert (code, "--force" in err) == (1, True)
    assert sinowire("restore", backup, "--force")[0] == 0
    assert sinowire("export", tmp_path / "out", "--format", "jsonl")[0] == 0

    assert (tmp_path / "out" / "manifest.json").exists()
    assert sinowire("checks")[0] == 0


def test_retag_finds_a_new_company_in_the_past(polled, home, sinowire):
    """Adding a company finds it in stored articles and alerts nobody."""
    text = (home / "watchlist.toml").read_text("utf-8")
    more = '\n[company.baoding]\nname = "Baoding"\nkind = "company"\nsector = "ai"\n'
    (home / "watchlist.toml").write_text(text + more, encoding="utf-8")

    _, dry, _ = sinowire("retag", "--dry-run", "--format", "json")
    _, before, _ = sinowire("sql", "select count(*) as n from mentions", "--format", "csv")
    _, wet, _ = sinowire("retag", "--format", "json")
    _, after, _ = sinowire("sql", "select count(*) as n from mentions", "--format", "csv")

    added = [(r["kind"], r["id"], r["added"]) for r in json.loads(dry)]
    assert added == [
        ("beat", "on-beat", 1),
        ("claim", "happened", 1),
        ("company", "baoding", 1),
    ]
    assert json.loads(wet) == json.loads(dry)
    assert (before.split()[-1], after.split()[-1]) == ("1", "2")
    assert len(json.loads(sinowire("alerts", "list", "--format", "json")[1])) == 1


def test_retag_tells_what_old_articles_are_about(polled, home, sinowire):
    """What an earlier release left open is filled in, though no mention is new."""
    stored = (
        "select relevance, is_on_beat, beat_reason, is_about, role, via"
        " from articles left join mentions using (article_id) order by article_id"
    )
    _, fresh, _ = sinowire("sql", stored, "--format", "json")
    with writer(home) as con:
        con.execute("update mentions set is_about = null, role = null")
        con.execute(
            "update articles set relevance = null, is_on_beat = null, beat_reason = null"
        )

    _, out, _ = sinowire("retag", "--all", "--format", "json")
    _, rows, _ = sinowire("sql", stored, "--format", "json")

    assert [row["kind"] for row in json.loads(out)] in ([], ["beat"])
    assert json.loads(rows) == json.loads(fresh)
    assert {"is_on_beat": True, "role": "subject", "is_about": True}.items() <= next(
        row for row in json.loads(rows) if row["role"]
    ).items()


def test_doctor_says_what_is_out_of_order(polled, sinowire):
    """A recent run is good; with --max-age an old one is bad."""
    code, out, _ = sinowire("doctor", "--format", "json")
    states = {row["what"]: row["state"] for row in json.loads(out)}
    assert code == 0
    assert states["files"] == "good"

    for age in ("60", "2h"):
        assert sinowire("doctor", "--max-age", age)[0] == 1
    code, _, err = sinowire("doctor", "--max-age", "soon")
    assert code == 2
    assert "2h" in err


@pytest.mark.parametrize("shape", ["markdown", "html"])
def test_a_brief_is_written(polled, sinowire, tmp_path, shape):
    """Both forms, as of the moment that the articles were seen."""
    file = tmp_path / f"brief.{shape}"

    code, _, _ = sinowire(
        "brief", "--as-of", "2026-08-04T13:30Z", "--format", shape, "-o", file
    )

    assert code == 0
    assert "Baidu opens a robot lab" in file.read_text("utf-8")


def test_trends_print_their_parts(polled, sinowire):
    """JSON is one array whose rows say which part they belong to."""
    period = ["--since", "2026-07-01", "--until", "2026-08-04"]
    _, out, _ = sinowire("trends", *period, "--format", "json")
    parts = {row["part"] for row in json.loads(out)}
    assert "share_of_voice" in parts

    _, csv, _ = sinowire("trends", *period, "--format", "csv")
    heads, *rows = csv.splitlines()
    assert heads.startswith("part,")
    assert {row.partition(",")[0] for row in rows} == parts
    topics = [row for row in json.loads(out) if row["part"] == "topics"]
    assert topics
    assert {row["is_hardly_covered"] for row in topics} == {True}
    _, table, _ = sinowire("trends", *period)
    assert "1, hardly covered by these feeds" in table
    assert "is_hardly_covered" not in table
    code, table, _ = sinowire("trends", *period, "--company", "baidu")
    assert code == 0
    assert "2026-08-04" in table


def test_init_writes_what_is_missing(tmp_path, sinowire):
    """The three editable files; what stands there stays."""
    (tmp_path / "feeds.toml").write_text("# mine\n")

    code, out, _ = sinowire("init", tmp_path)

    assert code == 0
    assert out.count("wrote") == 3
    assert (tmp_path / "feeds.toml").read_text() == "# mine\n"


def test_sql_runs_every_statement_and_refuses_none(polled, sinowire):
    """Two statements in one text give two results; no statement is the asker's slip."""
    _, out, _ = sinowire("sql", "select 1 as a; select 2 as b", "--format", "csv")
    assert out.splitlines() == ["a", "1", "b", "2"]

    code, _, err = sinowire("sql", " -- nothing")
    assert code == 2
    assert "no statement" in err


def test_a_run_that_failed_says_why(home, subscribe, sinowire):
    """What most feeds said, and where to look, on standard error."""
    subscribe("/gone", "/lost")

    code, out, err = sinowire("run")

    assert code == 1
    assert "2 permanent_error" in out
    assert "no feed worked; 2 of 2 said: " in err
    assert "feeds health" in err


def run_script(script):
    """Run a Python script in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_run_loads_what_it_needs_alone():
    """No template, no parser, no other command: a schedule starts it every few minutes."""
    script = (
        "import sys\n"
        "from flows.console.cli import command_line\n"
        "command_line('run')\n"
        "print(sorted({'feedparser', 'flows.console.feeds', 'jinja2', 'prefect',"
        " 'transforms.brief'} & set(sys.modules)))\n"
    )
    done = run_script(script)

    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_a_pass_in_which_nothing_is_new_loads_nothing_that_reads_or_sends(home):
    """Neither stories nor alerts nor channels: most passes of a small home are such."""
    (home / "feeds.toml").write_text("")
    heavy = {"connectors.sinks.chat", "connectors.sinks.payload", "flows.steps.parcels"}
    heavy |= {"flows.steps.editions", "flows.steps.ingest.load", "lxml", "regex"}
    heavy |= {"transforms.dates.parse", "transforms.names.rules.file"}
    heavy |= {"transforms.names.tagging", "transforms.stories.cluster"}

    loaded_by(("run",), heavy)  # here the watchlist is read, and put on record

    shown, loaded = loaded_by(("run",), heavy)
    assert shown[0].startswith("0 feeds")
    assert loaded == "[]"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="nobody forks there")
def test_a_run_forks_its_parsers(home):
    """No thread of DuckDB, or of another library, is there yet that would forbid it."""
    (home / "feeds.toml").write_text("")
    script = (
        "import os, sys\n"
        "from flows.console.cli import main\n"
        "os.register_at_fork(after_in_parent=lambda: print('forked'))\n"
        "sys.argv = ['sinowire', 'run']\n"
        "main()\n"
    )
    done = run_script(script)

    assert done.stderr == ""
    assert done.stdout.startswith("forked\n0 feeds")


def paths(command, words=()):
    """Yield the words of each command and group below *command*."""
    for name, child in getattr(command, "commands", {}).items():
        yield (*words, name)
        yield from paths(child, (*words, name))


@pytest.mark.parametrize("columns", [60, 100])
def test_the_help_of_each_command_is_that_of_its_module(columns, monkeypatch, capsys):
    """What the outline prints is what the modules print, byte for byte."""
    monkeypatch.setenv("COLUMNS", str(columns))
    loaded = typer.main.get_command(command_line())

    for words in [(), *paths(loaded)]:
        outline = typer.main.get_command(outlined(words, has_options=not words))
        for command in (loaded, outline):
            with pytest.raises(SystemExit) as end:
                command([*words, "--help"], prog_name="sinowire")
            assert end.value.code == 0
        shown = capsys.readouterr().out
        assert shown[: len(shown) // 2] == shown[len(shown) // 2 :], words


def loaded_by(words, modules, **variables):
    """Run a command; return what it printed, and which of *modules* it loaded."""
    script = (
        "import sys\n"
        "from flows.console.cli import main\n"
        f"sys.argv = ['sinowire', *{words!r}]\n"
        "try:\n    main()\n"
        "except SystemExit:\n    pass\n"
        f"print(sorted({modules!r} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env=os.environ | variables,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    *shown, modules = done.stdout.splitlines()
    return shown, modules


LOOKS = [
    (),
    ("--help",),
    ("--version",),
    ("run", "-h"),
    ("feeds",),
    ("feeds", "list", "-h"),
]


@pytest.mark.parametrize("words", LOOKS)
def test_help_loads_no_command(words):
    """A first look comes at once: no settings, no DuckDB, no module of a command."""
    heavy = {"duckdb", "flows.console.output", "flows.settings", "pydantic"}

    assert loaded_by(words, heavy)[1] == "[]"


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("sinowire fe", "feeds"),
        ("sinowire alerts expl", "explain"),
        ("sinowire --home /tmp search --form", "--format"),
        ("sinowire feeds list --format ", "table json csv markdown"),
        ("sinowire --install", "--install-completion"),
    ],
)
def test_a_shell_completes_without_loading_a_command(typed, offered):
    """Names, options and choices, as the outline has them."""
    shown, loaded = loaded_by(
        (),
        {"duckdb", "flows.console.output", "flows.settings"},
        _SINOWIRE_COMPLETE="complete_bash",
        COMP_WORDS=typed,
        COMP_CWORD=str(len(typed.split(" ")) - 1),
    )

    assert (" ".join(shown), loaded) == (offered, "[]")


def test_help_that_is_a_value_is_no_help(home, sinowire):
    """`--company --help` asks for a company of that name: the command runs."""
    code, out, err = sinowire("search", "--company", "--help")

    assert (code, out) == (1, "")
    assert "sinowire.duckdb" in err


@pytest.mark.parametrize(
    ("word", "more"),
    [("sql", {"transforms.models"}), ("search", set()), ("company", set())],
)
def test_a_question_loads_no_watchlist_and_no_feeds(word, more):
    """Who only reads what is published need not wait for what reads news."""
    heavy = {"asyncio", "flows.console.feeds", "flows.home", "httpx", "jinja2"}
    heavy |= {"pydantic_settings", "transforms.names.tagging"} | more
    script = (
        "import sys\n"
        "from flows.console.cli import command_line\n"
        f"command_line({word!r})\n"
        f"print(sorted({heavy!r} & set(sys.modules)))\n"
    )
    done = run_script(script)

    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_a_quick_look_loads_nothing_that_reads_or_sends(tmp_path):
    """Containers ask `doctor --quick` every two minutes: files are read, no more."""
    write_starters(tmp_path)
    script = (
        "import sys\n"
        "from flows.console.cli import main\n"
        f"sys.argv = ['sinowire', '--home', {str(tmp_path)!r}, 'doctor', '--quick']\n"
        "try:\n    main()\n"
        "except SystemExit as end:\n    print(end.code)\n"
        "print(sorted({'feedparser', 'flows.steps.ingest.ingest', 'httpcore', 'httpx',"
        " 'prefect', 'transforms.articles.reader', 'transforms.names.tagging'}"
        " & set(sys.modules)))\n"
    )
    done = run_script(script)

    assert "feeds enabled" in done.stdout
    assert (done.stdout.splitlines()[-2:], done.stderr) == (["0", "[]"], "")


def test_a_command_is_the_same_alone():
    """What is loaded for one command has the help that all of them together give it."""
    among = typer.main.get_command(command_line()).commands
    for word in among:
        commands = typer.main.get_command(command_line(word)).commands
        assert len(commands) < len(among)
        assert commands[word].help == among[word].help
        assert [p.name for p in commands[word].params] == [
            p.name for p in among[word].params
        ]
