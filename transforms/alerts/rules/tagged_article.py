"""Text of an article for rules: terms, names of people, searches."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from transforms.models import (
    Article,
    ArticleMeasure,
    Condition,
    FeedKind,
    Mention,
    Name,
    SearchFilters,
    Tag,
    TextField,
    TopicKind,
    Words,
)
from transforms.search.query import word_pattern
from transforms.text.fold import search_text, syllables

_WORDLIKE = re.compile(r"[^\W_]")
_HAN = re.compile("[\u3400-\u9fff]")
_NOTHING = re.compile(r"(?!)")
_JOINT = "[-' ]?"


@dataclass(frozen=True, kw_only=True)
class TaggedArticle:
    """An article with its findings."""

    article: Article
    mentions: Sequence[Mention]
    tags: Sequence[Tag]
    feed_kind: FeedKind = "news"
    measure: ArticleMeasure | None = None
    _texts: dict[str, str] = field(default_factory=dict)

    @cached_property
    def companies(self) -> frozenset[str]:
        """Companies named in any field."""
        return frozenset(mention.company_id for mention in self.mentions)

    @cached_property
    def topics(self) -> frozenset[str]:
        """Topics and event types."""
        return frozenset(tag.topic_id for tag in self.tags)

    @property
    def language(self) -> str:
        """Language without region."""
        return self.article.language.partition("-")[0]

    def text(self, name: TextField) -> str:
        """Return a field in the folded form of terms; cached."""
        if name not in self._texts:
            self._texts[name] = folded(getattr(self.article, name) or "")
        return self._texts[name]


def folded(text: str) -> str:
    """Return *text* in the form of terms: folded, lower case, single spaces."""
    return " ".join(search_text(text).split())


@lru_cache(maxsize=512)
def finder(terms: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of any of *terms* in folded text.

    A term in Latin letters matches whole words, one in Han characters anywhere.
    """
    wanted = sorted({folded(term) for term in terms} - {""}, key=lambda t: (-len(t), t))
    return any_of(guarded(term, re.escape(term)) for term in wanted)


def any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern of any of *patterns*; without any it matches nothing."""
    joined = "|".join(patterns)
    return re.compile(joined) if joined else _NOTHING


def guarded(term: str, body: str) -> str:
    """Return the pattern *body* of a term with word borders where it is Latin."""
    return f"{_edge(term[0], '<!')}{body}{_edge(term[-1], '!')}"


def _edge(letter: str, look: str) -> str:
    """Return a guard that keeps a Latin letter from continuing the term."""
    return "" if _HAN.match(letter) or not _WORDLIKE.match(letter) else f"(?{look}[a-z0-9])"


@lru_cache(maxsize=512)
def people_finder(names: frozenset[str], others: frozenset[str]) -> re.Pattern[str]:
    """Return the pattern of any of *names* in folded text.

    A match within one of the *others* does not count: 王兴 is not named in 王兴兴.
    """
    longer = frozenset(map(folded, others))
    wanted = sorted({folded(name) for name in names} - {""}, key=lambda n: (-len(n), n))
    return any_of(pattern for name in wanted for pattern in _patterns(name, longer))


def literals_of(name: str) -> tuple[str, ...]:
    """Return a literal that every spelling of *name* in a text contains."""
    words = folded(name).split()
    if not "".join(words).isascii():
        return (" ".join(words),)
    return (
        ()
        if not words
        else (max((part for word in words for part in syllables(word)), key=len),)
    )


def _patterns(name: str, longer: Iterable[str]) -> Iterator[str]:
    if not name.isascii():
        around = "".join(_not_within(name, other) for other in sorted(longer))
        yield f"{around}{guarded(name, re.escape(name))}"
        return
    for order in _orders(name.split()):
        body = r"[\s,]+".join(map(_joined, order))
        yield guarded(name, body)


def _orders(words: list[str]) -> list[list[str]]:
    """Return the words with the family name first, and last."""
    turned = [words, [*words[1:], words[0]], [words[-1], *words[:-1]]]
    return [order for n, order in enumerate(turned) if order not in turned[:n]]


def _joined(word: str) -> str:
    return _JOINT.join(map(re.escape, syllables(word)))


def _not_within(name: str, other: str) -> str:
    """Return a guard against *name* where it is a part of *other*."""
    at = other.find(name)
    if at < 0 or other == name:
        return ""
    before, after = re.escape(other[:at]), re.escape(other[at:])
    return f"(?!(?<={before}){after})"


def is_found(wanted: Condition, item: TaggedArticle) -> bool:
    """Tell whether the condition's search finds the article, as in SQL."""
    query = wanted.search
    if query is None:
        return True
    if query.on_beat and item.article.is_on_beat is False:
        return False
    text = f"{item.text('title')}\n{item.text('summary')}"
    return _passes(query.filters, item) and all(
        _has_name(term, item)
        if isinstance(term, Name)
        else _finder(term.text).search(text) is not None
        for term in query.terms
    )


def search_traits(wanted: Condition) -> Iterator[tuple[str, str]]:
    """Yield traits such that each match of the search has one of them."""
    query = wanted.search
    if query is None:
        return
    name = next((t for t in query.terms if isinstance(t, Name)), None)
    words = max((t.text for t in query.terms if isinstance(t, Words)), key=len, default="")
    if name:
        yield from (("company", company) for company in name.companies)
    elif query.filters.companies:
        yield from (("company", company) for company in query.filters.companies)
    elif topics := query.filters.topics or query.filters.events:
        yield from (("topic", topic) for topic in topics)
    elif words:
        yield "text", words


def _passes(filters: SearchFilters, item: TaggedArticle) -> bool:
    return (
        (not filters.companies or _named(filters.companies, item))
        and _treats(filters.topics, "topic", item)
        and _treats(filters.events, "event", item)
        and (not filters.languages or item.language in filters.languages)
        and (not filters.publishers or item.article.publisher in filters.publishers)
    )


def _named(companies: Collection[str], item: TaggedArticle) -> bool:
    return any(
        mention.company_id in companies
        and mention.field != "content"
        and mention.role in (None, "subject", "named")
        for mention in item.mentions
    )


def _has_name(name: Name, item: TaggedArticle) -> bool:
    return any(
        mention.company_id in name.companies
        and mention.field != "content"
        and mention.role != "byline"
        and mention.via != "person"
        for mention in item.mentions
    )


def _treats(topics: Collection[str], kind: TopicKind, item: TaggedArticle) -> bool:
    return not topics or any(t.topic_id in topics and t.kind == kind for t in item.tags)


@lru_cache(maxsize=512)
def _finder(words: str) -> re.Pattern[str]:
    return re.compile(word_pattern(words) or re.escape(words), re.ASCII)
