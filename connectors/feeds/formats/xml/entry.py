"""Entry of an RSS or Atom item, and feedparser, the parser of record. No network."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
from time import struct_time
from typing import Any

import feedparser

from connectors.errors import FeedParseError, SlowFeedError
from connectors.feeds.formats.deadline import PartTooSlow, part
from connectors.feeds.formats.result import identity_of
from connectors.feeds.formats.source import Source
from connectors.feeds.formats.xml.fast_head import Head
from connectors.feeds.formats.xml.fast_items import MAX_TAGS
from connectors.feeds.formats.xml.fast_text import OTHER_DATES
from transforms.articles.normalize import MAX_MARKED_NAME
from transforms.dates.parse import EARLIEST, MAX_AHEAD, Dated
from transforms.models import Entry, Feed
from transforms.text.html import safe_link, unescaped

# feedparser's own .get() tries a table of synonyms, at ten times the price.
_get: Callable[..., Any] = dict.get
_ADDRESS = r"[^\s@()<>]+@[^\s@()<>]+"
_MAILBOX = re.compile(
    rf"(?:{_ADDRESS}\s*\((?P<name>[^()]+)\)|(?P<named>[^()<>@]*[^()<>@\s])\s*[(<]{_ADDRESS}[)>]"
    rf"|(?P<only>{_ADDRESS}))"
)
# To its end or to the text's: a start without an end must not be looked at twice.
_CODE = re.compile(
    r"<!--(?:.*?(?P<comment>-->)|.*)"
    r"|<(script|style)\b[^<>]*>(?:.*?(?P<code></\2\s*>)|.*)",
    re.IGNORECASE | re.DOTALL,
)
# Links whose type is not HTML, in the order in which they are likely to be pages.
_PAGES = ("alternate", "self")
_ENTITY = re.compile(r"&(?:#\w{1,8}|[A-Za-z]\w{1,30});")


def entry_of(item: Any, source: Source, language: str) -> Entry:
    """Return the entry of *item*; *language* is the feed's own, if it names one."""
    # "created" is Atom 0.3's and dcterms', for those that say nothing nearer.
    dated = "created" if _get(item, "published") is None else "published"
    published_raw, updated_raw = _raw(item, dated), _raw(item, "updated")
    if not published_raw:
        others = (_raw(item, name) for name in OTHER_DATES)
        published_raw = next(filter(None, others), "")
    published = _date(item, dated, published_raw, source)
    same = updated_raw == published_raw
    updated = published if same else _date(item, "updated", updated_raw, source)
    parts = [part.get("value") or "" for part in _get(item, "content") or ()]
    content = max(parts, key=len, default="")
    summary = _get(item, "summary") or ""
    title = _without_code(_unescaped(_get(item, "title") or ""))
    url = _link(item, source.base_url)
    return Entry(
        guid=_guid(item, url) or url or identity_of(title, published_raw or updated_raw),
        url=url,
        title=title,
        # feedparser copies the content where an item has no summary.
        summary="" if summary == content else summary,
        content=content,
        authors=_authors(item),
        published_at=published.at if published else None,
        published_raw=published_raw,
        published_from=published.origin if published else "published",
        updated_at=updated.at if updated else None,
        updated_raw=updated_raw,
        categories=tuple(
            dict.fromkeys(filter(None, map(_category, _get(item, "tags") or ())))
        ),
        language=(_get(item, "title_detail") or {}).get("language") or language,
        publisher=_publisher(item),
    )


def _raw(item: Any, key: str) -> str:
    # Not item.get(): that answers "updated" with "published".
    value = _get(item, key)
    return value.strip() if isinstance(value, str) else ""


def _date(item: Any, key: str, raw: str, source: Source) -> Dated | None:
    if not raw:
        return None
    return source.date(raw) or _feedparser_date(item, key, raw, source.now)


def _feedparser_date(item: Any, key: str, raw: str, now: datetime) -> Dated | None:
    """Return feedparser's date of a rare form, if it has the year and day of *raw*.

    It reads unknown forms as the first of this month.
    """
    name = f"{key}_parsed"
    value: struct_time | None = _get(item, name)
    if (
        not value
        or str(value.tm_year) not in raw
        or not re.search(rf"(?<!\d)0?{value.tm_mday}(?!\d)", raw)
    ):
        return None
    try:
        at = datetime(*value[:5], min(value.tm_sec, 59), tzinfo=UTC)
    except ValueError:
        return None
    return Dated(at) if EARLIEST <= at <= now + MAX_AHEAD else None


def _guid(item: Any, url: str) -> str:
    guid: str = (_get(item, "id") or "").strip()
    # A relative guid that is the link as well means that link.
    is_relative_link = guid.startswith("/") and _get(item, "link") == guid
    return url if is_relative_link and url else guid


def _link(item: Any, base_url: str) -> str:
    link = _alternate(item) or (_get(item, "link") or "").strip()
    if link == (_get(item, "id") or "").strip() and "/" not in link:
        # A guid that forgot to say isPermaLink="false" is no address.
        return ""
    return safe_link(link, base_url)


def _alternate(item: Any) -> str:
    """Return the page's address where feedparser has another link's, or none.

    It takes the last <link> that holds its address as text, whatever it leads to.
    """
    links, link = _get(item, "links") or (), _get(item, "link")
    if link and len(links) < 2:  # noqa: PLR2004
        return ""
    hrefs = [(x.get("rel") or "alternate", x.get("href") or "") for x in links]
    if link and not any(rel != "alternate" and href == link for rel, href in hrefs):
        return ""
    pages = [href for wanted in _PAGES for rel, href in hrefs if rel == wanted and href]
    return pages[0].strip() if pages else ""


def _unescaped(title: str) -> str:
    return unescaped(title) if _ENTITY.search(title) else title


def _without_code(title: str) -> str:
    return _CODE.sub(_unless_open, title) if "<" in title else title


def _unless_open(code: re.Match[str]) -> str:
    return "" if code["comment"] or code["code"] else code[0]


def _authors(item: Any) -> tuple[str, ...]:
    authors = _get(item, "authors") or ()
    # feedparser cuts "desk@news.example (Desk)" after four letters of the domain's end.
    text = (_get(item, "author") or "") if len(authors) == 1 else ""
    if "@" in text and (found := _MAILBOX.fullmatch(text.strip())):
        return (next(filter(None, found.groups())).strip(),)
    names = (
        (author.get("name") or author.get("email") or "").strip() for author in authors
    )
    return tuple(dict.fromkeys(filter(None, names)))


def _category(tag: Any) -> str:
    return (tag.get("term") or tag.get("label") or "").strip()


def _publisher(item: Any) -> str:
    # Google News and Atom's <source> name the outlet that an aggregated entry is from.
    source = _get(item, "source")
    return (source.get("title") or "").strip() if isinstance(source, dict) else ""


# feedparser sets "bozo" for these too, but still reads the feed correctly.
HARMLESS = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)


# Its search for a parser that is not there takes as long as parsing a head.
feedparser.api.PREFERRED_XML_PARSERS = []


class _Bounded:
    """Limits on input for which feedparser takes quadratic time."""

    _get_context: Callable[[], dict[str, Any]]

    def _sync_author_detail(self, key: str = "author") -> None:
        # Its search for an address tries each letter of a name to the name's end.
        context = self._get_context()
        if len(context.get(key) or "") > MAX_MARKED_NAME:
            context[key] = context[key][:MAX_MARKED_NAME]
        super()._sync_author_detail(key)  # type: ignore[misc]

    def _add_tag(self, *tag: Any) -> None:
        # It compares a tag with all before it.
        if len(self._get_context().get("tags") or ()) < MAX_TAGS:
            super()._add_tag(*tag)  # type: ignore[misc]


for _name in ("StrictFeedParser", "LooseFeedParser"):
    _parser = getattr(feedparser.api, _name)
    setattr(feedparser.api, _name, type(_name, (_Bounded, _parser), {}))


def ask_feedparser(body: bytes, charset: str, feed: Feed, share: float = 1.0) -> Any:
    """Return feedparser's result; with *charset* "" feedparser detects the encoding.

    Raises:
        FeedParseError: It fails over the document, or takes more than *share* of its time.
    """
    headers = {
        "content-type": f"application/xml; charset={charset}"
        if charset
        else "application/xml"
    }
    try:
        # BytesIO: feedparser would open a file of the name that plain bytes spell.
        with part(share):
            parsed = feedparser.parse(
                io.BytesIO(body),
                response_headers=headers,
                sanitize_html=False,
                resolve_relative_uris=False,
            )
    except (RecursionError, MemoryError):
        raise
    except PartTooSlow as exc:
        raise SlowFeedError(feed.url, "feedparser takes too long over it") from exc
    except Exception as exc:
        # It fails in some ways of its own over characters and markup that are none.
        raise FeedParseError(feed.url, f"feedparser fails over it: {exc!r:.200}") from exc
    # Where no encoding fits, it stops before it has looked for one.
    parsed.setdefault("version", "")
    return parsed


def head_of(parsed: Any) -> Head:
    """Return the feed's head in feedparser's result."""
    return Head(
        version=parsed.version,
        title=parsed.feed.get("title") or "",
        language=parsed.feed.get("language") or "",
        authors=dict.get(parsed.feed, "authors") or [],
        encoding=parsed.get("encoding") or "",
        warnings=(f"not well-formed: {parsed.bozo_exception}",)
        if parsed.bozo and not isinstance(parsed.get("bozo_exception"), HARMLESS)
        else (),
    )
