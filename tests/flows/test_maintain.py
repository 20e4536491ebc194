"""Maintenance keeps the last backups and documents, whatever the clock says."""

from __future__ import annotations

import os
import resource
from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest
from either_kind import writer

from flows.console import keep
from flows.steps.retention import (
    KEPT_BACKUPS,
    forget_documents,
    keep_document,
    read_document,
)
from flows.steps.summary import clock_at
from flows.steps.upkeep import maintenance
from flows.steps.upkeep.maintenance import maintain
from warehouse.errors import TransferError
from warehouse.file.backup import unpack
from warehouse.runs import set_reporting_zone

pytestmark = pytest.mark.slow

START = datetime(2026, 8, 1, 3, tzinfo=UTC)
FUTURE = datetime(2099, 1, 1, 3, tzinfo=UTC)
KEEP = 30
LIMITS = "select current_setting('memory_limit'), current_setting('threads')"
DISTINCT = "select count(distinct n) from range(3_000_000) as numbers (n)"


@pytest.fixture
def maintained(config, sinowire):
    """Maintain the home as if it were that moment; returns the backups that are there."""
    assert sinowire("run")[0] == 0
    settings = config().settings

    def maintain_at(moment, zone=None):
        if zone:
            with writer(settings.home) as con:
                set_reporting_zone(con, zone)
        assert maintain(settings, clock_at(moment), report=str) == []
        return sorted(path.name for path in (settings.data / "backups").iterdir())

    return maintain_at


def zone_of(packed):
    path = packed.parents[2] / "unpacked.duckdb"
    unpack(packed, path)
    with duckdb.connect(path, read_only=True) as con:
        return con.execute("select zone from reporting").fetchone()[0]


def test_last_backups_are_kept(maintained):
    """One a day, and of the last days."""
    for day in range(KEPT_BACKUPS + 2):
        names = maintained(START + timedelta(days=day))

    assert len(names) == KEPT_BACKUPS
    assert names[0] == "daily-000003-20260803.duckdb.gz"
    assert names[-1] == "daily-000009-20260809.duckdb.gz"


def test_wrong_clock_makes_no_backup_old(maintained, home):
    """What was made while the clock was in the future does not outlive what came after."""
    for day in range(KEPT_BACKUPS):
        maintained(FUTURE + timedelta(days=day))

    names = maintained(START, zone="Asia/Tokyo")

    assert len(names) == KEPT_BACKUPS
    assert names[-1] == "daily-000008-20260801.duckdb.gz"
    assert zone_of(home / "data" / "backups" / names[-1]) == "Asia/Tokyo"


def test_backups_without_a_number_are_the_oldest(maintained, home):
    """Those of an earlier version go first."""
    folder = home / "data" / "backups"
    folder.mkdir()
    for day in range(KEPT_BACKUPS):
        (folder / f"daily-209901{day + 1:02}.duckdb").write_bytes(b"old")
    (folder / "mine.duckdb").write_bytes(b"mine")

    names = maintained(START)

    assert "daily-20990101.duckdb" not in names
    packed = "daily-000001-20260801.duckdb.gz"
    assert {"daily-20990102.duckdb", packed, "mine.duckdb"} <= {*names}


def test_backup_of_the_day_is_replaced_whole_or_not_at_all(maintained, home):
    """Twice on a day it is one file; where there is no room for the second, the first."""
    maintained(START, zone="UTC")
    assert len(maintained(START, zone="Asia/Tokyo")) == 1
    [path] = (home / "data" / "backups").iterdir()
    assert zone_of(path) == "Asia/Tokyo"

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(TransferError, match="make room"):
            maintained(START)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert zone_of(path) == "Asia/Tokyo"


def document(data, number):
    """Keep a document as a poll does; returns its hash."""
    name = f"{number:02x}{'0' * 62}"
    keep_document(data, name, b"<rss/>")
    return name


def forget(data, day):
    return forget_documents(data, day=day, keep=KEEP)


def test_documents_are_kept_for_their_days(tmp_path):
    """On the day after the last of theirs they go, and no earlier."""
    day = date(2026, 8, 1)
    first = document(tmp_path, 0)
    assert forget(tmp_path, day) == 0
    for number in range(1, KEEP):
        document(tmp_path, number)
        assert forget(tmp_path, day + timedelta(days=number)) == 0
    assert read_document(tmp_path, first) == b"<rss/>"

    last = document(tmp_path, KEEP)
    assert forget(tmp_path, day + timedelta(days=KEEP)) == 1

    assert read_document(tmp_path, last) == b"<rss/>"
    with pytest.raises(FileNotFoundError):
        read_document(tmp_path, first)


@pytest.mark.parametrize("wrong", [date(2099, 1, 1), date(1970, 1, 1)])
def test_clock_that_jumps_forgets_nothing(tmp_path, wrong):
    """A day more has passed, whatever it is called."""
    kept = [document(tmp_path, 0)]
    forget(tmp_path, date(2026, 8, 1))
    kept.append(document(tmp_path, 1))
    os.utime(next(tmp_path.glob(f"raw/*/{kept[1]}.gz")), (0, 0))

    for day in (wrong, date(2026, 8, 2), wrong, date(2026, 8, 3)):
        assert forget(tmp_path, day) == 0

    assert [read_document(tmp_path, name) for name in kept] == [b"<rss/>"] * 2


def test_documents_of_one_day_are_one_list(tmp_path):
    """However often it is looked after."""
    for number in range(3):
        document(tmp_path, number)
        forget(tmp_path, date(2026, 8, 1))

    [made] = (tmp_path / "raw" / "days").iterdir()
    assert made.name == "kept-000001-20260801.txt"
    assert len(made.read_text().split()) == 3


def test_no_documents_need_no_folder(tmp_path):
    """A home that polled nothing has nothing to forget."""
    assert forget(tmp_path, date(2026, 8, 1)) == 0
    assert list(tmp_path.iterdir()) == []


def test_checks_of_a_night_go_by_what_changed_since_the_last_one(config, home, sinowire):
    """Where rows were derived anew, or a check failed, the next night looks at all."""
    settings, told = config().settings, []

    def night(spoil=""):
        if spoil:
            with writer(home) as con:
                con.execute(spoil)
        told.clear()
        failed = maintain(settings, clock_at(START), report=told.append)
        return failed, "what changed since" in told[0]

    line = '{"url": "https://x.example/1", "title": "Baidu opens a lab"}'
    (home / "history.jsonl").write_text(line)
    assert sinowire("import", home / "history.jsonl")[0] == 0
    assert sinowire("run")[0] == 0
    assert night() == ([], False)
    assert night() == ([], True)
    assert night("update stories set articles = 99") == (
        ["stories_follow_from_articles"],
        True,
    )
    assert night() == (["stories_follow_from_articles"], False)
    assert sinowire("retag", "--all")[0] == 0
    assert night() == ([], False)
    assert night("update reporting set rules_version = 'another'") == ([], False)


def test_checks_take_a_fifth_of_a_gigabyte_and_two_threads(config, sinowire, monkeypatch):
    """However large the machine is: blocks that were read once are given up again."""
    asked, limits = keep.run_checks, []

    def look(con, **options):
        limits.extend(con.execute(LIMITS).fetchone())
        return asked(con, **options)

    monkeypatch.setattr(keep, "run_checks", look)
    assert sinowire("run")[0] == 0

    assert sinowire("checks")[0] == 0
    assert limits == ["190.7 MiB", 2]


def test_what_lacks_memory_is_begun_anew_with_more(config, sinowire, monkeypatch):
    """As where a month has more articles than any that was measured."""
    monkeypatch.setattr(maintenance, "CHECKING", "32MB")
    limits = []

    def count(con):
        limits.append(con.execute(LIMITS).fetchone()[0])
        return con.execute(DISTINCT).fetchone()

    assert sinowire("run")[0] == 0

    assert maintenance.look(config().settings, count) == (3_000_000,)
    assert limits == ["30.5 MiB", "953.6 MiB"]
