"""Snippets: what an article says beneath its headline, in about two lines.

The sentence that has the words looked for, these marked; otherwise the one that tells most
beyond the headline. What says nothing of the article is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from transforms.models import Name, SearchNames, SearchQuery
from transforms.search.query import word_pattern
from transforms.text.fold import fold, search_text
from transforms.text.harmless import graphemes, harmless

# Two lines of a column: a Latin letter is one wide, a Chinese character two.
WIDTH = 190
# Words before the first mark that are still shown.
LEAD = 60
# Fewer new words than these are a label, not a sentence.
FEWEST = 3
_FIRST_WIDE = "\u2e80"
_HAN = "\u3400-\u9fff\uf900-\ufaff"
_END = re.compile(
    r"[。！？](?:[”’」』\"])?"
    r"|(?<![\s.][A-Z])(?<!\b(?:Mr|Ms|Dr|Co|vs|No|St))(?<!\b(?:Mrs|Inc|Ltd|Jan|Feb|Aug|Oct|Nov|Dec))"
    r"(?<!\b(?:Corp|Sept))[.!?…][\"”’)]?(?=\s+[^\sa-z])"
)
# Labels before what is said, and what is said of any article.
_LABEL = re.compile(
    r"^(?:(?:总结|摘要|导读|核心提示|編者按|编者按|summary) ?[:：] ?"
    r"|20\d\d[.-]\d\d[.-]\d\d \d\d:\d\d ?)",
    re.IGNORECASE,
)
# What a link list says of an article: addresses, points and comments.
_LINKS = re.compile(
    r"(?:(?:Article|Comments) URL:|# Comments: \d+|Points: \d+"
    r"|https?://[^\s\u3000-\u9fff]+) ?"
)
_CUT = re.compile(r"(?:\[ ?(?:…|\.\.\.) ?\]|\.\.\.|…)$")
_STOCK = re.compile(
    r"\bread (?:more|on|the full|the rest|full)\b|\bcontinue reading\b|\blearn more\b"
    r"|\bclick (?:here|to)\b|\bappeared first on\b|\ball rights reserved\b|^[©(]"
    r"|^for personal use\b"
    r"|\bsign up\b|\bsubscribe\b|\bnewsletter\b|\bfollow us\b|\bview (?:full|original)\b"
    r"|^comments\b|^(?:photo|image|picture|source)s?\b|^(?:reporting|editing) by\b"
    r"|(?:阅读|查看|点击|閱讀|點擊)(?:全文|原文|更多|详情|詳情|查看|阅读|查看)|未经授权|未經授權"
    r"|^本文来自|^本文來自|^来源[:：]|^來源[:：]|^责任编辑|^图片|^圖片|版权所有|關注公眾號|关注公众号",
    re.IGNORECASE,
)
_WORD = re.compile(f"[a-z0-9\u00c0-\u024f][a-z0-9\u00c0-\u024f.,'%-]*|[{_HAN}]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """Words of an article in its language, in pieces; every second one is marked."""

    pieces: tuple[str, ...]
    language: str

    @property
    def is_marked(self) -> bool:
        """Whether it has any of the words looked for."""
        return len(self.pieces) > 1

    @property
    def text(self) -> str:
        """The words without marks."""
        return "".join(self.pieces)


@lru_cache(maxsize=4_096)
def snippet(
    title: str, summary: str, language: str, words: tuple[str, ...] = ()
) -> Snippet | None:
    """Return what *summary* says beyond *title*; None if that is nothing.

    *words* are those looked for, folded.
    """
    sentences = list(_telling(title, summary))
    if not sentences:
        return None
    marks = [list(_marks(sentence, words)) for sentence in sentences]
    at = max(
        range(len(sentences)), key=lambda n: (len(marks[n]), _worth(title, sentences, n))
    )
    text, room = sentences[at], WIDTH
    if marks[at]:
        text = _from_near(text, marks[at][0][0])
    for following in sentences[at + 1 :]:
        if _width(text) + _width(following) >= room:
            break
        text += ("" if _is_wide(text[-1]) else " ") + following
    text = _shortened(text, room)
    return Snippet(pieces=tuple(_pieces(text, words)), language=language)


def sought(query: SearchQuery, names: SearchNames) -> tuple[str, ...]:
    """Return the folded words that a search looks for; of a company, all its names."""
    found: list[str] = []
    for term in query.terms:
        found.append(term.text)
        if isinstance(term, Name):
            found += called(term.companies, names)
    return tuple(dict.fromkeys(found))


def called(companies: Iterable[str], names: SearchNames) -> list[str]:
    """Return the folded names by which *companies* are called."""
    own = set(companies)
    return [key for key, ids in names.aliases.items() if own.intersection(ids)]


def _telling(title: str, summary: str) -> Iterator[str]:
    """Yield the sentences of *summary* that say more than *title* and are no stock."""
    said, seen = set(_words(title)), ""
    for sentence in _sentences(_LABEL.sub("", _LINKS.sub("", harmless(summary)))):
        own = _words(sentence)
        new = [word for word in own if word not in said]
        if _STOCK.search(sentence) or len(new) < FEWEST or len(new) * 4 < len(own):
            continue
        if sentence not in seen:
            seen += sentence
            yield sentence


def _sentences(text: str) -> Iterator[str]:
    start = 0
    for end in _END.finditer(text):
        yield text[start : end.end()].strip()
        start = end.end()
    if rest := text[start:].strip():
        cut = _CUT.sub("", rest).rstrip()
        yield f"{cut}…" if cut != rest else rest


def _words(text: str) -> list[str]:
    """Return the folded words of *text*; of Chinese, the pairs of characters."""
    found: list[str] = []
    for run in _WORD.findall(search_text(text)):
        if run[0] < _FIRST_WIDE:
            found.append(run.rstrip(".,'-"))
        else:
            found += [first + second for first, second in pairwise(run)] or [run]
    return found


def _worth(title: str, sentences: Sequence[str], at: int) -> float:
    """Return how much a sentence tells beyond the headline; the first ones tell more."""
    said = set(_words(title))
    new = {word for word in _words(sentences[at]) if word not in said}
    numbers = any(word[0].isdigit() for word in new)
    return min(len(new), 14) + 3 * numbers - 2 * at


def _marks(text: str, words: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Yield where *words* stand in *text*, in order, the longest of those that overlap."""
    folded = fold(text)
    lower = folded.text.lower()
    if len(lower) != len(folded.text):
        return
    found = sorted(
        (
            match.span()
            for word in words
            for match in re.finditer(word_pattern(word) or re.escape(word), lower, re.ASCII)
        ),
        key=lambda span: (span[0], -span[1]),
    )
    free = 0
    for start, end in found:
        if start >= free and end > start:
            place, length = folded.span(start, end)
            yield place, place + length
            free = end


def _from_near(text: str, mark: int) -> str:
    """Return *text* from a word shortly before *mark*."""
    if _width(text[:mark]) <= LEAD:
        return text
    start = mark
    while start and _width(text[start - 1 : mark]) <= LEAD:
        start -= 1
    space = text.find(" ", start, mark)
    start = space + 1 if space >= 0 and not _is_wide(text[start]) else start
    return f"…{text[start:]}"


def _shortened(text: str, room: int) -> str:
    """Return *text* cut between words or Chinese characters, with an ellipsis."""
    if _width(text) <= room:
        return text
    kept, width = "", 1
    for grapheme in graphemes(text):
        width += _width(grapheme)
        if width > room:
            break
        kept += grapheme
    space = kept.rfind(" ")
    if kept[-1:].isalnum() and not _is_wide(kept[-1]) and space > len(kept) * 0.7:
        kept = kept[:space]
    return kept.rstrip(" ,;:，；：、—-") + "…"


def _pieces(text: str, words: Iterable[str]) -> Iterator[str]:
    at = 0
    for start, end in _marks(text, words):
        yield text[at:start]
        yield text[start:end]
        at = end
    yield text[at:]


def _width(text: str) -> int:
    return sum(2 if _is_wide(char) else 1 for char in text)


def _is_wide(char: str) -> bool:
    return char >= _FIRST_WIDE
