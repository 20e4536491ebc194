"""Exclusions proposed for a wrong match, and tried on stored matches."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain, compress
from typing import Any, NamedTuple

from transforms.grouping import first_of_pairs
from transforms.models import TextField, TopicKind
from transforms.names.match.judgement import Judgement, judge
from transforms.names.rules.patterns import compile_pattern, expand, without_pangu
from transforms.names.rules.watchlist import Alias
from transforms.names.tagging import Tagger, tag_document
from transforms.text.fold import fold, lowered

# Reach of a pattern in characters, with a margin for invisible ones.
REACH = 60
_SENTENCE_END = re.compile(r"[。!?;\n]|\.(?=\s)")
_HAN_AFTER = re.compile(r"[\u3400-\u9fff]{1,2}")
_HAN_BEFORE = re.compile(r"[\u3400-\u9fff]{1,2}\Z")
# ASCII, since \w and \b take Han characters for letters: L9正式 is no word.
_LATIN_WORD = r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9'&-]{0,59}"
_WORDS_AFTER = re.compile(rf"([ -]?)({_LATIN_WORD})(?:( )({_LATIN_WORD}))?")
_WORDS_BEFORE = re.compile(rf"(?:({_LATIN_WORD})( ))?({_LATIN_WORD})([ -]?)\Z")
_LONG_WORD = re.compile(r"[A-Za-z]{4,}|[\u3400-\u9fff]+")
# Beside fewer true matches than this, one character proves nothing: 小米发 is no news.
_ENOUGH = 20
# Of the matches that nothing else in their article confirms, some are wrong, too.
_TOLERANCE = 20
_PLAIN_WORD = re.compile(r"[A-Za-z']+|[\u3400-\u9fff]")
_HAN = re.compile(r"[\u3400-\u9fff]")
# Words of a headline that are tried, the shortest first: each compiles the watchlist.
_TRIES = 6
# Of the articles of other stories that have the topic, so many in a hundred may be wrong.
_TOPIC_TOLERANCE = 5
_TOPIC_WORD = re.compile(r"[A-Za-z][A-Za-z'-]{3,}|[\u3400-\u9fff]+")
TopicKey = tuple[TopicKind, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongHit:
    """A false match of an alias in an article."""

    alias: Alias
    field: TextField
    written: str
    sentence: str
    window: MatchContext
    reach: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchContext:
    """A stored match of an alias with the text on both sides.

    *is_sure* says that another alias confirms the company in the article.
    """

    before: str
    hit: str
    after: str
    article_id: str = ""
    story_id: str = ""
    title: str = ""
    is_sure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A pattern for ``not``, with the stored matches that it removes and keeps."""

    pattern: str
    removed: tuple[MatchContext, ...]
    kept: tuple[MatchContext, ...] = ()


def wrong_hits(
    tagger: Tagger, company_id: str, *, title: str, summary: str, content: str | None
) -> list[WrongHit]:
    """Return the first match of each alias that names the company in the article."""
    judged = judge(tagger.read(title, summary, content), tagger.mentions)
    accepted = (one for one in judged if one.accepted)
    found = first_of_pairs(
        (one.rule.alias.text, _wrong_hit(one))
        for one in accepted
        if one.rule.alias.company_id == company_id
    )
    return list(found.values())


def is_same_name(written: str, alias: Alias) -> bool:
    """Tell whether the *written* name equals this alias, in any script."""
    return lowered(fold(written).text) == lowered(fold(alias.text).text)


def propose_exclusion(hit: WrongHit, history: Iterable[MatchContext]) -> Exclusion | None:
    """Return the shortest words beside the hit that true matches lack.

    None if every neighbouring word occurs beside true matches or beside any name: function
    words are not proposed, nor is a pattern that excludes a plain sentence with the name.
    """
    matches = list(history)
    others = [w for w in matches if w.is_sure or w.story_id != hit.window.story_id]
    few = len(others) < _ENOUGH
    plain = list(_plain(hit.window.hit))
    for words, pattern in _candidates(hit, few=few):
        if _is_plain(words) or any(_excludes(pattern, hit, w) for w in plain):
            continue
        works = _excludes(pattern, hit, hit.window)
        if works and not _spoils(pattern, hit, others):
            goes = [_excludes(pattern, hit, w) for w in matches]
            stays = [not each for each in goes]
            return Exclusion(
                pattern=pattern,
                removed=tuple(compress(matches, goes)),
                kept=tuple(compress(matches, stays)),
            )
    return None


def _plain(name: str) -> Iterator[MatchContext]:
    """Yield *name* in plain sentences of its languages."""
    for sentence in _lists()["sentences"]:
        if sentence.isascii() or _HAN.match(name):
            before, _, after = sentence.partition("{A}")
            yield MatchContext(before=before, hit=name, after=after)


def _wrong_hit(one: Judgement) -> WrongHit:
    field, start, end = one.field, one.start, one.end
    text = field.text
    cuts = [m.end() for m in _SENTENCE_END.finditer(text)]
    first = max((c for c in cuts if c <= start), default=0)
    last = min((c for c in cuts if c >= end), default=len(text))
    if field.name == "title":
        first, last = 0, len(text)
    sentence, _, _ = field.written(first, last)
    return WrongHit(
        alias=one.rule.alias,
        field=field.name,
        written=text[start:end],
        sentence=" ".join(sentence.split()),
        reach=one.rule.window,
        window=MatchContext(
            before=text[max(0, start - REACH) : start],
            hit=text[start:end],
            after=text[end : end + REACH],
        ),
    )


def _candidates(hit: WrongHit, *, few: bool) -> Iterator[tuple[str, str]]:
    """Yield words and their patterns, the narrowest place and the shortest words first."""
    before, after = without_pangu(hit.window.before), without_pangu(hit.window.after)
    behind, ahead = _HAN_AFTER.match(after), _HAN_BEFORE.search(before)
    if behind and not few:
        yield behind[0][0], f"{{A}}{behind[0][0]}"
    if ahead and not few:
        yield ahead[0][-1], f"{ahead[0][-1]}{{A}}"
    yield from _with_words(before, after)
    yield from ((m[0], f"{{A}}{m[0]}") for m in [behind] if m and len(m[0]) > 1)
    yield from ((m[0], f"{m[0]}{{A}}") for m in [ahead] if m and len(m[0]) > 1)
    yield from _near(before[-hit.reach :][::-1], after[: hit.reach])


def _with_words(before: str, after: str) -> Iterator[tuple[str, str]]:
    behind, ahead = _WORDS_AFTER.match(after), _WORDS_BEFORE.search(before)
    if behind:
        word = re.escape(behind[2])
        yield behind[2], rf"(?i){{A}}{behind[1]}{word}{_edge(after, behind.end(2))}"
    if ahead:
        yield ahead[3], rf"(?i)\b{re.escape(ahead[3])}{ahead[4]}{{A}}"
    if behind and behind[4]:
        said = f"{behind[2]} {behind[4]}"
        words = re.escape(said).replace(r"\ ", " ")
        yield said, rf"(?i){{A}}{behind[1]}{words}{_edge(after, behind.end(4))}"
    if ahead and ahead[1]:
        words = f"{re.escape(ahead[1])} {re.escape(ahead[3])}"
        yield f"{ahead[1]} {ahead[3]}", rf"(?i)\b{words}{ahead[4]}{{A}}"


def _edge(text: str, end: int) -> str:
    """Return what ends a word there; before a Han character there is no boundary."""
    return "" if _HAN_AFTER.match(text, end) else r"\b"


def _near(before_reversed: str, after: str) -> Iterator[tuple[str, str]]:
    """Yield the words and pairs of characters that are near but not beside it."""
    ahead = (word[::-1] for word in _pieces(before_reversed, _LONG_WORD))
    for word in chain(_pieces(after, _LONG_WORD), ahead):
        yield word, rf"(?i)\b{word}\b" if word.isascii() else word


def _pieces(text: str, words: re.Pattern[str]) -> Iterator[str]:
    """Yield the Latin words of a text, and each pair of Han characters in a row."""
    for word in words.findall(text):
        if word.isascii():
            yield word
        else:
            yield from (word[n : n + 2] for n in range(len(word) - 1))


def _spoils(pattern: str, hit: WrongHit, others: Sequence[MatchContext]) -> bool:
    taken = [w for w in others if _excludes(pattern, hit, w)]
    if any(w.is_sure for w in taken):
        return True
    is_beside = "{A}" in pattern
    return bool(taken) if not is_beside else len(taken) * _TOLERANCE > len(others)


def _excludes(pattern: str, hit: WrongHit, window: MatchContext) -> bool:
    found = compile_pattern(expand(pattern, {}, fold(hit.alias.text).text))
    text = window.before[-hit.reach :] + window.hit + window.after[: hit.reach]
    return any(map(found.search, {text, without_pangu(text)}))


def _is_plain(words: str) -> bool:
    """Tell whether *words* are function words alone, which stand beside any name."""
    lists = _lists()
    known = {*lists["english"].split(), *lists["chinese"]}
    return all(word.lower() in known for word in _PLAIN_WORD.findall(words))


@cache
def _lists() -> dict[str, Any]:
    path = files(__package__) / "plain.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


class TaggedText(NamedTuple):
    """A stored article with the topic."""

    article_id: str
    story_id: str
    title: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicExclusion:
    """Words for ``not``, with the stored articles that lose the topic and keep it."""

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
    """Return the first words of a headline that remove the topic from few others.

    *excluding* compiles the rules with these words in ``not`` of the topic, each of which
    has a negative weight; up to three are combined. None if no words suffice: words that
    voted for the topic, and function words, are never proposed.
    """
    texts = [wrong, *(text for text in history if text.article_id != wrong.article_id)]
    others = [text for text in texts if text.story_id != wrong.story_id]
    for words in _topic_words(wrong, term, others):
        tagger = excluding(words)
        has = [_has(tagger, text, key) for text in texts]
        removed = tuple(t for t, stays in zip(texts, has, strict=True) if not stays)
        elsewhere = [t for t in removed if t.story_id != wrong.story_id]
        if not has[0] and len(elsewhere) * 100 <= _TOPIC_TOLERANCE * len(others):
            kept = tuple(t for t, stays in zip(texts, has, strict=True) if stays)
            return TopicExclusion(words=words, removed=removed, kept=kept)
    return None


def _has(tagger: Tagger, text: TaggedText, key: TopicKey) -> bool:
    tags = tag_document(tagger.read(text.title, text.summary), tagger).tags
    return key in {(tag.kind, tag.topic_id) for tag in tags}


def _topic_words(
    wrong: TaggedText, term: str, others: Sequence[TaggedText]
) -> Iterator[tuple[str, ...]]:
    """Yield words of the headline, those that fewest others have first; then several."""
    spoke = lowered(fold(term).text)
    headlines = [lowered(fold(text.title).text) for text in others]
    pieces = dict.fromkeys(_pieces(lowered(fold(wrong.title).text), _TOPIC_WORD))
    telling = [p for p in pieces if p not in spoke and not _is_plain(p)]
    counted = {p: sum(p in headline for headline in headlines) for p in telling}
    tried = sorted(telling, key=counted.__getitem__)[:_TRIES]
    yield from ((piece,) for piece in tried)
    yield from (tuple(tried[:n]) for n in (2, 3) if len(tried) >= n)
