"""Aliases of a watchlist as one automaton, with the rule of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from transforms.grouping import grouped_pairs
from transforms.names.match.document import Roles, compile_credit_lines
from transforms.names.rules.patterns import (
    LazyPattern,
    Made,
    PatternSet,
    expand,
    lazy_pattern,
)
from transforms.names.rules.watchlist import Alias, Watchlist
from transforms.text.fold import LATIN, fold, lowered

# How far to each side of a hit an excluding pattern may reach: a phrase is about
# 40 letters long in English and 12 characters in Chinese.
_LATIN_WINDOW = 40
_HAN_WINDOW = 12
# From four letters on, "Qwen3" and "iPhones" are taken as the name itself.
_STRETCHES_FROM = 4
_HONG_KONG = re.compile(r"0*(\d{1,5})\.HK")
_MAINLAND = re.compile(r"(\d{6})\.(SH|SS|SZ|BJ)")
_US_MARKETS = ("NYSE", "NASDAQ", "Nasdaq")
# Other codes of the same kind may stand before or after it in the brackets.
_OPENED = re.compile(r"[(\[<【](?:[A-Z0-9.]{1,12}[:,/、; ] ?)*\Z")
# A colon is a separator and never part of a code, or there were two ways to read each.
_CLOSED = re.compile(r"(?:\.[A-Z]{1,2})?(?:[:,/、; ] ?[A-Z0-9.]{1,12})*[)\]>】]")
_REACH = 40


@dataclass(frozen=True, slots=True, eq=False)
class AliasRule:
    """A compiled alias: *text* is its spelling when case matters."""

    alias: Alias
    text: str
    exact: bool
    certain: bool
    window: int
    excludes: tuple[LazyPattern, ...]
    context: tuple[LazyPattern, ...]


@dataclass(frozen=True, slots=True, eq=False)
class AliasForm:
    """A lower-case literal of the automaton, with the rules that share it."""

    text: str
    latin_start: bool
    latin_end: bool
    stretches: bool
    in_brackets: bool
    cased: bool
    rules: tuple[AliasRule, ...]


@dataclass(frozen=True, slots=True, eq=False)
class MentionMatcher:
    """Matcher of mentions, compiled once per watchlist; ``roles`` set some aside."""

    automaton: AhoCorasick
    forms: Made[AliasForm]
    credit_lines: PatternSet
    rules_version: str
    roles: Roles


def compile_mentions(watchlist: Watchlist, roles: Roles) -> MentionMatcher:
    """Compile the aliases of *watchlist* for matching."""
    known = grouped_pairs(
        (spelling, (alias, text))
        for alias in watchlist.aliases
        for spelling, text in _spellings(alias)
    )
    ruled = list(known.items())

    def form(number: int) -> AliasForm:
        spelling, aliases = ruled[number]
        rules = (_rule(alias, text, watchlist.macros) for alias, text in aliases)
        return _form(spelling, tuple(rules))

    return MentionMatcher(
        automaton=AhoCorasick([spelling.text for spelling in known]),
        forms=Made(form, len(ruled)),
        credit_lines=compile_credit_lines(watchlist.credit_lines),
        rules_version=watchlist.rules_version,
        roles=roles,
    )


class _Spelling(NamedTuple):
    """One spelling, which counts anywhere or only in brackets."""

    text: str
    in_brackets: bool = False


def _spellings(alias: Alias) -> Iterator[tuple[_Spelling, str]]:
    """Yield the spellings of *alias*, each with its text as its case is."""
    if alias.kind == "ticker":
        for form in _ticker_forms(alias.text):
            text = fold(form.text).text
            yield form._replace(text=lowered(text)), text
    else:
        text = fold(alias.text).text
        yield _Spelling(lowered(text)), text


def _rule(alias: Alias, text: str, macros: Mapping[str, str]) -> AliasRule:
    def compiled(sources: tuple[str, ...]) -> tuple[LazyPattern, ...]:
        return tuple(lazy_pattern(expand(s, macros, text)) for s in sources)

    return AliasRule(
        alias=alias,
        text=text,
        exact=alias.exact,
        certain=alias.is_certain,
        window=_LATIN_WINDOW if text[0] in LATIN else _HAN_WINDOW,
        excludes=compiled(alias.excludes),
        context=compiled(alias.context),
    )


def _form(spelling: _Spelling, rules: tuple[AliasRule, ...]) -> AliasForm:
    text = spelling.text
    return AliasForm(
        text=text,
        latin_start=text[0] in LATIN,
        latin_end=text[-1] in LATIN,
        stretches=len(text) >= _STRETCHES_FROM and text[-1].isalpha(),
        in_brackets=spelling.in_brackets,
        cased=any(rule.exact for rule in rules),
        rules=rules,
    )


def _ticker_forms(ticker: str) -> Iterator[_Spelling]:
    """Yield the spellings under which *ticker* counts."""
    if "." not in ticker:
        yield from _american(ticker)
    elif found := _HONG_KONG.fullmatch(ticker):
        yield from _hong_kong(found[1])
    elif found := _MAINLAND.fullmatch(ticker):
        yield from _mainland(found[1], "SZ" if found[2] == "SZ" else "SH")
    else:
        yield _Spelling(ticker)


def stands_in_brackets(text: str, start: int, end: int) -> bool:
    """Tell whether text[start:end] is a code in brackets, alone or in a list."""
    before = text[max(0, start - _REACH) : start]
    return bool(_OPENED.search(before) and _CLOSED.match(text, end, end + _REACH))


def _american(ticker: str) -> Iterator[_Spelling]:
    yield _Spelling(f"${ticker}")
    yield _Spelling(f"{ticker}.US")
    for market in _US_MARKETS:
        yield _Spelling(f"{market}: {ticker}")
        yield _Spelling(f"{market}:{ticker}")
    for exchange in ("N", "O"):  # Reuters codes of New York and Nasdaq
        yield _Spelling(f"{ticker}.{exchange}", in_brackets=True)


def _hong_kong(number: str) -> Iterator[_Spelling]:
    for digits in dict.fromkeys((number, number.zfill(4), number.zfill(5))):
        yield _Spelling(f"{digits}.HK")
    yield _Spelling(number.zfill(5), in_brackets=True)


def _mainland(number: str, exchange: str) -> Iterator[_Spelling]:
    for suffix in ("SH", "SS") if exchange == "SH" else ("SZ",):
        yield _Spelling(f"{number}.{suffix}")
    for joint in ("", " ", ":"):
        yield _Spelling(f"{exchange}{joint}{number}")
    yield _Spelling(number, in_brackets=True)
