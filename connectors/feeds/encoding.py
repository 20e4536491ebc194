"""Bring a document to UTF-8, believing its bytes more than its labels."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*?\?>", re.DOTALL)
_DECLARED = re.compile(
    rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']""", re.DOTALL
)
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"\x00", b"<\x00")
# Characters that XML forbids: one of them makes a whole feed not well-formed.
_FORBIDDEN = bytes([*range(9), 11, 12, *range(14, 32)])
# Seven-bit encodings are valid UTF-8 by their bytes, so their label is all there is.
_SEVEN_BIT = re.compile(r"iso-2022|hz|utf-?7", re.IGNORECASE)
# Supersets that real pages use under the narrower name.
_WIDER = {
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs",
    "shift_jis": "cp932", "shift-jis": "cp932", "euc-kr": "cp949",
    "iso-8859-1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252",
}  # fmt: skip
XML_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>'


@dataclass(frozen=True, slots=True)
class Decoded:
    """A document's bytes, and its charset where we are sure: "" leaves it to the parser.

    ``encoding`` is what the bytes were in as they came.
    """

    body: bytes
    charset: str
    note: str = ""
    encoding: str = ""


def repair_encoding(body: bytes, content_type: str = "") -> Decoded:
    """Return *body* in UTF-8 where its true encoding can be told, else as it is.

    Bytes that are valid UTF-8 are UTF-8 whatever the labels say. Others are
    tried as the labels say, then as GB 18030, which much of the Chinese web
    still writes under a UTF-8 label.
    """
    if body.startswith(_UTF16):
        return Decoded(body, "")
    declared = _labels(body, content_type)
    if any(_SEVEN_BIT.match(label) for label in declared):
        return Decoded(body, "")
    text = _decoded(body, declared)
    if text is None:
        return Decoded(body, "", "its encoding could not be told")
    return text


def _labels(body: bytes, content_type: str) -> list[str]:
    labels = []
    if found := _CHARSET.search(content_type):
        labels.append(found[1].lower())
    if inside := _DECLARED.match(body[:400]):
        labels.append(inside[1].decode("ascii").lower())
    return labels


def _decoded(body: bytes, declared: list[str]) -> Decoded | None:
    label = declared[0] if declared else "utf-8"
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return _from_labels(body, declared)
    said = "" if all(_is_utf8(name) for name in declared) or body.isascii() else label
    note = f"declared {said}, but its bytes are UTF-8" if said else ""
    return _utf8(body, note, "utf-8")


def _from_labels(body: bytes, declared: list[str]) -> Decoded | None:
    for label in declared:
        name = _WIDER.get(label, label)
        if not _is_utf8(label) and (text := _strict(body, name)):
            return _utf8(text.encode("utf-8", "replace"), "", name)
    text, lost, kept = _lenient_utf8(body)
    if kept > lost * 10:
        note = f"{lost} broken UTF-8 characters were replaced"
        return _utf8(text.encode(), note, "utf-8")
    for name in ("gb18030", "big5hkscs"):
        if (text := _strict(body, name) or "") and _is_plausible_han(text):
            note = f"its bytes are {name}, whatever it declares"
            return _utf8(text.encode("utf-8", "replace"), note, name)
    return None


def _is_utf8(label: str) -> bool:
    return label in {"utf-8", "utf8", "utf_8"}


def _strict(body: bytes, encoding: str) -> str | None:
    try:
        return codecs.lookup(encoding).decode(body)[0]
    except (LookupError, UnicodeError, AttributeError, TypeError):
        # No such text encoding ("x-user-defined", "base64"), or not this one.
        return None


def _lenient_utf8(body: bytes) -> tuple[str, int, int]:
    text = body.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    return text, lost, sum(not character.isascii() for character in text) - lost


def _is_plausible_han(text: str) -> bool:
    """Tell Chinese from another encoding's letters that happen to pair up.

    Common characters are in the old national sets; accidents are rare ones.
    """
    foreign = [character for character in text if not character.isascii()]
    common = sum(
        "\u4e00" <= c <= "\u9fa5" or "\u3000" <= c <= "\u303f" or "\uff00" <= c <= "\uffef"
        for c in foreign
    )
    han = "".join(c for c in foreign if "\u4e00" <= c <= "\u9fa5")
    ordinary = len(han.encode("gb2312", "ignore")) / 2 if han else 0
    return common >= len(foreign) * 0.6 and ordinary >= len(han) * 0.7 > 0


def _utf8(body: bytes, note: str, encoding: str) -> Decoded:
    body = body.removeprefix(codecs.BOM_UTF8).translate(None, _FORBIDDEN).lstrip()
    if declaration := _DECLARATION.match(body):
        body = XML_DECLARATION + body[declaration.end() :]
    return Decoded(body, "utf-8", note, encoding)
