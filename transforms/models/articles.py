"""Articles: as an entry publishes one, as we store it, and its story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

DateOrigin = Literal["published", "updated", "relative", "url", "first_seen"]
Script = Literal["latin", "hans", "hant", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An item as the feed published it: HTML is kept, links are absolute.

    ``published_raw`` and ``updated_raw`` are the dates' own text;
    ``published_from`` says where ``published_at`` was read from.
    """

    guid: str
    url: str
    title: str
    summary: str = ""
    content: str = ""
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_raw: str = ""
    published_from: DateOrigin = "published"
    updated_at: datetime | None = None
    updated_raw: str = ""
    categories: tuple[str, ...] = ()
    language: str = ""
    publisher: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One piece of coverage at one canonical URL; all text is plain.

    The fields are the columns of ``articles``, apart from ``seq`` and ``run_id``.
    ``relevance`` is None until the article is tagged, and where an earlier release did.
    """

    article_id: str
    feed_id: str
    url: str
    title: str
    summary: str
    content: str | None
    language: str
    script: Script
    is_digest: bool
    publisher: str
    authors: tuple[str, ...]
    published_at: datetime
    published_raw: str
    published_from: DateOrigin
    first_seen_at: datetime
    content_hash: str
    search_text: str
    story_id: str = ""
    story_keys: tuple[int, ...] = ()
    search_bits: tuple[int, ...] = ()
    updated_at: datetime | None = None
    relevance: float | None = None
    is_on_beat: bool | None = None
    beat_reason: str | None = None
    headline_weight: int | None = None


# What a new wording of an article brings; identity, story and first sight stay.
WORDING = (
    "title",
    "summary",
    "content",
    "language",
    "script",
    "is_digest",
    "story_keys",
    "content_hash",
    "search_text",
    "search_bits",
    "updated_at",
    "relevance",
    "is_on_beat",
    "beat_reason",
    "headline_weight",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An article seen in a feed under one link, as the entry carried it."""

    article_id: str
    feed_id: str
    guid: str
    url: str
    first_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleVersion:
    """The headline and text of an article at one moment."""

    article_id: str
    seen_at: datetime
    title: str
    summary: str
    content_hash: str
    feed_id: str = ""


class TitleName(NamedTuple):
    """What a headline calls a company."""

    alias: str
    company_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMember:
    """What clustering must know of an article that heads a story already.

    ``companies`` are those that title or summary name, ``names`` what its headline calls
    those that it names itself.
    """

    article_id: str
    story_id: str
    title: str
    language: str
    published_at: datetime
    publisher: str = ""
    companies: tuple[str, ...] = ()
    names: tuple[TitleName, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredStory:
    """A story as it is stored: who named it, and its first article by publication.

    ``is_begun`` says that some of its articles were made anew before, ``is_named_later``
    that the one that named it is of a time that has yet to be.
    """

    story_id: str
    named_by: str
    first_id: str
    began_at: datetime
    is_begun: bool
    is_named_later: bool


class Regrouped(NamedTuple):
    """An article by place and id, with its story of today and the one that is stored."""

    seq: int
    article_id: str
    made: str
    stored: str
