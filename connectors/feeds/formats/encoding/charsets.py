"""Names of encodings as feeds and browsers write them, and what they mean."""

from __future__ import annotations

import codecs

# Byte order marks, longest first, then a "<" as each wide encoding writes it.
MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
# What is tried without a label; of those that read all bytes, the most legible is taken.
GUESSES = ("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949")
_SINGLE_BYTE = ("cp125", "cp874", "koi8", "iso8859", "mac", "cp437", "cp85", "latin")
# Pages label the wider encoding with the narrower name; browsers decode them this way.
_MEANT = {
    "gb18030": """gb2312 gbk x-gbk gb_2312-80 gb_2312 gb2312-80 gb-2312 csgb2312 iso-ir-58
        chinese csiso58gb231280 gb18030-2000 gb-18030 cp936 ms936 windows-936 euc-cn euccn
        x-euc-cn""",
    "big5hkscs": """big5 big-5 big5-hkscs cn-big5 csbig5 x-x-big5 cp950 ms950 windows-950
        x-big5""",
    "cp932": "shift_jis shift-jis sjis x-sjis ms_kanji csshiftjis windows-31j ms932",
    "euc_jp": "euc-jp x-euc-jp eucjp cseucpkdfmtjapanese",
    "cp949": """euc-kr euc_kr euckr cseuckr korean ks_c_5601-1987 ks_c_5601-1989 ksc5601
        ksc_5601 iso-ir-149 windows-949 ms949 uhc""",
    "cp1252": """iso-8859-1 iso8859-1 iso_8859-1 latin1 latin-1 l1 us-ascii ascii ansi cp819
        ansi_x3.4-1968 ibm819 windows-1252 x-cp1252 iso-ir-100 iso88591""",
    "cp1254": "iso-8859-9 iso8859-9 latin5 l5 windows-1254 x-cp1254",
    "cp874": "tis-620 iso-8859-11 windows-874 dos-874",
    "utf-8": "utf8 utf_8 unicode-1-1-utf-8 x-unicode20utf8 utf-8-sig utf8mb4",
}
_CODECS = {name: codec for codec, names in _MEANT.items() for name in names.split()}


def codec_of(label: str) -> str:
    """Return the name of the codec that *label* means, or "" for none that reads text."""
    label = label.strip().lower()
    if codec := _CODECS.get(label):
        return codec
    try:
        name = codecs.lookup(label).name
        # "base64" is a codec, but "x".encode() refuses it.
        "x".encode(name)
    except (LookupError, ValueError):
        # No such encoding ("x-user-defined"), or none of text ("base64").
        return ""
    return _CODECS.get(name, name)


def is_single_byte(codec: str) -> bool:
    """Tell whether each byte is a character to *codec*, so that it can read anything."""
    return codec.startswith(_SINGLE_BYTE)
