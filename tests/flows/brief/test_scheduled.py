"""Briefs of ``alerts.toml``: written, kept and sent by whatever runs the pipeline."""

from __future__ import annotations

import asyncio
import email
import email.policy
import json
import os
import stat
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from aiosmtpd.smtp import SMTP
from builders import alert

from flows.home import load_config
from flows.settings import load_settings
from flows.steps.cycle import run
from flows.steps.editions import forget_editions, write_again
from warehouse.file.connect import open_published

# Eight o'clock in Shanghai, and a few minutes.
NOW = datetime(2026, 8, 5, 0, 5, tzinfo=UTC)
HOSTILE = "Baidu releases AI model 1<2 & 'x' chip for China's cloud"
ALERTS = """
[channel.mail]
type = "email"
host = "localhost"
port = {port}
security = "none"
from = "sinowire <brief@x.example>"
to = ["desk@x.example"]

[channel.file]
type = "file"
path = "alerts.jsonl"
quiet = "00:00-23:59"

[brief.daily]
at = "08:00"
channels = ["mail", "file"]

[brief.weekly]
period = "week"
at = "Tue 08:00"
language = "zh"
only = ["stories"]
channels = ["file"]
"""


def quiet(*_):
    pass


class Box:
    """Keeps what it is sent, or answers as it is told."""

    def __init__(self):
        self.letters = []
        self.answer = "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        if self.answer.startswith("250"):
            self.letters.append(envelope.content)
        return self.answer


@pytest.fixture
def box():
    """A mail server on this machine."""
    made, loop = Box(), asyncio.new_event_loop()
    server = loop.run_until_complete(
        loop.create_server(lambda: SMTP(made, hostname="mx", loop=loop), "127.0.0.1", 0)
    )
    made.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield made
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    server.close()
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(asyncio.sleep(0.01))
    loop.close()


@pytest.fixture
def cycle(home, web, subscribe, box):
    """Run the pipeline at a moment of its clock; the news came the evening before."""
    (home / "alerts.toml").write_text(ALERTS.format(port=box.port), encoding="utf-8")
    at = format_datetime(NOW - timedelta(hours=9))
    web.feed("/good", ("https://x.example/1", HOSTILE, at))
    subscribe("/good")

    def call(now=NOW):
        return run(load_config(load_settings(home)), now=now, report=quiet, progress=quiet)

    return call


@pytest.fixture
def attempts(home):
    """Return (rule, outcome) of every attempt to deliver."""

    def read():
        with closing(open_published(home / "data/sinowire.duckdb")) as con:
            return con.execute(
                "select rule_id, channel_id, outcome from alert_deliveries "
                "join alerts using (alert_id) order by attempted_at, channel_id"
            ).fetchall()

    return read


def test_a_brief_is_sent_once_by_mail_and_to_a_file(cycle, box, received, attempts):
    """Quiet hours do not hold it; a later cycle of the morning tells nothing again."""
    cycle()
    cycle(NOW + timedelta(minutes=15))

    [told] = received()
    assert told["alert"]["rule_id"] == "brief.daily"
    assert told["text"].startswith("China tech, 24 hours to 5 Aug 2026, 08:00")
    assert len(box.letters) == 1
    assert attempts() == [
        ("brief.daily", "file", "delivered"),
        ("brief.daily", "mail", "delivered"),
    ]


def test_the_mail_is_text_and_html_and_headlines_are_escaped(cycle, box):
    """No script, style sheet or SVG; small enough for every mail program."""
    cycle()

    [raw] = box.letters
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert len(raw) < 100_000
    assert message["Subject"] == "China tech, 24 hours to 5 Aug 2026, 08:00"
    assert message["To"] == "desk@x.example"
    assert message["Message-ID"].endswith("@x.example>")
    plain = message.get_body(("plain",)).get_content()
    page = message.get_body(("html",)).get_content()
    assert HOSTILE in plain
    assert "1&lt;2 &amp; &#39;x&#39;" in page
    assert not any(tag in page for tag in ("<script", "<svg", "<style", "<link"))


def test_it_is_kept_for_its_owner_alone(home, cycle):
    """The page, the mail and the letter, named after brief and day."""
    cycle()

    folder = home / "data/briefs"
    assert sorted(path.name for path in folder.iterdir()) == [
        f"daily-2026-08-05.{suffix}" for suffix in ("eml", "html", "json")
    ]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert "<h1>China tech" in (folder / "daily-2026-08-05.html").read_text("utf-8")


def test_a_brief_that_no_file_asks_for_any_more_is_not_written_again(home, monkeypatch):
    """Though other machines of the lake announced it."""
    monkeypatch.setenv("SINOWIRE_WAREHOUSE", "ducklake:postgres:dbname=x host=127.0.0.1")
    monkeypatch.setenv("SINOWIRE_LAKE", "lake")
    config = load_config(load_settings(home))
    told = alert(rule_id="brief:gone", kind="brief", term="gone-2026-08-05")

    assert config.settings.lake_address is not None
    assert not write_again(config, told, NOW)


def test_old_briefs_are_forgotten(home, cycle):
    """After 90 days, and not before."""
    cycle()
    folder = home / "data/briefs"
    for path, days in zip(sorted(folder.iterdir()), (91, 89, 89), strict=True):
        at = (NOW - timedelta(days=days)).timestamp()
        os.utime(path, (at, at))

    assert forget_editions(home / "data", now=NOW) == 1
    assert [path.suffix for path in sorted(folder.iterdir())] == [".html", ".json"]


def test_a_mail_server_that_is_down_gets_it_later(cycle, box, attempts):
    """The outbox tries again, and the file channel has had it meanwhile."""
    box.answer = "451 later"
    cycle()
    box.answer = "250 OK"
    cycle(NOW + timedelta(minutes=15))

    assert [a for a in attempts() if a[1] == "mail"] == [
        ("brief.daily", "mail", "retry"),
        ("brief.daily", "mail", "delivered"),
    ]
    assert len(box.letters) == 1


def test_what_is_more_than_six_hours_late_is_left_out(cycle, received):
    """A pipeline that was off in the morning sends no morning brief in the evening."""
    cycle(NOW + timedelta(hours=6, minutes=1))

    assert received() == []


def test_a_week_is_of_whole_days_in_its_language(cycle, received):
    """Up to the day before; only the sections that were asked for."""
    cycle(NOW - timedelta(days=1))

    weekly = [told for told in received() if told["alert"]["rule_id"] == "brief.weekly"]
    assert [told["alert"]["title"] for told in weekly] == [
        "中国科技周报：截至2026年8月3日的7天"
    ]


def test_a_brief_tells_what_its_searches_found(home, cycle, received, sinowire):
    """Each under its name, also where there is nothing, and nothing else of the beat.

    It is called by its searches, and can be looked at before it is sent.
    """
    (home / "searches.toml").write_text(
        '[search.my-desk]\nname = "My <desk>"\nwords = "cloud"\n'
        '[search.none]\nwords = "cloud zeppelin"\n',
        encoding="utf-8",
    )
    rules = (home / "alerts.toml").read_text("utf-8")
    asked = 'search = ["my-desk", "none"]\nchannels = ["file"]'
    daily = '[brief.daily]\nat = "08:00"\n'
    rules = rules.replace(daily + 'channels = ["mail", "file"]', daily + asked)
    (home / "alerts.toml").write_text(rules, encoding="utf-8")
    cycle()

    [told] = received()
    assert HOSTILE in told["text"]
    assert "My <desk>" in told["text"]
    page = (home / "data/briefs/daily-2026-08-05.html").read_text("utf-8")
    assert "My &lt;desk&gt;" in page
    assert "Nothing in this period." in page
    assert told["text"].startswith("My <desk> + none, 24 hours to ")
    for else_ in ("Leading stories", "What changed", "China tech", "Warming up"):
        assert else_ not in told["text"]
        assert else_ not in page.partition("<main>")[2].partition("</main>")[0]
    code, out, err = sinowire("alerts", "preview", "daily", "--format", "mail")
    assert (code, "Subject: My <desk> + none, 24 hours to" in out) == (0, True), err
    code, _, err = sinowire("alerts", "preview", "dailie")
    assert (code, "did you mean 'daily'" in err) == (2, True), err

    code, out, err = sinowire(
        "brief", "--format", "json", "--until", "2026-08-04", "--search", "my-desk"
    )
    [story] = json.loads(out)["sections"]["searches"]
    assert (code, story["search_id"], story["headline"]) == (0, "my-desk", HOSTILE), err
    code, _, err = sinowire("brief", "--search", "my-dek")
    assert (code, "did you mean 'my-desk'" in err) == (2, True), err


def test_a_brief_is_no_alert_of_the_next_brief(home, cycle, sinowire):
    """It is in the ledger; briefs and counts of alerts leave it out."""
    cycle()

    code, out, err = sinowire("brief", "--format", "json", "--as-of", NOW.isoformat())
    assert (code, json.loads(out)["sections"]["alerts"]) == (0, []), err
    code, out, _ = sinowire("sql", "select kind from alert_ledger", "--format", "csv")
    assert set(out.split()) == {"kind", "brief"}
