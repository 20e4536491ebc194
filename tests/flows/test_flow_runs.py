"""What a flow run does about a failure: one more try, or a state with a sentence."""

from __future__ import annotations

import asyncio
import contextlib
import errno

import duckdb
import pytest

from flows.orchestration.runs import OF_HOST, attempted
from flows.orchestration.worker import Host
from flows.steps.warehouse import open_writer
from transforms.config import ConfigError
from warehouse.errors import (
    CatalogAway,
    LakeFolderAway,
    WarehouseBusy,
    WarehouseDenied,
)
from warehouse.file.connect import explain
from warehouse.file.lock import turn

pytestmark = [pytest.mark.prefect, pytest.mark.xdist_group("prefect")]


def try_it(work, hear):
    return asyncio.run(attempted(work, hear, pause=0.01))


def fail(exc):
    async def work():
        raise exc

    return work


@pytest.mark.of_a_file("a lake has no lock of a file")
@pytest.mark.parametrize("ends", ["in time", "too late"])
def test_a_run_that_finds_a_writer_tries_once_more(config, ends, monkeypatch):
    """And says so; where it is still there, the run fails with its sentence."""
    monkeypatch.setenv("SINOWIRE_WRITER_WAIT_SECONDS", "0")
    settings = config().settings
    tries = []

    async def work():
        tries.append(1)
        with open_writer(settings, "run"):
            return "done"

    with contextlib.ExitStack() as writing:
        writing.enter_context(turn(settings.data, command="sinowire import", wait=0))
        said = []

        def hear(line):
            said.append(line)
            if ends == "in time":
                writing.close()

        done = try_it(work, hear)
    assert len(tries) == 2
    [line] = said
    assert line.startswith("warning: the warehouse is in use by `sinowire import`")
    assert line.endswith("; trying once more in 0 s")
    if ends == "in time":
        assert done == "done"
        return
    assert done.is_failed()
    assert done.message.startswith("the warehouse is in use by `sinowire import`")
    assert isinstance(done.data, WarehouseBusy)


def test_a_run_tries_again_as_long_as_it_has_patience():
    """As long as a stopped host keeps its turn: then it is free, and the shard read."""
    tries = []

    async def work():
        tries.append(1)
        if len(tries) < 5:
            raise WarehouseBusy("`sinowire run on alpha (1)`", 60.0)
        return "done"

    said = []
    tried = attempted(work, said.append, pause=0.01, patience=lambda: 60.0)
    assert asyncio.run(tried) == "done"
    assert (len(tries), len(said)) == (5, 4)


@pytest.mark.parametrize(
    ("exc", "words"),
    [
        (OSError(errno.ENOSPC, "No space left", "data/raw/x"), "data/raw/x has no room"),
        (OSError(errno.ENOSPC, "No space left"), "no room left on its disk; make room"),
        (OSError(errno.EROFS, "Read-only", "data/raw/x"), "data/raw/x is on a file system"),
        (OSError(errno.EACCES, "Denied", "data/raw/x"), "data/raw/x is not ours to"),
        (LakeFolderAway("/lake is not there; mount it"), "/lake is not there"),
    ],
)
def test_a_fault_of_the_host_is_told_as_such(exc, words):
    """With the file and what to do, at once, and without a traceback."""
    said = []

    done = try_it(fail(exc), said.append)

    assert (done.is_failed(), said) == (True, [])
    assert done.message.startswith(OF_HOST)
    assert words in done.message


def test_a_fault_of_all_hosts_is_none_of_this_one():
    """A wrong file, a database that is away; what nobody foresaw stays an exception."""
    wrong = ConfigError("feeds.toml", "is wrong", "correct it")
    for exc in (wrong, CatalogAway("the lake", "refused")):
        assert not try_it(fail(exc), [].append).message.startswith(OF_HOST)
    for exc in (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), ValueError("no")):
        with pytest.raises(type(exc)):
            try_it(fail(exc), [].append)


@pytest.mark.parametrize(
    ("ends", "works"),
    [
        (["own", "own"], False),
        (["own", "well", "own"], False),
        (["own"], True),
        (["own", "well", "well", "own"], True),
        (["feeds", "feeds", "feeds"], True),
    ],
)
def test_two_faults_of_its_own_and_a_host_rests(config, ends, works):
    """Of its last three runs of feeds; it says why and until when, once."""
    said = []
    host = Host(config().settings, said.append)
    messages = {"own": f"{OF_HOST}x cannot be read", "feeds": "no feed worked", "well": ""}

    for end in ends:
        assert host.can_work()
        host.note(messages[end])

    assert [host.can_work(), host.can_work()] == [works, works]
    assert len(said) == (not works)
    for line in said:
        assert line.startswith(
            "error: this host takes no runs, others do: x cannot be read; it tries again at"
        )


def test_a_host_that_cannot_write_takes_no_run(config, monkeypatch):
    """As where the lake's folder is not mounted; once it is, it takes them again."""
    lake = config().settings.home / "lake"
    monkeypatch.setenv("SINOWIRE_WAREHOUSE", "ducklake:postgres:dbname=x host=127.0.0.1")
    monkeypatch.setenv("SINOWIRE_LAKE", str(lake))
    said = []
    host = Host(config().settings, said.append)

    assert not host.can_work()
    lake.mkdir()
    assert host.can_work()

    lacks, has = said
    assert lacks.startswith(f"error: this host takes no runs, others do: {lake} does not")
    assert has == "this host takes runs again"


def test_what_duckdb_says_of_a_disk_is_a_fault_of_the_host(tmp_path):
    """A disk that is read-only and a file of somebody else's, as DuckDB tells of them."""
    for reason in ("Read-only file system", "Permission denied"):
        told = explain(
            tmp_path / "warehouse.duckdb",
            duckdb.IOException(f'Cannot open file "x": {reason}'),
        )
        assert isinstance(told, WarehouseDenied)
        assert try_it(fail(told), [].append).message.startswith(OF_HOST)
