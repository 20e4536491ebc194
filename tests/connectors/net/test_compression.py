"""Bodies under a cap."""

from __future__ import annotations

import gzip
import zlib

import pytest

from connectors.net.compression import Body, TooLargeError, UnreadableBodyError


def decoded(body, encoding="gzip", limit=1000, step=7):
    gathered = Body(encoding, limit)
    for start in range(0, len(body), step):
        gathered.feed(body[start : start + step])
    return gathered.finish()


def test_members_are_joined():
    """A gzip body may consist of several members, and end in padding."""
    body = gzip.compress(b"one ") + gzip.compress(b"two")

    assert decoded(body) == b"one two"
    assert decoded(body + b"\0\0\0", step=10_000) == b"one two"


def test_gzip_without_a_header_is_noticed():
    """A feed stored as .gz is unpacked though nobody said so."""
    assert decoded(gzip.compress(b"<rss/>"), encoding="") == b"<rss/>"


def test_plain_text_labelled_gzip_is_taken_as_it_is():
    """Some servers say gzip and send none."""
    assert decoded(b"<rss/>", encoding="gzip") == b"<rss/>"


@pytest.mark.parametrize("body", [b"PK\3\4....", b"junk"])
def test_junk_labelled_gzip_is_refused(body):
    """What is neither gzip nor a document is unreadable."""
    with pytest.raises(UnreadableBodyError, match="which it is not"):
        decoded(body)


def test_broken_data():
    """Damaged compressed data are unreadable, and so are cut ones."""
    whole = gzip.compress(bytes(range(256)) * 3)
    damaged = whole[:20] + b"\xff\xff\xff\xff" + whole[24:]

    with pytest.raises(UnreadableBodyError):
        decoded(damaged)
    with pytest.raises(UnreadableBodyError, match="breaks off"):
        decoded(whole[:-10])
    with pytest.raises(UnreadableBodyError, match="broken deflate"):
        decoded(zlib.compress(b"x" * 100)[:8] + b"\xff" * 20, encoding="deflate")


def test_limit_is_exact():
    """As many bytes as allowed pass, one more does not."""
    assert len(decoded(gzip.compress(b"x" * 1000))) == 1000
    with pytest.raises(TooLargeError, match="larger than 1,000 bytes"):
        decoded(gzip.compress(b"x" * 1001))


def test_data_that_unfold_to_nothing_end_as_well():
    """A stream of empty blocks is cut by its raw size."""
    empty_blocks = b"\x1f\x8b\x08\0\0\0\0\0\0\3" + b"\0\0\0\xff\xff" * 1000

    with pytest.raises(TooLargeError):
        decoded(empty_blocks)


def test_empty_body():
    """Nothing is nothing, whatever it was called."""
    assert decoded(b"", encoding="gzip") == b""
