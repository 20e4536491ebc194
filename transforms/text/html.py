"""Untrusted HTML as plain text and harmless links."""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from transforms.urls.canonical import SCHEMES

# Scripts and styles are code, captions credit photo agencies (false mentions).
_DROPPED = [
    "script",
    "style",
    "template",
    "noscript",
    "iframe",
    "svg",
    "head",
    "figcaption",
]
# Longer documents are cut before they are read: no article is a megabyte of HTML.
_MAX_HTML = 1_000_000
# The parser takes a minute for 200,000 nested tags, and as long for attributes without
# end: what is longer than this goes to it without attributes, and with so many tags.
_LONG_HTML = 20_000
_MAX_TAGS = 5_000

_BLOCK = re.compile(
    r"<(?=/?(?:p|div|br|hr|li|ul|ol|dl|dt|dd|h[1-6]|tr|td|th|table|section|article|header"
    r"|footer|aside|blockquote|pre|figure|form|center)[\s/>])",
    re.IGNORECASE,
)
# A whole tag whose quotes close; markup made of these alone needs no parser.
_ATTRIBUTES = r"""(?:[^<>"']|"[^"<>]*"|'[^'<>]*')*+>"""
_PLAIN_BLOCK = re.compile(_BLOCK.pattern + "/?[a-z]" + _ATTRIBUTES, re.IGNORECASE)
_PLAIN_TAG = re.compile("</?[a-z]" + _ATTRIBUTES, re.IGNORECASE)
_TAG_START = re.compile("(</?[a-z][a-z0-9]*)", re.IGNORECASE)
_WHOLE_TAG = re.compile(
    "(</?[a-z][a-z0-9]*+)" + r"""(?:[^<>"']|"[^"]*"|'[^']*')*+>""", re.IGNORECASE
)
_ANY_TAG = re.compile(_TAG_START.pattern + "[^<>]*>?", re.IGNORECASE)
# To its end or to the text's: a start without an end must not be looked at twice.
_CODE = re.compile(
    r"<(script|style)\b(?:(?!</\1).)*+(?P<end></\1\b[^<>]*>?)?", re.IGNORECASE | re.DOTALL
)
_MARKUP = re.compile(
    r"<(?:img|script|style|iframe|svg|a|br|p|span|b|strong|em|i)\b[^<>]*>", re.IGNORECASE
)
_HIDING = re.compile("<(?:!|" + "|".join(_DROPPED) + ")", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|blockquote|br|center|cite|code|del|div|em|font|h[1-6]|hr|i|iframe|img|ins|li"
    r"|mark|ol|p|pre|q|s|script|small|span|strike|strong|style|sub|sup|svg|table|td|th|tr|u|ul"
    r"|video|wbr|object|embed|input|form|link|meta)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
# Only the host could be wrong, and it has nothing but letters and dots.
_PLAIN_LINK = re.compile(r"https?://[A-Za-z0-9.-]+/")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
# No character has so long a number, and Python refuses to read one of 4,300 digits.
_LONGEST_NUMBER = 7
_LONG_NUMBER = re.compile(r"&#([0-9]{8,}+);?")
# Zero-width characters, the byte order mark and soft hyphens carry no text; controls steer
# terminals, and changes of direction make a headline read as another one.
_INVISIBLE = re.compile(
    "[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad"
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"
)


def plain_text(source: str) -> str:
    """Return the text of *source*, one line a paragraph.

    Some feeds escape twice, so text that still looks like markup is parsed once more, never
    a third time.
    """
    if not source:
        return ""
    text = _words(source)
    if "<" in text or "&" in text:
        text = _words(text) if _TAG.search(text) else _unescaped(text)
    return _collapsed(text)


def plain_line(source: str) -> str:
    """Return the text of *source* in one line, for a title.

    Only tags that HTML knows are dropped: "<video>" in a headline about HTML
    is a word when the feed escaped it, so escapes are read after the tags.
    """
    text = source
    if "<" in text:
        text = _TAG.sub("", _CODE.sub(_unless_open, text))
    if "&" in text:
        # Twice at most: some feeds publish &amp;#8217; for an apostrophe.
        text = _unescaped(_unescaped(text))
        text = _TAG.sub("", text) if _MARKUP.search(text) else text
    return _collapsed_line(text)


def safe_link(url: str, base: str = "") -> str:
    """Return *url* made absolute, otherwise unchanged; "" if it is not http(s)."""
    url = url.strip()
    if not url or _PLAIN_LINK.match(url):
        return url
    try:
        if not urlsplit(url).scheme:
            url = urljoin(base, url)
        parts = urlsplit(url)
        scheme, host = parts.scheme, parts.hostname
    except ValueError:
        return ""
    return url if scheme in SCHEMES and host and host.isprintable() else ""


def _words(source: str) -> str:
    if "<" not in source:
        return _unescaped(source)
    source = source[:_MAX_HTML].replace("\n", " ").replace("\r", " ")
    if not _HIDING.search(source):
        simple = _PLAIN_TAG.sub("", _PLAIN_BLOCK.sub("\n", source))
        if "<" not in simple:
            return _unescaped(simple)
    tree = LexborHTMLParser(_BLOCK.sub("\n<", _bounded(source)))
    tree.strip_tags(_DROPPED)
    return tree.body.text(separator="") if tree.body else ""


def _bounded(source: str) -> str:
    """Return *source* as a parser reads it in time, whatever somebody made of it."""
    if len(source) <= _LONG_HTML:
        return source
    # Only text is wanted. What is no whole tag is closed where the next one begins, so
    # that no reader can take text for attributes.
    source = _ANY_TAG.sub(r"\1>", _WHOLE_TAG.sub(r"\1>", source))
    pieces = source.split("<", _MAX_TAGS)
    return "<".join(pieces[:_MAX_TAGS])


def _unless_open(code: re.Match[str]) -> str:
    return "" if code["end"] else code[0]


def unescaped(text: str) -> str:
    """Return *text* with HTML entities decoded; invalid ones become U+FFFD."""
    if "&#" in text:
        text = _LONG_NUMBER.sub(_shortened, text)
    return html.unescape(text)


def _shortened(reference: re.Match[str]) -> str:
    digits = reference[1].lstrip("0") or "0"
    return "\ufffd" if len(digits) > _LONGEST_NUMBER else f"&#{digits};"


def _unescaped(text: str) -> str:
    return unescaped(text) if "&" in text and _ENTITY.search(text) else text


def _collapsed(text: str) -> str:
    is_even = _is_even(text.replace("\n", "_"))
    lines = map(str.strip if is_even else _collapsed_line, text.split("\n"))
    return "\n".join(filter(None, lines))


def _collapsed_line(line: str) -> str:
    return line.strip() if _is_even(line) else " ".join(_INVISIBLE.sub("", line).split())


def _is_even(line: str) -> bool:
    # What is printable holds nothing invisible, and no space but the common one.
    return line.isprintable() and "  " not in line
