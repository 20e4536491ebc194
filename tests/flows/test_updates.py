"""Reading after an update of sinowire, before its first run."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import zlib
from datetime import UTC, datetime

import duckdb
import pytest
from before import as_former

from flows.settings import load_settings
from flows.steps.upkeep.maintenance import maintain
from flows.steps.warehouse import publish
from warehouse.file.connect import PRIVATE_NAME, PUBLISHED_NAME
from warehouse.file.migrate import is_current
from warehouse.file.open_publication import mark_of

pytestmark = [pytest.mark.slow, pytest.mark.of_a_file("a lake is left to its runs")]
LINE = '{"url": "https://x.example/1", "title": "Baidu opens a lab"}\n'
VIEWS = "select view_name from duckdb_views() where not internal"
# The home is mounted over itself, for this command alone, so that nobody may write there.
READ_ONLY = """
home=$1; shift
mount --bind "$home" "$home" && mount -o remount,ro,bind "$home" && exec "$@"
"""


@pytest.fixture
def updated(home, import_once):
    """A home whose warehouse, and its copy, are as a version before this one left them."""
    (home / "history.jsonl").write_text(LINE)
    import_once("a-line-before-an-update", home / "history.jsonl")
    data = home / "data"
    with duckdb.connect(data / PRIVATE_NAME) as con:
        as_former(con)
        for (view,) in con.execute(VIEWS).fetchall():
            con.execute(f'drop view "{view}"')
        con.execute("delete from schema_migrations where name = 'views'")
    publish(load_settings(home))
    return home


def is_of_this_version(home):
    with duckdb.connect(home / "data" / PUBLISHED_NAME, read_only=True) as con:
        return is_current(con)


@pytest.mark.parametrize(
    ("command", "found"),
    [
        (("checks", "--format", "json"), '"ok": true'),
        (("feeds", "health", "--format", "json"), "[]"),
        (("search", "baidu"), "Baidu opens a lab"),
        (("sql", "select title from articles join stories using (story_id)"), "a lab"),
        (("brief", "--period", "week"), "#"),
        (("export", "OUT"), "wrote"),
    ],
    ids=lambda words: words[0],
)
def test_whoever_may_write_reads_at_once(updated, sinowire, tmp_path, command, found):
    """The first command brings the warehouse to this version and publishes; it says so."""
    assert not is_of_this_version(updated)
    words = [str(tmp_path / "out") if word == "OUT" else word for word in command]

    code, out, said = sinowire(*words)
    mark = mark_of(updated / "data" / PUBLISHED_NAME)
    again = sinowire("search", "baidu")

    assert (code, "bringing it to this one" in said) == (0, True), said
    assert found in out
    assert is_of_this_version(updated)
    assert (again[0], "bringing" in again[2]) == (0, False)
    assert mark_of(updated / "data" / PUBLISHED_NAME) == mark


def test_the_first_night_after_an_update_checks_and_backs_up(updated):
    """Where no run came before it."""
    settings = load_settings(updated)

    assert maintain(settings, lambda: datetime.now(UTC), report=str) == []
    assert is_of_this_version(updated)
    assert list((settings.data / "backups").iterdir())


@pytest.mark.skipif(os.getuid() != 0, reason="needs root, to mount")
@pytest.mark.parametrize("command", ["checks", "feeds health", "sql 'from affairs'"])
def test_who_may_not_write_is_told_what_to_do(updated, command):
    """With what is in the way; nothing changes, and no name of a view is all one hears."""
    program = "from flows.console.cli import process; process()"
    words = [sys.executable, "-c", program, "--home", updated, *shlex.split(command)]
    shell = ["unshare", "--mount", "sh", "-c", READ_ONLY, "sh", updated, *words]

    done = subprocess.run(shell, capture_output=True, text=True, check=False)

    said = " ".join(done.stderr.split())
    assert done.returncode == 1
    assert "was written by another version of sinowire, and stays so" in said
    assert "is on a file system that cannot be written: remount it" in said
    assert "as the owner of the home: sinowire run" in said
    assert "Traceback" not in said
    assert not is_of_this_version(updated)


def test_who_lacks_the_warehouse_is_told_what_to_do(updated, sinowire):
    """The copy alone is no warehouse that an update could change."""
    (updated / "data" / PRIVATE_NAME).unlink()

    _, _, said = sinowire("feeds", "health")

    assert "sinowire restore" in said
    assert not is_of_this_version(updated)


def test_what_verdicts_taught_is_said_once_and_counts_no_longer(updated, sinowire):
    """A home where `teach` was applied goes on; a retag reads what its weights bore on."""
    data = updated / "data"
    weight = ["beat", "from Blog", -2.0]
    (data / "warehouse.taught").write_text(json.dumps([weight]))
    with duckdb.connect(data / PRIVATE_NAME) as con:
        con.execute("insert into teachings values (1, now(), 'me', 9, '[]', null)")
        con.execute("insert into taught_weights values (1, ?, ?, ?)", weight)
        [(rules, reaches)] = con.execute("select rules, reaches from rules_read").fetchall()
        reach = ["the taught weight of 'from Blog'", [], [], [], ["x.example"]]
        known = json.loads(zlib.decompress(reaches)) | {"taught": reach}
        packed = zlib.compress(json.dumps(known).encode())
        con.execute("update rules_read set rules = ?, reaches = ?", [f"{rules}t", packed])

    first, second = (sinowire("retag") for _ in range(2))

    assert "name what changed: the taught weight of 'from Blog'" in first[2]
    assert "what `sinowire teach` learned of them counts no longer" in first[2]
    assert (second[0], "counts no longer" in second[2]) == (0, False)
    assert not (data / "warehouse.taught").exists()
    assert "teachings does not exist" in sinowire("sql", "from teachings")[2]
    assert "there is no `teach` any more" in sinowire("teach", "--apply")[2]
