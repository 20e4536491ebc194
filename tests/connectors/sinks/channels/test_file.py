"""Alerts as JSON lines in a file."""

from __future__ import annotations

import errno
import json
import os

import pytest

from connectors.sinks.channels import file
from connectors.sinks.context import PermanentSinkError, TransientSinkError


def test_lines_are_appended_under_the_home(hand_over, make_notice, tmp_path):
    """The folder is made; each alert is one line of JSON."""
    for message_id in ("m1", "m2"):
        hand_over("file", "data/alerts.jsonl", make_notice(message_id=message_id))

    lines = (tmp_path / "data/alerts.jsonl").read_bytes().splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["m1", "m2"]


def test_digest_is_one_line(hand_over, make_notice, make_parcel, tmp_path):
    """With its alerts, as a webhook gets it."""
    notices = [make_notice(message_id=f"m{n}") for n in range(3)]

    hand_over("file", "alerts.jsonl", make_parcel(*notices, why="quiet"))

    [line] = (tmp_path / "alerts.jsonl").read_bytes().splitlines()
    made = json.loads(line)
    assert (made["id"], made["digest"]) == ("b1", "quiet")
    assert [alert["id"] for alert in made["alerts"]] == ["m0", "m1", "m2"]


def test_hostile_words_stay_in_their_line(hand_over, make_notice, tmp_path):
    """Whatever a headline holds, the line is JSON in UTF-8."""
    evil = '"}\n{"id": "fake"}\u2028\x00\ud800' + "長" * 20_000

    hand_over("file", "alerts.jsonl", make_notice(title=evil, publisher=evil))

    [line] = (tmp_path / "alerts.jsonl").read_bytes().split(b"\n")[:-1]
    made = json.loads(line)
    assert made["id"] == "m1"
    assert made["alert"]["title"] == evil.replace("\ud800", "?")


def test_absolute_path_stands(hand_over, tmp_path):
    """A path from the root is taken as it is."""
    hand_over("file", str(tmp_path / "elsewhere.jsonl"), home=tmp_path / "home")

    assert (tmp_path / "elsewhere.jsonl").exists()


@pytest.mark.parametrize(
    ("before", "kept"),
    [
        pytest.param(b'{"id": "m0"}\n{"id": "m1", "al', b'{"id": "m0"}\n', id="torn"),
        pytest.param(b'{"id": "m1', b"", id="torn first line"),
        pytest.param(b'{"id": "m0"}', b'{"id": "m0"}\n', id="only the line end missing"),
        pytest.param(b'{"id": "m0"}\n' + b"x" * 200_000, b'{"id": "m0"}\n', id="long"),
        pytest.param(b"7", b"", id="half a number is no alert"),
        pytest.param(b'{"id": "m0"}\n', b'{"id": "m0"}\n', id="whole"),
    ],
)
def test_torn_last_line_is_healed(hand_over, tmp_path, before, kept):
    """What a crash left half-written goes, and every line is JSON again."""
    path = tmp_path / "alerts.jsonl"
    path.write_bytes(before)

    hand_over("file", "alerts.jsonl")

    after = path.read_bytes()
    assert after.startswith(kept)
    assert json.loads(after[len(kept) :])["id"] == "m1"
    assert after.endswith(b"\n")


def test_half_a_write_is_taken_back(hand_over, tmp_path, monkeypatch):
    """A full disk leaves the file as it was, and the alert is tried again."""
    path = tmp_path / "alerts.jsonl"
    path.write_bytes(b'{"id": "m0"}\n')
    write = os.write
    monkeypatch.setattr(file.os, "write", lambda fd, data: write(fd, data[:10]))

    with pytest.raises(TransientSinkError, match="desk: its file cannot be written"):
        hand_over("file", "alerts.jsonl")

    assert path.read_bytes() == b'{"id": "m0"}\n'


@pytest.mark.parametrize(
    ("code", "kind"),
    [(errno.EIO, TransientSinkError), (errno.EROFS, PermanentSinkError)],
)
def test_error_says_whether_it_passes(hand_over, monkeypatch, code, kind):
    """A tired disk may recover, a read-only one will not."""

    def refuse(*_args):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(file.os, "fsync", refuse)

    with pytest.raises(kind):
        hand_over("file", "alerts.jsonl")


def test_folder_in_place_of_the_file_is_permanent(hand_over, tmp_path):
    """A person has to name another file."""
    (tmp_path / "alerts.jsonl").mkdir()

    with pytest.raises(PermanentSinkError, match="directory"):
        hand_over("file", "alerts.jsonl")
