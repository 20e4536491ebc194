"""One story, one alert: then what is new of it, until it is over."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from either_kind import publish

from flows.steps.backtest import backtest
from flows.steps.cycle import run
from flows.steps.summary import clock_at
from flows.steps.trends import watch
from flows.steps.upkeep.retag import retag
from warehouse.file.connect import open_published

pytestmark = pytest.mark.slow

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
CHANNEL = '\n[channel.file]\ntype = "file"\npath = "alerts.jsonl"\n'
RULE = """
[rule.giants]
companies = ["baidu", "roborock"]
updates = { publishers = [3], languages = true }
channels = ["file"]
"""
HEADLINE = "Baidu to buy livestreaming platform YY for $2.1 billion"
FEEDS = ("/one", "/two", "/three", "/four")


def quiet(_message):
    pass


def item(path, headline, at):
    name = path.strip("/")
    return f"https://{name}.example/{abs(hash(headline))}", headline, format_datetime(at)


@pytest.fixture
def tell(web, subscribe, config, home):
    """Let outlets tell things at a moment, and run; all were polled before."""
    told = {path: [item(path, f"Weather of {path} is fine", NOW)] for path in FEEDS}
    for path, items in told.items():
        web.feed(path, *items)
    subscribe(*FEEDS)
    (home / "alerts.toml").write_text(RULE + CHANNEL, encoding="utf-8")
    run(config(), now=NOW, report=quiet, progress=quiet)

    def at(hours, headlines):
        now = NOW + hours * HOUR
        for path, headline in headlines.items():
            told[path].append(item(path, headline, now))
            web.feed(path, *told[path])
        return run(config(), now=now, report=quiet, progress=quiet)

    return at


@pytest.fixture
def alerts(home):
    """Return columns of the alerts, in order of arrival."""

    def rows(columns):
        publish(home)
        with contextlib.closing(open_published(home / "data" / "sinowire.duckdb")) as con:
            return con.execute(
                f"select {columns} from alerts order by created_at, alert_id"
            ).fetchall()

    return rows


def test_story_is_alerted_once_and_updated_at_its_steps(tell, alerts, received):
    """Two outlets are one alert; the third is worth another word, the fourth is not."""
    tell(1, {"/one": HEADLINE, "/two": HEADLINE})
    tell(2, {"/three": HEADLINE})
    tell(3, {"/four": HEADLINE})

    [first, update] = alerts("alert_id, updates_alert_id, step, phase, publishers, state")
    assert first[1:] == (None, "", "updated", 2, "delivered")
    assert update[1:] == (first[0], "publishers:3", None, 3, "delivered")
    assert [line["alert"]["alert_id"] for line in received()] == [first[0], update[0]]


def test_alert_grows_old_with_its_story(tell, alerts):
    """A day without news and it cools; two more and it is resolved, and updated no more."""
    tell(1, {"/one": HEADLINE})
    phases = []
    for hours in (2, 26, 74):
        tell(hours, {"/two": f"Weather at {hours} is fine"})
        phases += alerts("phase")
    tell(75, {"/three": HEADLINE, "/four": HEADLINE})

    assert phases == [("fired",), ("cooled",), ("resolved",)]
    assert [step for (step,) in alerts("step")][:1] == [""]
    assert ("publishers:3",) not in alerts("step")


def test_news_of_a_cooled_story_wakes_it(tell, alerts):
    """What comes a day later and reaches a step is told, and the alert is updated."""
    tell(1, {"/one": HEADLINE, "/two": HEADLINE})
    tell(26, {"/one": "Weather is still fine"})
    tell(27, {"/three": HEADLINE})

    assert alerts("phase, step") == [("updated", ""), (None, "publishers:3")]


TURN = "Baidu sues a rival that copied Ernie 5.5"


def test_an_affair_is_told_once_and_its_turn_as_an_update(tell, alerts, received):
    """Stories of one matter are one thread, also after its alert has been resolved."""
    tell(1, {"/one": "Baidu releases Ernie 5.5"})
    tell(75, {"/four": "Weather is fine once more"})
    resolved = alerts("phase")
    tell(76, {"/two": TURN})
    tell(77, {"/one": TURN, "/three": TURN})

    first, turn, update = alerts("alert_id, updates_alert_id, step, phase, state, story_id")
    assert resolved == [("resolved",)]
    assert first[1:5] == (None, "", "updated", "delivered")
    assert turn[1:5] == (first[0], "turn", None, "delivered")
    assert update[1:5] == (first[0], "publishers:3", None, "delivered")
    assert first[5] != turn[5] == update[5]
    follows = [line["alert"]["follows"] for line in received()]
    assert follows == [None, "Baidu releases Ernie 5.5", None]


LEDGER = """
[rule.controls]
measure = { side = "us", instrument = ["entity-list", "export-control"], target = "cn" }
channels = ["file"]

[rule.rumours]
companies = ["baidu"]
terms = ["sources"]
channels = ["file"]
"""
ACT = "US adds 14 Chinese chip firms to entity list"
RUMOUR = "Baidu in talks to buy chip start-up Biren for $2 billion, sources say"
DENIAL = "Baidu denies it is in talks to buy chip start-up Biren"


def test_acts_of_states_and_what_became_of_a_rumour(tell, alerts, received, home, config):
    """No company is needed; a denial three days later is told once, and not by a retag."""
    (home / "alerts.toml").write_text(LEDGER + CHANNEL, encoding="utf-8")
    tell(1, {"/one": ACT, "/two": "Beijing bans exports of gallium to the US"})
    tell(2, {"/three": RUMOUR})
    tell(74, {"/four": DENIAL})
    tell(75, {"/one": DENIAL})
    retag(config(), dry_run=False, report=quiet, progress=quiet, everything=True)
    tell(77, {"/two": DENIAL})

    act, rumour, denial = alerts(
        "rule_id, title, story_id, updates_alert_id, alert_id, step"
    )
    assert (act[:2], rumour[:2]) == (("controls", ACT), ("rumours", RUMOUR))
    assert denial[:4] == ("rumours", DENIAL, rumour[2], rumour[4])
    assert denial[5] == f"denied:c{rumour[2].removeprefix('s')}"
    told = [line["alert"]["claim"] for line in received()]
    assert told[:2] == [None, None]
    assert (told[2]["outcome"], told[2]["title"]) == ("denied", RUMOUR)
    text = received()[2]["text"].splitlines()
    assert text[1].startswith(
        "update: what you were told on Tuesday, 4 Aug 2026 was denied"
    )
    assert text[2] == told[2]["url"] == received()[1]["alert"]["url"]
    with contextlib.closing(open_published(home / "data" / "sinowire.duckdb")) as con:
        past, _ = backtest(con, config(), since=NOW - HOUR)
    assert [(row["rule_id"], row["alerts"], row["updates"]) for row in past] == [
        ("controls", 1, 0),
        ("rumours", 1, 0),
        ("rumours", 0, 1),
    ]


SILENCE = """
[rule.silent]
kind = "silence"
channels = ["file"]

[rule.asleep]
kind = "silence"
pipeline = "3h"
channels = ["file"]
"""


@pytest.fixture
def watched(home, tell):
    """A home whose rules watch feeds and the pipeline."""
    (home / "alerts.toml").write_text(SILENCE + CHANNEL, encoding="utf-8")
    return tell


def test_feed_that_fails_and_comes_back_is_told_both(web, watched, alerts, received):
    """A source gone silent is an alert; its return names the alert that it ends."""
    good = web.pages["/one"]
    web.page("/one", status=404)
    watched(1, {})
    watched(2, {})
    web.pages["/one"] = good
    watched(3, {})
    watched(4, {})

    [gone, back] = alerts("feed_id, kind, step, phase, state")
    assert gone == ("one", "silence", "", "resolved", "delivered")
    assert back == ("one", "silence", "back", None, "delivered")
    titles = [line["alert"]["title"] for line in received()]
    assert "fell silent (failing)" in titles[0]
    assert titles[1].endswith("is back")


def test_return_reaches_a_channel_that_hears_of_a_story_once(web, home, watched, received):
    """A silence is of no story; who was told of it is told of its end."""
    (home / "alerts.toml").write_text(SILENCE + CHANNEL + "once = true\n")
    good = web.pages["/one"]
    web.page("/one", status=404)
    watched(1, {})
    web.pages["/one"] = good
    watched(2, {})

    assert [line["alert"]["step"] for line in received()] == [None, "back"]


def test_feed_that_is_switched_off_is_not_said_to_be_back(
    web, home, watched, alerts, received
):
    """It does not speak again: nobody listens."""
    web.page("/one", status=404)
    watched(1, {})
    feeds = (home / "feeds.toml").read_text()
    (home / "feeds.toml").write_text(
        feeds.replace("[feed.one]", "[feed.one]\nenabled = false")
    )
    watched(2, {})

    assert alerts("phase") == [("resolved",)]
    assert len(received()) == 1


def test_silence_under_a_clock_that_went_back_is_one_alert(web, watched, alerts):
    """What was resolved in a pretended future does not hide what goes on."""
    good = web.pages["/one"]
    web.page("/one", status=404)
    watched(100, {})
    web.pages["/one"] = good
    watched(101, {})
    web.page("/one", status=404)
    watched(3, {})
    watched(4, {})

    assert alerts("step, phase").count(("", "fired")) == 1


def test_feed_that_was_quiet_when_it_was_added_has_not_fallen_silent(
    web, watched, subscribe, config, alerts
):
    """An archive stays one; a feed that spoke while we listened, and stopped, is news."""
    old = NOW - timedelta(days=90)
    web.feed("/archive", item("/archive", "Weather was fine", old))
    subscribe(*FEEDS, "/archive")

    for hours in (1, 2, 15, 30, 45, 60):
        watched(hours, {"/one": f"Weather at {hours} is fine", "/two": f"Rain at {hours}"})
    watched(130, {"/two": "Rain again"})

    fallen = {feed for (feed,) in alerts("feed_id")}
    assert "one" in fallen
    assert "archive" not in fallen


def test_feed_that_never_answered_has_not_fallen_silent(web, home, config, alerts):
    """A wrong address is for `feeds health` to tell; nothing was lost there."""
    (home / "alerts.toml").write_text(SILENCE + CHANNEL, encoding="utf-8")
    (home / "feeds.toml").write_text(f'[feed.lost]\nurl = "{web.url}/lost"\n')
    for hours in range(3):
        run(config(), now=NOW + hours * HOUR, report=quiet, progress=quiet)

    assert alerts("title") == []


def test_pipeline_that_stopped_is_told_by_who_delivers(watched, config, alerts):
    """No run is needed to notice that there is none."""
    late = clock_at(NOW + 4 * HOUR)

    [alert] = watch(config(), late, report=quiet)
    again = watch(config(), late, report=quiet)
    watched(5, {})

    assert alert.rule_id == "asleep"
    assert alert.title == "No run of the pipeline has ended well since 2026-08-04 12:00 UTC"
    assert again == []
    assert alerts("step, phase") == [("", "resolved"), ("back", None)]


def test_gap_that_nobody_could_tell_of_is_one_alert(watched, config, alerts):
    """The machine slept: the first run afterwards says from when to when."""
    watched(9, {})
    for _ in range(2):
        watch(config(), clock_at(NOW + 9.5 * HOUR), report=quiet)
    watched(10, {})

    [(title, phase)] = alerts("title, phase")
    assert phase == "resolved"
    assert "from 2026-08-04 12:00 to 2026-08-04 21:00 UTC; it is back" in title


@pytest.mark.parametrize(("status", "warns"), [(200, False), (500, True)])
def test_heartbeat_is_called_after_a_good_run(
    web, tell, config, monkeypatch, status, warns
):
    """A failed call is said, without the address, and fails nothing."""
    web.page("/ping-secret", status=status)
    monkeypatch.setenv("SINOWIRE_HEARTBEAT_URL", f"{web.url}/ping-secret")
    said = []

    run(config(), now=NOW + HOUR, report=said.append, progress=quiet)

    assert [path for _, path, _, _ in web.requests].count("/ping-secret") == 1
    warnings = [line for line in said if "heartbeat" in line]
    assert bool(warnings) is warns
    assert "secret" not in "".join(said)


def test_heartbeat_is_silent_after_a_failed_run(web, subscribe, config, monkeypatch):
    """Who waits for the call raises the alarm."""
    monkeypatch.setenv("SINOWIRE_HEARTBEAT_URL", f"{web.url}/ping")
    subscribe("/gone")

    run(config(), now=NOW, report=quiet, progress=quiet)

    assert "/ping" not in [path for _, path, _, _ in web.requests]


DUE = """
[rule.soon]
kind = "due"
companies = ["roborock"]
due_in = "3d"
channels = ["file"]
"""


def test_a_date_is_told_when_it_is_near_and_again_when_it_moves(home, tell, alerts):
    """Once as it comes near; another firm's is not asked for."""
    (home / "alerts.toml").write_text(DUE + CHANNEL, encoding="utf-8")
    tell(1, {"/one": "Roborock to launch the Saros on Aug 9"})
    tell(2, {"/two": "Baidu to launch a phone on Aug 6"})
    assert alerts("kind, title") == []

    tell(30, {})
    tell(31, {})
    title = "2026-08-09, launch: Roborock to launch the Saros on Aug 9"
    assert alerts("kind, title, phase") == [("due", title, "fired")]

    tell(32, {"/one": "Roborock delays launch of the Saros to Aug 20"})
    assert [phase for (phase,) in alerts("phase")] == ["resolved"]
    tell(24 * 14, {})
    assert [title[:10] for (title,) in alerts("title")] == ["2026-08-09", "2026-08-20"]
