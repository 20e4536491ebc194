"""Changing the files of a home: by several processes, and never by halves."""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
import subprocess
import sys
import time
import tomllib
from unittest import mock

import pytest

from connectors.subscriptions import add_feeds, parse_feeds
from flows.settings import load_settings
from flows.steps.edits import EditBusy, edit_text
from transforms.config import ConfigError
from transforms.models import Feed

pytestmark = pytest.mark.slow

OURS = '# mine\n\n[feed.first]\nurl = "https://first.example/feed"\n'


def feed(number):
    return Feed(
        feed_id=f"f{number}", url=f"https://x.example/{number}", publisher=f"P{number}"
    )


def opml(count):
    outlines = "".join(
        f'<outline text="Outlet {n}" xmlUrl="https://x.example/{n}"/>' for n in range(count)
    )
    return f'<opml version="2.0"><body>{outlines}</body></opml>'


@pytest.fixture
def process(home):
    """Start a command of its own in the home."""

    def start(*args):
        return subprocess.Popen(
            [sys.executable, "-m", "flows.console.cli", "feeds", *args],
            env=os.environ | {"SINOWIRE_HOME": str(home)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


def test_commands_that_run_at_once_lose_no_edit(home, web, process):
    """Five adds, an import and a removal: each finds its work in the file afterwards."""
    for number in range(5):
        web.feed(f"/f{number}", ("https://x.example/1", "Hello", ""), title=f"F {number}")
    (home / "feeds.toml").write_text(OURS + '\n[feed.old]\nurl = "https://old.example/"\n')
    (home / "list.opml").write_text(opml(200))

    started = [
        *(process("add", f"{web.url}/f{number}") for number in range(5)),
        process("import", str(home / "list.opml")),
        process("remove", "old"),
    ]
    ends = [each.communicate(timeout=120) for each in started]

    assert [each.returncode for each in started] == [0] * 7, ends
    text = (home / "feeds.toml").read_text()
    assert text.startswith(OURS)
    urls = {found.url for found in parse_feeds(text)}
    assert urls == {
        "https://first.example/feed",
        *(f"{web.url}/f{number}" for number in range(5)),
        *(f"https://x.example/{number}" for number in range(200)),
    }


def test_two_that_add_one_title_get_two_ids(home, web, process):
    """An id is chosen when the turn has come, not before."""
    web.feed("/a", ("https://x.example/1", "Hello", ""), title="Same")
    web.feed("/b", ("https://x.example/1", "Hello", ""), title="Same")
    (home / "feeds.toml").write_text("")

    both = [process("add", f"{web.url}/{path}") for path in "ab"]
    ends = [each.communicate(timeout=120) for each in both]

    assert [each.returncode for each in both] == [0, 0], ends
    assert len(parse_feeds((home / "feeds.toml").read_text())) == 2


def test_whoever_waits_says_for_whom(home, process):
    """The message names the command that has the file, and the edit follows."""
    (home / "feeds.toml").write_text(OURS)
    (home / "data").mkdir()
    with (home / "data" / "edits.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write('{"pid": 7, "command": "sinowire feeds add", "since": "today"}')
        lock.flush()
        waiting = process("remove", "first")
        line = waiting.stderr.readline()
        fcntl.flock(lock, fcntl.LOCK_UN)
    out, err = waiting.communicate(timeout=60)

    assert line == (
        "waiting for `sinowire feeds add` (process 7, since today) to finish changing "
        "feeds.toml …\n"
    )
    assert (waiting.returncode, out, err) == (0, "removed first\n", "")
    assert parse_feeds((home / "feeds.toml").read_text()) == []


def test_a_turn_that_does_not_come_is_an_error(home, monkeypatch):
    """Nothing is changed, and the message says who is at it."""
    monkeypatch.setenv("SINOWIRE_WRITER_WAIT_SECONDS", "0")
    settings = load_settings(home)
    (home / "feeds.toml").write_text(OURS)
    told = []

    def edit(change):
        edit_text(settings, "feeds.toml", change, command="test", report=told.append)

    with pytest.raises(EditBusy, match="is being changed by `sinowire test`"):
        edit(lambda _text: edit(lambda _text: "") or "")
    assert (home / "feeds.toml").read_text() == OURS


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_a_file_keeps_its_mode(home, sinowire, mode):
    """A file of secrets is not opened to others by a command that changes it."""
    path = home / "feeds.toml"
    path.write_text(OURS)
    path.chmod(mode)

    assert sinowire("feeds", "remove", "first")[0] == 0

    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert [p.name for p in home.iterdir() if "part" in p.name] == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_file_keeps_its_owner(home, sinowire):
    """Whoever runs the command as root leaves the file its owner's."""
    path = home / "feeds.toml"
    path.write_text(OURS)
    os.chown(path, 1234, 2345)

    assert sinowire("feeds", "remove", "first")[0] == 0

    assert (path.stat().st_uid, path.stat().st_gid) == (1234, 2345)


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes another user")
def test_a_file_of_somebody_else_is_left_alone(home):
    """It could be replaced, but not in its owner's name."""
    path = home / "feeds.toml"
    path.write_text(OURS)
    path.chmod(0o644)
    home.chmod(0o777)
    for folder in list(home.parents)[:3]:
        folder.chmod(0o755)
    settings = load_settings(home)

    def edit():
        edit_text(settings, "feeds.toml", lambda text: text, command="t", report=print)

    # All that it imports: another user may not be able to read this one's modules.
    edit()
    shutil.rmtree(home / "data")
    child = os.fork()
    if child == 0:
        # Whatever happens, nothing of the parent's goes on in here.
        code = 1
        try:
            os.setgid(1234)
            os.setuid(1234)
            edit()
        except ConfigError as exc:
            code = 7 if "belongs to another user" in str(exc) else 2
        finally:
            os._exit(code)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert path.read_text() == OURS


def test_a_long_list_is_read_a_few_times_only():
    """However many feeds are added, the file is parsed as often."""
    counts = []
    for size in (10, 1_000):
        with mock.patch.object(tomllib, "loads", wraps=tomllib.loads) as loads:
            text = add_feeds(OURS, [feed(number) for number in range(size)])
        counts.append(loads.call_count)
        assert len(parse_feeds(text)) == size + 1

    assert counts[0] == counts[1] <= 3


def test_a_thousand_feeds_are_imported_in_seconds(home, sinowire):
    """And the same list again adds nothing."""
    (home / "feeds.toml").write_text(OURS)
    (home / "list.opml").write_text(opml(1_000))
    start = time.monotonic()

    code, out, _ = sinowire("feeds", "import", home / "list.opml")

    assert (code, out) == (0, "added 1,000 feeds; already in feeds.toml: 0\n")
    assert time.monotonic() - start < 30
    _, out, _ = sinowire("feeds", "import", home / "list.opml")
    assert out == "added 0 feeds; already in feeds.toml: 1,000\n"
