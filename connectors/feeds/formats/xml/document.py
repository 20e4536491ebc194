"""XML document made complete: in UTF-8, and closed where it breaks off."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html.entities import html5

from connectors.errors import FeedParseError
from connectors.feeds.formats.result import BROKEN_OFF, Parsed
from connectors.feeds.formats.source import Source
from transforms.models import Feed

_ROOT = re.compile(rb"<((?:[\w-]+:)?(?:rss|feed|rdf|urlset))[\s>]", re.IGNORECASE)
_ITEM_END = re.compile(rb"</(?:[\w-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
_URL_END = re.compile(rb"</(?:[\w-]+:)?url\s*>", re.IGNORECASE)
_TOKEN = re.compile(
    # What is never closed ends with the document: to look for its end again and again
    # from each of 100,000 starts would take minutes.
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    rb"|&#(?P<high>55[2-9]\d\d|56[0-2]\d\d|563[01]\d);&#(?P<low>56[3-9]\d\d|57[0-3]\d\d);"
    rb"|&(?:#(?P<number>\d{1,7}|x[0-9a-fA-F]{1,6});|(?P<fine>(?:amp|lt|gt|quot|apos);)"
    rb"|(?P<name>[A-Za-z][A-Za-z0-9]{1,31};)?)",
    re.DOTALL,
)
_ENTITY = re.compile(rb"<!ENTITY\s+([A-Za-z][A-Za-z0-9]{1,30})\s")
HEAD = 8192  # a DOCTYPE stands at the top


@dataclass(frozen=True, slots=True, kw_only=True)
class XmlDocument:
    """A document to read; ``charset`` is "" if its encoding was not detected."""

    source: Source
    text: bytes
    charset: str
    encoding: str
    note: str
    is_cut: bool

    def told_of(self, parsed: Parsed) -> Parsed:
        """Return *parsed* with the document's encoding and warnings."""
        told = replace(
            parsed, encoding=self.encoding or parsed.encoding, is_cut=self.is_cut
        )
        return told.with_warnings(self.note, BROKEN_OFF if self.is_cut else "")


def whole_document(source: Source) -> XmlDocument:
    """Return the document of *source*, closed where it breaks off.

    Raises:
        FeedParseError: It breaks off before its first item ends.
    """
    decoded = source.decoded
    text, is_cut = decoded.body, False
    if decoded.charset:
        text, is_cut = _closed(text, source.feed)
    return XmlDocument(
        source=source,
        text=text,
        charset=decoded.charset,
        encoding=decoded.encoding,
        note=decoded.note,
        is_cut=is_cut,
    )


def _closed(body: bytes, feed: Feed) -> tuple[bytes, bool]:
    """Close a document that breaks off, without the item that it breaks off in.

    Half an item would be stored with half a headline.
    """
    root = _ROOT.search(body[:4096])
    if not root or f"</{root[1].decode()}".lower().encode() in body[-2048:].lower():
        return body, False
    if not (whole := whole_entries(body)):
        raise FeedParseError(feed.url, "the document breaks off before its first item ends")
    return whole, True


def whole_entries(body: bytes) -> bytes:
    """Return *body* up to the end of its last whole entry, and closed; "" without any."""
    if not (root := _ROOT.search(body[:4096])):
        return b""
    name = root[1]
    end = _URL_END if name.lower().endswith(b"urlset") else _ITEM_END
    ends = [found.end() for found in end.finditer(body)]
    closing = (
        b"</channel></" + name + b">"
        if name.lower().endswith(b"rss")
        else b"</" + name + b">"
    )
    return body[: ends[-1]] + closing if ends else b""


def escape_bare(body: bytes) -> bytes:
    """Return *body*, in UTF-8, with "AT&T" and "&nbsp;" escaped for XML.

    feedparser reads the first as "AT&T;". CDATA and comments stay as they are,
    and so do the entities that the document declares.
    """
    declared = frozenset(name + b";" for name in _ENTITY.findall(body[:HEAD]))
    return _TOKEN.sub(lambda token: _escaped(token, declared), body)


def _escaped(token: re.Match[bytes], declared: frozenset[bytes]) -> bytes:
    text, name = token[0], token["name"]
    if not text.startswith(b"&") or token["fine"] or name in declared:
        return text
    if token["high"]:
        # JavaScript's halves of one character, as some feeds write an emoji.
        halves = chr(int(token["high"])) + chr(int(token["low"]))
        pair = halves.encode("utf-16-le", "surrogatepass")
        return pair.decode("utf-16-le", "replace").encode()
    if number := token["number"]:
        return text if _is_character(number) else "\ufffd".encode()
    if name and (characters := html5.get(name.decode())):
        return characters.encode()
    return b"&amp;" + text[1:]


def _is_character(number: bytes) -> bool:
    """Tell whether XML allows the character; feedparser fails feeds with any other."""
    code = int(number[1:], 16) if number[:1] == b"x" else int(number)
    if code < 0x20:  # noqa: PLR2004
        return code in {9, 10, 13}
    return code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF and code & 0xFFFE != 0xFFFE  # noqa: PLR2004
