"""Files for readers have the mode given, whoever writes in private meanwhile."""

from __future__ import annotations

import os
import stat

import pytest


@pytest.fixture(autouse=True)
def narrowed():
    """Work as another thread leaves the process while it writes what is private."""
    before = os.umask(0o077)
    yield
    os.umask(before)


def modes_under(folder):
    """Return the modes of what others are to read below *folder*."""
    return {
        str(path.relative_to(folder)): stat.S_IMODE(path.stat().st_mode)
        for path in folder.rglob("*")
        if path.name != ".lock"
    }


@pytest.mark.parametrize(
    ("umask", "folder", "file"), [(0o022, 0o755, 0o644), (0o027, 0o750, 0o640)]
)
@pytest.mark.parametrize(
    ("kind", "address", "names"),
    [
        ("file", "out/deep/alerts.jsonl", ["out/deep/alerts.jsonl"]),
        ("feed", "out/deep", ["out/deep/giants.json", "out/deep/giants.atom"]),
    ],
)
def test_readers_can_read_what_was_made_in_a_turn(
    hand_over, make_notice, tmp_path, umask, folder, file, kind, address, names
):
    """Folders and files, made or written anew, go by the outlet's umask."""
    hand_over(kind, address, make_notice(), make_notice(message_id="m2"), umask=umask)

    folders = {"out": folder, "out/deep": folder}
    assert modes_under(tmp_path) == folders | dict.fromkeys(names, file)


def test_a_file_keeps_the_mode_that_its_owner_gave_it(hand_over, make_notice, tmp_path):
    """Lines are appended to it, no more."""
    (tmp_path / "alerts.jsonl").touch(0o600)

    hand_over("file", "alerts.jsonl", make_notice())

    assert modes_under(tmp_path) == {"alerts.jsonl": 0o600}


def test_alerts_among_private_data_are_private(hand_over, make_notice, tmp_path):
    """Whatever the umask: they tell what is watched."""
    notices = make_notice(), make_notice(message_id="m2")
    (tmp_path / "data").mkdir(0o755)

    hand_over("file", "data/alerts.jsonl", *notices, data=tmp_path / "data")

    assert modes_under(tmp_path)["data/alerts.jsonl"] == 0o600
