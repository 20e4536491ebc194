"""Page of a story: its articles with their delay, and its developing story."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from transforms.grouping import first_of_pairs, grouped
from transforms.models import EarlierWording
from transforms.pages.rows.stories import AffairStep, PageExcerpt, ToldArticle
from transforms.pages.stories import SECONDS, StoryCard, ToldStory, card
from transforms.pages.words import PageWords
from transforms.search.snippet import Snippet, snippet
from transforms.text.lengths import MAX_SUMMARY, beginning

# Letters of a page that an excerpt is made of.
EXCERPT = 2 * MAX_SUMMARY
# How the watchlist begins a term that is no word: re:…, company:…
_KEY = re.compile(r"[a-z]+:")
# Dates that a feed did not give, or gave only as "3 hours ago".
ESTIMATED = frozenset({"relative", "url", "title", "first_seen", "backlog"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleLine:
    """An article of a story: what it says, former headlines, its page's beginning.

    What an earlier one said in the same words is not said again.
    """

    article: ToldArticle
    after: str
    is_first_of_language: bool
    earlier: tuple[EarlierWording, ...]
    excerpt: str | None
    said: Snippet | None


def lines(
    words: PageWords,
    articles: Sequence[ToldArticle],
    wordings: Iterable[EarlierWording],
    excerpts: Iterable[PageExcerpt] = (),
) -> list[ArticleLine]:
    """Return the articles in order of publication, with hours after the first one."""
    earlier = grouped(wordings, attrgetter("article_id"))
    # As much as a summary has, and never all.
    begins = {e.article_id: beginning(e.beginning.replace("\n", " ")) for e in excerpts}
    first = articles[0]
    seen: set[str] = set()
    texts: set[str] = set()
    made = []
    for article in articles:
        hours = _hours(first, article)
        said = snippet(article.title, article.summary, article.language)
        is_new = said is not None and said.text not in texts
        texts |= {said.text} if said else set()
        made.append(
            ArticleLine(
                article=article,
                after=f"+{words.short_span(hours)}" if hours else "",
                is_first_of_language=article.language not in seen
                and article is not first
                # When a poll saw it, is not when it was told.
                and ESTIMATED.isdisjoint((first.published_from, article.published_from)),
                earlier=_changed(earlier[article.article_id], article.title),
                excerpt=begins.get(article.article_id),
                said=said if is_new else None,
            )
        )
        seen.add(article.language)
    return made


def turns(
    words: PageWords,
    steps: Sequence[AffairStep],
    others: Mapping[str, ToldStory],
    own: ToldStory,
) -> list[StoryCard]:
    """Return the affair's stories, this one included, newest first."""
    if not others:
        return []
    known = [others[step.story_id] for step in steps if step.story_id in others]
    unique = {story.story_id: story for story in (*known, own)}
    order = sorted(unique.values(), key=lambda s: s.first_published_at, reverse=True)
    return [card(words, each) for each in order]


def by_words(words: PageWords, terms: Iterable[str]) -> str:
    """Return the words that matched; patterns and keys of the watchlist are left out."""
    plain = [term for term in terms if not _KEY.match(term)]
    return words.word("story.by", words=words.joined(plain)) if plain else ""


def spread_hours(story: ToldStory) -> float:
    """Return the hours from the first article to the last."""
    return _hours(story.told[0], story.told[-1])


def record(story: ToldStory, article: ToldArticle) -> dict[str, Any]:
    """Return an article as a row of the page's data table."""
    return {
        "story_id": article.story_id,
        "article_id": article.article_id,
        "published_at": article.published_at,
        "hours_after_first": round(_hours(story.told[0], article), 3),
        "publisher": article.publisher,
        "language": article.language,
        "title": article.title,
        "url": article.url,
        "first_seen_at": article.first_seen_at,
        "is_digest": article.is_digest,
        "speaks": article.speaks,
    }


def _hours(first: ToldArticle, article: ToldArticle) -> float:
    return (article.published_at - first.published_at).total_seconds() / SECONDS


def _changed(wordings: Sequence[EarlierWording], title: str) -> tuple[EarlierWording, ...]:
    """Return the headlines that were others than today's, each once, the newest first."""
    others = ((each.title, each) for each in wordings if each.title != title)
    return tuple(reversed(first_of_pairs(others).values()))
