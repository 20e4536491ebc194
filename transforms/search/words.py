"""Read the words of a search: names of companies, quoted phrases, words of two scripts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from transforms.models import Name, SearchNames, Words
from transforms.search.errors import SearchError
from transforms.search.signature import BEGINNING
from transforms.text.fold import search_text

# More than anybody types; a headline that is pasted in is shorter.
MAX_TEXT = 400
MAX_TERMS = 16
# No name of a company has more words.
_LONGEST_NAME = 5
_QUOTED = re.compile(r'"([^"]*)(?:"|$)|([^"\s]+)')
_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_SCRIPTS = re.compile(f"[{_HAN}]+|[^{_HAN}]+")
_LATIN = re.compile("[a-z0-9]")
_LAST_WORD = re.compile("(?<![a-z0-9])[a-z0-9]*$")
_SAYS = re.compile(r"[^\W_]")
_PUNCTUATION = ".,;:!?()[]{}<>'、。《》「」【】…"


class _Piece(NamedTuple):
    """A word or phrase, and what stands between it and the one before."""

    text: str
    gap: str = " "
    is_quoted: bool = False


def read_words(text: str, names: SearchNames) -> tuple[Words | Name, ...]:
    """Return what *text* asks for; all of it must be in an article, in any order.

    Quotes keep words together, and as they are: no company is looked for in them.

    Raises:
        SearchError: The text is too long, or holds nothing that could be found.
    """
    if len(text) > MAX_TEXT:
        raise SearchError(
            f"the search has {len(text):,} characters", f"write at most {MAX_TEXT}"
        )
    terms = tuple(dict.fromkeys(_terms(list(_pieces(text)), names)))
    if text.strip() and not terms:
        raise SearchError(f"{text!r} holds nothing to find", "write words or a name")
    if len(terms) > MAX_TERMS:
        raise SearchError(
            f"the search has {len(terms)} words",
            f"write at most {MAX_TERMS}, or put some of them in quotes",
        )
    return terms


def alias_key(alias: str) -> str:
    """Return an alias as it is looked up: its pieces, with a space between them."""
    return " ".join(piece.text for piece in _pieces(alias.replace('"', " ")))


def word_pattern(words: str) -> str:
    """Return what finds folded *words* where Latin ones are whole, "" where none is Latin.

    From four letters on the last one may go on. It means the same to Python, with ASCII
    word boundaries, and to DuckDB.
    """
    begins, ends = _is_whole(words)
    bound = r"\b"
    if not (begins or ends):
        return ""
    return f"{bound * begins}{re.escape(words)}{bound * ends}"


def spaced(words: str) -> str:
    """Return folded *words* with a space where they are whole: a text with it has them."""
    begins, ends = _is_whole(words)
    return f"{' ' * begins}{words}{' ' * ends}"


def _is_whole(words: str) -> tuple[bool, bool]:
    """Say whether a Latin word has to begin where *words* begin, and to end with them."""
    last = _LAST_WORD.search(words)
    return bool(_LATIN.match(words)), bool(last and 0 < len(last[0]) < BEGINNING)


def _pieces(text: str) -> Iterator[_Piece]:
    """Yield the quoted phrases and the words of *text*, those of each script by itself."""
    for found in _QUOTED.finditer(_folded(text)):
        phrase, word = found.groups()
        if phrase is not None:
            if _SAYS.search(phrase):
                yield _Piece(" ".join(phrase.split()), is_quoted=True)
            continue
        gap = " "
        for run in _SCRIPTS.findall(word.strip(_PUNCTUATION)):
            if _SAYS.search(run):
                yield _Piece(run, gap)
                gap = ""


def _folded(text: str) -> str:
    return " ".join(search_text(text).split())


def _terms(pieces: Sequence[_Piece], names: SearchNames) -> Iterator[Words | Name]:
    at = 0
    while at < len(pieces):
        found = _name_at(pieces[at:], names)
        if found:
            name, used = found
            yield name
            at += used
            continue
        piece = pieces[at]
        yield from [Words(piece.text)] if piece.is_quoted else _within(piece.text, names)
        at += 1


def _name_at(pieces: Sequence[_Piece], names: SearchNames) -> tuple[Name, int] | None:
    """Return the longest name that *pieces* begin with, and of how many it is."""
    for used in range(min(_LONGEST_NAME, len(pieces)), 0, -1):
        some = pieces[:used]
        key = " ".join(piece.text for piece in some)
        if key in names.aliases and not any(piece.is_quoted for piece in some):
            written = "".join(piece.gap + piece.text for piece in some).strip()
            return Name(written, names.aliases[key]), used
    return None


def _within(word: str, names: SearchNames) -> Iterable[Words | Name]:
    """Cut a Chinese word at names that are beyond doubt: 华为芯片 is 华为 and 芯片."""
    if not _is_han(word):
        return [Words(word)]
    terms: list[Words | Name] = []
    rest = at = 0
    while at < len(word):
        ends = range(len(word), at + 1, -1)
        end = next((end for end in ends if word[at:end] in names.certain), None)
        if end is None:
            at += 1
            continue
        if rest < at:
            terms.append(Words(word[rest:at]))
        terms.append(Name(word[at:end], names.aliases[word[at:end]]))
        rest = at = end
    if rest < len(word):
        terms.append(Words(word[rest:]))
    return terms


def _is_han(word: str) -> bool:
    return word[0] >= "\u3400"
