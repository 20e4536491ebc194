"""Articles and their stored data: mentions, tags, facts, full texts, translations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

from transforms.models.measures import StateAct

# "backlog" is an entry without any date that may be of any day: it was there when its feed
# was read first, or again after a long silence.
DateOrigin = Literal[
    "published", "updated", "relative", "url", "title", "first_seen", "backlog"
]
Script = Literal["latin", "hans", "hant", "other"]
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
    "report_score",
    "in_force_on",
    "comments_close_on",
)
FactKind = Literal["side", "amount", "region"]
FullTextOutcome = Literal[
    "read",
    "no_text",
    "not_a_page",
    "disallowed",
    "challenge",
    "gone",
    "unreadable",
    "transient_error",
    "permanent_error",
]
TextField = Literal["title", "summary", "content"]
TopicKind = Literal["topic", "event"]
# Ends the version of rules by which topics are looked for where they can bring an article
# onto the beat, and not in others that name nobody.
EARLY = "-early"
# What a company is to an article, the closest first.
Role = Literal["subject", "named", "aside", "place", "byline"]
Via = Literal["alias", "person", "verdict"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A feed's entry as published: HTML is kept, links are absolute.

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
    in_force_on: date | None = None
    comments_close_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedHeadline:
    """Headline of an article, as its outlet published it."""

    title: str
    language: str
    publisher: str
    published_at: datetime


@dataclass(frozen=True, kw_only=True)
class StoryId:
    """Id of a story, with which a row on one story begins."""

    story_id: str


@dataclass(frozen=True, kw_only=True)
class StorySize:
    """How many articles and outlets a story has."""

    articles: int
    publishers: int


@dataclass(frozen=True, kw_only=True)
class StoryOf:
    """The story that tells an article."""

    article_id: str
    story_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedArticle(PublishedHeadline):
    """An article as a feed had it: its address, words and dates."""

    article_id: str
    feed_id: str
    url: str
    summary: str
    is_digest: bool
    published_from: DateOrigin
    first_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(PublishedArticle):
    """One piece of coverage at one canonical URL; all text is plain.

    The fields are the columns of ``articles``, apart from ``seq`` and ``run_id``.
    ``relevance`` is None until the article is tagged, and for tags of an earlier release.
    """

    content: str | None
    script: Script
    authors: tuple[str, ...]
    published_raw: str
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
    report_score: float | None = None
    in_force_on: date | None = None
    comments_close_on: date | None = None

    @property
    def is_backlog(self) -> bool:
        """Tell whether it is of its feed's backlog; SQL asks the same of its date."""
        return self.published_from == "backlog"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Occurrence of an article in a feed under one link."""

    article_id: str
    feed_id: str
    guid: str
    url: str
    first_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadlineLink:
    """A headline, where it leads, and its outlet and language."""

    title: str
    url: str
    publisher: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierWording:
    """An earlier headline of an article and its first moment."""

    article_id: str
    seen_at: datetime
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleVersion(EarlierWording):
    """Headline and text of an article at one moment."""

    summary: str
    content_hash: str
    feed_id: str = ""


class TitleName(NamedTuple):
    """Name of a company in a headline."""

    alias: str
    company_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMember(StoryOf, PublishedHeadline):
    """A stored headline of a story, as clustering reads it.

    ``companies`` are those named in title or summary, ``names`` their names in the
    headline, ``act`` what a state does to another one by it.
    """

    publisher: str = ""
    companies: tuple[str, ...] = ()
    names: tuple[TitleName, ...] = ()
    act: StateAct | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredStory(StoryId):
    """A stored story: the article that named it, and its first by publication.

    ``is_begun`` says that some of its articles are rebuilt already, ``is_named_later`` that
    the article that named it belongs to a later part.
    """

    named_by: str
    first_id: str
    began_at: datetime
    is_begun: bool
    is_named_later: bool


class Headline(NamedTuple):
    """An article as stories are made of it."""

    article_id: str
    title: str
    language: str
    publisher: str
    is_digest: bool
    is_on_beat: bool | None
    published_at: datetime
    story_keys: tuple[int, ...]


class Regrouped(NamedTuple):
    """An article by place and id, with its rebuilt and its stored story."""

    seq: int
    article_id: str
    made: str
    stored: str


# A tuple, as mentions and tags are: it crosses between processes.
class HeadlineFact(NamedTuple):
    """A fact in a headline, with the matched words.

    ``value`` is by kind: the side that acts (china, us_eu or unclear), an amount of money
    as written, or a region.
    """

    article_id: str
    kind: FactKind
    value: str
    term: str
    rules_version: str


class ArticleClaim(NamedTuple):
    """What an article tells of a firm, by its basis and its modality.

    ``cue`` are the words that say so, ``subject`` is the company's id.
    """

    article_id: str
    basis: str
    modality: str
    cue: str
    subject: str
    rules_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FullText:
    """Last visit to an article's page; the fields are columns of ``full_texts``.

    ``url`` is the address of the text, after redirects. ``content_hash`` is that of the
    feed's wording at that time. Without ``next_try_at`` the page is not visited again.
    """

    article_id: str
    fetched_at: datetime
    url: str
    outcome: FullTextOutcome
    attempts: int
    next_try_at: datetime | None
    content_hash: str
    http_status: int | None = None
    bytes: int = 0
    reason: str | None = None
    extractor: str | None = None
    text: str | None = None
    search_text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedTranslation:
    """A headline to translate, with its language."""

    title: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """Translation of a headline: its ``text``, or the ``reason`` of its rejection."""

    title: str
    text: str | None = None
    reason: str | None = None


# Tuples: of these there are several an article, and they cross between processes.
class Mention(NamedTuple):
    """A company named in a field of an article, by its first alias there.

    ``start`` and ``length`` count characters of the field as stored. ``role`` says what
    the company is to the article and ``is_about`` that it is the subject; they are the
    same in all fields, and None where an earlier release tagged the article. With ``via``
    "person" a manager is named who stands for the company; with "verdict" a reader said
    that the article is about it, and nothing need stand there.
    """

    article_id: str
    company_id: str
    field: TextField
    alias: str
    start: int
    length: int
    rules_version: str
    is_about: bool | None = None
    role: Role | None = None
    via: Via = "alias"


class Tag(NamedTuple):
    """A topic or event type of an article, with its heaviest term.

    ``event_object`` is the company or thing that an event happens to, if the headline names
    one: the company's id, or else the headline's words.
    """

    article_id: str
    topic_id: str
    kind: TopicKind
    term: str
    score: float
    rules_version: str
    event_object: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimKey:
    """A claim of a story on a firm; ``subject`` is the company's id."""

    claim_id: str
    story_id: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NameSpan:
    """Place of a company's name in a text; ``alias`` is its spelling there."""

    field: TextField
    alias: str
    start: int
    length: int
    company_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyName:
    """A company, brand or public body and its names."""

    company_id: str
    name: str
    name_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyRow(CompanyName):
    """An entity of the watchlist as stored in the warehouse."""

    kind: str
    sector: str
    parent_id: str | None
    tickers: tuple[str, ...]
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasRow:
    """An alias of a company; ``rule`` describes in words when it counts."""

    company_id: str
    alias: str
    script: Script
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicName:
    """A topic or event type of the watchlist and its names."""

    topic_id: str
    kind: TopicKind
    name: str
    name_zh: str = ""
    parent_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRow(TopicName):
    """A topic or event type of the watchlist as stored in the warehouse."""

    boards: tuple[str, ...]
