"""What writers wrote is known, and a publication reads no more: it equals the warehouse."""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
from contextlib import ExitStack, suppress
from filecmp import cmp
from pathlib import Path

import duckdb
import pytest

from warehouse.file import writes
from warehouse.file.backup import backup, restore
from warehouse.file.connect import PRIVATE_NAME, PUBLISHED_NAME, transaction, writer
from warehouse.file.publish import publish
from warehouse.file.writes import forget_writes, lines_of, spans_between, spare_of, state_of

pytestmark = pytest.mark.usefixtures("of_any_size")
ROWS = """
    select i, md5(i::varchar) as text, i % 7 as n
    from range($since::bigint, $until::bigint) as numbers (i)
"""
# Without a checkpoint, as who is killed leaves it.
KILLED = """
import os, sys, duckdb
con = duckdb.connect(sys.argv[1], config={"checkpoint_threshold": "1GB"})
con.execute("insert into history select -1, 'from a log', 1")
os._exit(9)
"""


@pytest.fixture
def filled(data):
    """Fill a warehouse with so many rows and publish it twice."""

    def fill(rows):
        with writer(data, command="test") as con:
            params = {"since": 0, "until": rows}
            con.execute(f"create or replace table history as {ROWS}", params)
            con.execute("create table if not exists news as from history limit 0")
        for number in range(2):
            append(data, rows + number)
            publish(data)
        return data

    return fill


def append(data, number):
    with writer(data, command="test") as con, transaction(con):
        con.execute(f"insert into news {ROWS}", {"since": number, "until": number + 1})


def bytes_read():
    """Return how many bytes this process has read, by any system call."""
    return bytes_moved()["rchar"]


def bytes_moved():
    lines = Path("/proc/self/io").read_text(encoding="ascii").splitlines()
    return {name: int(n) for name, n in (line.split(": ") for line in lines)}


def are_equal(data):
    return cmp(data / PUBLISHED_NAME, data / PRIVATE_NAME, shallow=False)


def test_a_publication_reads_what_was_written(filled):
    """Not the history: beside twenty times as much it reads about the same."""
    read, sizes = [], []
    for rows in (50_000, 1_000_000):
        data = filled(rows)
        append(data, 2 * rows)
        before = bytes_read()
        publish(data)
        read.append(bytes_read() - before)
        sizes.append((data / PRIVATE_NAME).stat().st_size)
        assert are_equal(data)

    assert sizes[1] > 3 * sizes[0]
    assert read[1] < 1.2 * read[0] + 2**20 < sizes[1]


def test_turns_may_follow_at_once(filled):
    """A publication reads and writes as little where the one before is a moment old."""
    data = filled(1_000)
    with writer(data, command="test") as con:
        con.execute(
            "create table ballast as select hash(i) as n from range(12_000_000) as t (i)"
        )
    for number in range(2):
        append(data, number)
        publish(data)
    size = (data / PRIVATE_NAME).stat().st_size
    for number in range(3):
        append(data, number)
        before = bytes_moved()
        publish(data)
        after = bytes_moved()

        assert after["rchar"] - before["rchar"] < size / 10
        assert 0 < after["wchar"] - before["wchar"] < size / 10
        assert are_equal(data)


def test_a_folder_may_have_two_names(filled, tmp_path, monkeypatch):
    """The same is known through a link, and from another folder."""
    data = filled(1000)
    (tmp_path / "link").symlink_to(data)
    monkeypatch.chdir(tmp_path)
    for number, name in enumerate(("link", "data", "../" + tmp_path.name + "/link")):
        append(Path(name), number)
        [*_, line] = lines_of(data / PRIVATE_NAME).read_text("ascii").splitlines()
        assert str(state_of(data / PRIVATE_NAME).headers) in line
        publish(Path(name))
        assert are_equal(data)


def unnoticed(data):
    with duckdb.connect(data / PRIVATE_NAME) as con:
        con.execute("insert into history select -2, 'unnoticed', 1")


def killed(data):
    subprocess.run([sys.executable, "-c", KILLED, data / PRIVATE_NAME], check=False)


def cut_off(data):
    lines = lines_of(data / PRIVATE_NAME)
    lines.write_bytes(lines.read_bytes()[:-3])


def lost(data):
    lines_of(data / PRIVATE_NAME).unlink()


def without_room(data):
    lost(data)
    lines_of(data / PRIVATE_NAME).symlink_to("/dev/full")
    append(data, 5500)
    lost(data)


def kept_in_order(data):
    forget_writes(data / PRIVATE_NAME)


@pytest.mark.parametrize("event", [unnoticed, cut_off, without_room, kept_in_order])
def test_what_is_not_known_is_compared(filled, event):
    """To the last byte, until the lines join again."""
    data = filled(1000)
    path, spare = data / PRIVATE_NAME, spare_of(data / PRIVATE_NAME)
    append(data, 5000)
    assert sum(length for _, length in spans_between(path, spare)) < path.stat().st_size

    event(data)
    append(data, 6000)

    assert spans_between(path, spare) == [(0, path.stat().st_size)]
    for number in range(3):
        publish(data)
        assert are_equal(data)
        append(data, 7000 + number)
    assert sum(length for _, length in spans_between(path, spare)) < path.stat().st_size


def test_a_log_that_is_replayed_is_known_to_the_next_writer(filled):
    """Who publishes before it takes the log in as well, and compares every byte."""
    data = filled(1000)
    for number in range(2):
        killed(data)
        if number:
            append(data, 5000)
        publish(data)
        assert are_equal(data)
    with duckdb.connect(data / PUBLISHED_NAME, read_only=True) as con:
        found = con.execute("select count(*) from history where i = -1").fetchall()
    assert found == [(2,)]


def test_a_log_without_headers_is_not_believed(filled, monkeypatch):
    """As if a later DuckDB told something else there."""
    data = filled(1000)
    path = data / PRIVATE_NAME
    told = writes._SPANS.replace("where", "where pos > 20000 and")
    monkeypatch.setattr(writes, "_SPANS", told)
    append(data, 5000)

    assert spans_between(path, spare_of(path)) == [(0, path.stat().st_size)]
    publish(data)
    assert are_equal(data)


def test_a_failed_turn_is_known_too(filled):
    """What it wrote in vain lies in the file, and is in no table."""
    data = filled(1000)
    params = {"since": 10_000, "until": 400_000}
    with suppress(ZeroDivisionError), writer(data, command="test") as con, transaction(con):
        con.execute(f"insert into history {ROWS}", params)
        raise ZeroDivisionError
    append(data, 5000)

    assert spans_between(data / PRIVATE_NAME, spare_of(data / PRIVATE_NAME))[0][0] > 0
    publish(data)

    assert are_equal(data)


def test_lines_do_not_pile_up(filled):
    """Those before the spare are gone with each publication; small files have none."""
    data = filled(1000)
    for number in range(4):
        append(data, 5000 + number)
        append(data, 6000 + number)
        publish(data)
        assert len(lines_of(data / PRIVATE_NAME).read_text("ascii").splitlines()) == 2
        assert lines_of(data / PRIVATE_NAME).stat().st_mode & 0o777 == 0o600


class Sequence:
    """A warehouse to which things happen, in an order that nobody thought of."""

    def __init__(self, data, chance):
        self.data, self.chance, self.rows = data, chance, 1000
        self.readers = ExitStack()
        self.held = []

    def appends(self):
        until = self.rows + self.chance.choice([1, 12, 3000, 130_000])
        self.write(f"insert into history {ROWS}", {"since": self.rows, "until": until})
        self.rows = until

    def changes(self):
        self.write("update history set text = md5(text) where n = $n", self.some())

    def deletes(self):
        self.write("delete from history where n = $n and i % 3 = 1", self.some())

    def makes_anew(self):
        made = "create or replace table other as from history where n = $n"
        self.write(made, self.some())

    def drops(self):
        self.write("drop table if exists other", {})

    def fails(self):
        with suppress(ZeroDivisionError), writer(self.data, command="test") as con:
            for _ in range(2):
                with transaction(con):
                    until = self.rows + 150_000
                    con.execute(
                        f"insert into history {ROWS}", {"since": self.rows, "until": until}
                    )
                    if self.chance.random() < 0.7:
                        raise ZeroDivisionError

    def is_not_noticed(self):
        unnoticed(self.data)

    def is_killed(self):
        killed(self.data)

    def loses_a_line(self):
        with suppress(FileNotFoundError):
            cut_off(self.data)

    def is_brought_back(self):
        kept = self.data / "kept.duckdb"
        if kept.exists() and self.chance.random() < 0.7:
            restore(self.data, kept, force=True)
            # It brings back our own tables alone.
            params = {"since": 0, "until": 1000}
            self.write(f"create table if not exists history as {ROWS}", params)
        else:
            backup(self.data, kept, overwrite=True)

    def is_read(self):
        path = self.data / PUBLISHED_NAME
        file = self.readers.enter_context(path.open("rb"))
        self.held.append((file, hashlib.sha256(path.read_bytes()).digest()))

    def is_let_go(self):
        self.look()
        self.readers.close()
        self.held.clear()

    def is_written_to(self):
        self.is_let_go()
        with duckdb.connect(self.data / PUBLISHED_NAME) as con:
            con.execute("create or replace table mine as select random() as mistake")

    def write(self, statement, params):
        with writer(self.data, command="test") as con, transaction(con):
            con.execute(statement, params)

    def some(self):
        return {"n": self.chance.randrange(7)}

    def look(self):
        for file, digest in self.held:
            file.seek(0)
            assert hashlib.sha256(file.read()).digest() == digest


USUAL = ("appends", "changes", "deletes", "makes_anew", "drops", "fails")
# Fifty seeds of twelve rounds each went well.
SEEDS, ROUNDS = [3], 8
RARE = (
    *("is_not_noticed", "is_killed", "loses_a_line", "is_brought_back"),
    *("is_read", "is_let_go", "is_written_to"),
)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_publication_equals_the_warehouse(filled, seed):
    """Byte for byte, whatever happened; and what a reader has open stays as it was."""
    chance = random.Random(seed)
    sequence = Sequence(filled(1000), chance)
    with sequence.readers:
        for _ in range(ROUNDS):
            for _ in range(chance.randint(1, 3)):
                kind = RARE if chance.random() < 0.25 else USUAL
                getattr(sequence, chance.choice(kind))()
            publish(sequence.data)
            assert are_equal(sequence.data)
            sequence.look()
