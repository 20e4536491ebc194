"""`sinowire verdicts`: a reader's word on an article holds, and its undo is exact."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime

import pytest
from either_kind import all_rows_of, writer

from flows.home import load_config
from flows.settings import load_settings
from flows.steps import warehouse
from flows.steps.ingest.history import Imported, import_file
from flows.steps.upkeep.retag import retag
from transforms.models.verdicts import GivenVerdict
from warehouse.file.connect import PUBLISHED_NAME, open_published
from warehouse.news import verdicts as verdict_store

pytestmark = pytest.mark.slow

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)

LAB, POOL = "Baidu opens a robot lab", "Pool robot sinks"
SHOP = "百度在深圳开设机器人商店"
LINES = (
    {"url": "https://x.example/1", "title": LAB, "publisher": "A"},
    {"url": "https://x.example/2", "title": POOL, "publisher": "B"},
    {"url": "https://x.example/3", "title": SHOP, "publisher": "C", "language": "zh"},
)
# What a run, a writer or a reader's word leaves besides what is found.
LEFT_OUT = ("verdict_log", "runs", "waits", "retagged", "grouped", "imports", "fence")
FOUND = "select company_id, role, via from mentions where article_id = ? order by all"
TOPICS = "select kind, topic_id, term from tags where article_id = ? order by all"
BEAT = "select relevance, is_on_beat, beat_reason from articles where article_id = ?"


def write_lines(folder, lines):
    told = ({"published": "2026-08-04T09:00Z", **line} for line in lines)
    path = folder / "lines.jsonl"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in told), encoding="utf-8")
    return path


@pytest.fixture
def told(home, make_once, furnish, asked, is_on_lake):
    """A home of its own with a few articles; returns the ids by their headlines."""

    def fill(folder):
        furnish(folder)
        config = load_config(load_settings(folder))
        file = write_lines(folder, LINES)
        import_file(config, file, Imported(), now=NOW, report=str, progress=str)
        warehouse.publish(config.settings)

    if is_on_lake:
        fill(home)
    else:
        shutil.copytree(make_once("told", fill), home, dirs_exist_ok=True)
    ids = dict(asked("select title, article_id from articles"))
    return lambda title: ids[title]


@pytest.fixture
def asked(home):
    """Ask the warehouse."""

    def ask(sql, *params):
        with writer(home) as con:
            return con.execute(sql, params or None).fetchall()

    return ask


@pytest.fixture
def all_rows(home):
    """Return all rows of all tables that verdicts may touch."""
    return lambda: all_rows_of(home, LEFT_OUT)


def say(sinowire, *words):
    code, out, err = sinowire("verdicts", "add", *words)
    assert code == 0, err
    return out, err


def failed_checks(sinowire):
    made = json.loads(sinowire("checks", "--format", "json")[1])
    return [check["check"] for check in made if not check["ok"]]


def test_a_company_that_an_article_is_not_about_is_gone_and_comes_back(
    told, sinowire, asked, all_rows
):
    """No mention, no count, no topic that rests on it; undo leaves what was before."""
    lab, before = told(LAB), all_rows()
    assert asked(FOUND, lab) == [("baidu", "subject", "alias")]

    out, _ = say(sinowire, lab, "not-about", "baidu", "--why", "a cafe of that name")
    after = asked(FOUND, lab)
    counted = asked("select count(*) from company_coverage where article_id = ?", lab)
    failed = failed_checks(sinowire)
    code, undone, _ = sinowire("verdicts", "undo", "1")

    assert out == f"verdict 1: {lab} not-about baidu\n"
    assert (after, counted, failed) == ([], [(0,)], [])
    assert (code, undone) == (0, f"verdict 1 taken back: {lab} not-about baidu\n")
    assert all_rows() == before


def test_what_is_said_of_an_article_holds_through_retag_and_edits(
    told, home, sinowire, asked, all_rows, config
):
    """Each kind holds in what is stored, after a retag, and after its outlet edits it."""
    lab, pool, shop = map(told, (LAB, POOL, SHOP))
    before = all_rows()
    say(sinowire, pool, "about", "roborock")
    say(sinowire, lab, "not-topic", "robotics")
    say(sinowire, lab, "off-beat")
    say(sinowire, shop, "not-about", "baidu")
    say(sinowire, shop, "on-beat")

    def holds():
        # Once: on a lake it takes seconds to be let in.
        with writer(home) as con:
            found, topics, none, off, on = (
                con.execute(sql, [key]).fetchall()
                for sql, key in (
                    *((FOUND, pool), (TOPICS, lab), (FOUND, shop)),
                    *((BEAT, lab), (BEAT, shop)),
                )
            )
        assert found == [("roborock", "subject", "verdict")]
        assert topics == none == []
        assert off == [(0.0, False, "verdict: 3")]
        assert on == [(1.0, True, "verdict: 5")]

    holds()
    assert failed_checks(sinowire) == []
    retag(config(), dry_run=False, report=str, progress=str, everything=True)
    holds()
    edited = [{**line, "title": f"{line['title']} robot"} for line in LINES]
    assert sinowire("import", write_lines(home, edited))[0] == 0
    assert asked("select title from articles where article_id = ?", shop)[0][0] != SHOP
    holds()
    assert sinowire("import", write_lines(home, LINES))[0] == 0
    for number in (2, 5, 1, 4, 3):
        assert sinowire("verdicts", "undo", number)[0] == 0
    # What an import leaves besides.
    left = ("article_versions", "sightings", "computed_days")
    after = all_rows()
    assert {k: after[k] for k in after if k not in left} == {
        k: before[k] for k in before if k not in left
    }


def test_alerts_obey(told, asked, sinowire, received, web, subscribe):
    """No revision alerts of a company that the article is not about, as a reader said."""
    old = "Tue, 04 Aug 2026 09:00:00 GMT"
    web.feed("/good", ("https://y.example/1", "Weather in Baoding", old))
    subscribe("/good")
    assert sinowire("run", "--now", "2026-08-04T12:00Z")[0] == 0
    [(here,)] = asked("select article_id from articles where title like 'Weather%'")
    say(sinowire, here, "not-about", "roborock")

    web.feed("/good", ("https://y.example/1", "Roborock weather in Baoding", old))
    assert sinowire("run", "--now", "2026-08-04T13:00Z")[0] == 0
    assert received() == []


def test_the_list_has_all_that_was_said(told, sinowire):
    """Undone ones too, with who and why; controls and marks of direction are gone."""
    pool = told(POOL)
    say(sinowire, pool, "off-beat", "--why", "fire \u202eevil\x1b[31m", "--by", "Li\x07 Na")
    say(sinowire, pool, "on-beat")
    assert sinowire("verdicts", "undo", "1")[0] == 0

    rows = json.loads(sinowire("verdicts", "list", "--format", "json")[1])

    assert [*rows[0]] == [
        *("verdict_id", "made_at", "by", "subject_id", "kind", "value", "scope", "why"),
        "undone_at",
    ]
    assert [row["verdict_id"] for row in rows] == [2, 1]
    assert (rows[1]["why"], rows[1]["by"]) == ("fire evil [31m", "Li Na")
    assert (rows[0]["undone_at"], rows[1]["undone_at"] is None) == (None, False)
    assert rows[0]["by"]


REFUSED = (
    (("0" * 20, "off-beat"), "no article or story '0000"),
    (("\udcff", "off-beat"), "no article or story ''"),
    (("ID", "off-beet"), "did you mean 'off-beat'?"),
    (("ID", "nonsense"), "write one of not-about COMPANY, about COMPANY"),
    (("ID", "not-about"), "needs a value; write: sinowire verdicts add ID not-about"),
    (("ID", "off-beat", "baidu"), "takes no value"),
    (("ID", "not-about", "baidoo"), "did you mean 'baidu'?"),
    (("ID", "topic", "event:robotics"), "no topic or event 'event:robotics'"),
    (("ID", "wanted"), "is an article, but this verdict needs an alert"),
    (("ID", "one-event", "ID"), "needs two articles"),
    (("ID", "off-beat", "--scope", "all"), "write article or rule"),
    (("ID", "off-beat", "--why", "x" * 501), "shorten it to 500"),
)


def test_what_cannot_be_said_changes_nothing(told, sinowire, asked):
    """Exit 2 with a sentence that names what can be said."""
    pool = told(POOL)
    for words, said in REFUSED:
        given = (pool if word == "ID" else word for word in words)
        code, out, err = sinowire("verdicts", "add", *given)
        assert (code, out) == (2, "")
        assert said in err
    assert asked("select count(*) from verdict_log") == [(0,)]


def test_two_that_contradict(told, sinowire, asked):
    """The later stands and says which it holds over; what stands is not said again."""
    pool = told(POOL)
    say(sinowire, pool, "off-beat")
    out, _ = say(sinowire, pool, "on-beat")
    again, _ = say(sinowire, pool, "on-beat")

    assert out.endswith("on-beat; it holds over verdict 1, which said the contrary\n")
    assert again == f"verdict 2 stands already: {pool} on-beat\n"
    assert asked(BEAT, pool) == [(1.0, True, "verdict: 2")]
    assert sinowire("verdicts", "undo", "2")[0] == 0
    assert asked(BEAT, pool) == [(0.0, False, "verdict: 1")]
    assert "taken back on 20" in sinowire("verdicts", "undo", "2")[2]
    assert (
        "no verdict 9; see: sinowire verdicts list" in sinowire("verdicts", "undo", "9")[2]
    )


def test_why_names_the_verdict(told, sinowire):
    """Whoever asks why an article is tagged so reads which verdict decided it."""
    lab, pool = told(LAB), told(POOL)
    say(sinowire, lab, "not-about", "baidu")
    say(sinowire, lab, "not-topic", "robotics")
    say(sinowire, lab, "off-beat")
    say(sinowire, pool, "about", "roborock")

    made = json.loads(sinowire("watchlist", "why", lab, "--format", "json")[1])
    table = sinowire("watchlist", "why", pool)[1]

    assert made["companies"] == []
    assert [t["why"] for t in made["topics"]] == ["a reader said so (verdict: 2)"]
    assert [t["kept"] for t in made["topics"]] == [False]
    assert (made["beat"]["on_beat"], made["beat"]["reason"]) == (False, "verdict: 3")
    assert [v[0] for v in made["verdicts"]] == [1, 2, 3]
    assert "a reader said so (verdict: 4)" in table
    said = sinowire("watchlist", "why-not", lab, "baidu")[1]
    assert said.startswith("verdict: 1 says that it is not about baidu\n")


EVENT = (
    {"url": "https://z.example/1", "title": "Roborock opens a plant in Brazil"},
    {"url": "https://z.example/2", "title": "Roborock opens a plant in Brazil"},
    {"url": "https://z.example/3", "title": "Baidu fined over maps by a court"},
    {"url": "https://z.example/4", "title": "Court fines Baidu over its maps"},
)
STORIES = "select article_id, story_id from articles order by all"


@pytest.fixture
def plants(home, told, asked, import_once):
    """Two stories of two articles, a day apart; returns their ids by number."""
    lines = [
        {**line, "publisher": f"P{n}", "published": f"2026-08-04T1{n}:00Z"}
        for n, line in enumerate(EVENT)
    ]
    import_once("plants", write_lines(home, lines))
    ids = asked("select article_id from articles where url like '%z.example%' order by url")
    return [key for (key,) in ids]


def parts(asked, ids):
    """Return which of *ids* are together, by number."""
    stories = dict(asked(STORIES))
    told = {}
    for n, key in enumerate(ids):
        told.setdefault(stories[key], []).append(n)
    return sorted(told.values())


def test_two_events_in_one_story_are_parted_and_one_event_is_joined(
    plants, sinowire, asked, all_rows, config
):
    """Stories, counts and links follow, through retag; undo in any order is exact."""
    before = all_rows()
    assert parts(asked, plants) == [[0, 1], [2, 3]]
    was = dict(asked(STORIES))

    say(sinowire, plants[0], "not-one-event", plants[1])
    assert parts(asked, plants) == [[0], [1], [2, 3]]
    alone = dict(asked(STORIES))[plants[1]]
    say(sinowire, was[plants[2]], "one-event", plants[1])
    assert parts(asked, plants) == [[0], [1, 2, 3]]
    assert failed_checks(sinowire) == []
    retag(config(), dry_run=False, report=str, progress=str, everything=True)
    assert parts(asked, plants) == [[0], [1, 2, 3]]
    shown = sinowire("stories", "show", alone, "--format", "json")
    assert {row["article_id"] for row in json.loads(shown[1])} == set(plants[1:])

    assert sinowire("verdicts", "undo", 1)[0] == 0
    assert parts(asked, plants) == [[0, 1, 2, 3]]
    assert sinowire("verdicts", "undo", 2)[0] == 0
    assert all_rows() == before
    shown = sinowire("stories", "show", alone, "--format", "json")
    assert {row["article_id"] for row in json.loads(shown[1])} == set(plants[:2])
    out, _ = say(sinowire, alone, "off-beat")
    assert out == f"verdict 5: {plants[1]} off-beat\n"


def test_stories_that_are_apart_do_not_become_one_again(plants, home, sinowire, asked):
    """A third article that is like both joins one of them."""
    say(sinowire, plants[0], "not-one-event", plants[1])
    line = {**EVENT[0], "url": "https://z.example/9", "published": "2026-08-04T19:00Z"}
    assert sinowire("import", write_lines(home, [line]))[0] == 0
    assert parts(asked, plants) == [[0], [1], [2, 3]]
    assert asked("select count(*) from stories") == [(6,)]


ALERTS = "select * exclude (phase_at) from alerts order by all"


def test_alerts_follow_their_stories(home, sinowire, web, subscribe, asked, received):
    """Of two first alerts of a rule on one event the later is an update; undo is exact.

    A label on an alert is kept, and an alert is told no second time.
    """
    at = "Tue, 04 Aug 2026 11:0{}:00 GMT"
    web.feed("/good", ("https://y.example/0", "Weather in Baoding", at.format(0)))
    subscribe("/good")
    assert sinowire("run", "--now", "2026-08-04T12:00Z")[0] == 0
    news = ("Baidu opens a robot lab in Brazil", "Court fines Baidu over its maps")
    items = [(f"https://y.example/{n}", t, at.format(n)) for n, t in enumerate(news, 1)]
    web.feed("/good", *items)
    assert sinowire("run", "--now", "2026-08-04T13:00Z")[0] == 0
    first, last = (
        key
        for (key,) in asked(
            "select article_id from articles where url like '%/_' and "
            "title like '%Baidu%' order by url"
        )
    )
    before = asked(ALERTS)
    assert len(before) == len(received()) == 2

    say(sinowire, first, "one-event", last)
    told = "select updates_alert_id is null, step from alerts order by all"
    assert asked(told) == [(False, "merged"), (True, "")]
    assert len(dict.fromkeys(asked("select story_id from alerts"))) == 1
    assert failed_checks(sinowire) == []
    alert_id = before[0][0]
    out, _ = say(sinowire, alert_id, "unwanted", "--why", "seen it")
    assert out == f"verdict 2: {alert_id} unwanted\n"

    assert sinowire("verdicts", "undo", 1)[0] == 0
    assert asked(ALERTS) == before
    assert asked("select count(*) from alert_bases") == [(0,)]
    assert sinowire("run", "--now", "2026-08-04T14:00Z")[0] == 0
    assert len(received()) == 2


def test_a_headline_speaks_for_its_story(plants, sinowire, asked, all_rows, config):
    """The last one chosen, through retag; undone, the one before, and then the first."""
    before = all_rows()

    def shown():
        return asked("select headline from stories where articles = 2 order by all")

    was = [(EVENT[2]["title"],), (EVENT[0]["title"],)]
    assert shown() == was
    say(sinowire, plants[3], "headline")
    assert shown() == [(EVENT[3]["title"],), was[1]]
    say(sinowire, plants[2], "headline")
    assert shown() == was
    assert sinowire("verdicts", "undo", 2)[0] == 0
    retag(config(), dry_run=False, report=str, progress=str, everything=True)
    assert shown() == [(EVENT[3]["title"],), was[1]]
    assert failed_checks(sinowire) == []
    assert sinowire("verdicts", "undo", 1)[0] == 0
    assert all_rows() == before


def test_export_and_import(plants, home, sinowire, asked, all_rows, tmp_path):
    """What stands goes from one home to another whole, and by whom says that it came so."""
    say(sinowire, plants[0], "off-beat", "--by", "=cmd|' /C calc'!A0", "--why", "an ad")
    say(sinowire, plants[1], "not-about", "roborock", "--by", "Li Na")
    say(sinowire, plants[2], "one-event", plants[1])
    assert sinowire("verdicts", "undo", 2)[0] == 0
    file = tmp_path / "said.jsonl"
    assert sinowire("verdicts", "export", file)[0] == 0
    assert "exists already" in sinowire("verdicts", "export", file)[2]
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert [line["verdict_id"] for line in lines] == [1, 2, 3]
    assert "'=cmd" in sinowire("verdicts", "list", "--format", "csv")[1]
    for number in (1, 3):
        assert sinowire("verdicts", "undo", number)[0] == 0
    before = all_rows()

    code, _, err = sinowire("verdicts", "import", file, "--dry-run", "--format", "json")
    assert (code, "2 verdicts would be taken; 0 stood already" in err) == (0, True)
    assert all_rows() == before
    assert sinowire("verdicts", "import", file)[0] == 0
    assert "0 verdicts taken; 2 stood already" in sinowire("verdicts", "import", file)[2]
    stands = 'select kind, value, "by" from verdicts where undone_at is null order by 1'
    assert asked(stands) == [
        ("off-beat", "", "=cmd|' /C calc'!A0 via import"),
        ("one-event", plants[1], f"{lines[2]['by']} via import"),
    ]
    assert parts(asked, plants) == [[0, 1, 2, 3]]


def test_what_one_file_says_twice_is_said_once(plants, sinowire, asked, all_rows, tmp_path):
    """Equal lines are one verdict, also on a headline, and undo of it leaves nothing."""
    before = all_rows()
    said = ("off-beat", plants[0]), ("headline", plants[3]), ("headline", plants[1])
    lines = [{"subject_id": key, "kind": kind} for kind, key in said] * 200
    file = tmp_path / "said.jsonl"
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")

    dry = sinowire("verdicts", "import", file, "--dry-run")[2]
    err = sinowire("verdicts", "import", file)[2]

    assert "3 verdicts would be taken; 597 stood already" in dry
    assert "3 verdicts taken; 597 stood already" in err
    rows = asked("select kind, subject_id from verdict_log order by verdict_id")
    assert rows == list(said)
    assert say(sinowire, plants[3], "headline")[0].startswith("verdict 2 stands already")
    for number in (1, 2, 3):
        assert sinowire("verdicts", "undo", number)[0] == 0
    assert all_rows() == before


def test_a_headline_is_chosen_again_after_stories_were_joined(
    plants, sinowire, asked, tmp_path
):
    """What the line between joins counts: the last word on the whole story stands."""
    said = (
        {"subject_id": plants[0], "kind": "headline"},
        {"subject_id": plants[3], "kind": "headline"},
        {"subject_id": plants[0], "kind": "one-event", "value": plants[3]},
        {"subject_id": plants[0], "kind": "headline"},
    )
    file = tmp_path / "said.jsonl"
    file.write_text("".join(f"{json.dumps(line)}\n" for line in said), encoding="utf-8")
    assert "4 verdicts taken; 0 stood already" in sinowire("verdicts", "import", file)[2]
    shown = "select headline from stories where articles = 4"
    assert asked(shown) == [(EVENT[0]["title"],)]
    out, _ = say(sinowire, plants[3], "headline")
    assert "it holds over verdict 4, which said the contrary" in out
    assert asked(shown) == [(EVENT[3]["title"],)]


def test_undo_takes_back_all_that_say_the_same(told, home, sinowire, asked, all_rows):
    """Stored twice by an older sinowire, they go together; what stands on is named."""
    pool, before = told(POOL), all_rows()
    kinds = ("off-beat", "off-beat", "on-beat", "off-beat", "off-beat")
    given = [GivenVerdict(subject_id=pool, kind=kind, by="ann") for kind in kinds]
    with writer(home) as con:
        verdict_store.append(con, given, NOW)

    _, last, _ = sinowire("verdicts", "undo", 5)
    judged = asked(BEAT, pool)
    _, first, _ = sinowire("verdicts", "undo", 1)
    again = sinowire("verdicts", "undo", 2)
    _, rest, _ = sinowire("verdicts", "undo", 3)

    what = f"verdict 5 taken back, and 4, which said the same: {pool} off-beat"
    assert last == f"{what}; verdict 3 stands: {pool} on-beat\n"
    assert judged == [(1.0, True, "verdict: 3")]
    what = f"verdict 1 taken back, and 2, which said the same: {pool} off-beat"
    assert first == f"{what}; verdict 3 stands: {pool} on-beat\n"
    assert (again[0], "verdict 2 was taken back on" in again[2]) == (2, True)
    assert rest == f"verdict 3 taken back: {pool} on-beat\n"
    assert all_rows() == before


BAD_LINES = (
    ({"kind": "off-beat"}, "it has no subject_id"),
    ({"subject_id": "\ud800", "kind": "off-beat"}, "no article or story"),
    ({"subject_id": 7, "kind": "off-beat"}, "subject_id is not a text in quotes"),
    ({"subject_id": "ID", "kind": ["off-beat"]}, "kind is not a text in quotes"),
    ({"subject_id": "ID", "kind": "undo"}, "no kind of verdict 'undo'"),
    ({"subject_id": "0" * 20, "kind": "off-beat"}, "no article or story"),
    ({"subject_id": "ID", "kind": "off-beat", "scope": "rule"}, "would change the watch"),
    ({"subject_id": "ID", "kind": "off-beat", "sql": "drop"}, '"sql" is not a field'),
    ({"subject_id": "ID", "kind": "off-beat", "why": "y" * 501}, "shorten it to 500"),
    (["off-beat"], "not a JSON object"),
)


def test_an_import_is_taken_whole_or_not_at_all(told, sinowire, all_rows, asked, tmp_path):
    """Each thing that a line may have wrong has a sentence with file and line."""
    pool, before = told(POOL), all_rows()
    good = {"subject_id": pool, "kind": "off-beat", "why": "<script>\u202e", "value": None}
    for bad, said in BAD_LINES:
        line = {**bad, "subject_id": pool} if "ID" in str(bad) else bad
        file = tmp_path / "said.jsonl"
        file.write_text(f"{json.dumps(good)}\n{json.dumps(line)}\n", encoding="utf-8")
        code, _, err = sinowire("verdicts", "import", file)
        assert (code, f"{file}:2: " in err, said in err) == (2, True, True), err
    assert all_rows() == before
    assert asked("select count(*) from verdict_log") == [(0,)]
    file.write_text(json.dumps(good), encoding="utf-8")
    assert sinowire("verdicts", "import", file)[0] == 0
    assert asked('select why, "by" from verdicts') == [("<script>", "via import")]


KILLED = """
import os, signal, sys
from flows.steps import apply_verdicts
apply_verdicts.find_anew = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
sys.argv = ["sinowire", "verdicts", "add", *sys.argv[1:]]
from flows.console.cli import main
main()
"""


def test_killed_in_between_nothing_is_half_said(told, sinowire, all_rows, asked):
    """Neither the verdict nor what it changes is there, and it can be said anew."""
    pool, before = told(POOL), all_rows()
    made = subprocess.run(
        [sys.executable, "-c", KILLED, pool, "off-beat"], env={**os.environ}, check=False
    )
    assert made.returncode == -9
    assert all_rows() == before
    assert asked("select count(*) from verdict_log") == [(0,)]
    out, _ = say(sinowire, pool, "off-beat")
    assert out == f"verdict 1: {pool} off-beat\n"


def test_a_verdict_waits_for_its_turn_and_says_so(told, home, sinowire, monkeypatch):
    """While another has it, it waits; where that is too long, it says whom for."""
    pool = told(POOL)
    monkeypatch.setenv("SINOWIRE_WRITER_WAIT_SECONDS", "1.2")
    with writer(home, command="sinowire hold"):
        code, _, err = sinowire("verdicts", "add", pool, "off-beat")
    assert code == 1
    assert err.startswith("waiting for `sinowire hold`")
    assert "wait for it to end, or stop it, and try again" in err
    assert say(sinowire, pool, "off-beat")[0].startswith("verdict 1: ")


MANY = """
import sys
from flows.home import load_config
from flows.settings import load_settings
from flows.steps.apply_verdicts import apply_verdicts
from transforms.models.verdicts import GivenVerdict

who, subject_id = sys.argv[1:]
config = load_config(load_settings())
for n in range(8):
    kind = ("on-beat", "off-beat")[n % 2]
    one = GivenVerdict(subject_id=subject_id, kind=kind, by=who, why=f"word {n}")
    apply_verdicts(config, [one])
"""


@pytest.mark.long
def test_whoever_speaks_at_once_is_heard_in_turn(told, asked):
    """Commands that come as fast as they can wait for each other; none is lost."""
    started = [
        subprocess.Popen([sys.executable, "-c", MANY, who, told(title)], env={**os.environ})
        for who, title in (("ann", LAB), ("li", POOL))
    ]
    assert [each.wait() for each in started] == [0, 0]
    rows = asked('select verdict_id, "by", why from verdicts order by verdict_id')
    assert [number for number, _, _ in rows] == list(range(1, 17))
    for who in ("ann", "li"):
        assert [why for _, by, why in rows if by == who] == [f"word {n}" for n in range(8)]


def test_a_thousand_at_once(told, sinowire, asked, tmp_path):
    """They are one transaction and one publication; the last word of each stands."""
    ids = [told(title) for title in (LAB, POOL, SHOP)]
    kinds = ("off-beat", "on-beat")
    lines = [
        {"subject_id": ids[n % 3], "kind": kinds[n // 3 % 2], "why": f"word {n}"}
        for n in range(1_000)
    ]
    file = tmp_path / "many.jsonl"
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    assert sinowire("verdicts", "import", file)[0] == 0
    assert asked("select count(*), max(verdict_id) from verdicts") == [(1_000, 1_000)]
    assert [asked(BEAT, id_) for id_ in ids] == [
        [(1.0, True, "verdict: 1000")],
        [(0.0, False, "verdict: 998")],
        [(0.0, False, "verdict: 999")],
    ]


def test_verdicts_survive_backup_restore_and_export(plants, home, sinowire, asked):
    """What was said, and what stood before it, is in each copy; an export has the view."""
    say(sinowire, plants[0], "not-one-event", plants[1])
    say(sinowire, plants[2], "not-about", "baidu")
    before = asked(STORIES), asked("from verdict_log order by all"), parts(asked, plants)
    backup = home / "b.duckdb"
    assert sinowire("backup", backup)[0] == 0
    assert sinowire("verdicts", "undo", 1)[0] == 0
    assert sinowire("restore", "--force", backup)[0] == 0
    after = asked(STORIES), asked("from verdict_log order by all"), parts(asked, plants)
    assert after == before
    assert sinowire("verdicts", "undo", 1)[0] == 0
    assert parts(asked, plants) == [[0, 1], [2, 3]]

    folder = home / "exported"
    assert sinowire("export", folder, "--format", "jsonl")[0] == 0
    lines = (folder / "verdicts.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["kind"] for line in lines] == ["not-one-event", "not-about"]
    assert not (folder / "story_bases.jsonl").exists()


def renamed(home, former):
    """Give an article another id, which is returned."""
    now = "ab" * 10
    with writer(home) as con:
        con.execute("insert into article_merges values (?, ?, now())", [former, now])
        for table in ("articles", "mentions", "tags", "headline_facts", "coverage"):
            con.execute(
                f"update {table} set article_id = ? where article_id = ?", [now, former]
            )
        con.execute(
            "update seen set key = md5(?)::uuid where key = md5(?)::uuid", [now, former]
        )
    return now


def test_a_headline_is_chosen_again_after_another_whose_id_was_given_up(
    plants, home, sinowire, asked
):
    """The last word on a story is found by whichever id its article had."""
    for chosen in (1, 0):
        say(sinowire, plants[chosen], "headline")
    renamed(home, plants[0])
    out, _ = say(sinowire, plants[1], "headline")
    assert "it holds over verdict 2, which said the contrary" in out
    shown = (
        "select headline from stories join articles using (story_id) where article_id = ?"
    )
    assert asked(shown, plants[1]) == [(EVENT[1]["title"],)]


def test_an_id_that_was_given_up_is_that_of_today(plants, home, sinowire, asked):
    """A verdict follows its article into another id, and may be given by the former one."""
    say(sinowire, plants[0], "off-beat")
    former, now = plants[0], renamed(home, plants[0])
    assert sinowire("retag", "--all")[0] == 0
    assert asked(BEAT, now) == [(0.0, False, "verdict: 1")]
    out, _ = say(sinowire, former, "on-beat")
    assert out.startswith(f"verdict 2: {now} on-beat")


@pytest.mark.lake
@pytest.mark.long
def test_a_lake_keeps_what_was_said_on_either_host(
    plants, home, lake, settings_of_lake, sinowire, tmp_path
):
    """Moved there with the rest, obeyed and taken back by another host."""
    say(sinowire, plants[0], "not-one-event", plants[1])
    settings_of_lake(lake)
    code, _, err = sinowire("move", "lake")
    assert code == 0, err
    other = tmp_path / "other"
    other.mkdir()
    for file in home.glob("*.toml"):
        shutil.copy(file, other / file.name)

    say(sinowire, plants[2], "off-beat", "--home", str(other))
    say(sinowire, plants[1], "one-event", plants[2])

    def published(sql):
        with closing(open_published(home / "data" / PUBLISHED_NAME)) as con:
            return con.execute(sql).fetchall()

    beat = f"select is_on_beat from articles where article_id = '{plants[2]}'"
    assert len(published("from verdicts")) == 3
    assert published(beat) == [(False,)]
    assert sinowire("verdicts", "undo", 1, "--home", str(other))[0] == 0
    assert sinowire("verdicts", "undo", 3)[0] == 0
    assert sinowire("verdicts", "undo", 2)[0] == 0
    stories = dict(published(STORIES))
    assert len({stories[key] for key in plants}) == 2


ACT = "US bans exports of AI chips to Baidu"
ACT_ZH = "美国对百度实施AI芯片出口管制"
TALKS = "Baidu in talks to sell its maps unit, sources say"
OF_ACT = "select measure_id, side, status, len(stories) from measures order by all"
OF_CLAIM = "select claim_id, basis, outcome from claims"


@pytest.fixture
def ledger(told, home, asked, import_once):
    """An act of which two stories tell, and a claim; returns the ids by their headlines."""
    times = {
        ACT: "2026-08-04T09:00Z",
        ACT_ZH: "2026-08-05T19:00Z",
        TALKS: "2026-08-08T10:00Z",
    }
    lines = (
        {
            "url": f"https://l.example/{n}",
            "title": title,
            "published": at,
            "publisher": "D",
            "language": "zh" if title == ACT_ZH else "en",
        }
        for n, (title, at) in enumerate(times.items())
    )
    import_once("of-the-ledger", write_lines(home, lines))
    return dict(asked("select title, article_id from articles"))


def test_the_ledger_obeys(ledger, home, sinowire, asked, tmp_path):
    """Side and status of an act, basis and outcome of a claim; also by a retag."""
    act, claim = f"m{ledger[ACT]}", f"c{ledger[TALKS]}"
    before = asked(OF_ACT), asked(OF_CLAIM)
    assert before == ([(act, "us", "decided", 2)], [(claim, "unnamed", "open")])

    out, _ = say(sinowire, act, "side", "eu")
    say(sinowire, ledger[ACT_ZH], "status", "proposed")
    say(sinowire, claim, "outcome", "denied")
    said = asked(OF_ACT), asked(OF_CLAIM)
    assert out == (
        f"verdict 1: {ledger[ACT]} side eu\nverdict 2: {ledger[ACT_ZH]} side eu\n"
    )
    assert said == (
        [(act, "eu", "decided", 1), (f"m{ledger[ACT_ZH]}", "eu", "proposed", 1)],
        [(claim, "unnamed", "denied")],
    )
    assert sinowire("retag", "--all")[0] == 0
    assert (asked(OF_ACT), asked(OF_CLAIM)) == said

    file = tmp_path / "said.jsonl"
    assert sinowire("verdicts", "export", file)[0] == 0
    for number in (1, 2, 3, 4):
        assert sinowire("verdicts", "undo", number)[0] == 0
    assert (asked(OF_ACT), asked(OF_CLAIM)) == before
    assert sinowire("verdicts", "import", file)[0] == 0
    assert (asked(OF_ACT), asked(OF_CLAIM)) == said

    out, _ = say(sinowire, act, "side", "us")
    assert "it holds over verdict 9, which said the contrary" in out
    say(sinowire, act, "not-measure")
    say(sinowire, claim, "basis", "company")
    assert asked(OF_ACT) == [(f"m{ledger[ACT_ZH]}", "eu", "proposed", 1)]
    assert asked(OF_CLAIM) == [(claim, "company", "denied")]


def test_of_the_ledger_only_what_it_knows_can_be_said(ledger, sinowire, asked):
    """Exit 2, with what can be said."""
    for words, said in (
        ((f"m{ledger[ACT]}", "side", "mars"), "no side 'mars'; write one of cn, us"),
        ((f"m{ledger[ACT]}", "status"), "needs a value; write: sinowire verdicts add ID"),
        ((f"m{ledger[ACT]}", "not-measure", "us"), "takes no value"),
        ((ledger[POOL], "side", "us"), "reports no measure; see: sinowire sql"),
        ((ledger[POOL], "basis", "company"), "reports no claim"),
        ((f"m{'0' * 20}", "side", "us"), "no article or story"),
    ):
        code, out, err = sinowire("verdicts", "add", *words)
        assert (code, out) == (2, "")
        assert said in err
    assert asked("select count(*) from verdict_log") == [(0,)]


def test_scope_rule_changes_the_watchlist_and_shows_what_goes(told, home, sinowire, asked):
    """Of not-about alone; what else the rule changes is printed, and it is so on record."""
    shop = told(SHOP)
    code, _, err = sinowire("verdicts", "add", shop, "off-beat", "--scope", "rule")
    assert (code, "scope rule works with not-about and not-topic alone" in err) == (2, True)
    before = (home / "watchlist.toml").read_text("utf-8")

    out, err = say(sinowire, shop, "not-about", "baidu", "--scope", "rule")

    assert "that are stored would go" in out
    assert out.endswith(f"verdict 1: {shop} not-about baidu\n")
    assert "retag --dry-run" in err
    assert (home / "watchlist.toml").read_text("utf-8") != before
    assert asked("select scope from verdicts") == [("rule",)]
    assert asked(FOUND, shop) == []
    assert "take the exclusion out" in sinowire("verdicts", "undo", 1)[2]
    assert asked(FOUND, shop) == []


def test_a_verdict_needs_no_alert_rules(home, sinowire):
    """A click is applied where alerts.toml is being edited, and wrong."""
    line = {"url": "https://x.example/1", "title": "Dutch school buys a robot"}
    (home / "h.jsonl").write_text(json.dumps(line), encoding="utf-8")
    assert sinowire("import", home / "h.jsonl")[0] == 0
    (row,) = json.loads(sinowire("sql", "from articles", "--format", "json")[1])
    (home / "alerts.toml").write_text("[rule.x]\ntopic = 1\n", encoding="utf-8")

    assert sinowire("verdicts", "add", row["article_id"], "on-beat")[0] == 0

    [tag] = json.loads(sinowire("sql", "from tags", "--format", "json")[1])
    assert tag["topic_id"] == "robotics"
