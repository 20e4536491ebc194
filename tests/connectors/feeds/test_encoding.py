"""True encodings, whatever the labels say."""

from __future__ import annotations

import pytest

from connectors.feeds.encoding import repair_encoding

TEXT = "国产大模型降价，云厂商跟进"


def document(text=TEXT, declared="utf-8", encoding=None):
    body = f'<?xml version="1.0" encoding="{declared}"?><t>{text}</t>'
    return body.encode(encoding or declared)


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        pytest.param(document(), "", TEXT, id="as declared"),
        pytest.param(
            document(declared="gb2312", encoding="utf-8"), "", TEXT, id="UTF-8 as GB2312"
        ),
        pytest.param(document(), "text/xml; charset=gbk", TEXT, id="UTF-8 by a GBK header"),
        pytest.param(document(encoding="gbk"), "", TEXT, id="GBK as UTF-8"),
        pytest.param(
            document(declared="gb2312", encoding="gb18030"), "", TEXT, id="wider than said"
        ),
        pytest.param(
            document("囍镕", declared="gb2312", encoding="gbk"), "", "囍镕", id="rare"
        ),
        pytest.param(
            document(declared="x-nonsense", encoding="gbk"), "", TEXT, id="unknown label"
        ),
        pytest.param(document("價格", declared="big5"), "", "價格", id="Big5"),
        pytest.param(
            document("國產軟體價格下跌，廠商跟進", declared="utf-8", encoding="big5"),
            "",
            None,
            id="Big5 as UTF-8",
        ),
        pytest.param(
            document("caf\xe9", declared="iso-8859-1"), "", "caf\xe9", id="Latin-1"
        ),
        pytest.param(b"\xef\xbb\xbf" + document(), "", TEXT, id="byte order mark"),
        pytest.param(
            document(declared="base64", encoding="utf-8"), "", TEXT, id="no text codec"
        ),
    ],
)
def test_text_is_read_right(body, content_type, text):
    """The text comes out in UTF-8 and says so."""
    decoded = repair_encoding(body, content_type)

    if text is not None:
        assert decoded.charset == "utf-8"
        assert text in decoded.body.decode()
        assert b'encoding="utf-8"' in decoded.body


def test_one_broken_character_costs_one_character():
    """A bad byte in a Chinese document does not turn it into mojibake."""
    body = document().replace("降".encode(), "降".encode()[:2])

    decoded = repair_encoding(body)

    assert "国产大模型" in decoded.body.decode()
    assert "broken UTF-8" in decoded.note


@pytest.mark.parametrize(
    "body",
    [
        document(declared="utf-16"),
        document("x", declared="iso-2022-jp"),
        b"<t>\x93caf\xe9\x94</t>",
    ],
)
def test_rest_is_left_to_the_parser(body):
    """What we cannot tell is handed on as it is."""
    decoded = repair_encoding(body)

    assert (decoded.body, decoded.charset) == (body, "")


def test_disagreement_is_noted():
    """A wrong label is worth a word; plain ASCII under any label is not."""
    assert "gb2312" in repair_encoding(document(declared="gb2312", encoding="utf-8")).note
    assert repair_encoding(document("plain", declared="gb2312")).note == ""
    assert "gb18030" in repair_encoding(document(encoding="gbk")).note
