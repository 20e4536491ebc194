"""What other users of the machine may read: the published copy, if anything."""

from __future__ import annotations

import os
import stat
import threading
from contextlib import contextmanager

import pytest

from warehouse.file.backup import backup, restore
from warehouse.file.connect import PRIVATE_NAME, PUBLISHED_NAME, REWRITING, writer
from warehouse.file.lock import LOCK_NAME, held, private_folder, turn, usual_umask
from warehouse.file.publish import publish


@pytest.fixture(autouse=True)
def open_handed():
    """Work under a umask that withholds nothing."""
    before = os.umask(0)
    yield
    os.umask(before)


@contextmanager
def written(data):
    """Yield a writer that has committed, with the log of that still there."""
    with writer(data, command="test", memory=REWRITING) as con:
        con.execute("update reporting set zone = 'UTC'")
        yield con


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_the_warehouse_is_its_owners_alone(data):
    """File, log, lock and what DuckDB spills, while it writes and afterwards."""
    with written(data) as con:
        con.execute("set memory_limit = '30MB'")
        con.execute("create temp table much as select hash(range) h from range(2000000)")
        con.execute("select h, count(*) n from much group by h order by n limit 1")
        made = {path.name: mode_of(path) for path in data.iterdir()}

    assert set(made) >= {
        *(PRIVATE_NAME, f"{PRIVATE_NAME}.wal", f"{PRIVATE_NAME}.tmp", LOCK_NAME)
    }
    assert {name for name, mode in made.items() if mode & 0o077} == set()
    assert mode_of(data / PRIVATE_NAME) == 0o600


def test_what_was_open_is_closed(data):
    """Folders and files of a version that left them open, by the next turn."""
    with written(data):
        pass
    folders = [data / name for name in ("backups", "prefect", "raw")]
    for folder in folders:
        folder.mkdir(mode=0o755)
    names = (PRIVATE_NAME, LOCK_NAME, f"{PRIVATE_NAME}.before-1", "up.lock", "alerts.jsonl")
    files = [data / name for name in names]
    for file in files:
        file.touch()
        file.chmod(0o664)
    (data / "mine.txt").touch(0o644)
    elsewhere = data.parent / "elsewhere.jsonl"
    elsewhere.touch(0o644)
    (data / "linked.jsonl").symlink_to(elsewhere)

    with turn(data, command="test", wait=0):
        pass

    assert {mode_of(folder) for folder in folders} == {0o700}
    assert {mode_of(file) for file in files} == {0o600}
    assert mode_of(data / "mine.txt") == mode_of(elsewhere) == 0o644


def test_nobody_else_can_hold_a_lock(data):
    """Who can read a lock's file could keep it locked, so that it is closed when taken."""
    data.mkdir(exist_ok=True)
    path = data / "up.lock"
    path.touch(0o644)

    with held(path, command="test", wait=0):
        assert mode_of(path) == 0o600


def test_the_turn_gives_the_umask_back(data):
    """What is made afterwards is as open as its maker wants it."""
    with turn(data, command="test", wait=0):
        pass

    (data / "after.txt").touch()
    assert mode_of(data / "after.txt") == 0o666


def test_the_turn_of_one_thread_is_not_anothers(data):
    """A turn that cannot be had leaves the umask alone."""
    with turn(data, command="first", wait=0):
        found = []

        def wait_in_vain():
            with pytest.raises(Exception, match="in use"), turn(data, command="b", wait=0):
                pass
            found.append(os.umask(0o077))

        thread = threading.Thread(target=wait_in_vain)
        thread.start()
        thread.join()
    assert found == [0o077]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644])
def test_published_copy_has_the_mode_asked_for(data, mode):
    """Whatever the umask, and from the first moment."""
    with written(data):
        pass

    assert publish(data, mode=mode) is True

    assert mode_of(data / PUBLISHED_NAME) == mode


def test_mode_of_an_unchanged_copy_is_set_too(data):
    """It applies at each publication, also of nothing new."""
    with written(data):
        pass
    publish(data)
    assert mode_of(data / PUBLISHED_NAME) == 0o640

    assert publish(data, mode=0o600) is False

    assert mode_of(data / PUBLISHED_NAME) == 0o600


def test_backups_are_their_owners_alone(data, tmp_path):
    """In the home's folder, in one that it makes, and once restored."""
    with written(data):
        pass
    for target in (data / "backups" / "a.duckdb", tmp_path / "b.duckdb"):
        backup(data, target)
        assert mode_of(target) == 0o600
    assert mode_of(data / "backups") == 0o700
    (tmp_path / "b.duckdb").chmod(0o644)

    restore(data, tmp_path / "b.duckdb", force=True)

    assert mode_of(data / PRIVATE_NAME) == 0o600
    assert mode_of(data / f"{PRIVATE_NAME}.before-1") == 0o600


def test_private_folder_leaves_the_owner_what_he_has(tmp_path):
    """A stricter mode stays, and so do the folders above."""
    strict = tmp_path / "strict"
    strict.mkdir(mode=0o500)

    private_folder(strict)
    private_folder(tmp_path / "above" / "below")

    assert mode_of(strict) == 0o500
    assert mode_of(tmp_path / "above" / "below") == 0o700
    assert mode_of(tmp_path / "above") == 0o777


def test_usual_umask_is_known_while_it_is_narrowed(data):
    """For threads that make files for others to read meanwhile."""
    os.umask(0o027)

    with turn(data, command="test", wait=0):
        during = usual_umask()

    assert (during, usual_umask(), os.umask(0)) == (0o027, 0o027, 0o027)
