"""Normalized articles: an entry bounded, cleaned, and given its identity."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from transforms.articles.outlets import Outlets
from transforms.dates.parse import EARLIEST
from transforms.headlines.credits import without_labels, without_outlets
from transforms.headlines.digests import is_digest
from transforms.models import Article, DateOrigin, Entry, Feed, Sighting
from transforms.search.query import signature
from transforms.text.fold import script_of, search_text
from transforms.text.html import plain_line, plain_text
from transforms.text.language import detect_language
from transforms.text.lengths import MAX_CONTENT, MAX_TITLE, MAX_TITLE_MARKUP, beginning, cut
from transforms.urls.canonical import canonical_url
from transforms.urls.identity import hash_identity

_MAX_NAME = 200
_SCRIPT_SAMPLE = 60
# A few minutes ahead are a wrong clock; hours are local time labelled "GMT".
_CLOCK_ERROR = timedelta(minutes=15)
_MISLABELLED = timedelta(hours=12)
_URL_DATES = (
    re.compile(
        r"[/_-]((?:199|20\d)\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=[/_.-]|$)"
    ),
    re.compile(r"/(20\d\d)/(\d{1,2})/(\d{1,2})/"),
    # As most Chinese ministries number their pages: /202607/t20260716_1234.html
    re.compile(r"/(20\d\d)(0[1-9]|1[0-2])/t\1\2(\d\d)_"),
)
# One in the midst of a headline is of what it tells, and not of its publication.
_DAY = r"((?:199|20\d)\d)\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)"
_TITLE_DATES = (
    re.compile(rf"^\W{{0,3}}{_DAY}"),
    re.compile(rf"(?<!\d){_DAY}日?\W{{0,3}}$"),
)
_PLAIN_HOST = re.compile(r"https?://([a-z0-9.-]+)/")
# Google News lists other outlets' headlines there, Hacker News only addresses and counts.
_AGGREGATED = re.compile(r"^(?:Article|Comments) URL:", re.IGNORECASE)
# Browsers and servers take some thousands; what is longer leads nowhere.
_MAX_URL = 4_000
_MAX_GUID = 1_000
# Markup around a name included.
MAX_MARKED_NAME = 1_000
_MAX_DATE = 200
_MAX_LANGUAGE = 40
_MAX_AUTHORS = 20


@dataclass(frozen=True, slots=True)
class Normalized:
    """An article and the sighting that brought it."""

    article: Article
    sighting: Sighting


def normalize(
    entry: Entry,
    feed: Feed,
    outlets: Outlets,
    now: datetime,
    *,
    first_seen_at: datetime | None = None,
) -> Normalized:
    """Return the article of *entry* of *feed*, with its sighting.

    It is first seen at *now*, unless *first_seen_at* says that it was seen before.
    """
    seen_at = first_seen_at or now
    entry = _bounded(entry)
    url = canonical_url(entry.url)
    identity = hash_identity(url, feed.feed_id, entry.guid)
    title, summary, content = _texts(entry, feed, url)
    language = detect_language(f"{title} {summary}", feed.language or entry.language)
    published_at, origin = _published(entry, feed, url, title, seen_at)
    folded = search_text(title, summary)
    article = Article(
        article_id=identity,
        feed_id=feed.feed_id,
        url=url,
        title=title,
        summary=summary,
        content=content,
        language=language,
        script=script_of(f"{title} {summary[:_SCRIPT_SAMPLE]}"),
        is_digest=is_digest(title),
        publisher=_outlet(entry, feed, outlets, url),
        authors=_authors(entry.authors),
        published_at=published_at,
        published_raw=entry.published_raw or entry.updated_raw,
        published_from=origin,
        first_seen_at=seen_at,
        content_hash=content_hash(title, summary),
        search_text=folded,
        search_bits=signature(folded),
        updated_at=_updated(entry, feed, published_at, now),
        in_force_on=entry.in_force_on,
        comments_close_on=entry.comments_close_on,
    )
    sighting = Sighting(
        article_id=identity,
        feed_id=feed.feed_id,
        guid=entry.guid,
        url=entry.url if url else "",
        first_seen_at=seen_at,
    )
    return Normalized(article, sighting)


def content_hash(title: str, summary: str) -> str:
    """Return the hash of an article's text; whitespace does not count."""
    text = f"{title}{summary}"
    # What is printable has no other space than the common one.
    folded = text.replace(" ", "") if text.isprintable() else "".join(text.split())
    return hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def _texts(entry: Entry, feed: Feed, url: str) -> tuple[str, str, str | None]:
    content = plain_text(entry.content)
    told = plain_text(entry.summary)
    summary = beginning((told or content).replace("\n", " "))
    if len(told) > max(len(summary), len(content)):
        content = told
    title = _title(entry, feed)
    if _says_nothing(summary, title, url):
        summary = ""
    title = title or cut(summary, 100) or _named_by_address(entry, url)
    return title, summary, cut(content, MAX_CONTENT) or None


def _title(entry: Entry, feed: Feed) -> str:
    """Return the headline without what feeds put around it: labels, ages, the outlet."""
    names = (plain_line(entry.publisher), feed.publisher)
    written = plain_line(cut(entry.title, MAX_TITLE_MARKUP))
    return headline_of(cut(written, MAX_TITLE), names)


def headline_of(title: str, outlets: tuple[str, ...]) -> str:
    """Return *title* cleaned by the current rules; *outlets* are its publishers."""
    return without_outlets(without_labels(title, outlets), outlets)


def _outlet(entry: Entry, feed: Feed, outlets: Outlets, url: str) -> str:
    """Return who published an entry: a feed that is no aggregator speaks for itself.

    A source that it names, or the host that it links to, may be anybody's.
    """
    named = ""
    if feed.kind == "aggregator":
        named = cut(plain_line(entry.publisher), _MAX_NAME) or outlets.at(url)
    return outlets.name_of(named or feed.publisher or _host(feed.url))


def _says_nothing(summary: str, title: str, url: str) -> bool:
    if summary == title or _AGGREGATED.match(summary):
        return True
    return url.startswith("https://news.google.com/")


def _named_by_address(entry: Entry, url: str) -> str:
    """Return a title out of the address; it may have steered a terminal when escaped."""
    segment = unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])
    words = re.sub(r"[-_]+", " ", segment.removesuffix(".html"))
    return cut(plain_line(words), MAX_TITLE) or _host(url) or plain_line(entry.guid[:100])


def _host(url: str) -> str:
    if found := _PLAIN_HOST.match(url):
        return found[1].removeprefix("www.")
    return plain_line(urlsplit(url).hostname or "").removeprefix("www.")


def _authors(authors: tuple[str, ...]) -> tuple[str, ...]:
    names = (cut(plain_line(author), _MAX_NAME) for author in authors)
    return tuple(dict.fromkeys(filter(None, names)))


def _published(
    entry: Entry, feed: Feed, url: str, title: str, now: datetime
) -> tuple[datetime, DateOrigin]:
    said: list[tuple[datetime | None, DateOrigin]] = [
        (entry.published_at, entry.published_from),
        (entry.updated_at, "updated"),
    ]
    for at, origin in said:
        if at and (past := _not_ahead(at, feed, now)) and past >= EARLIEST:
            return past, origin
    days: list[tuple[str, tuple[re.Pattern[str], ...], DateOrigin]] = [
        (_path(url), _URL_DATES, "url"),
        (title, _TITLE_DATES, "title"),
    ]
    for text, forms, origin in days:
        at = _day_in(text, forms, feed)
        if at and EARLIEST <= at <= now:
            return at, origin
    return now, "first_seen"


def _updated(
    entry: Entry, feed: Feed, published_at: datetime, now: datetime
) -> datetime | None:
    """Return when the wording was written; no article changed before it was published."""
    at = _not_ahead(entry.updated_at, feed, now) if entry.updated_at else None
    return at if at and at >= published_at else None


def _not_ahead(at: datetime, feed: Feed, now: datetime) -> datetime | None:
    """Return *at* if it has passed, its likely true time if its zone was mislabelled."""
    if at <= now:
        return at
    if at <= now + _CLOCK_ERROR:
        return now
    meant = at - (at.astimezone(ZoneInfo(feed.zone)).utcoffset() or timedelta(0))
    return meant if now - _MISLABELLED <= meant <= now else None


def _day_in(text: str, forms: tuple[re.Pattern[str], ...], feed: Feed) -> datetime | None:
    """Return the first moment of the day that an address or a headline names."""
    for form in forms:
        if found := form.search(text):
            year, month, day = map(int, found.groups())
            try:
                return datetime(year, month, day, tzinfo=ZoneInfo(feed.zone)).astimezone(
                    UTC
                )
            except ValueError:
                continue
    return None


def _path(url: str) -> str:
    # A canonical address always has one, after a host that is at least a letter long.
    return url[url.find("/", 8) :].partition("?")[0].partition("#")[0]


def _bounded(entry: Entry) -> Entry:
    """Return *entry* with particulars that are no longer than such things are.

    An address that is too long is none: cut, it would lead elsewhere. A guid stays
    another than all others.
    """
    if _is_short(entry):
        return entry
    return replace(
        entry,
        url=entry.url if len(entry.url) <= _MAX_URL else "",
        guid=_bounded_guid(entry.guid),
        publisher=entry.publisher[:MAX_MARKED_NAME],
        authors=tuple(author[:MAX_MARKED_NAME] for author in entry.authors[:_MAX_AUTHORS]),
        published_raw=entry.published_raw[:_MAX_DATE],
        updated_raw=entry.updated_raw[:_MAX_DATE],
        language=entry.language[:_MAX_LANGUAGE],
    )


def _is_short(entry: Entry) -> bool:
    return (
        len(entry.url) <= _MAX_URL
        and len(entry.guid) <= _MAX_GUID
        and len(entry.publisher) <= MAX_MARKED_NAME
        and len(entry.published_raw) <= _MAX_DATE
        and len(entry.updated_raw) <= _MAX_DATE
        and len(entry.language) <= _MAX_LANGUAGE
        and len(entry.authors) <= _MAX_AUTHORS
        and all(len(author) <= MAX_MARKED_NAME for author in entry.authors)
    )


def _bounded_guid(guid: str) -> str:
    if len(guid) <= _MAX_GUID:
        return guid
    digest = hashlib.sha256(guid.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{guid[: _MAX_GUID - len(digest) - 1]}…{digest}"
