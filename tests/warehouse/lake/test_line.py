"""Words with a lake's PostgreSQL: how long an answer is waited for, and who is silent."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest

from warehouse.errors import CatalogAway, TurnLost, WarehouseBusy
from warehouse.file.connect import transaction
from warehouse.lake.attach import name_of
from warehouse.lake.replica import refresh_replica
from warehouse.lake.writer import look, writer

pytestmark = pytest.mark.lake
# It ends as a command of ours does.
ASK = """
import sys
import traceback
from pathlib import Path
from warehouse.file.connect import transaction
from warehouse.interrupts import end
from warehouse.lake.address import LakeAddress
from warehouse.lake.writer import writer

data, catalog, folder, silent = sys.argv[1:]
lake = LakeAddress(catalog, Path(folder), silent_seconds=float(silent))
try:
    with writer(Path(data), lake, command="sinowire ask") as con:
        with transaction(con):
            con.execute("insert into imports values (now(), 1, 0)")
            print("in", flush=True)
            asked = sys.stdin.readline().strip()
            print("asking", flush=True)
            con.execute(asked)
except BaseException:
    traceback.print_exc()
    end(1)
"""


@pytest.fixture
def impatient(lake):
    """The lake for somebody who does not wait for long."""
    return replace(lake, silent_seconds=1.2)


@pytest.fixture
def asking(tmp_path):
    """Start a process that has written, and commits once it is told to go on."""

    @contextmanager
    def start(lake):
        words = (tmp_path / "asks", lake.catalog, lake.folder, lake.silent_seconds)
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        command = [sys.executable, "-c", ASK, *map(str, words)]
        with subprocess.Popen(command, text=True, **pipes) as process:
            try:
                # Of a slow query DuckDB ends its line of progress.
                assert "in\n" in iter(process.stdout.readline, "")
                yield process
            finally:
                process.kill()

    return start


def count(data, lake):
    with writer(data, lake, command="sinowire count", wait=30) as con:
        return con.execute("select count(*) from imports").fetchall()[0][0]


def insert(data, lake, postgres):
    with writer(data, lake, command="test") as con, transaction(con):
        con.execute("insert into imports values (now(), 1, 0)")
        with postgres.standing_still():
            con.commit()


@contextmanager
def stood_still(postgres, *, after):
    """Let PostgreSQL stand still from a moment of the body on."""
    over = threading.Event()

    def stop():
        over.wait(after)
        with postgres.standing_still():
            over.wait(20)

    stopper = threading.Thread(target=stop)
    stopper.start()
    try:
        yield
    finally:
        over.set()
        stopper.join()


def test_nobody_waits_without_limit_for_a_postgres_that_stands_still(
    tmp_path, impatient, postgres
):
    """Whoever writes, or waits for the turn: an error names the limit and the remedy."""
    limit = r"no answer for 1 s, so it stands still.*PostgreSQL"
    with pytest.raises(CatalogAway, match=limit):
        insert(tmp_path, impatient, postgres)
    with (
        writer(tmp_path / "other", replace(impatient, silent_seconds=60), command="test"),
        stood_still(postgres, after=1.5),
        pytest.raises(CatalogAway, match=limit),
    ):
        count(tmp_path, impatient)
    assert count(tmp_path, impatient) == 0


@pytest.mark.parametrize("query", ["", "from articles", "commit"])
def test_ctrl_c_ends_a_wait_for_postgres(tmp_path, lake, postgres, asking, query):
    """The main thread is deaf in libpq: its connections are shut, and it goes on.

    DuckDB, which cannot roll back what it began there, aborts no process for it.
    """
    with asking(lake) as process, postgres.standing_still():
        process.stdin.write(f"{query}\n")
        process.stdin.flush()
        assert "asking\n" in iter(process.stdout.readline, "")
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        err = process.communicate(timeout=60)[1]
    assert process.returncode == 1, err
    assert "terminate called" not in err
    assert "\nKeyboardInterrupt\n" in err
    assert count(tmp_path, lake) == 0


def test_who_has_the_turn_fails_when_postgres_stands_still(
    tmp_path, lake, postgres, asking
):
    """After the time in which it loses the turn, in a sentence; it would wait for ever."""
    with asking(replace(lake, silent_seconds=6.0)) as process, postgres.standing_still():
        began = time.monotonic()
        err = process.communicate("from articles\n", timeout=60)[1]
    assert time.monotonic() - began < 20
    assert process.returncode == 1, err
    assert "no answer for 5 s, so it stands still" in err
    assert count(tmp_path, lake) == 0


def test_who_waits_for_a_silent_holder_waits_until_it_loses_the_turn(
    tmp_path, lake, asking
):
    """Though it would have given up before: the turn is not left to nobody."""
    lake, said = replace(lake, silent_seconds=8.0), []
    with asking(lake) as process:
        process.send_signal(signal.SIGSTOP)
        time.sleep(2)
        with writer(
            tmp_path / "b", lake, command="sinowire b", wait=1.5, on_wait=said.append
        ):
            pass
    assert [("says nothing" in words) for words in said][-1:] == [True]


def test_a_silent_holder_loses_the_turn_and_is_refused(tmp_path, lake, asking, caplog):
    """Stopped in mid-transaction, as by a debugger: both its connections are ended."""
    lake = replace(lake, silent_seconds=2.0)
    with asking(lake) as process:
        process.send_signal(signal.SIGSTOP)
        with writer(tmp_path / "b", lake, command="sinowire b") as con, transaction(con):
            con.execute("insert into imports values (now(), 2, 0)")
        process.send_signal(signal.SIGCONT)
        err = process.communicate("\n", timeout=60)[1]
    assert f"took the turn from `sinowire ask on {socket.gethostname()}" in caplog.text
    assert "warehouse.errors.TurnLost: this host lost its turn" in err
    assert "s of silence" in err
    assert count(tmp_path, lake) == 1


def test_a_holder_who_speaks_is_let_be(tmp_path, lake):
    """However long it works, without a statement of its own meanwhile."""
    lake = replace(lake, silent_seconds=3.0)
    with writer(tmp_path / "a", lake, command="sinowire a") as con, transaction(con):
        con.execute("insert into imports values (now(), 1, 0)")
        with pytest.raises(WarehouseBusy, match="in use by `sinowire a on "):
            writer(tmp_path / "b", lake, command="sinowire b", wait=5).__enter__()
        _, holder = look(tmp_path, lake)
        assert holder.silent < 3.0 < holder.seconds
    assert count(tmp_path, lake) == 1


def test_a_holder_who_lost_the_line_soon_writes_no_more(tmp_path, lake, postgres):
    """Its catalog is connected anew, so it may write until the watcher's next look.

    What it writes till then is whole: where another host wrote, the fence refuses it.
    """
    lake = replace(lake, silent_seconds=3.0)
    database = lake.catalog.split()[0].removeprefix("dbname=")
    written = []

    def write_on():
        with writer(tmp_path, lake, command="sinowire a") as con:
            postgres.sql(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                f" where datname = '{database}' and pid <> pg_backend_pid()"
            )
            for number in range(400):
                with transaction(con):
                    con.execute("insert into imports values (now(), 1, 0)")
                written.append(number)
                time.sleep(0.05)

    with pytest.raises((CatalogAway, TurnLost)):
        write_on()
    # The last one's answer may have been lost, and not the commit.
    assert count(tmp_path, lake) - len(written) in (0, 1)


def test_all_connections_of_a_command_have_one_name(tmp_path, lake, postgres, monkeypatch):
    """By it they are found and ended; however long the host's, it tells the process."""
    lake = replace(lake, catalog=f"{lake.catalog} application_name=ours")
    with writer(tmp_path, lake, command="sinowire a") as con:
        con.execute("from runs").fetchall()
        database = lake.catalog.split()[0].removeprefix("dbname=")
        [(name,)] = postgres.sql(
            f"select distinct application_name from pg_stat_activity"
            f" where datname = '{database}'"
        )
    assert name == name_of("sinowire a")
    monkeypatch.setattr(socket, "gethostname", lambda: "h" * 64)
    refresh_replica(tmp_path, lake, command="sinowire a")
    long = name_of("sinowire run")
    assert len(long) == 63
    assert long.endswith(name.split()[-1])
