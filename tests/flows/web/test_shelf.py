"""What the desk has open: the newest publication that can be read, and pages of it."""

from __future__ import annotations

import shutil

import pytest

from flows.settings import load_settings
from flows.web.answers import make_answer
from flows.web.errors import Damaged, NothingYet
from flows.web.shelf import WARMED, KeptPages, Shelf
from warehouse.file.connect import PUBLISHED_NAME


@pytest.fixture
def home(tmp_path):
    (tmp_path / "data").mkdir()
    return tmp_path


def test_without_a_publication_there_is_none_yet(home):
    """Asked again and again it says what to run, and takes the first that comes."""
    shelf = Shelf(load_settings(home))

    for _ in range(2):
        with pytest.raises(NothingYet, match="sinowire run"):
            shelf.current()
    assert (shelf.mark(), shelf.is_behind) == (None, False)


def test_a_first_publication_that_cannot_be_read_is_damaged(home, caplog):
    """It is said once, in a line, and not tried anew at each request."""
    (home / "data" / PUBLISHED_NAME).write_bytes(b"no database" * 1_000)
    shelf = Shelf(load_settings(home))

    for _ in range(3):
        with pytest.raises(Damaged):
            shelf.current()
    assert (shelf.mark(), shelf.is_behind) == (None, False)
    assert len(caplog.records) == 1


def test_the_one_before_is_read_while_the_newest_cannot_be(home, desk, caplog):
    """Nor is it let go where the file vanishes; the next one that is whole is taken."""
    path, whole = home / "data" / PUBLISHED_NAME, desk / "data" / PUBLISHED_NAME
    shutil.copyfile(whole, path)
    shelf = Shelf(load_settings(home))
    first = shelf.current()
    assert (shelf.mark(), shelf.is_behind) == (first.mark, False)

    path.unlink()
    assert shelf.current() is first
    assert (shelf.mark(), shelf.is_behind) == (first.mark, False)

    path.write_bytes(b"no database" * 1_000)
    for _ in range(2):
        assert shelf.current() is first
        assert (shelf.mark(), shelf.is_behind) == (first.mark, True)
    assert len(caplog.records) == 1

    path.unlink()
    shutil.copyfile(whole, path)
    second = shelf.current()
    assert second is not first
    assert (shelf.mark(), shelf.is_behind) == (second.mark, False)
    assert shelf.current() is second
    shelf.close_broken(first)
    assert shelf.current() is second
    shelf.close_broken(second)
    assert shelf.current() is not second


def page(size):
    """Return a page that takes so many bytes."""
    return make_answer(b"x" * size)


def test_pages_are_kept_within_bounds(home):
    """Of one publication; those that were not read for longest go first."""
    kept = KeptPages(room=1_000)
    for key in "abc":
        assert kept.put("one", key, page(300), key) == []
    assert kept.used == 900
    assert kept.get("one", "a").size == 300
    assert kept.get("two", "a") is None
    assert kept.get("one", "z") is None

    kept.put("one", "b", page(400), "b")
    assert (kept.used, len(kept)) == (1_000, 3)
    kept.put("one", "d", page(1), "d")
    assert [kept.get("one", key) is None for key in "abcd"] == [False, False, True, False]
    assert kept.used == 701


def test_those_that_were_read_most_are_made_anew(home):
    """A dozen of them, when the next publication comes: the most read first."""
    kept = KeptPages()
    for key in range(15):
        kept.put("one", key, page(9), f"asked {key}")
    for key in (7, 7, 3):
        kept.get("one", key)

    popular = kept.put("two", "new", page(5), "asked new")

    assert popular[:2] == ["asked 7", "asked 3"]
    assert (len(popular), WARMED) == (12, 12)
    assert (len(kept), kept.used, kept.mark) == (1, 5, "two")
