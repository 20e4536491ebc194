"""``--log-format json``: an object a line, for what collects logs."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-c", "from flows.console.cli import main; main()"]
FEEDS = """
[feed.refused]
url = "http://127.0.0.1:9/feed"
[feed.gone]
url = "https://feeds.invalid/龙"
"""


def ask(home, *args, **env):
    """Return the exit code and the lines of standard error."""
    done = subprocess.run(
        [*COMMAND, "--home", str(home), *args],
        env=os.environ | {"SINOWIRE_ALLOW_PRIVATE_ADDRESSES": ""} | env,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr.splitlines()


def test_each_poll_and_the_end_of_a_run_are_objects(tmp_path):
    """With the ids of run and feed; by option, wherever it stands, or by variable."""
    (tmp_path / "feeds.toml").write_text(FEEDS, encoding="utf-8")

    code, lines = ask(tmp_path, "run", "--log-format", "json")
    said = [json.loads(line) for line in lines]
    polls = {each["feed_id"]: each for each in said if "feed_id" in each}

    assert code == 1
    assert {each["logger"] for each in said} == {"sinowire", "sinowire.polls"}
    assert polls.keys() == {"refused", "gone"}
    assert {each["level"] for each in said} == {"warning", "error"}
    assert len({each["run_id"] for each in polls.values()}) == 1
    assert polls["refused"]["outcome"] == "permanent_error"
    assert said[-1]["message"].startswith("no feed worked")
    assert all(each["time"].endswith("+00:00") for each in said)

    code, lines = ask(tmp_path, "feeds", "check", "nope", SINOWIRE_LOG_FORMAT="json")
    [told] = map(json.loads, lines)
    assert (code, told["level"]) == (2, "error")
    assert "run_id" not in told


def test_prefect_says_nothing_again():
    """Where Prefect has set up its own logging, as in `sinowire up`."""
    script = """
from prefect.logging.configuration import setup_logging
from flows import logs
logs.log_as("json")
setup_logging(incremental=False)
logs.say("once")
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    [line] = done.stderr.splitlines()
    assert json.loads(line)["message"] == "once"


def test_an_unknown_format_is_refused(tmp_path):
    """And people go on reading sentences."""
    code, [line] = ask(tmp_path, "feeds", "list", "--log-format", "yaml")

    assert (code, line) == (2, "error: no --log-format 'yaml'; write text or json")
