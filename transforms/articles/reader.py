"""Reading of entries: articles with tags and facts, and the feed that words them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

from transforms.models import (
    Article,
    ArticleClaim,
    ArticleMeasure,
    Entry,
    Feed,
    Findings,
    Mention,
    Sighting,
    TitleName,
)
from transforms.models.calendar import ArticleDate
from transforms.models.measures import StateAct
from transforms.models.verdicts import Verdict
from transforms.names.rules.watchlist import Watchlist
from transforms.urls.identity import is_own

# What reads words is imported by who reads: a pass in which nothing is new has nothing to
# read, and what is new in another is read by its parsers.
if TYPE_CHECKING:
    from transforms.articles.normalize import Normalized
    from transforms.articles.outlets import Outlets
    from transforms.headlines.facts import FactLexicon
    from transforms.names.tagging import Tagged, Tagger, TaggingRules
    from transforms.stories.concepts import ConceptLexicon


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadArticle:
    """An article with its findings."""

    article: Article
    found: Findings


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadEntry(ReadArticle):
    """An entry's article in the form to be stored, with its sighting."""

    sighting: Sighting


class Headlined(Protocol):
    """An article whose findings are asked for."""

    @property
    def article_id(self) -> str:
        """Its id."""

    @property
    def title(self) -> str:
        """Its headline."""

    @property
    def is_digest(self) -> bool:
        """Whether it is a round-up."""


_NONE: Mapping[str, Any] = MappingProxyType({})
# An article whose findings are looked for only if it is new: nothing is found in it yet.
Carried: TypeAlias = "ReadEntry | Normalized"


class ReadingRules(NamedTuple):
    """Parts of a beat by which entries are read."""

    tagging: TaggingRules
    facts: FactLexicon
    concepts: ConceptLexicon
    outlets: Outlets


class ReadingBeat(Protocol):
    """A beat that makes what entries are read by when it is asked for it."""

    @property
    def reading(self) -> ReadingRules:
        """What entries are read by."""


def compiled(watchlist: Watchlist, beat: ReadingBeat) -> Tagger:
    """Return *watchlist*, compiled by the rules of *beat*."""
    from transforms.names.tagging import compile_tagger  # noqa: PLC0415

    return compile_tagger(watchlist, beat.reading.tagging)


def always() -> bool:
    """Have topics looked for in every article."""
    return True


def seldom() -> bool:
    """Have topics looked for where they can bring an article onto the beat."""
    return False


@dataclass(frozen=True)
class EntryReader:
    """Reader of entries by a watchlist and a beat; another process compiles it again.

    Unless ``looks_always``, an article that names nobody and is off the beat whatever it
    treats is stored without topics and events, and with the relevance of what was read.
    A home ``compiles`` with what it keeps of its patterns.
    """

    watchlist: Watchlist
    beat: ReadingBeat
    looks_always: Callable[[], bool] = always
    compiles: Callable[[Watchlist, ReadingBeat], Tagger] = compiled

    def __reduce__(self) -> tuple[type[EntryReader], tuple[object, ...]]:
        """Leave the compiled tagger behind: automata cannot be sent."""
        looks = always if self.looks_always() else seldom
        return EntryReader, (self.watchlist, self.beat, looks, self.compiles)

    @property
    def rules(self) -> ReadingRules:
        """What entries are read by; a run in which nothing is new asks for none of it."""
        return self.beat.reading

    @cached_property
    def tagger(self) -> Tagger:
        """Compiled watchlist; takes a tenth of a second."""
        return self.compiles(self.watchlist, self.beat)

    def read(self, entries: Iterable[Entry], feed: Feed, now: datetime) -> list[ReadEntry]:
        """Return articles of *entries* of *feed*, first seen at *now*, with findings."""
        from transforms.articles.normalize import normalize  # noqa: PLC0415

        outlets = self.rules.outlets
        return self.tag([normalize(entry, feed, outlets, now) for entry in entries])

    def tag(self, normalized: Sequence[Normalized]) -> list[ReadEntry]:
        """Return normalized articles with their findings."""
        tagged = self.tag_stored([each.article for each in normalized])
        return [
            ReadEntry(article=read.article, sighting=each.sighting, found=read.found)
            for each, read in zip(normalized, tagged, strict=True)
        ]

    def tagged(self, carried: Carried) -> ReadEntry:
        """Return *carried* with its findings."""
        return carried if isinstance(carried, ReadEntry) else self.tag([carried])[0]

    def tag_stored(
        self,
        articles: Sequence[Article],
        *,
        pages: Mapping[str, str] = _NONE,
        verdicts: Mapping[str, Sequence[Verdict]] = _NONE,
    ) -> list[ReadArticle]:
        """Return articles with the findings in them and in the texts of their *pages*.

        The readers' *verdicts* take precedence; both are by the article's id.
        """
        from transforms.names.tagging import tag_all, untagged  # noqa: PLC0415

        texts = [
            untagged(
                article,
                self.tagger,
                page=pages.get(article.article_id, ""),
                verdicts=verdicts.get(article.article_id, ()),
            )
            for article in articles
        ]
        # What a reader judged is read whole, and no rule is asked for: one may be wrong.
        rejects = not (all(text.verdicts for text in texts) or self.looks_always())
        return [
            ReadArticle(
                article=_as_tagged(article, tagged, self.rules.concepts),
                found=self.findings(article, tagged),
            )
            for article, tagged in zip(
                articles, tag_all(texts, self.tagger, rejects=rejects), strict=True
            )
        ]

    def findings(self, text: Headlined, tagged: Tagged) -> Findings:
        """Return what was found in an article as rows.

        A round-up tells nothing of its own, and of a firm that the watchlist does not
        know no claim is stored: nothing could be asked of it.
        """
        from transforms.headlines.facts import read_headline  # noqa: PLC0415

        if text.is_digest:
            return Findings(tagged.mentions, tagged.tags)
        article_id, version = text.article_id, self.watchlist.rules_version
        measure, claim = tagged.measure, tagged.claim
        return Findings(
            mentions=tagged.mentions,
            tags=tagged.tags,
            facts=read_headline(article_id, text.title, self.rules.facts),
            measures=[
                ArticleMeasure(
                    article_id=article_id, rules_version=version, **asdict(measure)
                )
            ]
            if measure
            else (),
            claims=[ArticleClaim(article_id, *claim, version)]
            if claim and claim.subject
            else (),
            dates=[ArticleDate(article_id, *each, version) for each in tagged.dates],
        )


def as_backlog(carried: Carried) -> Carried:
    """Return *carried* as part of its feed's backlog, unless it has a date.

    A date of the hours to come is one, too: of an outlet whose clock is ahead.
    """
    from transforms.dates.parse import parse_date  # noqa: PLC0415

    article = carried.article
    if article.published_from != "first_seen":
        return carried
    if parse_date(article.published_raw or "", zone="UTC", now=article.first_seen_at):
        return carried
    return replace(carried, article=replace(carried.article, published_from="backlog"))


def companies_of(mentions: Iterable[Mention]) -> frozenset[str]:
    """Return the companies named in title or summary: by name, person or reader."""
    return frozenset(m.company_id for m in mentions if m.field != "content")


def title_names(mentions: Iterable[Mention]) -> tuple[TitleName, ...]:
    """Return the names of companies, and of their people, in the title."""
    named = (m for m in mentions if m.field == "title")
    return tuple(sorted({TitleName(m.alias, m.company_id) for m in named}))


def acts_of(measures: Iterable[Iterable[ArticleMeasure]]) -> dict[str, StateAct]:
    """Return the acts of one state on another among these *measures*, by article."""
    return {m.article_id: act for m in chain.from_iterable(measures) if (act := m.act)}


def keys_of(
    title: str,
    mentions: Iterable[Mention],
    lexicon: ConceptLexicon,
    *,
    language: str,
    is_on_beat: bool,
) -> tuple[int, ...]:
    """Return the story keys of a headline, from its words and companies.

    Names match articles of one story across languages; on the beat a company alone
    suffices.
    """
    from transforms.stories.cluster import is_chinese  # noqa: PLC0415
    from transforms.stories.features import actor_keys, bridge_keys, story_keys  # noqa: PLC0415

    companies = companies_of(mentions)
    bridges = bridge_keys(title, companies, lexicon)
    actors: tuple[int, ...] = ()
    if is_on_beat:
        chinese = is_chinese(language)
        actors = actor_keys(title, companies, lexicon, is_chinese=chinese)
    return tuple(dict.fromkeys((*story_keys(title), *bridges, *actors)))


def _as_tagged(article: Article, tagged: Tagged, lexicon: ConceptLexicon) -> Article:
    """Return *article* with its relevance, and keys of the companies it names."""
    return replace(
        article,
        story_keys=keys_of(
            article.title,
            tagged.mentions,
            lexicon,
            language=article.language,
            is_on_beat=tagged.beat.is_on_beat,
        ),
        relevance=tagged.beat.relevance,
        is_on_beat=tagged.beat.is_on_beat,
        beat_reason=tagged.beat.reason,
        headline_weight=tagged.headline_weight,
        report_score=tagged.report_score,
    )


def _owns(feed: Feed | None, url: str) -> bool:
    """Tell whether *feed* is one of the outlet that published *url*."""
    return feed is not None and feed.kind != "aggregator" and is_own(feed.url, url)


def speaker(
    carriers: Sequence[Carried], owner: str | None, feeds: Mapping[str, Feed]
) -> Carried | None:
    """Return the reading that words an article now; None to keep its wording.

    *carriers* are the readings of the article in order of arrival, *owner* is the feed of
    its current wording, None for a new article. Of the outlet's own feeds the first one
    keeps the wording; edits in other feeds are ignored.
    """
    first = carriers[0]
    if len(carriers) == 1 and owner in (None, first.article.feed_id):
        return first
    url = first.article.url
    if owner is None or not _owns(feeds.get(owner), url):
        own = (c for c in carriers if _owns(feeds.get(c.article.feed_id), url))
        if (found := next(own, None)) is not None:
            return found
    if owner is None:
        return first
    return next((c for c in carriers if c.article.feed_id == owner), None)
