"""Turn "this topic is wrong here" into words that exclude it, tried on what is stored."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from transforms.models import TopicKind
from transforms.tagging.plain import is_plain
from transforms.tagging.tag import Tagger, tag_document
from transforms.text.fold import fold, lowered

# Words of a headline that are tried, the shortest first: each compiles the watchlist.
TRIES = 6
# Of the articles of other stories that have the topic, so many in a hundred may be wrong.
_TOLERANCE = 5
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]{3,}|[\u3400-\u9fff]+")

TopicKey = tuple[TopicKind, str]


class TaggedText(NamedTuple):
    """A stored article that has the topic."""

    article_id: str
    story_id: str
    title: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicExclusion:
    """Words for ``not``, and the stored articles that lose the topic by them or keep it."""

    words: tuple[str, ...]
    removed: tuple[TaggedText, ...]
    kept: tuple[TaggedText, ...]


def propose_words(
    wrong: TaggedText,
    key: TopicKey,
    term: str,
    history: Iterable[TaggedText],
    excluding: Callable[[Sequence[str]], Tagger],
) -> TopicExclusion | None:
    """Return the first words of a headline that take the topic from it and few others.

    *excluding* makes the rules with these words in ``not`` of the topic, each of which
    weighs against it; where one is not enough, two or three are. None where no words do:
    those that spoke for the topic, and function words, are never proposed.
    """
    texts = [wrong, *(text for text in history if text.article_id != wrong.article_id)]
    others = [text for text in texts if text.story_id != wrong.story_id]
    for words in _candidates(wrong, term, others):
        tagger = excluding(words)
        has = [_has(tagger, text, key) for text in texts]
        removed = tuple(t for t, stays in zip(texts, has, strict=True) if not stays)
        elsewhere = [t for t in removed if t.story_id != wrong.story_id]
        if not has[0] and len(elsewhere) * 100 <= _TOLERANCE * len(others):
            kept = tuple(t for t, stays in zip(texts, has, strict=True) if stays)
            return TopicExclusion(words=words, removed=removed, kept=kept)
    return None


def _has(tagger: Tagger, text: TaggedText, key: TopicKey) -> bool:
    found = tag_document(tagger.read(text.title, text.summary), tagger)
    return any((tag.kind, tag.topic_id) == key for tag in found.tags)


def _candidates(
    wrong: TaggedText, term: str, others: Sequence[TaggedText]
) -> Iterator[tuple[str, ...]]:
    """Yield words of the headline, those that fewest others have first; then several."""
    spoke = lowered(fold(term).text)
    headlines = [lowered(fold(text.title).text) for text in others]
    pieces = dict.fromkeys(_pieces(lowered(fold(wrong.title).text)))
    telling = [p for p in pieces if p not in spoke and not is_plain(p)]
    counted = {p: sum(p in headline for headline in headlines) for p in telling}
    tried = sorted(telling, key=counted.__getitem__)[:TRIES]
    yield from ((piece,) for piece in tried)
    yield from (tuple(tried[:n]) for n in (2, 3) if len(tried) >= n)


def _pieces(text: str) -> Iterator[str]:
    for word in _WORD.findall(text):
        if word.isascii():
            yield word
        else:
            yield from (word[n : n + 2] for n in range(len(word) - 1))
