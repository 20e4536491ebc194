"""Turn the aliases of a watchlist into one automaton and the rules behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from transforms.mentions.documents import compile_credit_lines
from transforms.mentions.tickers import ticker_forms
from transforms.patterns.compile import LazyPattern, expand, lazy_pattern
from transforms.patterns.likely import PatternSet
from transforms.text.fold import LATIN, fold, lowered
from transforms.watchlist import Alias, Watchlist

# How far to each side of a hit an excluding pattern may reach: a phrase is about
# 40 letters long in English and 12 characters in Chinese.
_LATIN_WINDOW = 40
_HAN_WINDOW = 12
# From four letters on, "Qwen3" and "iPhones" are taken as the name itself.
_STRETCHES_FROM = 4


@dataclass(frozen=True, slots=True, eq=False)
class AliasRule:
    """One alias, compiled: *text* is how it is written when its case matters."""

    alias: Alias
    text: str
    exact: bool
    certain: bool
    window: int
    excludes: tuple[LazyPattern, ...]
    context: tuple[LazyPattern, ...]


@dataclass(frozen=True, slots=True, eq=False)
class AliasForm:
    """A lower-case text that the automaton looks for, and the rules that share it."""

    text: str
    latin_start: bool
    latin_end: bool
    stretches: bool
    in_brackets: bool
    cased: bool
    rules: tuple[AliasRule, ...]


@dataclass(frozen=True, slots=True, eq=False)
class MentionMatcher:
    """Everything that finding mentions needs, made once for a watchlist."""

    automaton: AhoCorasick
    forms: tuple[AliasForm, ...]
    credit_lines: PatternSet
    rules_version: str


def compile_mentions(watchlist: Watchlist) -> MentionMatcher:
    """Prepare the aliases of *watchlist* for matching."""
    rules: dict[_Spelling, list[AliasRule]] = {}
    for alias in watchlist.aliases:
        for spelling, rule in _rules(alias, watchlist.macros):
            rules.setdefault(spelling, []).append(rule)
    forms = tuple(_form(spelling, tuple(found)) for spelling, found in rules.items())
    return MentionMatcher(
        automaton=AhoCorasick([form.text for form in forms]),
        forms=forms,
        credit_lines=compile_credit_lines(watchlist.credit_lines),
        rules_version=watchlist.rules_version,
    )


class _Spelling(NamedTuple):
    text: str
    in_brackets: bool = False


def _rules(
    alias: Alias, macros: Mapping[str, str]
) -> Iterator[tuple[_Spelling, AliasRule]]:
    if alias.kind == "ticker":
        for form in ticker_forms(alias.text):
            text = fold(form.text).text
            spelling = _Spelling(lowered(text), form.in_brackets)
            yield spelling, _rule(alias, text, macros)
    else:
        text = fold(alias.text).text
        yield _Spelling(lowered(text)), _rule(alias, text, macros)


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
