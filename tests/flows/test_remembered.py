"""The watchlist is read once, and again when anything that makes it has changed."""

from __future__ import annotations

import hashlib
import os
import pickle
import stat

import pytest

from flows.caches import _FOLDER, _WATCHLIST, _key, remembered
from transforms.names.rules.file import parse_watchlist

TEXT = """
[company.orbit]
name = "Orbit"
aliases = [{ text = "Orb", examples = ["not: Orb weavers"] }]
[person.pilot]
name = "Pat Pilot"
company = "orbit"
role = "founder"
until = 2026-08-01
[topic.rockets]
name = "Rockets"
clauses = [{ act = "launch", object = "rocket" }]
"""


@pytest.fixture
def read():
    """Return a reader of TEXT that counts how often it was asked."""

    def reader():
        reader.times += 1
        return parse_watchlist(TEXT)

    reader.times = 0
    return reader


def test_it_is_read_once(tmp_path, read):
    """What comes back is the same, and nobody else can read or change it."""
    first = remembered(tmp_path, (TEXT, "shipped"), read)
    again = remembered(tmp_path, (TEXT, "shipped"), read)

    assert again == first == parse_watchlist(TEXT)
    assert again.rules_version == first.rules_version
    assert read.times == 1
    assert stat.S_IMODE((tmp_path / _FOLDER).stat().st_mode) == 0o700


def test_it_is_read_again_when_a_file_changes(tmp_path, read):
    """The home's file and the shipped one both make it."""
    for texts in ((TEXT, "a"), (TEXT, "b"), (TEXT + "#", "b"), (TEXT + "#", "b")):
        remembered(tmp_path, texts, read)

    assert read.times == 3


def test_what_is_damaged_is_read_again(tmp_path, read):
    """Half a file, or one of another hand, is no watchlist."""
    remembered(tmp_path, (TEXT,), read)
    kept = tmp_path / _FOLDER / _WATCHLIST
    kept.write_bytes(kept.read_bytes()[:-9])

    assert remembered(tmp_path, (TEXT,), read) == parse_watchlist(TEXT)
    assert read.times == 2


@pytest.mark.parametrize(
    "made", [os.system, pickle.Unpickler, "no watchlist"], ids=["call", "class", "text"]
)
def test_it_makes_nothing_but_a_watchlist(tmp_path, read, made):
    """A file that asks for anything else is not obeyed, whoever wrote it."""
    packed = pickle.dumps(made)
    (tmp_path / _FOLDER).mkdir()
    whole = _key((TEXT,)) + hashlib.sha256(packed).digest() + packed
    (tmp_path / _FOLDER / _WATCHLIST).write_bytes(whole)

    assert remembered(tmp_path, (TEXT,), read) == parse_watchlist(TEXT)
    assert read.times == 1


def test_a_home_that_cannot_be_written_to_is_read_each_time(tmp_path, read):
    """Nor is a data folder made for it alone."""
    (tmp_path / _FOLDER).write_text("in the way")
    for data in (tmp_path, tmp_path / "none"):
        remembered(data, (TEXT,), read)
        remembered(data, (TEXT,), read)

    assert read.times == 4
    assert not (tmp_path / "none").exists()
