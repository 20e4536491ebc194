"""Bring a document to UTF-8, believing its bytes more than its labels: no mojibake.

Labels and charsets are in ``charsets.py``.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from connectors.feeds.formats.encoding import (
    GUESSES,
    LEGIBLE,
    MARKS,
    SURELY_LEGIBLE,
    codec_of,
    is_single_byte,
    is_sparse,
    legibility,
)

_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*?\?>", re.DOTALL)
_DECLARED = re.compile(
    rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']\s*([A-Za-z0-9._:-]+)\s*["']""", re.DOTALL
)
_CHARSET = re.compile(r"""charset\s*+=\s*+["']?\s*+([\w.:-]+)""", re.IGNORECASE)
# Characters that XML forbids: one of them makes a whole feed not well-formed.
_FORBIDDEN = bytes([*range(9), 11, 12, *range(14, 32)])
_NONCHARACTER = re.compile("\ufffe|\uffff".encode())
_FEW = 60
_WORD = 4  # fewer characters prove nothing against a label
# Seven-bit encodings are valid UTF-8 by their bytes, so their label is all there is.
_SEVEN_BIT = re.compile(r"iso-2022|hz|utf-?7", re.IGNORECASE)
# The second byte of a Chinese, Japanese or Korean character is never one of these, so
# texts between them are whole in every encoding. A text begins behind one of them, so that
# a long one without such bytes is looked at once.
_SEGMENT = re.compile(rb"(?<![^<>])[^<>\x80-\xff]*+[\x80-\xff][^<>]*")
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
    read as the labels say if that makes a legible text, else as the Chinese
    encoding that does: much of the Chinese web writes GB 18030 or Big5 under
    another label. A document may mix: each text in it is read on its own.
    """
    if wide := _wide(body):
        return wide
    labels = _labels(body, content_type)
    if any(_SEVEN_BIT.match(label) for label in labels) and body.isascii():
        return Decoded(body, "")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _from_other(body, labels)
    wrong = [label for label in labels if codec_of(label) != "utf-8"]
    if not wrong or body.isascii():
        return _utf8(body, "", "utf-8")
    if codec := _labelled_pairs(body, text, wrong):
        return _utf8(body.decode(codec, "replace").encode(), "", codec)
    return _utf8(body, f"declared {wrong[0]}, but its bytes are UTF-8", "utf-8")


def _wide(body: bytes) -> Decoded | None:
    """Read UTF-16 and UTF-32, by their mark or by the zeros around the first "<"."""
    for mark, encoding in MARKS:
        if body.startswith(mark):
            text = body.decode(encoding, "replace").removeprefix("\ufeff")
            if "<" in text[:1000]:
                return _utf8(text.encode("utf-8", "replace"), "", encoding)
    return None


def _labels(body: bytes, content_type: str) -> list[str]:
    """Return what the server and the document say, the likelier to be meant first.

    Servers send us-ascii and iso-8859-1 for whatever they know nothing of.
    """
    labels = []
    if found := _CHARSET.search(content_type):
        labels.append(found[1].lower())
    if inside := _DECLARED.match(body[:400]):
        labels.append(inside[1].decode("ascii").lower())
    return sorted(labels, key=lambda label: codec_of(label) in {"cp1252", "utf-8"})


def _from_other(body: bytes, labels: list[str]) -> Decoded:
    texts = _SEGMENT.findall(body)
    broken = b"\n".join(text for text in texts if not _is_utf8(text))
    whole = b"\n".join(text for text in texts if _is_utf8(text))
    codec = _codec_for(broken, labels)
    lost, kept = _lost(broken), _foreign(whole) + _foreign(broken)
    if not codec and kept <= lost * 10:
        return Decoded(body, "", "its encoding could not be told")
    text = _SEGMENT.sub(lambda found: _read(found[0], codec), body)
    if not codec or (kept > lost * 10 and is_single_byte(codec)):
        return _utf8(
            text, f"{lost} broken UTF-8 characters were repaired or replaced", "utf-8"
        )
    if _foreign(whole) > _foreign(broken):
        return _utf8(text, f"some of its texts are {codec}, the others UTF-8", "utf-8")
    is_named = any(codec_of(label) == codec for label in labels)
    note = "" if is_named else f"its bytes are {codec}, whatever it declares"
    return _utf8(text, note, codec)


def _labelled_pairs(body: bytes, text: str, labels: list[str]) -> str:
    """Return the Chinese encoding that a few pairs of bytes are in, as it is labelled.

    Pairs can be UTF-8 by chance, in the letters of other alphabets; three bytes cannot.
    """
    if len(body) - len(text) > _FEW or any(c >= "\u0800" for c in text):
        return ""
    for codec in (codec for label in labels if (codec := codec_of(label)) in GUESSES):
        reading = _strict(body, codec)
        if reading and legibility(reading) > SURELY_LEGIBLE:
            return codec
    return ""


def _is_utf8(text: bytes) -> bool:
    """Tell UTF-8 of three bytes a character, as Chinese is, from pairs that look so."""
    try:
        characters = text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(c.isascii() or c >= "\u0800" for c in characters)


def _lost(text: bytes) -> int:
    return text.decode("utf-8", "replace").count("\ufffd")


def _foreign(text: bytes) -> int:
    characters = text.decode("utf-8", "replace")
    return sum(not c.isascii() for c in characters) - characters.count("\ufffd")


def _codec_for(text: bytes, labels: list[str]) -> str:
    """Return the encoding that makes *text* legible, the labels' own if it can.

    A label is believed where no other reading is better by far: a name of two
    rare characters proves nothing.
    """
    named = [codec for label in labels if (codec := codec_of(label)) not in {"", "utf-8"}]
    readings = {codec: _strict(text, codec) for codec in dict.fromkeys([*named, *GUESSES])}
    scores = {codec: legibility(read) for codec, read in readings.items() if read}
    trusted = next((codec for codec in named if codec in scores), "")
    best = max(scores, key=scores.__getitem__, default="")
    if trusted and is_single_byte(trusted) and is_sparse(readings[trusted] or ""):
        return trusted
    # Windows' own Latin is what Europe writes under any other name.
    if scores.get(trusted, 0) < LEGIBLE and is_sparse(text.decode("cp1252", "replace")):
        return "cp1252"
    if trusted and not is_single_byte(trusted) and _is_a_word(readings[trusted] or ""):
        return trusted
    if best and scores[best] > max(LEGIBLE, 1.5 * scores.get(trusted, 0)):
        return best
    return trusted


def _is_a_word(reading: str) -> bool:
    return sum(not c.isascii() for c in reading) < _WORD and legibility(reading) >= 0


def _strict(text: bytes, codec: str) -> str | None:
    try:
        return text.decode(codec)
    except (LookupError, ValueError):
        # A broken character or two do not speak against an encoding.
        read = text.decode(codec, "replace")
        return read if read.count("\ufffd") * 50 < len(read) else None


def _read(text: bytes, codec: str) -> bytes:
    """Read one text as UTF-8 if it is, else in *codec* if that makes it more legible."""
    if _is_utf8(text):
        return text
    lenient = text.decode("utf-8", "replace")
    if not codec or (is_single_byte(codec) and _foreign(text) > _lost(text)):
        return lenient.encode()
    other = text.decode(codec, "replace")
    is_worse = legibility(other) < legibility(lenient)
    return (lenient if is_worse else other).encode("utf-8", "replace")


def _utf8(body: bytes, note: str, encoding: str) -> Decoded:
    body = body.removeprefix(codecs.BOM_UTF8).translate(None, _FORBIDDEN).lstrip()
    body = _NONCHARACTER.sub(b"", body)
    if declaration := _DECLARATION.match(body):
        body = XML_DECLARATION + body[declaration.end() :]
    return Decoded(body, "utf-8", note, encoding)
