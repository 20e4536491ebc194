from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from contextlib import closing

import pytest

from warehouse.file import writes
from warehouse.file.connect import PRIVATE_NAME, PUBLISHED_NAME, open_published, writer
from warehouse.file.publish import publish
from warehouse.file.writes import PIECE, clone, spare_of, write_differences

pytestmark = pytest.mark.usefixtures("of_any_size")
READER = """
import hashlib, pathlib, sys
print(hashlib.sha256(pathlib.Path(sys.argv[1]).read_bytes()).hexdigest())
"""


def set_zone(data, zone):
    with writer(data, command="test") as con:
        con.execute("update reporting set zone = $zone", {"zone": zone})


def publish_zones(data, *zones):
    """Publish each of *zones*; return the inodes of the publications."""
    inodes = []
    for zone in zones:
        set_zone(data, zone)
        publish(data)
        assert (data / PUBLISHED_NAME).read_bytes() == (data / PRIVATE_NAME).read_bytes()
        inodes.append((data / PUBLISHED_NAME).stat().st_ino)
    return inodes


def test_two_files_take_turns(data, monkeypatch):
    """The third publication is written into the first: no more than what was written."""
    written = []

    def write(source, copy, spans):
        inode = os.fstat(copy.fileno()).st_ino
        written.append((inode, write_differences(source, copy, spans)))

    monkeypatch.setattr(writes, "write_differences", write)
    first, second, third, fourth = publish_zones(
        data, "UTC", "Asia/Tokyo", "UTC", "Asia/Seoul"
    )

    assert [inode for inode, _ in written] == [first, second] == [third, fourth]
    assert all(0 < size < (data / PRIVATE_NAME).stat().st_size for _, size in written)
    assert (data / PUBLISHED_NAME).stat().st_mode & 0o777 == 0o640
    assert [path.name for path in data.glob(f"{PUBLISHED_NAME}*")] == [PUBLISHED_NAME]


def test_what_a_reader_has_open_is_not_written_to(data):
    """It reads what it opened, to the last byte, however often is published."""
    publish_zones(data, "UTC")
    before = (data / PUBLISHED_NAME).read_bytes()
    with (data / PUBLISHED_NAME).open("rb") as kept:
        with closing(open_published(data / PUBLISHED_NAME)) as reader:
            publish_zones(data, "Asia/Tokyo", "Asia/Seoul", "Asia/Manila")
            assert reader.execute("select zone from reporting").fetchone() == ("UTC",)
        publish_zones(data, "Asia/Tokyo")
        assert kept.read() == before


def test_what_has_another_name_is_not_written_to(data):
    """Somebody's hard link is a copy that they mean to keep."""
    publish_zones(data, "UTC")
    mine = data / "mine.duckdb"
    os.link(data / PUBLISHED_NAME, mine)
    before = mine.read_bytes()

    publish_zones(data, "Asia/Tokyo", "Asia/Seoul", "Asia/Manila")

    assert mine.read_bytes() == before


def test_a_spare_that_is_the_publication_is_left_alone(data):
    """As it is after a kill between the two steps of putting one in place."""
    publish_zones(data, "UTC")
    os.link(data / PUBLISHED_NAME, spare_of(data / PRIVATE_NAME))
    with closing(open_published(data / PUBLISHED_NAME)) as reader:
        publish_zones(data, "Asia/Tokyo")
        assert reader.execute("select zone from reporting").fetchone() == ("UTC",)


def test_who_is_about_to_open_it_reads_all_of_the_next_one(data, monkeypatch):
    """A name can be looked up before it is replaced, and opened while it is written to."""
    publish_zones(data, "UTC", "Asia/Tokyo")
    late = []

    def write(source, copy, spans):
        copy.truncate(PIECE)
        spans = [(0, source.stat().st_size)]
        [part] = data.glob(f"{PUBLISHED_NAME}.*.part")
        command = [sys.executable, "-c", READER, str(part)]
        late.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        with pytest.raises(subprocess.TimeoutExpired):
            late[0].wait(2)
        return write_differences(source, copy, spans)

    monkeypatch.setattr(writes, "write_differences", write)
    publish_zones(data, "Asia/Seoul")
    said, _ = late[0].communicate(timeout=60)

    assert said.strip() == hashlib.sha256((data / PUBLISHED_NAME).read_bytes()).hexdigest()


def test_a_spare_is_private_from_the_beginning(data):
    """What a group may read is the publication, and a reader of the spare costs a copy."""
    publish_zones(data, "UTC", "Asia/Tokyo", "Asia/Seoul")

    assert spare_of(data / PRIVATE_NAME).stat().st_mode & 0o777 == 0o600
    assert (data / PUBLISHED_NAME).stat().st_mode & 0o777 == 0o640


def test_no_room_no_spare(data, monkeypatch):
    """On a disk that is nearly full, and for what is copied at once."""
    monkeypatch.setattr(writes, "WORTHWHILE", 1 << 40)

    publish_zones(data, "UTC", "Asia/Tokyo")

    assert not spare_of(data / PRIVATE_NAME).exists()


@pytest.mark.parametrize("length", [0, 1, PIECE, 3 * PIECE + 5, 9 * PIECE])
def test_a_copy_becomes_equal(tmp_path, length):
    """Whatever the lengths."""
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_bytes(b"a" * (4 * PIECE + 7))
    changed = bytearray(b"a" * length)
    changed[length // 2 : length // 2 + 1] = b"b" if length else b""
    new.write_bytes(changed)

    ends = [(0, length // 2), (length // 2, length - length // 2)]

    with old.open("r+b", buffering=0) as copy:
        assert write_differences(new, copy, ends) == length

    assert old.read_bytes() == new.read_bytes()


def test_what_nobody_wrote_is_not_read(tmp_path):
    """Nor written: the other pieces of a copy are as they were."""
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_bytes(b"a" * 4 * PIECE)
    new.write_bytes(b"b" * 3 * PIECE)

    with old.open("r+b", buffering=0) as copy:
        assert write_differences(new, copy, [(PIECE - 1, 2)]) == 2

    assert old.read_bytes() == b"a" * (PIECE - 1) + b"bb" + b"a" * (2 * PIECE - 1)


def test_cloning_gives_the_same_or_says_no(tmp_path, monkeypatch):
    """A file system that cannot leaves an empty file, which is then filled."""
    monkeypatch.undo()
    source, copy = tmp_path / "source", tmp_path / "copy"
    source.write_bytes(b"content" * 1000)

    expected = source.read_bytes() if clone(source, copy) else b""

    assert copy.read_bytes() == expected
