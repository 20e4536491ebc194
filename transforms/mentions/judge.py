"""Decide of every hit of the automaton whether it names the company, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from transforms.mentions.compile import AliasForm, AliasRule, MentionMatcher
from transforms.mentions.decide import View, verdict
from transforms.mentions.documents import ArticleText, Field
from transforms.mentions.hits import Gate, Hit, Judgement
from transforms.mentions.tickers import stands_in_brackets
from transforms.text.fold import LATIN


def judge(document: ArticleText, matcher: MentionMatcher) -> list[Judgement]:
    """Return a judgement for each alias that stands somewhere in *document*."""
    judged: list[Judgement] = []
    kept = _kept(document, matcher, judged)
    return [*judged, *_decided(document, kept)]


def decisions(document: ArticleText, matcher: MentionMatcher) -> list[Judgement]:
    """Return those of ``judge`` that the rule of an alias decided."""
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
                gate, detail = verdict(hit, rule, view)
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
    """Whether a digit or a plural s follows: Qwen3, iPhones."""
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
    """Whether none overlaps another, as in most texts; they come by their ends."""
    end = 0
    for hit in hits:
        if hit.start < end:
            return False
        end = hit.end
    return True
