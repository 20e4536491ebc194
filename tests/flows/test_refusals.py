"""What the operating system and the request get wrong, on the command line."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import resource
import shutil
import subprocess
from datetime import UTC, datetime, timedelta

import duckdb
import pytest
from either_kind import writer

from flows import refusals
from flows.console.output import exit_code
from flows.refusals import refusal, sentence
from flows.settings import load_settings
from flows.steps.retention import keep_document
from flows.steps.upkeep import doctor
from warehouse.file.connect import PRIVATE_NAME, PUBLISHED_NAME
from warehouse.file.lock import LOCK_NAME

pytestmark = pytest.mark.slow

LINE = '{"url": "https://x.example/1", "title": "Baidu opens a lab"}\n'


OF_A_FILE = pytest.mark.of_a_file("no file of a lake's own can be gone or damaged")


@pytest.fixture
def imported(home, sinowire):
    """A home with one article, published."""
    (home / "history.jsonl").write_text(LINE)
    assert sinowire("import", home / "history.jsonl")[0] == 0
    return home / "data"


@pytest.fixture
def findings(sinowire):
    """Run the doctor; returns exit code and its rows by what they are about."""

    def ask(*options):
        code, out, _ = sinowire("doctor", *options, "--format", "json")
        return code, {row["what"]: row for row in json.loads(out)}

    return ask


@OF_A_FILE
def test_doctor_reads_the_private_file(imported, findings):
    """A warehouse in order is good, with its size."""
    code, rows = findings()

    assert code == 0
    assert rows["data"]["state"] == "good"
    assert "every table can be read" in rows["warehouse"]["detail"]


@pytest.mark.parametrize(
    "name", [pytest.param(PRIVATE_NAME, marks=OF_A_FILE), PUBLISHED_NAME]
)
def test_doctor_finds_a_damaged_file(imported, findings, name):
    """Either file may be damaged; each has its remedy."""
    (imported / name).write_bytes(os.urandom(20_000))

    code, rows = findings()

    row = rows["warehouse" if name == PRIVATE_NAME else "published"]
    assert (code, row["state"]) == (1, "bad")
    assert ("restore" in row["remedy"]) == (name == PRIVATE_NAME)


@OF_A_FILE
def test_a_quick_doctor_opens_the_warehouse_and_reads_no_table_whole(
    imported, home, findings
):
    """A block of a table that went bad is found by the one who reads it, and no other."""
    with writer(home) as con:
        con.execute(
            "insert into article_versions by name select n::varchar as article_id,"
            " now() as seen_at, md5(n::varchar) as title, '' as summary, '' as content_hash"
            " from range(50000) as numbers (n)"
        )
        con.execute("checkpoint")
        [(block,)] = con.execute(
            "select max(block_id) from pragma_storage_info('article_versions')"
            " where column_name = 'title' and segment_type = 'VARCHAR'"
        ).fetchall()
    with (imported / PRIVATE_NAME).open("r+b") as file:
        # After three headers of 4 kB; blocks have 256 kB.
        file.seek(3 * 4096 + block * 262_144 + 100_000)
        file.write(os.urandom(64))

    quick, whole = findings("--quick"), findings()

    assert (quick[0], quick[1]["warehouse"]["state"]) == (0, "good")
    assert quick[1].keys() == whole[1].keys()
    assert (whole[0], whole[1]["warehouse"]["state"]) == (1, "bad")


@pytest.mark.parametrize("options", [(), ("--quick",)])
def test_doctor_finds_a_warehouse_of_a_later_version(imported, home, findings, options):
    """An old published copy does not hide that no run can write any more."""
    with writer(home) as con:
        con.execute("insert into schema_migrations values ('9999_later.sql', '', now())")

    code, rows = findings(*options)

    assert (code, rows["warehouse"]["state"]) == (1, "bad")
    assert rows["warehouse"]["remedy"] == "upgrade sinowire"


@pytest.mark.parametrize(("options", "ends"), [((), 0), (("--max-age", "2h"), 1)])
def test_what_another_version_published_is_no_damage(imported, findings, options, ends):
    """As after an update: the next run mends it, and nothing has to be deleted."""
    with duckdb.connect(imported / PUBLISHED_NAME) as con:
        con.execute("drop view feed_health")
        con.execute("delete from schema_migrations where name = 'views'")

    code, rows = findings(*options)

    assert code == ends
    assert rows["published"]["state"] == ("bad" if ends else "warn")
    assert "is of another version" in rows["published"]["detail"]
    assert rows["published"]["remedy"].startswith("sinowire run")


@OF_A_FILE
@pytest.mark.parametrize("command", [("brief",), ("trends",)])
def test_a_command_publishes_anew_what_another_version_did(imported, sinowire, command):
    """Whoever may write reads on, and need not know what a view is."""
    with duckdb.connect(imported / PUBLISHED_NAME) as con:
        con.execute("drop table companies cascade")
        con.execute("delete from schema_migrations where name = 'views'")

    code, out, said = sinowire(*command)

    assert code == 0, said
    assert out
    with duckdb.connect(imported / PUBLISHED_NAME, read_only=True) as con:
        assert con.execute("from companies limit 1").fetchone()


@OF_A_FILE
def test_doctor_finds_damage_where_nothing_is_published(home, findings):
    """Random bytes are no warehouse, even where there is nothing else."""
    (home / "data").mkdir()
    (home / "data" / PRIVATE_NAME).write_bytes(os.urandom(20_000))

    code, rows = findings()

    assert (code, rows["warehouse"]["state"]) == (1, "bad")


@OF_A_FILE
def test_doctor_finds_a_warehouse_that_is_gone(imported, findings):
    """With the private file gone the remedy names what brings it back."""
    (imported / PRIVATE_NAME).unlink()

    code, rows = findings()

    assert code == 1
    assert rows["warehouse"]["remedy"] == f"sinowire restore {imported / PUBLISHED_NAME}"


@OF_A_FILE
@pytest.mark.parametrize(
    "command",
    ["run", "run --direct", "import {line}", "retag", "alerts deliver", "backup"],
)
def test_nothing_begins_anew_by_itself(imported, home, sinowire, command):
    """A warehouse that is gone is brought back, and the published copy stands."""
    published = (imported / PUBLISHED_NAME).read_bytes()
    (imported / PRIVATE_NAME).unlink()

    code, _, err = sinowire(*command.format(line=home / "history.jsonl").split())

    assert code == (1 if command == "backup" else 2)
    assert (imported / PUBLISHED_NAME).read_bytes() == published
    assert not (imported / PRIVATE_NAME).exists()
    if command != "backup":
        assert f"`sinowire restore {imported / PUBLISHED_NAME}`" in err
        assert "`sinowire run --new`" in err


@OF_A_FILE
def test_what_is_gone_comes_back(imported, sinowire):
    """The command that the error names is all that it takes."""
    (imported / PRIVATE_NAME).unlink()

    assert sinowire("restore", imported / PUBLISHED_NAME)[0] == 0

    assert sinowire("run")[0] == 0
    assert "Baidu opens a lab" in sinowire("search", "Baidu", "--all")[1]


@OF_A_FILE
def test_a_run_begins_anew_where_it_is_told_to(imported, sinowire):
    """And what was published is kept for whoever thinks better of it."""
    (imported / PRIVATE_NAME).unlink()

    code, _, err = sinowire("run", "--new")

    kept = imported / f"{PRIVATE_NAME}.before-1"
    assert (code, str(kept) in err) == (0, True)
    assert "no story" in sinowire("search", "Baidu", "--all")[2]
    assert sinowire("restore", kept, "--force")[0] == 0
    assert "Baidu opens a lab" in sinowire("search", "Baidu", "--all")[1]


def test_a_run_does_not_begin_anew_over_a_warehouse(imported, sinowire, is_on_lake):
    """--new replaces nothing."""
    code, _, err = sinowire("run", "--new")

    remedy = "another database and folder" if is_on_lake else "move the file aside"
    assert (code, remedy in err) == (2, True)
    assert "Baidu opens a lab" in sinowire("search", "Baidu", "--all")[1]


def test_doctor_does_not_wait_for_a_writer(
    imported, home, findings, monkeypatch, is_on_lake
):
    """Who is writing shows that the warehouse works."""
    monkeypatch.setattr(doctor, "PATIENCE_SECONDS", 0.1)
    with writer(home, command="sinowire run"):
        code, rows = findings()

    assert (code, rows["warehouse"]["state"]) == (0, "good")
    # A lake is looked at without a turn.
    assert is_on_lake or "in use by `sinowire run`" in rows["warehouse"]["detail"]


def test_doctor_finds_a_file_in_the_way_of_the_data(home, findings):
    """`data` has to be a folder that can be written."""
    (home / "data").write_text("")

    code, rows = findings()

    assert (code, rows["data"]["state"]) == (1, "bad")
    assert "move it aside" in rows["data"]["remedy"]


@pytest.mark.parametrize(
    ("number", "said", "remedy"),
    [
        (errno.EROFS, "Read-only file system", "remount it"),
        (errno.ENOSPC, "No space left", "make room"),
        (errno.EACCES, "Permission denied", "as its owner"),
    ],
)
def test_doctor_tries_to_write(home, findings, monkeypatch, number, said, remedy):
    """A folder that refuses a new file is out of order, whatever its permissions say."""

    def refuse(**_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(refusals.tempfile, "TemporaryFile", refuse)
    code, rows = findings()

    assert (code, rows["data"]["state"]) == (1, "bad")
    assert said in rows["data"]["detail"]
    assert remedy in rows["data"]["remedy"]


@pytest.mark.parametrize(
    ("free", "state"), [(0, "bad"), (200_000_000, "warn"), (2_000_000_000, "good")]
)
def test_a_disk_without_room_is_bad(imported, findings, monkeypatch, free, state):
    """Little room is a warning, next to none ends all runs."""
    asked = shutil.disk_usage

    def usage(path):
        return asked(path)._replace(free=free)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    code, rows = findings()

    assert rows["disk"]["state"] == state
    assert (code == 1) == (state == "bad")


def test_a_document_that_cannot_be_kept_is_named(tmp_path):
    """A disk that gets full in the middle of writing says of no file which it was."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        with pytest.raises(OSError, match="too large") as caught:
            keep_document(tmp_path, "ab12", os.urandom(5_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    said = sentence(caught.value)
    assert said.startswith(f"{tmp_path / 'raw/ab/ab12.gz'} has no room left on its disk; ")


def test_a_file_in_the_way_of_the_data_stops_a_run(home, sinowire):
    """One sentence with the path and the remedy, and no error number."""
    (home / "data").write_text("")

    code, _, err = sinowire("run")

    assert code == 1
    assert err.startswith(f"error: {home / 'data'} is in the way of a folder: move")
    assert "Errno" not in err


def test_folder_in_the_place_of_a_file_is_named(home, sinowire):
    """feeds.toml has to be a file."""
    (home / "feeds.toml").unlink()
    (home / "feeds.toml").mkdir()

    code, _, err = sinowire("run")

    assert code == 2
    assert "feeds.toml: is a folder; move it aside" in err


@pytest.mark.parametrize(
    ("args", "message"),
    [
        pytest.param(["init", "{file}"], "name a folder", id="init"),
        pytest.param(["restore", "nofile"], "`backup` made", id="restore"),
        pytest.param(["import", "{folder}"], "not an export", id="import"),
        pytest.param(["import", "nofile"], "cannot be read", id="import of nothing"),
        pytest.param(["export", "out", "--format", "xlsx"], "parquet", id="export"),
    ],
)
def test_wrong_requests_are_told_from_failed_work(home, sinowire, args, message):
    """What the request names is not there or is something else: exit code 2."""
    (home / "a.txt").write_text("")
    (home / "afolder").mkdir()

    code, _, err = sinowire(
        *(arg.format(file=home / "a.txt", folder=home / "afolder") for arg in args)
    )

    assert code == 2
    assert message in err
    assert "Errno" not in err


def test_full_disk_is_a_sentence(home, sinowire):
    """No room for the warehouse: what to do, not what DuckDB calls it."""
    (home / "history.jsonl").write_text(LINE)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    try:
        code, _, err = sinowire("import", home / "history.jsonl")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert code == 1
    assert "make room" in err


def test_init_on_a_full_disk_leaves_no_half_a_file(tmp_path, sinowire):
    """What is not there is written by the next try."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, hard))
    try:
        code, _, err = sinowire("init", tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert (code, "make room" in err) == (1, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.EROFS, "--home"),
        (errno.EACCES, "owner"),
        (errno.ENOSPC, "make room"),
        (errno.ENOTDIR, "--home"),
        (errno.EIO, "try again"),
    ],
)
def test_refusals_name_the_path_and_a_remedy(number, remedy):
    """Whatever was refused, the sentence says of what and how to go on."""
    exc = OSError(number, os.strerror(number), "/somewhere/feeds.toml")

    assert sentence(exc).startswith("/somewhere/feeds.toml ")
    assert remedy in sentence(exc)
    assert "Errno" not in sentence(exc)
    assert exit_code(exc) == 1


@pytest.fixture
def full_disk(tmp_path):
    """Settings of a home whose data is a disk without room, and an empty lock on it."""
    if os.geteuid():
        pytest.skip("to mount a disk takes root")
    data = tmp_path / "data"
    data.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", data], check=True)
    (data / LOCK_NAME).touch()
    with contextlib.suppress(OSError), (data / "filler").open("wb", 0) as filler:
        while True:
            filler.write(bytes(4096))
    yield load_settings(tmp_path)
    subprocess.run(["umount", "--lazy", data], check=True)


def test_doctor_names_the_disk_that_is_full(full_disk):
    """Where its lock cannot be signed: nobody else's rights have to do with it."""
    [found] = doctor._copy(full_disk)

    assert (found.what, found.state) == ("copy", "bad")
    assert found.detail.startswith(
        f"{full_disk.data / LOCK_NAME} has no room left on its disk"
    )
    assert found.remedy == f"make room on the disk of {full_disk.data}"


def test_refusals_without_a_path():
    """A full disk has a remedy without one; what is no file's is left in its own words."""
    assert "make room" in refusal(OSError(errno.ENOSPC, "No space left on device"))
    assert refusal(ConnectionRefusedError(errno.ECONNREFUSED, "refused")) == ""
    assert sentence(ConnectionRefusedError("nobody answers")) == "nobody answers"


@pytest.mark.parametrize(
    ("field", "message"),
    [
        pytest.param({"url": "javascript:alert(1)"}, "is not a web address", id="script"),
        pytest.param({"url": ""}, "has no 'url'", id="none"),
        pytest.param({"published": "soon"}, "is not a date", id="no date"),
        pytest.param(
            {"published": f"{datetime.now(UTC) + timedelta(days=400):%Y-%m-%d}"},
            "lies in the future",
            id="future",
        ),
    ],
)
def test_a_wrong_line_of_history_is_named(home, sinowire, field, message):
    """The file, the line, and what is wrong with it."""
    file = home / "history.jsonl"
    file.write_text(LINE + json.dumps(json.loads(LINE) | field) + "\n")

    code, _, err = sinowire("import", file)

    assert code == 2
    assert "history.jsonl:2: " in err
    assert message in err


def test_export_without_links_comes_back(home, web, subscribe, sinowire, tmp_path_factory):
    """An entry without a link has its guid for identity, in the next home too."""
    web.page(
        "/good",
        body=b"<rss version='2.0'><channel><title>F</title>"
        b"<item><guid isPermaLink='false'>g1</guid><title>Baidu</title></item>"
        b"</channel></rss>",
    )
    subscribe("/good")
    assert sinowire("run")[0] == 0
    folder = tmp_path_factory.mktemp("export")
    assert sinowire("export", folder)[0] == 0

    code, out, _ = sinowire("import", folder)

    assert code == 0
    assert "1 read, 0 new articles" in out
