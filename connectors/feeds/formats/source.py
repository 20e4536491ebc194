"""Source of a format: a document, its kind, and the error where no format fits."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Literal, TypeVar

from connectors.errors import ChallengeError, FeedParseError, is_challenge
from connectors.feeds.formats.encoding import Decoded, repair_encoding
from connectors.feeds.formats.result import NOTHING, Hashes, KnownItems, Parsed, read_each
from transforms.dates.parse import Dated, parse_date
from transforms.models import Entry, Feed
from transforms.text.json_limits import read_json

T = TypeVar("T")
DocumentKind = Literal["xml", "json", "html", "challenge", "other"]
HEAD = 4096
_FEED_ROOT = re.compile(rb"<(?:[\w-]+:)?(?:rss|feed|rdf|channel)[\s>]", re.IGNORECASE)
_SITEMAP_ROOT = re.compile(rb"<(?:[\w-]+:)?(?:urlset|sitemapindex)[\s>]", re.IGNORECASE)
_HTML_ROOT = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|script|title|meta|div)[\s>]", re.IGNORECASE
)
# OPML has a head and a body too; the parser identifies it.
_LIST_ROOT = re.compile(rb"<opml[\s>]", re.IGNORECASE)
_MARKUP = re.compile(rb"^\s*<[?!\w]")
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


@dataclass(frozen=True, kw_only=True)
class Source:
    """A document with its feed; links are relative to ``base_url``, items may be ``known``.

    Facts about the whole document are computed once.
    """

    body: bytes
    feed: Feed
    content_type: str = ""
    base_url: str
    now: datetime
    known: KnownItems = NOTHING

    @cached_property
    def kind(self) -> DocumentKind:
        """The kind of document, by its first tag or bracket."""
        return sniff(self.body)

    @cached_property
    def decoded(self) -> Decoded:
        """The document in UTF-8, without junk before its first tag."""
        return repair_encoding(without_junk(self.body), self.content_type)

    @cached_property
    def json(self) -> Any:
        """The value of a JSON document.

        Raises:
            FeedParseError: It is none, or a broken one.
        """
        return document_of(self.body, self.feed)

    def date(self, raw: str) -> Dated | None:
        """Return the moment that *raw* names, in the feed's zone where it names none."""
        return parse_date(raw, zone=self.feed.zone, now=self.now)

    def is_date(self, raw: str) -> bool:
        """Tell whether the project's own date reader knows *raw*."""
        return self.date(raw) is not None

    def read_new(
        self,
        items: Sequence[T],
        *,
        hashes_of: Callable[[T], Hashes],
        entry_of: Callable[[T], Entry],
        **about: Any,
    ) -> Parsed:
        """Return the entries of the new *items*; unreadable ones are left out.

        *about* gives the result the format, title and encoding of the document.
        """
        fresh, counts = self.known.split(items, hashes_of)
        entries, notice = read_each(entry_of, fresh, feed=self.feed, total=counts.total)
        # Its notice comes after those that are given.
        return replace(counts, entries=entries, **about).with_notice(notice)


def sniff(body: bytes) -> DocumentKind:
    """Return the kind of *body*, by its first tag or bracket, never by its label.

    Servers label feeds text/html and error pages application/xml.
    """
    start = body[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in (b"{", b"["):
        return "json"
    if body.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00", b"<\x00")):
        return "xml"
    feed, page = _FEED_ROOT.search(start), _HTML_ROOT.search(start)
    if feed and (not page or feed.start() < page.start() or _is_warning(start, feed)):
        return "xml"
    if page and not _LIST_ROOT.search(start[: page.start()]):
        return "challenge" if is_challenge(body) else "html"
    return "xml" if _MARKUP.match(start) else "other"


def has_feed_root(body: bytes) -> bool:
    """Tell whether *body* has the root of a feed or a sitemap."""
    start = body[:HEAD]
    return bool(_FEED_ROOT.search(start) or _SITEMAP_ROOT.search(start))


def is_sitemap(text: bytes) -> bool:
    """Tell whether *body* is a sitemap, or an index of sitemaps."""
    return bool(_SITEMAP_ROOT.search(text[:2048]))


def without_junk(body: bytes) -> bytes:
    """Return *body* without a server's warnings or blank lines before the document."""
    head = body[:HEAD]
    feed = _FEED_ROOT.search(head)
    declaration = head.find(b"<?xml")
    if declaration > 0 and (not feed or declaration < feed.start()):
        return body[declaration:]
    if (
        declaration < 0
        and feed
        and b"<" in head[: feed.start()]
        and b"<!" not in head[: feed.start()]
    ):
        return body[feed.start() :]
    return body


def _is_warning(start: bytes, feed: re.Match[bytes]) -> bool:
    # PHP prints its complaints as HTML before the feed; a page has a root of its own.
    return not re.search(
        rb"<(?:!doctype\s+html|html|body)[\s>]", start[: feed.start()], re.IGNORECASE
    )


def document_of(body: bytes, feed: Feed) -> Any:
    """Return the JSON value of *body*.

    Raises:
        FeedParseError: It is not JSON.
    """
    try:
        return read_json(_decoded(body))
    except ValueError as exc:
        raise FeedParseError(feed.url, f"not a feed: broken JSON ({exc})") from exc


def text_of(value: Any) -> str:
    """Return *value* as text: ids and dates are numbers in some feeds."""
    return (
        str(value).strip()
        if isinstance(value, str | int | float) and value is not True
        else ""
    )


def list_of(value: Any) -> list[Any]:
    """Return *value* where it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def _decoded(body: bytes) -> str:
    """Return *body* as text: JSON is UTF-8, 16 or 32, told by its first bytes."""
    try:
        return body.decode(json.detect_encoding(body))
    except UnicodeDecodeError:
        return repair_encoding(body).body.decode("utf-8", "replace")


def other_xml(text: bytes) -> str:
    """Return the kind of XML where it is known to be no feed, else ""."""
    return next((what for root, what in _OTHER_XML if root.search(text[:_HEAD])), "")


def refusal(source: Source) -> FeedParseError:
    """Return the error for a document that no format recognises."""
    url, body = source.feed.url, source.body
    match source.kind:
        case "challenge":
            return ChallengeError(
                url, "a bot check, captcha or login page came instead of the feed"
            )
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
