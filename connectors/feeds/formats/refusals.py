"""Documents that are in no format of ours, and what to tell of them."""

from __future__ import annotations

import re

from connectors.errors import ChallengeError, FeedParseError
from connectors.feeds.formats.source import Source

_HEAD = 2048
_OTHER_XML = (
    (
        re.compile(rb"<opml[\s>]", re.IGNORECASE),
        "an OPML list of feeds: `sinowire feeds import` takes it",
    ),
    (
        re.compile(rb"<(?:[\w-]+:)?Error>|<AccessDenied", re.IGNORECASE),
        "an error message of the server's storage",
    ),
)
_FILES = (b"%PDF", b"\x89PNG", b"\xff\xd8", b"PK\x03\x04", b"GIF8")


def other_xml(text: bytes) -> str:
    """Return what an XML document is that is known to be no feed, "" of any other."""
    return next((what for root, what in _OTHER_XML if root.search(text[:_HEAD])), "")


def refusal(source: Source) -> FeedParseError:
    """Return the error of a document that no format recognises."""
    url, body = source.feed.url, source.body
    match source.kind:
        case "challenge":
            wall = "a bot check, captcha or login page came instead of the feed"
            return ChallengeError(url, wall)
        case "html":
            return FeedParseError(url, f"a web page, not a feed{_titled(body)}")
        case "xml":
            return FeedParseError(url, other_xml(source.decoded.body))
    return FeedParseError(url, _other(body))


def _titled(body: bytes) -> str:
    found = re.search(rb"<title[^<>]*>\s*([^<]{1,120})", body[:60_000], re.IGNORECASE)
    return f' ("{" ".join(found[1].decode("utf-8", "replace").split())}")' if found else ""


def _other(body: bytes) -> str:
    if not body.strip():
        return "an empty answer, not a feed"
    if body.startswith(_FILES):
        return "a file of another kind, not a feed"
    return "neither XML nor JSON, so not a feed"
