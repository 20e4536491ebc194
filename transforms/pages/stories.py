"""Stories in a list: headlines, outlets, languages, and the gap between these."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from transforms.brief.draft import StoryHead
from transforms.grouping import first_of_pairs
from transforms.pages.rows.stories import ToldArticle
from transforms.pages.words import OTHER, Link, PageWords, web_address
from transforms.search.snippet import Snippet, snippet
from transforms.words import say

OUTLETS = 6
# Articles of a story that are read for what it says.
READ = 30
COMPANIES = 5
# Nearer than this the languages told it together.
TOGETHER_HOURS = 0.5
SECONDS = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldStory(StoryHead):
    """A story built from its articles; digests count only if there is nothing else.

    ``language`` is that of its headline, ``translated`` its headline in the reader's
    language, where no outlet has one, and ``own_words`` what we say of it there.
    """

    article_id: str
    language: str
    last_published_at: datetime
    publishers: tuple[str, ...]
    languages: tuple[str, ...]
    told: tuple[ToldArticle, ...]
    translated: str | None = None
    own_words: str = ""

    @property
    def gap_hours(self) -> float | None:
        """Hours from the first Chinese to the first English article; None without both."""
        if self.first_en_at is None or self.first_zh_at is None:
            return None
        return (self.first_en_at - self.first_zh_at).total_seconds() / SECONDS

    def record(self) -> dict[str, Any]:
        """Return the story as a row of a data table."""
        return {
            "story_id": self.story_id,
            "headline": self.headline,
            "headline_en": self.headline_en,
            "headline_zh": self.headline_zh,
            "headline_translated": self.translated,
            "own_words": self.own_words,
            "url": self.url,
            "first_publisher": self.first_publisher,
            "first_published_at": self.first_published_at,
            "last_published_at": self.last_published_at,
            "articles": len(self.told),
            "publishers": list(self.publishers),
            "languages": list(self.languages),
            "gap_hours": self.gap_hours,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """A headline with its language; ``is_translated`` marks a machine translation.

    ``own_words`` is a line of ours on it, for readers of another language.
    """

    text: str
    language: str
    is_translated: bool = False
    own_words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryCard:
    """A story as an entry of a list; its first article arrived, and it grew by its last."""

    story_id: str
    href: str
    headline: Headline
    other: Headline | None
    said: Snippet | None
    first: Link
    first_at: datetime
    first_zone: str | None
    last_at: datetime
    arrived_at: datetime
    grew_at: datetime
    publishers: int
    articles: int
    languages: tuple[str, ...]
    gap: str
    companies: tuple[Link, ...] = ()
    topics: tuple[Link, ...] = ()
    more: tuple[Link, ...] = ()
    folded: tuple[StoryCard, ...] = ()
    why: str = ""
    known: Link | None = None
    is_continuing: bool = False
    is_light: bool = False


def told_stories(articles: Iterable[ToldArticle]) -> dict[str, ToldStory]:
    """Return the stories of *articles*, sorted by story and publication."""
    return {
        story_id: told_story(tuple(own))
        for story_id, own in groupby(articles, key=lambda article: article.story_id)
    }


def told_story(articles: Sequence[ToldArticle]) -> ToldStory:
    """Return the story of *articles*, sorted by publication."""
    told = tuple(a for a in articles if not a.is_digest) or tuple(articles)
    first, by_language = told[0], _first_of_each(told)
    english, chinese = by_language.get("en"), by_language.get("zh")
    # Of equals the first stays first.
    chosen = sorted(told, key=lambda article: -article.speaks)
    called = _first_of_each(chosen)
    english_called, chinese_called = called.get("en"), called.get("zh")
    return ToldStory(
        story_id=first.story_id,
        article_id=chosen[0].article_id,
        headline=chosen[0].title,
        language=chosen[0].language,
        headline_en=english_called.title if english_called else None,
        headline_zh=chinese_called.title if chinese_called else None,
        url=chosen[0].url,
        url_en=english_called.url if english_called else None,
        url_zh=chinese_called.url if chinese_called else None,
        first_publisher=first.publisher,
        first_published_at=first.published_at,
        last_published_at=told[-1].published_at,
        first_en_at=english.published_at if english else None,
        first_zh_at=chinese.published_at if chinese else None,
        publishers=tuple(dict.fromkeys(article.publisher for article in told)),
        languages=tuple(sorted(by_language)),
        told=told,
    )


def _first_of_each(articles: Iterable[ToldArticle]) -> dict[str, ToldArticle]:
    """Return the first of *articles* in each language."""
    return first_of_pairs((article.language, article) for article in articles)


def headlines(words: PageWords, story: ToldStory) -> tuple[Headline, Headline | None]:
    """Return the headline in the page's language, where there is one, and the other one.

    One that a machine made is that only where no outlet has any.
    """
    by_language: Mapping[str, str | None] = {
        "en": story.headline_en,
        "zh": story.headline_zh,
    }
    own, other = by_language[words.language], by_language[OTHER[words.language]]
    if own:
        second = Headline(text=other, language=OTHER[words.language]) if other else None
        return Headline(text=own, language=words.language), second
    first = Headline(
        text=story.headline or "", language=story.language, own_words=story.own_words
    )
    if not story.translated:
        return first, None
    made = Headline(text=story.translated, language=words.language, is_translated=True)
    return made, first


def labelled(headline: Headline, language: str) -> str:
    """Return a headline, with a label where a machine made it, or our words behind it."""
    if headline.own_words:
        return f"{headline.text} [{headline.own_words}]"
    if not headline.is_translated:
        return headline.text
    return say("translated.headline", language, headline=headline.text)


def said(story: ToldStory, language: str, words: tuple[str, ...] = ()) -> Snippet | None:
    """Return what a story's articles say beneath their headlines.

    Articles in *language* come first, and of these the one with the most telling headline.
    If *words* are searched for, the first article with them is quoted.
    """
    order = sorted(story.told[:READ], key=lambda a: (a.language != language, -a.speaks))
    found = (snippet(a.title, a.summary, a.language, words) for a in order)
    made = [each for each in found if each]
    return next((each for each in made if each.is_marked), made[0] if made else None)


def card(words: PageWords, story: ToldStory, **more: Any) -> StoryCard:
    """Return *story* as a card of a list; *more* are further fields of the card."""
    own, other = headlines(words, story)
    first = story.told[0]
    outlets = first_of_pairs(
        (article.publisher, Link(text=article.publisher, href=web_address(article.url)))
        for article in story.told
        if article.publisher != first.publisher
    )
    return StoryCard(
        story_id=story.story_id,
        href=words.href(f"/stories/{story.story_id}"),
        headline=own,
        other=other,
        first=Link(text=first.publisher, href=web_address(first.url)),
        first_at=story.first_published_at,
        first_zone=first.zone,
        last_at=story.last_published_at,
        arrived_at=min(article.first_seen_at for article in story.told),
        grew_at=max(article.first_seen_at for article in story.told),
        publishers=len(story.publishers),
        articles=len(story.told),
        languages=story.languages,
        gap=gap(words, story),
        **{
            "more": tuple(outlets.values())[:OUTLETS],
            "said": said(story, words.language),
            **more,
        },
    )


def gap(words: PageWords, story: ToldStory) -> str:
    """Return the language that was first and its lead: ``Chinese → English +5 h``."""
    hours = story.gap_hours
    if hours is None or abs(hours) < TOGETHER_HOURS:
        return ""
    first, then = ("zh", "en") if hours > 0 else ("en", "zh")
    by = words.short_span(abs(hours))
    return words.word(
        "gap", first=words.word(f"in.{first}"), then=words.word(f"in.{then}"), by=by
    )
