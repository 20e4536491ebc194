"""A feed per rule, read back by feedparser and by our own parsers."""

from __future__ import annotations

import errno
import io
import json
import os
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import feedparser
import pytest

from connectors.feeds.formats.parser import parse_document
from connectors.sinks.channels import feed
from connectors.sinks.context import PermanentSinkError, TransientSinkError
from transforms.models import Feed

NOON = datetime(2026, 8, 4, 12, tzinfo=UTC)
SAMPLE = Feed(feed_id="alerts", url="https://x.example/giants.json", publisher="sinowire")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "public"


def read_atom(path):
    parsed = feedparser.parse(io.BytesIO(path.read_bytes()))
    assert (parsed.version, parsed.bozo) == ("atom10", False)
    return parsed


def read_json(path):
    return parse_document(path.read_bytes(), feed=SAMPLE, now=NOON).entries


def numbered(make_notice, numbers):
    for n in numbers:
        yield make_notice(
            message_id=f"m{n}",
            title=f"headline {n}",
            created_at=NOON + timedelta(minutes=n),
        )


def test_both_files_say_the_same(folder, hand_over, make_notice):
    """Readers take either; entries are the newest first."""
    hand_over(
        "feed", "public", *numbered(make_notice, (1, 2)), public="https://x.example/f/"
    )

    atom, entries = read_atom(folder / "giants.atom"), read_json(folder / "giants.json")
    assert [e.title for e in entries] == [e.title for e in atom.entries]
    assert [e.title for e in entries] == [
        "Alibaba Group (阿里巴巴): headline 2",
        "Alibaba Group (阿里巴巴): headline 1",
    ]
    assert [e.guid for e in entries] == [e.id for e in atom.entries]
    assert entries[0].guid.startswith("urn:uuid:")
    assert entries[0].url == atom.entries[0].link == "https://x.example/1"
    assert entries[0].published_at == NOON + timedelta(minutes=2)
    assert "why: “Alibaba” is named" in atom.entries[0].content[0].value
    assert atom.feed.links[0].href == "https://x.example/f/giants.atom"
    assert json.loads((folder / "giants.json").read_bytes())["feed_url"] == (
        "https://x.example/f/giants.json"
    )


def test_each_rule_has_its_feed(folder, hand_over, make_notice, make_parcel):
    """A digest is no entry; its alerts are, each in the feed of its rule."""
    notices = [make_notice(message_id=r, rule_id=r) for r in ("one", "two")]

    hand_over("feed", "public", make_parcel(*notices, why="digest"))

    assert sorted(path.name for path in folder.glob("[!.]*")) == [
        *("one.atom", "one.json", "two.atom", "two.json"),
    ]
    assert len(read_json(folder / "two.json")) == 1


def test_message_that_comes_again_is_one_entry(folder, hand_over, make_notice):
    """After a crash a message is sent again; its id is the same, and so is the feed."""
    [notice] = numbered(make_notice, (1,))
    hand_over("feed", "public", notice)
    before = (folder / "giants.json").read_bytes(), (folder / "giants.atom").read_bytes()

    hand_over("feed", "public", replace(notice, attempt=2))

    after = (folder / "giants.json").read_bytes(), (folder / "giants.atom").read_bytes()
    assert before == after


def test_newest_hundred_are_kept(folder, hand_over, make_notice, make_parcel):
    """A late message takes the place that its time gives it."""
    hand_over("feed", "public", make_parcel(*numbered(make_notice, range(150)), why="rate"))
    hand_over("feed", "public", *numbered(make_notice, (200, 7)))

    titles = [entry.title for entry in read_json(folder / "giants.json")]
    assert len(titles) == 100
    assert titles[0].endswith("headline 200")
    assert titles[-1].endswith("headline 51")


def test_hostile_words_are_text(folder, hand_over, make_notice):
    """Neither XML nor HTML reads them as its own, and a link leads to the web."""
    evil = "]]></content><script>alert(1)</script>&amp;\x00\ud800\ufffe\u202e 長"
    notice = make_notice(title=evil, publisher=evil, alias=evil, url="javascript:alert(1)")

    hand_over("feed", "public", notice)

    [entry] = read_atom(folder / "giants.atom").entries
    [item] = read_json(folder / "giants.json")
    assert "<script>" not in item.content
    assert "&lt;script&gt;" in item.content
    assert entry.title == item.title
    assert item.url == ""
    assert "links" not in entry or entry.links == []
    assert not any(sign in entry.title for sign in "\x00\ufffe\u202e")


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"items": 3}', b'{"items": [7, {"id": 1}]}', b"\xff"]
)
def test_file_of_somebody_else_begins_anew(folder, hand_over, content):
    """What we cannot read is not kept, and an alert is not lost for it."""
    folder.mkdir()
    (folder / "giants.json").write_bytes(content)

    hand_over("feed", "public")

    assert len(read_json(folder / "giants.json")) == 1


def test_two_at_once_lose_nothing(folder, hand_over, make_notice):
    """Each adds to what the other wrote."""

    def add(numbers):
        hand_over("feed", "public", *numbered(make_notice, numbers))

    threads = [threading.Thread(target=add, args=[range(k, 40, 4)]) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(read_json(folder / "giants.json")) == 40


@pytest.mark.parametrize(
    ("code", "kind"),
    [(errno.ENOSPC, TransientSinkError), (errno.EROFS, PermanentSinkError)],
)
def test_file_stays_whole_when_the_disk_does_not(
    folder, hand_over, make_notice, monkeypatch, code, kind
):
    """A reader sees the feed before or after, never between."""
    hand_over("feed", "public", *numbered(make_notice, (1,)))
    before = (folder / "giants.json").read_bytes()

    def refuse(*_args):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(feed.os, "fsync", refuse)

    with pytest.raises(kind, match="cannot be written"):
        hand_over("feed", "public", *numbered(make_notice, (2,)))

    assert (folder / "giants.json").read_bytes() == before
