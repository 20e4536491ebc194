"""`sinowire retag`: everything tagged anew, compared, exchanged, and nobody alerted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest
from either_kind import publish, writer

from flows.steps.upkeep import findings
from flows.steps.upkeep import retag as run_retag
from flows.steps.upkeep.retag import retag
from warehouse.file.connect import open_published
from warehouse.upkeep import retag as retag_store
from warehouse.upkeep.checks import run_checks
from warehouse.upkeep.retag import CHUNK

pytestmark = pytest.mark.slow

DERIVED = (
    *("mentions", "tags", "headline_facts", "article_measures", "article_claims"),
    "article_dates",
    *("coverage", "stories", "story_days"),
)

BAIDU = ("https://x.example/2", "Baidu opens a robot lab", "Tue, 04 Aug 2026 11:00:00 GMT")
OLD = ("https://x.example/1", "Weather in Baoding", "Tue, 04 Aug 2026 09:00:00 GMT")


@pytest.fixture
def alerted(sinowire, web, subscribe, fill_once):
    """A home that sent one alert, on a headline that names Baidu."""

    def poll_twice():
        web.feed("/good", OLD)
        assert sinowire("run", "--now", "2026-08-04T12:00Z")[0] == 0
        web.feed("/good", BAIDU, OLD)
        assert sinowire("run", "--now", "2026-08-04T13:00Z")[0] == 0

    subscribe("/good")
    fill_once("alerted", poll_twice)


@pytest.fixture
def rewrite(home):
    """Change words of watchlist.toml."""

    def write(old, new):
        path = home / "watchlist.toml"
        path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")

    return write


def quiet(config, **options):
    """Retag all articles with nobody listening."""
    return retag(config, report=str, progress=str, everything=True, **options)


def stored(home):
    """Return what a retag makes anew."""
    with writer(home) as con:
        made = {t: con.execute(f"from {t} order by all").fetchall() for t in DERIVED}
        words = "select * exclude (run_id) from articles order by seq"
        return made, con.execute(words).fetchall(), con.execute("from retagged").fetchall()


def imported(home, sinowire, titles):
    """Import headlines."""
    lines = (
        json.dumps({"url": f"https://x.example/h{n}", "title": title})
        for n, title in enumerate(titles)
    )
    (home / "h.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert sinowire("import", home / "h.jsonl")[0] == 0


def test_alerts_that_would_change(alerted, rewrite, received, sinowire):
    """Past alerts that lose their ground, and rules that would fire; none is sent."""
    rewrite('"Baidu", "百度"]', '{ text = "Baidu", not = "robot" }]')
    rewrite('"Roborock", "石头科技"]', '"Roborock", "Weather"]')
    sent = received()

    code, out, err = sinowire("retag", "--dry-run", "--format", "json")
    rows = {(row["kind"], row["id"]): row for row in json.loads(out)}
    _, wet, _ = sinowire("retag", "--format", "json")

    assert code == 0
    assert (rows["company", "baidu"]["removed"], rows["company", "roborock"]["added"]) == (
        1,
        1,
    )
    rule = rows["alerts of rule", "giants"]
    assert (rule["added"], rule["removed"]) == (1, 1)
    assert rule["example"] == "Weather in Baoding"
    assert "1 past alert lost its match; 1 more would have fired in the last 7 days" in err
    assert json.loads(wet) == json.loads(out)
    assert received() == sent
    assert len(json.loads(sinowire("alerts", "list", "--format", "json")[1])) == 1


def test_a_company_added_later_is_found_in_the_past_and_alerts_nobody(
    alerted, home, web, sinowire, received
):
    """Mentions, days and trends have it; only what comes from now on is sent."""
    with (home / "watchlist.toml").open("a", encoding="utf-8") as file:
        file.write('\n[company.baoding]\nname = "Baoding"\n')
    with (home / "alerts.toml").open("a", encoding="utf-8") as file:
        for rule, asks in (
            ("added", 'companies = ["baoding"]'),
            ("anything", 'feeds = ["good"]'),
            ("words", 'terms = ["weather"]'),
        ):
            file.write(f'\n[rule.{rule}]\n{asks}\nchannels = ["file"]\n')

    def asked(query):
        return json.loads(sinowire("sql", query, "--format", "json")[1])

    def sent():
        ledger = asked("select rule_id, state, article_id from alerts order by all")
        tries = asked("select alert_id, channel_id, attempt from alert_deliveries")
        return ledger, tries, received()

    before = sent()
    assert [row["rule_id"] for row in before[0]] == ["giants"]

    assert sinowire("retag")[0] == 0

    found = asked(
        "select company_id, title from mentions join articles using (article_id)"
        " order by all"
    )
    assert found == [
        {"company_id": "baidu", "title": BAIDU[1]},
        {"company_id": "baoding", "title": OLD[1]},
    ]
    days = asked(
        "select day::varchar as day, articles, stories from company_days"
        " where company_id = 'baoding'"
    )
    assert days == [{"day": "2026-08-04", "articles": 1, "stories": 1}]
    shares = asked("select company_id, share from share_of_voice order by all")
    # Its weather is no news of the beat.
    assert shares == [{"company_id": "baidu", "share": 1.0}]
    period = ["--since", "2026-08-01", "--until", "2026-08-05", "--format", "json"]
    trends = json.loads(sinowire("trends", "--company", "baoding", *period)[1])
    assert ("company_days", 1) in {(row["part"], row.get("articles")) for row in trends}
    assert sent() == before

    # The same feed with one headline edited: nothing in it is new.
    edited = (OLD[0], "Weather in Baoding: rain", OLD[2])
    web.feed("/good", BAIDU, edited)
    assert sinowire("run", "--now", "2026-08-04T14:00Z")[0] == 0
    assert sinowire("alerts", "deliver")[0] == 0
    assert sent() == before

    fresh = ("https://x.example/3", "Baoding builds", "Tue, 04 Aug 2026 14:30:00 GMT")
    web.feed("/good", fresh, BAIDU, edited)
    assert sinowire("run", "--now", "2026-08-04T15:00Z")[0] == 0
    late = [row["rule_id"] for row in sent()[0]]
    assert late == ["added", "anything", "giants"]
    assert len(received()) == 3


def test_a_lost_topic_alert(alerted, home, rewrite, sinowire):
    """An alert on a topic rests on the tag."""
    rewrite('"robot", "机器人"', '"android", "机器人"')
    text = (home / "alerts.toml").read_text("utf-8")
    (home / "alerts.toml").write_text(
        text.replace('companies = ["baidu", "roborock"]', 'topics = ["robotics"]'), "utf-8"
    )
    with writer(home) as con:
        con.execute("update alerts set company_id = null, topic_id = 'robotics'")

    rows = json.loads(sinowire("retag", "--dry-run", "--format", "json")[1])

    assert [(r["kind"], r["id"], r["removed"]) for r in rows] == [
        ("topic", "robotics", 1),
        ("alerts of rule", "giants", 1),
    ]
    assert rows[-1]["example"] == BAIDU[1]


def test_what_the_summary_repeats_counts_once(alerted, home, sinowire):
    """Retagging marks repeats as tagging did, where nobody had."""
    article = {
        "url": "https://x.example/h",
        "title": "Baidu opens",
        "summary": "Baidu says",
    }
    (home / "h.jsonl").write_text(json.dumps(article), encoding="utf-8")
    assert sinowire("import", home / "h.jsonl")[0] == 0

    def marked():
        asked = "select field, is_repeat from mentions order by all"
        with open_published(home / "data" / "sinowire.duckdb") as con:
            return con.execute(asked).fetchall()

    expected = [("summary", True), ("title", False), ("title", False)]
    assert marked() == expected
    with writer(home) as con:
        con.execute("update mentions set is_repeat = null")

    assert sinowire("retag", "--all")[0] == 0
    assert marked() == expected


def test_dry_run_writes_nothing(alerted, home, rewrite, sinowire):
    """Not a mention and not the recorded rules; then they change together."""

    def recorded():
        with open_published(home / "data" / "sinowire.duckdb") as con:
            asked = "select company_id, rules_version from mentions"
            return con.execute(asked).fetchall(), con.execute("from companies").fetchall()

    before = recorded()
    rewrite('name = "Baidu"', 'name = "Baidu Inc"')

    assert sinowire("retag", "--all", "--dry-run")[0] == 0
    assert recorded() == before
    assert sinowire("retag", "--all")[0] == 0
    assert recorded()[0] != before[0]
    assert len(recorded()[0]) == 1


def test_readers_go_on_while_it_works(alerted, home, config, monkeypatch):
    """The published file is open and answers in the middle of the work."""
    seen = []

    def chunks(reader, rows, verdicts, *, total):
        with open_published(home / "data" / "sinowire.duckdb") as con:
            seen.extend(con.execute("select count(*) from mentions").fetchall())
        return findings.tag_chunks(reader, rows, verdicts, total=total)

    monkeypatch.setattr("flows.steps.upkeep.retag.tag_chunks", chunks)

    quiet(config(), dry_run=False)

    assert seen == [(1,)]


def test_a_failure_leaves_everything_as_it_was(alerted, home, config, monkeypatch):
    """What is found anew in a turn is one transaction, to the last statement."""

    def fail(*_args, **_options):
        raise RuntimeError("the plug was pulled")

    monkeypatch.setattr("warehouse.upkeep.retag.refresh_stories", fail)
    with pytest.raises(RuntimeError, match="plug"):
        quiet(config(), dry_run=False)

    with writer(home) as con:
        assert con.execute("select count(*) from mentions").fetchall() == [(1,)]
        assert con.execute("select count(*) from stories").fetchall() == [(2,)]


def test_one_that_is_ended_goes_on_where_it_was(
    alerted, home, rewrite, sinowire, config, monkeypatch
):
    """Others write in between, each turn leaves all sound, and doctor tells of it."""
    imported(home, sinowire, [f"Baidu robot {n}" for n in range(4)])
    rewrite('"Baidu", "百度"]', '{ text = "Baidu", not = "robot" }]')
    rewrite('"Roborock", "石头科技"]', '"Roborock", "Robot"]')
    monkeypatch.setattr(retag_store, "PART", 2)
    turns, told = [], []

    def others(seconds):
        if seconds and not turns:
            with writer(home, command="another") as con:
                turns.append([c.name for c in run_checks(con) if not c.ok])
        elif seconds:
            raise KeyboardInterrupt

    monkeypatch.setattr(run_retag.time, "sleep", others)
    with pytest.raises(KeyboardInterrupt):
        quiet(config(), dry_run=False)
    assert turns == [[]]
    publish(home)
    found = json.loads(sinowire("doctor", "--format", "json")[1])
    [warned] = [row["detail"] for row in found if row["what"] == "retag"]
    assert "4 of 6" in warned

    monkeypatch.setattr(run_retag.time, "sleep", str)
    made = run_retag.retag(config(), dry_run=False, report=told.append, progress=str)
    assert (made.articles, "after 4 of 6" in told[1]) == (2, True)
    run_retag.finish_retag(config(), str)
    by_parts = stored(home)
    monkeypatch.setattr(retag_store, "PART", 100)
    assert sinowire("retag", "--all")[0] == 0
    assert stored(home) == by_parts


def test_parts_tell_together_what_one_tells(
    alerted, home, rewrite, sinowire, config, monkeypatch
):
    """What is gained and lost, with the same examples, and what would have fired."""
    imported(home, sinowire, [f"Baidu robot {n}" for n in range(4)])
    rewrite('"Baidu", "百度"]', '{ text = "Baidu", not = "robot" }]')
    rewrite('"Roborock", "石头科技"]', '"Roborock", "Robot"]')
    whole = quiet(config(), dry_run=True)

    monkeypatch.setattr(retag_store, "PART", 2)
    parts = quiet(config(), dry_run=True)

    assert whole.changes
    assert parts.rows() == whole.rows()
    assert parts.sentences(dry_run=True) == whole.sentences(dry_run=True)


def test_processes_find_what_one_finds(home, sinowire, config, monkeypatch):
    """Several chunks in several processes, in order, the same findings."""
    names = ("Baidu", "Roborock", "nobody")
    imported(home, sinowire, [f"{names[n % 3]} robot {n}" for n in range(CHUNK + 50)])

    def found():
        quiet(config(), dry_run=False)
        with writer(home) as con:
            mentions = con.execute("from mentions order by all").fetchall()
            return mentions, con.execute("from tags order by all").fetchall()

    alone = found()
    monkeypatch.setattr(findings, "FEWEST", 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)

    assert found() == alone
    assert len(alone[0]) == 2 * (CHUNK + 50) // 3 + 1


@pytest.mark.skipif(sys.platform == "win32", reason="processes end otherwise there")
def test_a_worker_ends_with_its_parent():
    """A parent that is killed leaves no process behind."""
    code = (
        "import os, sys, time; from flows.steps.processes import serve;"
        "child = os.fork();"
        "(print(child, flush=True), time.sleep(0.2), os._exit(9)) if child else "
        "(serve(os.getppid()), time.sleep(60))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=False
    )
    child = int(done.stdout)

    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail("the worker lives on")


FACTS = "select value, term from headline_facts order by kind, value"


def test_what_headlines_say_is_stored_and_remade(home, sinowire, config):
    """A warehouse from before has none of it, until it is retagged."""
    imported(home, sinowire, ["EU fines Baidu $3bn", "Baidu opens a lab"])
    with writer(home) as con:
        stored = con.execute(FACTS).fetchall()
        con.execute("delete from headline_facts")

    dry = quiet(config(), dry_run=True)
    wet = quiet(config(), dry_run=False)

    assert stored == [("$3bn", "$3bn"), ("europe", "EU"), ("us_eu", "EU")]
    assert dry.changes == wet.changes
    assert [row for row in wet.rows() if row["kind"] == "headline"] == [
        {"kind": "headline", "id": kind, "added": 1, "removed": 0,
         "example": "EU fines Baidu $3bn"}
        for kind in ("amount", "region", "side")
    ]  # fmt: skip
    with writer(home) as con:
        assert con.execute(FACTS).fetchall() == stored


LEDGER = (
    "select side, instrument, status, targets from article_measures order by all",
    "select basis, modality, subject from article_claims order by all",
)


def test_what_states_do_and_what_firms_say_is_remade(home, sinowire, config):
    """A warehouse from before has none of it, until it is retagged."""
    imported(home, sinowire, ["EU fines Baidu $3bn", "Baidu denies report of a sale"])
    with writer(home) as con:
        stored = [con.execute(query).fetchall() for query in LEDGER]
        con.execute("delete from article_measures")
        con.execute("delete from article_claims")

    dry = quiet(config(), dry_run=True)
    wet = quiet(config(), dry_run=False)

    assert stored[0] == [("eu", "penalty", "decided", ["baidu"])]
    assert ("company", "denied", "baidu") in stored[1]
    assert dry.changes == wet.changes
    assert {row["kind"] for row in wet.rows()} == {"measure", "claim"}
    with writer(home) as con:
        assert [con.execute(query).fetchall() for query in LEDGER] == stored


SCORES = "select title, report_score from articles order by all"


def test_how_surely_headlines_report_is_stored_and_remade(home, sinowire, config):
    """A warehouse from before has no scores, until it is retagged; off the beat is none."""
    imported(home, sinowire, ["Baidu opens a lab in Wuhan", "Dumplings in the old town"])
    with writer(home) as con:
        stored = con.execute(SCORES).fetchall()
        con.execute("update articles set report_score = null")

    quiet(config(), dry_run=False)

    (_, report), (_, off) = stored
    assert report > 0
    assert off is None
    with writer(home) as con:
        assert con.execute(SCORES).fetchall() == stored


def test_a_new_wording_says_what_it_says(home, web, sinowire, subscribe):
    """What the old one said is forgotten."""
    one = "https://x.example/9"
    web.feed("/good", (one, "EU fines Baidu $3bn", "Tue, 04 Aug 2026 09:00:00 GMT"))
    subscribe("/good")
    assert sinowire("run", "--now", "2026-08-04T12:00Z")[0] == 0
    web.feed("/good", (one, "Beijing warns Baidu", "Tue, 04 Aug 2026 09:00:00 GMT"))
    assert sinowire("run", "--now", "2026-08-04T13:00Z")[0] == 0

    with writer(home) as con:
        assert con.execute(FACTS).fetchall() == [("china", "Beijing warn")]


def test_what_no_search_could_skip_gets_its_mask(home, sinowire, config):
    """An earlier release stored none; the mask is that of the words as they are then."""
    imported(home, sinowire, ["百度开设新工厂", "Baidu opens a lab", "Weather in Baoding"])
    asked = "select search_text, search_bits from articles order by url"
    with writer(home) as con:
        now = con.execute(asked).fetchall()
        con.execute("update articles set search_bits = null where title not like '%lab'")
        con.execute("update articles set title = title || ' 第一财经-4小时前'")

    quiet(config(), dry_run=True)
    with writer(home) as con:
        unsigned = con.execute("select count(*) from articles where search_bits is null")
        assert unsigned.fetchall() == [(2,)]
    quiet(config(), dry_run=False)

    with writer(home) as con:
        assert con.execute(asked).fetchall() == now


def test_headlines_and_round_ups_are_as_the_rules_of_today_have_them(
    home, sinowire, config
):
    """What an earlier release left glued to a headline goes, and what was made of it."""
    imported(home, sinowire, ["百度开设新工厂", "财联社早报：百度开设新工厂"])
    asked = (
        "select title, is_digest, content_hash, search_text, story_keys"
        " from articles order by url"
    )
    with writer(home) as con:
        now = con.execute(asked).fetchall()
        con.execute(
            "update articles set title = title || ' 第一财经-4小时前',"
            " is_digest = not is_digest, content_hash = 'old',"
            " search_text = 'old', story_keys = []"
        )

    made = quiet(config(), dry_run=False)

    with writer(home) as con:
        assert con.execute(asked).fetchall() == now
    changed = {row["id"]: (row["added"], row["removed"]) for row in made.changes}
    assert [is_digest for _, is_digest, *_ in now] == [False, True]
    assert (changed["digest"], changed["title"]) == ((1, 1), (2, 0))


def test_stories_are_found_by_keys_of_today(home, sinowire, config):
    """What an earlier release stored meets new articles as what is stored today does."""
    imported(home, sinowire, ["Baidu opens a robot lab", "Weather in Baoding"])
    asked = "select story_keys from articles order by url"
    with writer(home) as con:
        now = con.execute(asked).fetchall()
        con.execute("update articles set story_keys = story_keys[:2]")

    quiet(config(), dry_run=True)
    with writer(home) as con:
        assert con.execute(asked).fetchall() == [(keys[:2],) for (keys,) in now]
    quiet(config(), dry_run=False)

    with writer(home) as con:
        assert con.execute(asked).fetchall() == now


def test_the_object_of_an_event_is_stored_and_remade(home, sinowire, config):
    """Whom a firm buys is beside what it does; articles from before learn it."""
    (home / "watchlist.toml").unlink()
    imported(home, sinowire, ["Baidu buys a stake in Kuaishou", "百度推出智能座舱系统"])
    asked = (
        "select topic_id, event_object from tags"
        " where kind = 'event' and event_object is not null order by all"
    )
    with writer(home) as con:
        now = con.execute(asked).fetchall()
        con.execute("update tags set event_object = null")

    quiet(config(), dry_run=False)

    assert now == [("m-and-a", "kuaishou"), ("product-launch", "智能座舱系统")]
    with writer(home) as con:
        assert con.execute(asked).fetchall() == now
        of_stories = "select topic_id, event_object from story_topics where kind = 'event'"
        assert con.execute(f"{of_stories} order by all").fetchall() == now


OFF_BEAT = "Dutch school buys a robot"
FILE_CHANNEL = '[channel.file]\ntype = "file"\npath = "x.jsonl"\n'


def rejected_topics(sinowire):
    """Return the tags that are stored, and the version of the rules."""
    told = sinowire("sql", "select topic_id from tags", "--format", "json")[1]
    (row,) = json.loads(sinowire("sql", "from reporting", "--format", "json")[1])
    return [tag["topic_id"] for tag in json.loads(told)], row["rules_version"]


@pytest.mark.parametrize(
    ("file", "text", "asker"),
    [
        ("sinowire.toml", "topics_off_beat = true\n", "`topics_off_beat`"),
        (
            "alerts.toml",
            f'{FILE_CHANNEL}[rule.robots]\ntopics = ["robotics"]\nchannels = ["file"]\n',
            "rule robots",
        ),
        (
            "searches.toml",
            '[search.robots]\ntopics = ["robotics"]\non_beat = false\n',
            "search robots",
        ),
    ],
    ids=["setting", "rule", "search"],
)
def test_topics_off_the_beat_are_looked_for_where_they_are_asked(
    home, sinowire, config, file, text, asker
):
    """Else not, and the version of the rules says which; a retag makes them anew."""
    imported(home, sinowire, [OFF_BEAT])
    assert rejected_topics(sinowire) == ([], config().rules_version)
    assert "looked for where they can bring" in sinowire("doctor", "--quick")[1]

    (home / file).write_text(text, encoding="utf-8")
    assert sinowire("retag")[0] == 0

    plain = config().watchlist.rules_version
    assert rejected_topics(sinowire) == (["robotics"], plain)
    assert config().rules_version == plain
    assert f"as {asker} asks" in " ".join(sinowire("doctor", "--quick")[1].split())


@pytest.mark.parametrize(
    "rule",
    [
        'on_beat = true\ntopics = ["robotics"]',
        'companies = ["baidu"]\ntopics = ["robotics"]',
        'kind = "burst"\ntopics = ["robotics"]',
        'terms = ["school"]\nany = [{ on_beat = true, topics = ["robotics"] }]',
        'kind = "official"',
        'terms = ["school"]',
    ],
)
def test_rules_that_read_no_topic_off_the_beat(home, config, rule):
    """What is on it, or names a company, has its topics in any case."""
    (home / "alerts.toml").write_text(
        f'{FILE_CHANNEL}[rule.it]\nchannels = ["file"]\n{rule}\n',
        encoding="utf-8",
    )

    assert config().looks_always == ""


@pytest.mark.parametrize(
    "rule",
    [
        'terms = ["school"]\nreports = true',
        'terms = ["school"]\nnone = [{ topics = ["robotics"] }]',
        'kind = "crossing"\nany = [{ topics = ["robotics"] }, { on_beat = true }]',
    ],
)
def test_rules_that_read_topics_off_the_beat(home, config, rule):
    """Also below `any` and `none`, and whether a headline tells an event."""
    (home / "alerts.toml").write_text(
        f'{FILE_CHANNEL}[rule.it]\nchannels = ["file"]\n{rule}\n',
        encoding="utf-8",
    )

    assert config().looks_always == "rule it"


def test_why_looks_up_what_was_not_looked_for(home, sinowire, config):
    """And says so; a search for topics off the beat says it, too."""
    imported(home, sinowire, [OFF_BEAT])
    (row,) = json.loads(sinowire("sql", "from articles", "--format", "json")[1])

    told = sinowire("watchlist", "why", row["article_id"])[1]
    made = json.loads(
        sinowire("watchlist", "why", row["article_id"], "--format", "json")[1]
    )
    searched = sinowire("search", "--all", "--topic", "robotics")[2]

    assert "topics and events are not looked for" in " ".join(told.split())
    assert made["rejected"] is True
    assert [topic["topic_id"] for topic in made["topics"]] == ["robotics"]
    assert "no topics in articles that are off the beat and name nobody" in searched
    (home / "sinowire.toml").write_text("topics_off_beat = true\n", encoding="utf-8")
    assert "looked for" not in sinowire("watchlist", "why", row["article_id"])[1]
    assert sinowire("retag")[0] == 0
    assert "looked for" not in sinowire("search", "--all", "--topic", "robotics")[2]
