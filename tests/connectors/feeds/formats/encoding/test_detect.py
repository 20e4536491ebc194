"""True encodings, whatever the labels say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.feeds.formats.encoding import repair_encoding

TEXT = "国产大模型降价，云厂商跟进"
TRADITIONAL = "國產軟體價格下跌，廠商跟進"
JAPANESE = "クラウドの値下げが続いています"
KOREAN = "국내 대형 모델의 가격이 내려갔다"
RUSSIAN = "Новые модели дешевеют"


def document(text=TEXT, declared="utf-8", encoding=None):
    body = f'<?xml version="1.0" encoding="{declared}"?><t>{text}</t>'
    return body.encode(encoding or declared)


def bare(text=TEXT, encoding="utf-8"):
    return f"<t>{text}</t>".encode(encoding)


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        pytest.param(document(), "", TEXT, id="as declared"),
        pytest.param(
            document(declared="gb2312", encoding="utf-8"), "", TEXT, id="UTF-8 as GB2312"
        ),
        pytest.param(
            document(declared="big5", encoding="utf-8"), "", TEXT, id="UTF-8 as Big5"
        ),
        pytest.param(
            document(declared="iso-8859-1", encoding="utf-8"), "", TEXT, id="UTF-8 as Latin"
        ),
        pytest.param(
            document(declared="utf-16", encoding="utf-8"), "", TEXT, id="UTF-8 as UTF-16"
        ),
        pytest.param(document(), "text/xml; charset=gbk", TEXT, id="UTF-8 by a GBK header"),
        pytest.param(document(encoding="gbk"), "", TEXT, id="GBK as UTF-8"),
        pytest.param(bare(encoding="gbk"), "", TEXT, id="GBK, undeclared"),
        pytest.param(
            document(declared="gb2312", encoding="gb18030"), "", TEXT, id="wider than said"
        ),
        pytest.param(
            document("囍镕", declared="gb2312", encoding="gbk"), "", "囍镕", id="rare"
        ),
        pytest.param(
            document("𠮷野", declared="gbk", encoding="gb18030"),
            "",
            "𠮷野",
            id="four bytes",
        ),
        pytest.param(
            document(declared="x-nonsense", encoding="gbk"), "", TEXT, id="unknown label"
        ),
        pytest.param(document(declared="big5", encoding="gbk"), "", TEXT, id="GBK as Big5"),
        pytest.param(
            document(declared="iso-8859-1", encoding="gbk"), "", TEXT, id="GBK as Latin"
        ),
        pytest.param(
            document(declared="euc-kr", encoding="gbk"), "", TEXT, id="GBK as EUC-KR"
        ),
        pytest.param(
            document(declared="shift_jis", encoding="gbk"), "", TEXT, id="GBK as SJIS"
        ),
        pytest.param(
            document(declared="us-ascii", encoding="gbk"), "", TEXT, id="GBK as ASCII"
        ),
        pytest.param(
            document(encoding="gbk"), "text/xml; charset=utf-8", TEXT, id="GBK, two lies"
        ),
        pytest.param(
            document(declared="gbk"), "text/xml; charset=ISO-8859-1", TEXT, id="idle header"
        ),
        pytest.param(
            document(declared="iso-8859-1", encoding="gbk"),
            'text/xml; charset="GB2312"',
            TEXT,
            id="header knows",
        ),
        pytest.param(
            document("AI战胜A", declared="gb2312"), "", "AI战胜A", id="GBK by chance UTF-8"
        ),
        pytest.param(
            document("кто", declared="gbk", encoding="utf-8"),
            "",
            "кто",
            id="Cyrillic as GBK",
        ),
        pytest.param(
            document("une ann\xe9e apr\xe8s", declared="big5", encoding="cp1252"),
            "",
            "une ann\xe9e apr\xe8s",
            id="Latin as Big5",
        ),
        pytest.param(document("價格", declared="big5"), "", "價格", id="Big5"),
        pytest.param(
            document(TRADITIONAL, encoding="big5"), "", TRADITIONAL, id="Big5 as UTF-8"
        ),
        pytest.param(
            document(TRADITIONAL, declared="gb2312", encoding="big5"),
            "",
            TRADITIONAL,
            id="Big5 as GB2312",
        ),
        pytest.param(
            document(TRADITIONAL, declared="gbk", encoding="gbk"),
            "",
            TRADITIONAL,
            id="traditional in GBK",
        ),
        pytest.param(
            document("咗喺嘅", declared="big5", encoding="big5hkscs"),
            "",
            "咗喺嘅",
            id="Hong Kong's Big5",
        ),
        pytest.param(
            document(JAPANESE, declared="shift_jis"), "", JAPANESE, id="Shift JIS"
        ),
        pytest.param(
            document("①㈱", declared="x-sjis", encoding="cp932"),
            "",
            "①㈱",
            id="Windows SJIS",
        ),
        pytest.param(document(JAPANESE, declared="euc-jp"), "", JAPANESE, id="EUC-JP"),
        pytest.param(bare(JAPANESE, "shift_jis"), "", JAPANESE, id="Shift JIS, undeclared"),
        pytest.param(document(KOREAN, declared="euc-kr"), "", KOREAN, id="EUC-KR"),
        pytest.param(
            document(KOREAN, declared="ks_c_5601-1987", encoding="cp949"),
            "",
            KOREAN,
            id="EUC-KR by its old name",
        ),
        pytest.param(bare(KOREAN, "euc-kr"), "", KOREAN, id="EUC-KR, undeclared"),
        pytest.param(
            document(RUSSIAN, declared="windows-1251"), "", RUSSIAN, id="Windows Cyrillic"
        ),
        pytest.param(document(RUSSIAN, declared="koi8-r"), "", RUSSIAN, id="KOI8"),
        pytest.param(
            document(RUSSIAN, declared="windows-1251"),
            "text/xml; charset=iso-8859-1",
            RUSSIAN,
            id="Cyrillic under an idle header",
        ),
        pytest.param(
            document("caf\xe9", declared="iso-8859-1"), "", "caf\xe9", id="Latin-1"
        ),
        pytest.param(
            document("“caf\xe9” – €5", declared="iso-8859-1", encoding="cp1252"),
            "",
            "“caf\xe9” – €5",
            id="Windows Latin as Latin-1",
        ),
        pytest.param(
            document("“caf\xe9”", encoding="cp1252"), "", "“caf\xe9”", id="Latin as UTF-8"
        ),
        pytest.param(b"<t>\x93caf\xe9\x94</t>", "", "“caf\xe9”", id="Latin, undeclared"),
        pytest.param(
            document("caf\xe9", declared="gb2312", encoding="cp1252"),
            "",
            "caf\xe9",
            id="Latin as GB2312",
        ),
        pytest.param(b"\xef\xbb\xbf" + document(), "", TEXT, id="byte order mark"),
        pytest.param(
            b"\xef\xbb\xbf" + document(declared="gbk", encoding="utf-8"),
            "text/xml; charset=gbk",
            TEXT,
            id="byte order mark against all labels",
        ),
        pytest.param(document(declared="utf-16"), "", TEXT, id="UTF-16"),
        pytest.param(
            "\ufeff".encode("utf-16-be") + document(encoding="utf-16-be"),
            "",
            TEXT,
            id="UTF-16 BE as UTF-8",
        ),
        pytest.param(document(encoding="utf-16-le"), "", TEXT, id="UTF-16 LE, no mark"),
        pytest.param(document(encoding="utf-16-be"), "", TEXT, id="UTF-16 BE, no mark"),
        pytest.param(bare(encoding="utf-16-le"), "", TEXT, id="UTF-16 LE, bare"),
        pytest.param(
            document(declared="utf-16") + b"\x00", "", TEXT, id="UTF-16 with half a unit"
        ),
        pytest.param(document(declared="utf-32"), "", TEXT, id="UTF-32"),
        pytest.param(document(encoding="utf-32-be"), "", TEXT, id="UTF-32 BE, no mark"),
        pytest.param(document(encoding="utf-32-le"), "", TEXT, id="UTF-32 LE, no mark"),
        pytest.param(
            document(declared="base64", encoding="utf-8"), "", TEXT, id="no text codec"
        ),
        pytest.param(
            document(declared="base64", encoding="gbk"), "", TEXT, id="no codec, and GBK"
        ),
        pytest.param(
            document("a\x00\x08\ufffe" + TEXT), "", "a" + TEXT, id="control characters"
        ),
    ],
)
def test_text_is_read_right(body, content_type, text):
    """The text comes out in UTF-8 and says so, whatever the labels said."""
    decoded = repair_encoding(body, content_type)

    assert decoded.charset == "utf-8"
    assert f"<t>{text}</t>" in decoded.body.decode()
    assert b'encoding="utf-8"' in decoded.body or b"<?xml" not in decoded.body


def test_mixed_documents_are_read_text_by_text():
    """Items in GBK among items in UTF-8, or the other way round, are all read."""
    utf8, gbk = f"<t>{TEXT}</t>".encode(), f"<t>{TEXT}</t>".encode("gbk")

    for parts in ([utf8] * 9 + [gbk], [gbk] * 9 + [utf8], [utf8, gbk]):
        decoded = repair_encoding(b"<a>" + b"".join(parts) + b"</a>")
        assert decoded.body.decode().count(TEXT) == len(parts)


def test_mojibake_is_left_alone():
    """What was encoded twice before it came is valid UTF-8, and is not guessed at."""
    twice = TEXT.encode().decode("cp1252", "replace")

    assert twice in repair_encoding(document(twice)).body.decode()


def test_one_broken_character_costs_one_character():
    """A bad byte in a Chinese document does not turn it into mojibake."""
    body = document().replace("降".encode(), "降".encode()[:2])

    decoded = repair_encoding(body)

    assert "国产大模型" in decoded.body.decode()
    assert "broken UTF-8" in decoded.note


@pytest.mark.parametrize(
    "body",
    [document("x", declared="iso-2022-jp"), b"<t>" + bytes(range(128, 256)) + b"</t>"],
)
def test_rest_is_left_to_the_parser(body):
    """What we cannot tell is handed on as it is."""
    decoded = repair_encoding(body)

    assert (decoded.body, decoded.charset) == (body, "")


@given(
    st.binary(max_size=80),
    st.sampled_from(["utf-8", "gbk", "big5", "euc-kr", "utf-16", "x", "latin1", "hz"]),
    st.sampled_from([b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00"]),
)
def test_no_bytes_raise(noise, label, mark):
    """Any bytes under any label come back as UTF-8, or as they are."""
    body = mark + f'<?xml version="1.0" encoding="{label}"?><t>'.encode() + noise + b"</t>"

    decoded = repair_encoding(body, f"text/xml; charset={label}")

    assert decoded.charset in {"", "utf-8"}
    if decoded.charset:
        decoded.body.decode("utf-8")


@given(
    st.lists(st.sampled_from(TEXT + TRADITIONAL), min_size=8, unique=True).map("".join),
    st.sampled_from(["gb18030", "utf-8", "utf-16"]),
    st.sampled_from(["gb2312", "big5", "utf-8", "iso-8859-1", "euc-kr", "shift_jis", ""]),
)
def test_chinese_comes_back_under_any_label(text, encoding, label):
    """Chinese text is told by its characters, not by the label it bears.

    By eight different ones: two characters in turn may be two rarer ones of another coding.
    """
    body = f'<?xml version="1.0" encoding="{label}"?><t>{text}</t>'.encode(encoding)

    assert f"<t>{text}</t>" in repair_encoding(body).body.decode()


def test_disagreement_is_noted():
    """A wrong label is worth a word; plain ASCII under any label is not."""
    assert "gb2312" in repair_encoding(document(declared="gb2312", encoding="utf-8")).note
    assert repair_encoding(document("plain", declared="gb2312")).note == ""
    assert "gb18030" in repair_encoding(document(encoding="gbk")).note
