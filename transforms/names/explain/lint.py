"""Lint of a watchlist: entries that are valid but probably mistaken."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from transforms.names.explain.explain import why_not
from transforms.names.rules.watchlist import Alias, Company, Topic, Watchlist
from transforms.names.tagging import Tagger, tag_text
from transforms.text.fold import fold

_HAN = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile("[A-Za-z]")
_SHORT_LATIN = 3  # likely an abbreviation of something else, too
_CHINESE_KINDS = ("company", "brand")
COUNTER_EXAMPLE = "not: "


@dataclass(frozen=True, slots=True, kw_only=True)
class LintFinding:
    """A probable mistake in an entry, with its remedy."""

    check: str
    entry: str
    problem: str
    remedy: str


def lint(tagger: Tagger, *, in_chinese: bool = True) -> list[LintFinding]:
    """Return the findings on the watchlist of *tagger*, in the order of its entries.

    Companies are to have Latin names, and Chinese ones where headlines are *in_chinese*.
    """
    watchlist = tagger.watchlist
    return [
        *_unused_macros(watchlist),
        *_inside_others(watchlist),
        *(
            finding
            for c in watchlist.companies
            for finding in _company(c, tagger, in_chinese=in_chinese)
        ),
        *(finding for t in watchlist.topics for finding in _failing_topic(t, tagger)),
    ]


def missing_examples(aliases: Iterable[Alias]) -> list[LintFinding]:
    """Return a finding on each of *aliases* that has a rule but lacks examples."""
    return [
        _finding(
            "untried rule",
            alias,
            f"alias {alias.text!r} has a rule but no {lacking} example",
            'write examples = ["what must hit", "not: what must not"]',
        )
        for alias in sorted(aliases, key=lambda a: (a.company_id, a.text))
        if alias.kind != "ticker" and not alias.is_certain
        if (lacking := _lacking(alias))
    ]


def _lacking(alias: Alias) -> str:
    is_counter = [e.startswith(COUNTER_EXAMPLE) for e in alias.examples]
    needs = (("positive", all(is_counter)), ("negative", not any(is_counter)))
    return " or ".join(need for need, is_missing in needs if is_missing)


def _company(
    company: Company, tagger: Tagger, *, in_chinese: bool
) -> Iterator[LintFinding]:
    yield from _missing_scripts(company, in_chinese=in_chinese)
    yield from _duplicates(company)
    for alias in company.aliases:
        if alias.is_certain and not alias.exact:
            yield from _risky(alias)
        yield from _failing_examples(alias, tagger)


def _missing_scripts(company: Company, *, in_chinese: bool) -> Iterator[LintFinding]:
    if company.kind not in _CHINESE_KINDS:
        return
    names = " ".join(a.text for a in company.aliases if a.kind != "ticker")
    scripts = {"Latin": _LATIN} | ({"Chinese": _HAN} if in_chinese else {})
    for script, pattern in sorted(scripts.items()):
        if not pattern.search(names):
            yield _finding(
                "script missing", company, f"has no name in {script} script", "add one"
            )


def _duplicates(company: Company) -> Iterator[LintFinding]:
    seen: set[tuple[bool, str]] = set()
    for alias in company.aliases:
        folded = fold(alias.text).text
        key = alias.kind == "ticker", folded if alias.exact else folded.lower()
        if key in seen:
            yield _finding("duplicate", company, f"has {alias.text!r} twice", "drop one")
        seen.add(key)


def _risky(alias: Alias) -> Iterator[LintFinding]:
    text = alias.text
    if text.lower() in _words():
        yield _finding(
            "common word",
            alias,
            f"alias {text!r} is a word of the language and counts everywhere",
            "give it context, or what excludes it",
        )
    elif _is_short(text):
        yield _finding(
            "short name",
            alias,
            f"alias {text!r} is short and counts everywhere",
            'give it context, what excludes it, or case = "exact"',
        )


def _is_short(text: str) -> bool:
    if _HAN.search(text):
        return len(text) == 1 or (len(text) == 2 and set(text) <= _common())  # noqa: PLR2004
    return len(text) <= _SHORT_LATIN


def _failing_examples(alias: Alias, tagger: Tagger) -> Iterator[LintFinding]:
    for example in alias.examples:
        sentence = example.removeprefix(COUNTER_EXAMPLE)
        verdict = why_not(tagger, sentence, "", alias.company_id)
        if verdict.named == example.startswith(COUNTER_EXAMPLE):
            problem = f"alias {alias.text!r} fails its example {example!r}: {verdict.why}"
            yield _finding("example", alias, problem, "correct the rule or the example")


def _failing_topic(topic: Topic, tagger: Tagger) -> Iterator[LintFinding]:
    for example in topic.examples:
        sentence = example.removeprefix(COUNTER_EXAMPLE)
        tagged = tag_text(tagger, title=sentence)[f"{topic.kind}s"]
        is_found = any(tag["topic_id"] == topic.topic_id for tag in tagged)
        if is_found == example.startswith(COUNTER_EXAMPLE):
            yield LintFinding(
                check="example",
                entry=f"{topic.kind}.{topic.topic_id}",
                problem=f"fails its example {example!r}",
                remedy=f'"sinowire watchlist why {sentence!r}" tells why',
            )


def _inside_others(watchlist: Watchlist) -> Iterator[LintFinding]:
    """Tell of a name inside a longer name of a company that is no relation.

    The longer name wins, but its other spellings and abbreviations will not. Of Latin
    names only whole words count.
    """
    names = [a for a in watchlist.aliases if a.kind != "ticker"]
    certain = {fold(a.text).text: a for a in names if a.is_certain}
    for longer in names:
        text = fold(longer.text).text
        for part in _parts(text):
            inside = certain.get(part)
            if inside and not _related(inside, longer, watchlist):
                yield _finding(
                    "inside another",
                    inside,
                    f"alias {inside.text!r} stands inside {longer.text!r} "
                    f"of {longer.company_id!r}",
                    "exclude what else it may be part of",
                )


def _parts(text: str) -> Iterator[str]:
    if not _HAN.search(text):
        yield from _word_parts(text.split())
        return
    for start in range(len(text)):
        for end in range(start + 2, len(text) + 1):
            if end - start < len(text):
                yield text[start:end]


def _word_parts(words: list[str]) -> Iterator[str]:
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            if end - start < len(words):
                yield " ".join(words[start:end])


def _related(one: Alias, other: Alias, watchlist: Watchlist) -> bool:
    return (
        one.shared
        or other.shared
        or watchlist.root(one.company_id) == watchlist.root(other.company_id)
    )


def _unused_macros(watchlist: Watchlist) -> Iterator[LintFinding]:
    used = {p for a in watchlist.aliases for p in (*a.context, *a.excludes)}
    used |= {p for t in watchlist.topics for clause in t.clauses for p in clause.parts}
    for name in watchlist.macros:
        if name not in used:
            yield LintFinding(
                check="unused macro",
                entry=f"macro.{name}",
                problem="no alias or clause uses it",
                remedy="remove it",
            )


def _finding(check: str, of: Company | Alias, problem: str, remedy: str) -> LintFinding:
    return LintFinding(
        check=check, entry=f"company.{of.company_id}", problem=problem, remedy=remedy
    )


@cache
def _lists() -> dict[str, str]:
    text = (files(__package__) / "words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _words() -> frozenset[str]:
    lists = _lists()
    return frozenset(lists["english"].split() + lists["chinese"].split())


@cache
def _common() -> frozenset[str]:
    return frozenset(_lists()["common_characters"]) - {"\n"}
