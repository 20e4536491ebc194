"""A headline as a line of letters: whom and what it names, in order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from html import unescape

from transforms.measures.lexicon import MeasureWords, Token, Word
from transforms.models import Mention
from transforms.names.match.document import Field
from transforms.names.rules.watchlist import Watchlist
from transforms.text.fold import fold, lowered

_BODIES = frozenset({"regulator", "gov"})
# What a title has beyond that is no headline; patterns need not read it.
_LONGEST = 400
# Letters of technology: a measure without any is none.
_TECHNOLOGY = frozenset({"T", "n", "e"})
_HAN = re.compile("[\u4e00-\u9fff]")
# The name of a column, and what parts the items of a round-up.
_COLUMN = re.compile(
    r"^\s*(?:[【\[][^】\]]{1,12}[】\]]|[^|｜:：丨,，。]{1,14}[|｜:：丨])\s*"
)
# The strongest that a round-up has.
_ITEMS = tuple(
    map(re.compile, (r"[;；]|_d", r"[|｜丨/]", r"\d、|、(?=.{6})", "[,，](?=.{6})"))
)
_NUMBERED = re.compile(r"^\s*\d{1,2}(?:[、.]|_d)\s*")
# Marks that part clauses, and words that no list has.
_BETWEEN = re.compile(
    r"'s\b|s'(?=\s)|[,，、]|[:：]|[?？]|[;；|｜!！。…—–/]|\s-\s|[\"“”‘’'《》「」【】()（）\[\]]"
    r"|[a-z0-9$€£¥%&.\-']+|[^\x00-\u2fff\u3000-\u303f\uff00-\uffef]{1,3}"
)
_MARKS = {"'s": "'", "s'": "'"} | dict.fromkeys(",，、", ",") | dict.fromkeys(":：", ":")
_MARKS |= (
    dict.fromkeys("?？", "?")
    | dict.fromkeys(";；|｜!！。…—–/", ";")
    | {"《": "《", "「": "《"}
)
_QUOTES = frozenset("\"“”‘’'》」【】()（）[]")
_PLAIN = Word(".")
_TOWARDS = frozenset("对向与和涉就")
_PEOPLE = frozenset("人股队籍")


@dataclass(frozen=True, eq=False)
class Reading:
    """A headline's tokens and their letters, one each, behind a letter of its script."""

    text: str
    lower: str
    tokens: tuple[Token, ...]
    is_chinese: bool

    @cached_property
    def letters(self) -> str:
        """The line of letters."""
        return ("#" if self.is_chinese else "@") + "".join(t.letter for t in self.tokens)

    def words(self, letters: str) -> list[Token]:
        """Return the tokens of these *letters*, in order."""
        return [token for token in self.tokens if token.letter in letters]

    def at(self, place: int) -> Token:
        """Return the token of a place in the line of letters."""
        return self.tokens[place - 1]


def read_tokens(
    title: Field,
    mentions: Iterable[Mention],
    watchlist: Watchlist,
    words: MeasureWords,
    *,
    is_digest: bool,
) -> Reading | None:
    """Return the reading of a headline; None if no word tells of a measure.

    Of a round-up the first item is read.
    """
    text, lower = title.text[:_LONGEST], title.lower[:_LONGEST]
    found = words.find(text, lower)
    if not found:
        return None
    if cut := _read_otherwise(text, is_digest=is_digest):
        text, lower = cut
        found = words.find(text, lower)
    named = [mention for mention in mentions if mention.field == "title"]
    if not named and not any(word.letter in _TECHNOLOGY for _, _, word in found):
        return None
    firms = tuple(_firms(lower, named, watchlist, words))
    return Reading(
        text, lower, tuple(_tokens(lower, found, firms)), bool(_HAN.search(text))
    )


def _read_otherwise(text: str, *, is_digest: bool) -> tuple[str, str] | None:
    """Return what is read of a title that is escaped twice, or has several items."""
    plain = unescape(text) if "&" in text else text
    if (is_digest or _NUMBERED.match(plain)) and _HAN.search(plain):
        start, end = _first_item(plain.lower())
        plain = plain[start:end]
    return None if plain is text else (plain, lowered(plain))


def _firms(
    lower: str, named: Iterable[Mention], watchlist: Watchlist, words: MeasureWords
) -> Iterator[tuple[int, int, str, Word]]:
    """Yield the companies of a headline, each where it is named first."""
    for mention in named:
        said = lowered(fold(mention.alias).text)
        at = lower.find(said) if said else -1
        if at >= 0:
            word = _word(mention.company_id, watchlist, words)
            yield at, at + len(said), mention.company_id, word


def _word(company_id: str, watchlist: Watchlist, words: MeasureWords) -> Word:
    company = watchlist.company(company_id)
    side = words.side_of(company.country)
    if company.kind in _BODIES:
        is_court = company_id.endswith("court")
        return Word("C" if is_court else "B", side=side, body=company_id, court=is_court)
    letter = "f" if company.sector in words.elsewhere else "F"
    return Word(letter, side=side, thing=words.sectors.get(company.sector, ""))


def _first_item(lower: str) -> tuple[int, int]:
    start = 0
    for mark in (_COLUMN, _NUMBERED):
        if found := mark.match(lower[start:]):
            start += found.end()
    for mark in _ITEMS:
        if parted := mark.search(lower, min(len(lower), start + 4)):
            return start, parted.start()
    return start, len(lower)


def _tokens(
    lower: str,
    words: Sequence[tuple[int, int, Word]],
    firms: Sequence[tuple[int, int, str, Word]],
) -> list[Token]:
    """Return a text as tokens: its words and firms, and the marks and words between."""
    spans = sorted(_merged(words, firms), key=lambda token: token.start)
    made: list[Token] = []
    at = 0
    for span in spans:
        made.extend(_between(lower, at, span.start))
        made.append(span)
        at = span.end
    made.extend(_between(lower, at, len(lower)))
    return [_in_context(lower, made, n) for n in range(len(made))]


def _in_context(lower: str, made: Sequence[Token], n: int) -> Token:
    """Return a token with the letter that its place gives a state.

    One to which something is done is an object; one of whose firms or people is told is
    what they belong to.
    """
    token = made[n]
    if token.letter != "S":
        return token
    if token.start and lower[token.start - 1] in _TOWARDS:
        return token._replace(letter="O")
    if lower[token.end : token.end + 1] == "-":  # US-made, China-based
        return token._replace(letter="J")
    behind = made[n + 1] if n + 1 < len(made) else None
    if (
        behind
        and behind.start == token.end
        and (behind.letter == "f" or lower[behind.start] in _PEOPLE)
    ):
        return token._replace(letter="J")
    return token


def _merged(
    words: Sequence[tuple[int, int, Word]], firms: Sequence[tuple[int, int, str, Word]]
) -> Iterator[Token]:
    """Yield words and firms; a firm stands for the words in it, a body's name for both."""
    taken: list[tuple[int, int]] = []
    for start, end, company, word in firms:
        inside = [w for w in words if w[0] < end and start < w[1]]
        if any(_outweighs(w, start, end) for w in inside):
            continue
        thing = next((w[2].thing for w in inside if w[2].thing), "")
        side = word.side or next((w[2].side for w in inside if w[2].side), "")
        yield Token(
            word.letter,
            start,
            end,
            replace(word, thing=thing or word.thing, side=side),
            company,
        )
        taken.append((start, end))
    for start, end, word in words:
        if not any(start < e and s < end for s, e in taken):
            yield Token(word.letter, start, end, word)


def _outweighs(word: tuple[int, int, Word], start: int, end: int) -> bool:
    """Tell whether a word is longer than the firm in it, or a measure of its name."""
    length, letter = word[1] - word[0], word[2].letter
    if length == end - start:
        return letter == "n"
    return length > end - start and letter not in "Te"


def _between(lower: str, start: int, end: int) -> Iterator[Token]:
    if start >= end:
        return
    for found in _BETWEEN.finditer(lower, start, end):
        text = found[0]
        if text in _QUOTES:
            continue
        letter = ";" if text.strip() == "-" else _MARKS.get(text, ".")
        yield Token(letter, found.start(), found.end(), _PLAIN)
