"""Judgements of hits: whether each names its company, and the deciding gate.

The gates in order: the ends of Latin words, brackets around a code, a text that a feed cut
off, the letters' case, the longest span, what the alias excludes, what it needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from transforms.names.match.aliases import (
    AliasForm,
    AliasRule,
    MentionMatcher,
    stands_in_brackets,
)
from transforms.names.match.document import ArticleText, Field
from transforms.names.rules.automaton import FURTHEST
from transforms.names.rules.patterns import LazyPattern, without_pangu
from transforms.text.fold import LATIN

# In a long text, what an ambiguous name means is decided nearby or by its beginning.
_REACH = 200
Gate = Literal[
    "boundary",
    "brackets",
    "cut",
    "case",
    "swallowed",
    "excluded",
    "no_context",
    "certain",
    "not_excluded",
    "co_alias",
    "context",
]
_PASSING = frozenset({"certain", "not_excluded", "co_alias", "context"})
_CAPITALS = re.compile(r"\b[A-Z][\w'-]+")
# Articles and prepositions stay small, whatever their length.
_SMALL = re.compile(
    r"(?<![\w'-])(?!(?:about|above|after|against|amid|among|around|before|behind|below"
    r"|between|beyond|during|from|inside|into|like|near|onto|over|since|than|through"
    r"|toward|towards|under|until|upon|with|within|without)\b)[a-z]{4,}"
)
_FEWEST = 4


class Hit(NamedTuple):
    """A match in a field's folded text, with the rules that may accept it."""

    field: Field
    start: int
    end: int
    rules: Sequence[AliasRule]


class Judgement(NamedTuple):
    """A hit under one rule, with the deciding gate.

    *detail* is the deciding pattern or longer alias.
    """

    field: Field
    start: int
    end: int
    rule: AliasRule
    gate: Gate
    detail: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the hit names the company."""
        return self.gate in _PASSING


def judge(document: ArticleText, matcher: MentionMatcher) -> list[Judgement]:
    """Return a judgement for each alias found in *document*."""
    judged: list[Judgement] = []
    kept = _kept(document, matcher, judged)
    return [*judged, *_decided(document, kept)]


def decisions(document: ArticleText, matcher: MentionMatcher) -> list[Judgement]:
    """Return the judgements of ``judge`` that an alias rule decided."""
    return list(_decided(document, _kept(document, matcher, None)))


def _kept(
    document: ArticleText, matcher: MentionMatcher, judged: list[Judgement] | None
) -> list[Hit]:
    """Return the hits that rules decide about; judge those that fail before."""
    kept: list[Hit] = []
    for field in document.fields:
        kept += _longest(_fitting(field, matcher, judged), judged)
    return kept


def _decided(document: ArticleText, kept: Sequence[Hit]) -> Iterator[Judgement]:
    view = None
    for hit in kept:
        field, start, end, rules = hit
        for rule in rules:
            if rule.certain:
                yield Judgement(field, start, end, rule, "certain")
            else:
                view = view or View(document, kept)
                gate, detail = _verdict(hit, rule, view)
                yield Judgement(field, start, end, rule, gate, detail)


def _fitting(
    field: Field, matcher: MentionMatcher, judged: list[Judgement] | None
) -> list[Hit]:
    """Return the hits that are whole words in the right case; judge the others."""
    hits = []
    forms = matcher.forms
    for found, start, end in matcher.automaton.find_matches_as_indexes(
        field.lower, overlapping=True
    ):
        form = forms[found]
        if gate := _misfit(form, field, start, end):
            if judged is not None:
                judged += [Judgement(field, start, end, r, gate) for r in form.rules]
            continue
        rules = form.rules
        if form.cased:
            rules = _rightly_cased(field, start, end, rules, judged)
        if rules:
            hits.append(Hit(field, start, end, rules))
    return hits


def _misfit(form: AliasForm, field: Field, start: int, end: int) -> Gate | None:
    lower = field.lower
    if form.latin_start and start and lower[start - 1] in LATIN:
        return "boundary"
    runs_on = form.latin_end and end < len(lower) and lower[end] in LATIN
    if runs_on and not (form.stretches and _is_stretch(lower, end)):
        return "boundary"
    # 工信部 is a ministry, 工信部门 any office of that kind.
    if lower.startswith("门", end) and form.text.endswith("部"):
        return "boundary"
    if form.in_brackets and not stands_in_brackets(field.text, start, end):
        return "brackets"
    return "cut" if end == field.cut else None


def _is_stretch(lower: str, end: int) -> bool:
    """Tell whether a digit or a plural s follows: Qwen3, iPhones."""
    if lower[end].isdigit():
        return True
    return lower[end] == "s" and (end + 1 == len(lower) or lower[end + 1] not in LATIN)


def _rightly_cased(
    field: Field,
    start: int,
    end: int,
    rules: Sequence[AliasRule],
    judged: list[Judgement] | None,
) -> tuple[AliasRule, ...]:
    written = field.text[start:end]
    right = tuple([rule for rule in rules if not rule.exact or rule.text == written])
    if judged is not None:
        judged += [
            Judgement(field, start, end, rule, "case", rule.text)
            for rule in rules
            if rule not in right
        ]
    return right


def _longest(hits: list[Hit], judged: list[Judgement] | None) -> list[Hit]:
    """Keep the longest of hits that overlap; judge those they swallow."""
    if not hits or _are_apart(hits):
        return hits
    kept: list[Hit] = []
    taken: dict[int, Hit] = {}
    for hit in sorted(hits, key=lambda h: (h.start - h.end, h.start)):
        # What was taken before is no shorter, so it covers one end of what it overlaps.
        over = taken.get(hit.start) or taken.get(hit.end - 1)
        if over is None:
            kept.append(hit)
            taken.update(dict.fromkeys(range(hit.start, hit.end), hit))
        elif judged is not None:
            longer = hit.field.text[over.start : over.end]
            judged += [Judgement(*hit[:3], rule, "swallowed", longer) for rule in hit.rules]
    return kept


def _are_apart(hits: Iterable[Hit]) -> bool:
    """Tell whether no hits overlap, as in most texts; they are sorted by end."""
    end = 0
    for hit in hits:
        if hit.start < end:
            return False
        end = hit.end
    return True


class View:
    """Context of a hit for the rules."""

    def __init__(self, document: ArticleText, kept: Iterable[Hit]) -> None:
        self._document = document
        self._texts: tuple[str, ...] | None = None
        self._seen: dict[LazyPattern, bool] = {}
        self._sure: set[str] = set()
        self._sure_in_content: set[str] = set()
        for hit in kept:
            for rule in hit.rules:
                if rule.certain:
                    in_content = hit.field.name == "content"
                    sure = self._sure_in_content if in_content else self._sure
                    sure.add(rule.alias.company_id)

    def is_sure(self, company_id: str, hit: Hit) -> bool:
        """Tell whether the company is named beyond doubt; a headline decides for itself."""
        return company_id in self._sure or (
            hit.field.name == "content" and company_id in self._sure_in_content
        )

    def context(self, hit: Hit, patterns: Iterable[LazyPattern]) -> str:
        """Return the first pattern found in the headline, or near a hit in a long text."""
        nearby: tuple[str, ...] = ()
        if hit.field.name == "content" or len(self._document.headline) > FURTHEST:
            nearby = _both_ways(_around(hit, _REACH))
        for pattern in patterns:
            if self._in_headline(pattern) or any(map(pattern.search, nearby)):
                return pattern.pattern
        return ""

    def _in_headline(self, pattern: LazyPattern) -> bool:
        if self._texts is None:
            self._texts = _both_ways(self._document.headline[:FURTHEST])
        found = self._seen.get(pattern)
        if found is None:
            found = self._seen[pattern] = any(map(pattern.search, self._texts))
        return found


def _verdict(hit: Hit, rule: AliasRule, view: View) -> tuple[Gate, str]:
    """Return the gate that decides *hit* under *rule*, and the pattern it hung on.

    Not asked of a rule that is certain, which there is nothing to decide about.
    """
    if rule.excludes and (found := _excluded(hit, rule)):
        return "excluded", found
    says_nothing = _says_nothing(hit, rule)
    if rule.alias.default == "accept" and not says_nothing:
        return "not_excluded", ""
    may_lean = rule.alias.co_alias or says_nothing
    if may_lean and view.is_sure(rule.alias.company_id, hit):
        return "co_alias", ""
    if found := view.context(hit, rule.context):
        return "context", found
    return "no_context", ""


def _excluded(hit: Hit, rule: AliasRule) -> str:
    """Return the pattern that excludes the hit.

    What matches at another place that has the name, excludes the name there: in
    "何小鹏发布小鹏GX" the founder is no carmaker, and the car is one.
    """
    for window, at in _windows(hit, rule.window):
        for pattern in rule.excludes:
            if _excludes(pattern, window, at, at + hit.end - hit.start):
                return pattern.pattern
    return ""


def _excludes(pattern: LazyPattern, window: str, start: int, end: int) -> bool:
    name, text = window[start:end], window
    while found := pattern.search(text):
        at, to = found.span()
        if (at < end and start < to) or name not in window[at:to]:
            return True
        text = f"{text[:at]}{' ' * (to - at)}{text[to:]}"
    return False


def _windows(hit: Hit, reach: int) -> Iterator[tuple[str, int]]:
    """Yield what is around a hit, and where in it the hit begins, as ``_both_ways``."""
    window = _around(hit, reach)
    before = hit.start - max(0, hit.start - reach)
    yield window, before
    if not window.isascii() and (closed := without_pangu(window)) != window:
        # A space right before the name goes as well where the name makes it one to close.
        name = window[before : before + hit.end - hit.start]
        at = len(without_pangu(window[: before + len(name)])) - len(name)
        yield closed, max(at, 0)


def _says_nothing(hit: Hit, rule: AliasRule) -> bool:
    """Tell whether the case of the name carries no information in this text."""
    written = rule.text
    return (
        rule.exact
        and bool(rule.context)
        and written.istitle()
        and hit.field.name == "title"
        and _is_title_case(hit.field.text)
    )


@lru_cache(maxsize=8)
def _is_title_case(text: str) -> bool:
    """Tell whether all significant words of a Latin headline are capitalised."""
    return not _SMALL.search(text) and len(_CAPITALS.findall(text)) >= _FEWEST


def _around(hit: Hit, reach: int) -> str:
    return hit.field.text[max(0, hit.start - reach) : hit.end + reach]


def _both_ways(text: str) -> tuple[str, ...]:
    """Return *text*, and without its spaces between Han and Latin if it has any."""
    closed = text if text.isascii() else without_pangu(text)
    return (text,) if closed == text else (text, closed)
