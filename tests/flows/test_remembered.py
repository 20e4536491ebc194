"""The watchlist is read once, and again when anything that makes it has changed."""

from __future__ import annotations

import hashlib
import os
import pickle
import stat

import pytest
from builders import shipped_beat

from flows.caches import _FOLDER, _LITERALS, _WATCHLIST, _key, compiled, remembered
from transforms.names.rules import literals
from transforms.names.rules.file import parse_watchlist
from transforms.names.tagging import tag_text

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


PATTERNS = """
[topic.rockets]
name = "Rockets"
terms = ["re:(?i)(rocket|booster) launch(es)?", "re:火箭.{0,4}(发射|升空)"]
clauses = [{ actor = "(?i)spacefarers", act = "(?i)lifts? off", object = "booster|rocket" }]
"""
TEXTS = ("Booster launches", "火箭今日升空", "Spacefarers lift off in a rocket", "Tea")


@pytest.fixture
def tag(tmp_path, monkeypatch):
    """Compile PATTERNS as a new process does; return the topics, and what was read."""

    def tag(data=tmp_path):
        for name in ("_read", "_split"):
            monkeypatch.setattr(literals, name, {})
        tagger = compiled(data, parse_watchlist(PATTERNS), shipped_beat())
        needs, _ = literals.readings()
        ours = {pattern: sets for pattern, sets in needs.items() if pattern in PATTERNS}
        topics = [tag_text(tagger, title=text)["topics"] for text in TEXTS]
        return [bool(found) for found in topics], ours

    return tag


def test_patterns_are_read_once(tmp_path, tag):
    """What they need is kept, readable by its owner alone, and finds the same."""
    found, read = tag()
    kept = tmp_path / _FOLDER / _LITERALS
    written = kept.stat().st_ino

    assert found == [True, True, True, False]
    assert tag() == (found, read)
    assert kept.stat().st_ino == written
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700


def test_patterns_are_read_again_where_what_was_kept_is_damaged(tmp_path, tag):
    """Or was written by another hand, or cannot be kept."""
    expected = tag()
    kept = tmp_path / _FOLDER / _LITERALS
    others = (b"[", b"[1, 2]", b'[{"a": 1}, {}]')
    wholes = [_key(()) + hashlib.sha256(text).digest() + text for text in others]
    for damaged in (kept.read_bytes()[:-9], *wholes):
        kept.write_bytes(damaged)
        assert tag() == expected
        assert kept.read_bytes() != damaged

    kept.unlink()
    kept.mkdir()
    assert tag() == expected
