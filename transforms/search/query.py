"""Query of a search: its words, filters and masks, and its errors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import NamedTuple
from zlib import crc32

from transforms.config.text import nearest
from transforms.models import (
    Name,
    SearchFilters,
    SearchNames,
    SearchOrder,
    SearchQuery,
    Words,
)
from transforms.text.fold import search_text

_ALL = SearchFilters()
_LANGUAGE = re.compile(r"[a-z]{2,3}")
# More than anybody types; a headline that is pasted in is shorter.
MAX_TEXT = 400
_MAX_TERMS = 16
# No name of a company has more words.
_LONGEST_NAME = 5
_QUOTED = re.compile(r'"([^"]*)(?:"|$)|([^"\s]+)')
_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_SCRIPTS = re.compile(f"[{_HAN}]+|[^{_HAN}]+")
_LATIN = re.compile("[a-z0-9]")
_LAST_WORD = re.compile("(?<![a-z0-9])[a-z0-9]*$")
_SAYS = re.compile(r"[^\W_]")
_PUNCTUATION = ".,;:!?()[]{}<>'、。《》「」【】…"
_WIDTH = 256
_LANE = 64
_LOWEST = (1 << _LANE) - 1
# Of a Chinese character in UTF-8, but for rare ones.
_BYTES = 3
# A word of a query that has so many letters also finds the longer ones that begin so.
_BEGINNING = 4
_WORD = re.compile(rb"([a-z0-9]{1,%d})[a-z0-9]*" % _BEGINNING)
_HAN_RUN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]{2,}")


def read_search(
    text: str,
    names: SearchNames,
    filters: SearchFilters = _ALL,
    *,
    on_beat: bool = True,
    order: SearchOrder = "best",
) -> SearchQuery:
    """Return the search for *text* among the articles that pass *filters*.

    Companies, topics, events and outlets may be written in the filters by id or name.

    Raises:
        SearchError: It is empty, names something unknown, or is contradictory; the message
            says what to write instead.
    """
    since, until = filters.since, filters.until
    if since and until and since > until:
        raise SearchError(f"{since} is after {until}", "change since or until")
    known = SearchFilters(
        companies=_known("company", filters.companies, names.companies),
        topics=_known("topic", filters.topics, names.topics),
        events=_known("event", filters.events, names.events),
        languages=tuple(map(_language, filters.languages)),
        publishers=_known("outlet", filters.publishers, names.publishers),
        since=since,
        until=until,
    )
    terms = read_words(text, names)
    if not terms and known == _ALL:
        raise SearchError("the search is empty", "write words, or choose a filter")
    return SearchQuery(
        text=text.strip(), terms=terms, filters=known, on_beat=on_beat, order=order
    )


def reads_off_beat(query: SearchQuery) -> bool:
    """Tell whether a search asks for topics or events of what is off and names nobody."""
    filters = query.filters
    names = filters.companies or any(isinstance(term, Name) for term in query.terms)
    return bool(filters.topics or filters.events) and not (query.on_beat or names)


def narrowed(query: SearchQuery, by: SearchQuery) -> SearchQuery:
    """Return the conjunction of both searches; the filters of *by* take precedence."""
    given = {f.name: getattr(by.filters, f.name) for f in fields(SearchFilters)}
    changed = {name: value for name, value in given.items() if value}
    return SearchQuery(
        text=f"{query.text} {by.text}".strip(),
        terms=tuple(dict.fromkeys((*query.terms, *by.terms))),
        filters=replace(query.filters, **changed),
        on_beat=query.on_beat and by.on_beat,
        order=by.order,
    )


def _known(noun: str, asked: Iterable[str], known: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(known_id(noun, each, known) for each in asked))


def known_id(noun: str, asked: str, known: Mapping[str, str]) -> str:
    """Return the id of the name *asked*, in any case.

    Raises:
        SearchError: The name is unknown; the message has the nearest one.
    """
    key = asked.strip().lower()
    if key in known:
        return known[key]
    near = nearest(key, known)
    guess = f"did you mean {known[near]!r}?" if near else "search without it"
    raise SearchError(f"there is no {noun} {asked!r} here", guess)


def _language(text: str) -> str:
    code = text.strip().lower()
    if not _LANGUAGE.fullmatch(code):
        raise SearchError(f"{text!r} is not a language code", 'write "zh" or "en"')
    return code


class _Piece(NamedTuple):
    """A word or phrase, and what stands between it and the one before."""

    text: str
    gap: str = " "
    is_quoted: bool = False


def read_words(text: str, names: SearchNames) -> tuple[Words | Name, ...]:
    """Return the terms of *text*; an article must contain all of them, in any order.

    Words in quotes form a phrase, and are not looked up as companies.

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
    if len(terms) > _MAX_TERMS:
        raise SearchError(
            f"the search has {len(terms)} words",
            f"write at most {_MAX_TERMS}, or put some of them in quotes",
        )
    return terms


def alias_key(alias: str) -> str:
    """Return an alias as a look-up key: its pieces, separated by spaces."""
    return " ".join(piece.text for piece in _pieces(alias.replace('"', " ")))


def word_pattern(words: str) -> str:
    """Return a pattern of folded *words* with Latin word borders; "" without Latin ones.

    From four letters on the last word is a prefix. The pattern works alike in Python, with
    ASCII word boundaries, and in DuckDB.
    """
    begins, ends = _is_whole(words)
    bound = r"\b"
    return f"{bound * begins}{re.escape(words)}{bound * ends}" if begins or ends else ""


def spaced(words: str) -> str:
    """Return folded *words* with spaces at whole-word ends, for a plain text search."""
    begins, ends = _is_whole(words)
    return f"{' ' * begins}{words}{' ' * ends}"


def _is_whole(words: str) -> tuple[bool, bool]:
    """Tell whether a Latin word has to begin where *words* begin, and to end with them."""
    last = _LAST_WORD.search(words)
    return bool(_LATIN.match(words)), bool(last and 0 < len(last[0]) < _BEGINNING)


def _pieces(text: str) -> Iterator[_Piece]:
    """Yield the quoted phrases and the words of *text*, those of each script by itself."""
    for found in _QUOTED.finditer(" ".join(search_text(text).split())):
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
    if word[0] < "\u3400":
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


def signature(folded: str) -> tuple[int, ...]:
    """Return the 256-bit mask of a folded text: four 64-bit numbers, lowest first."""
    encoded = folded.encode("utf-8", "surrogatepass")
    pieces: set[bytes] = set(_WORD.findall(encoded))
    if len(encoded) > len(folded):
        for run in _HAN_RUN.findall(folded):
            pieces.update(_pairs(run))
    mask = 0
    for bit in {crc32(piece) % _WIDTH for piece in pieces}:
        mask |= 1 << bit
    return tuple(mask >> lane & _LOWEST for lane in range(0, _WIDTH, _LANE))


def joint_signature(phrases: Iterable[str]) -> tuple[int, ...]:
    """Return the bits set in every text that contains all these folded *phrases*."""
    # A line end keeps the last word of one from going on in the next.
    return signature("\n".join(phrases))


def _pairs(run: str) -> list[bytes]:
    """Return each two characters of *run* that follow each other, encoded."""
    encoded = run.encode()
    if len(encoded) == _BYTES * len(run):
        last = len(encoded) - _BYTES
        return [encoded[at : at + 2 * _BYTES] for at in range(0, last, _BYTES)]
    return [run[at : at + 2].encode() for at in range(len(run) - 1)]


class SearchError(Exception):
    """A search is invalid; the message says what to write instead."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}; {remedy}")
        self.problem = problem
        self.remedy = remedy
