"""With Prefect: the demo, with no process left behind, and a server that is not there."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from datetime import timedelta
from pathlib import Path

import pytest
from processes import processes_of
from rich.cells import cell_len

from warehouse.alerting.alerts import digests, retries, updates
from warehouse.file.connect import open_published

pytestmark = [pytest.mark.prefect, pytest.mark.slow, pytest.mark.xdist_group("prefect")]
ROOT = Path(__file__).resolve().parents[2]
SINOWIRE = Path(sys.executable).with_name("sinowire")
# What the demo's front page begins with, by words of each headline: the plant first of all,
# or after one act of a state.
PLANT = {"en": "Roborock to build", "zh": "石头科技将在波兰"}
FIRSTS = {
    "en": {PLANT["en"], "约谈", "Alibaba opens Qwen", "北京发布", "ByteDance says"},
    "zh": {PLANT["zh"], "约谈", "阿里巴巴将Qwen", "北京发布", "字节跳动：豆包"},
}
# The invented history may tell of something between them, whenever the demo is run.
BETWEEN = 1


@pytest.fixture
def wheel(tmp_path, monkeypatch):
    """The command of an environment that has our wheel, and all else from this one.

    ``make test-wheel`` installs all else anew as well.
    """
    if not (importlib.util.find_spec("pip") or shutil.which("uv")):
        pytest.skip("needs pip in the environment of the tests, or uv")
    monkeypatch.delenv("PYTHONPATH", raising=False)
    built, env = tmp_path / "dist", tmp_path / "env"
    python = env / "bin/python"
    for command in (
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", built],
        [sys.executable, "-m", "venv", "--without-pip", env],
        [
            *_installer(python),
            *("--quiet", "--no-deps", "--no-index", "--find-links", built, "sinowire"),
        ],
    ):
        subprocess.run(command, cwd=ROOT, check=True)
    others = sysconfig.get_path("purelib")
    own = sysconfig.get_path("purelib", vars={"base": str(env), "platbase": str(env)})
    pth = f"import site; site.addsitedir({others!r})\n"
    (Path(own) / "others.pth").write_text(pth, encoding="utf-8")
    said = subprocess.run(
        [python, "-c", "import flows; print(flows.__file__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.startswith(own)
    return env / "bin/sinowire"


def _installer(python):
    """Return what installs packages there: an environment that uv made has no pip."""
    if importlib.util.find_spec("pip") is not None:
        return (sys.executable, "-m", "pip", "--python", python, "install")
    return ("uv", "pip", "install", "--python", python)


def sinowire(*words, cwd, timeout, command=SINOWIRE):
    """Return a finished command."""
    return subprocess.run(
        [command, *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def test_the_demo_tells_the_whole_story(tmp_path, wheel, monkeypatch):
    """The real flow on the samples, of the built wheel: alerts, bursts, shares, a brief.

    In the tables stand a first alert, its update, a digest and a retry. All that it says
    fits a terminal, and what runs say of feeds is in their log; the home that is left
    answers questions.
    """
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("PATH", f"{Path(wheel).parent}:{os.environ['PATH']}")
    done = sinowire("demo", "here", cwd=tmp_path, timeout=300, command=wheel)

    assert done.returncode == 0, done.stderr
    for part in ("first pass", "third pass", "alerts", "bursts", "share of voice"):
        assert part in done.stdout
    lines = (done.stdout + done.stderr).splitlines()
    assert [line for line in lines if cell_len(line) > 80] == []
    assert [line for line in lines if re.search(r"\b(WARNING|ERROR|INFO)\b", line)] == []
    log = (tmp_path / "here/data/prefect/demo.log").read_text("utf-8")
    assert "quayside: HTTP 500" in log
    assert done.stderr.count("\n! ") < 6
    assert (tmp_path / "here" / "briefs" / "week.html").stat().st_size > 10_000
    assert processes_of(tmp_path) == []
    assert "Traceback" not in done.stderr
    with contextlib.closing(open_published(tmp_path / "here/data/sinowire.duckdb")) as con:
        check_how_alerts_travelled(con)
    check_what_leads(tmp_path)
    explained = re.search(r"alerts (explain \w+)", done.stdout)[1].split()
    for asked in (["list"], explained, ["deliver"]):
        answer = sinowire("--home", "here", "alerts", *asked, cwd=tmp_path, timeout=60)
        assert answer.returncode == 0, answer.stderr


def check_what_leads(folder):
    """Check that the day's brief begins as an editor's would, in either language."""
    for language, firsts in FIRSTS.items():
        words = ("brief", "--format", "json", "--language", language)
        told = sinowire("--home", "here", *words, cwd=folder, timeout=60)
        stories = json.loads(told.stdout)["stories"]
        titles = [story["titles"][0] for story in stories[: len(firsts) + BETWEEN]]
        assert {first for title in titles for first in firsts if first in title} == firsts
        assert any(PLANT[language] in title for title in titles[:2])
        assert all(story["why_here"] for story in stories)


def check_how_alerts_travelled(con):
    """Check a first alert, its update, a digest and a retry in the demo's tables."""
    plant, users = updates(con, rule_id="giants")
    assert "Roborock" in plant["title"]
    assert (plant["first_publishers"], plant["step"]) == (3, "publishers:5")
    assert "Doubao" in users["title"]
    assert (users["first_languages"], users["step"]) == (["en"], "language:zh")
    assert users["created_at"] - users["first_at"] == timedelta(hours=1)

    (digest,) = digests(con)
    assert (digest["channel_id"], digest["held"]) == ("summary", "digest")
    assert digest["alerts"] > 10
    assert digest["delivered_at"] > digest["since"]

    attempts = [(row["attempt"], row["outcome"], row["error"]) for row in retries(con)]
    refused, taken = attempts
    assert refused[:2] == (1, "retry")
    assert "503" in refused[2]
    assert taken == (2, "delivered", None)
    states = con.execute(
        "select state, count(*) from alert_ledger where channel_id = 'team' group by all"
    )
    # The first alert, and its update behind it.
    assert states.fetchall() == [("delivered", 2)]


def test_an_unreachable_prefect_is_named(home):
    """The way around it is in the message."""
    env = {**os.environ, "PREFECT_API_URL": "http://127.0.0.1:9/api"}

    done = subprocess.run(
        [SINOWIRE, "run"], env=env, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert "127.0.0.1:9" in done.stderr
    assert "--direct" in done.stderr
    direct = subprocess.run([SINOWIRE, "run", "--direct"], env=env, check=False)
    assert direct.returncode == 0
