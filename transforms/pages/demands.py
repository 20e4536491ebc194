"""Demands of an alert rule in words: each key of its table with what it asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from transforms.models import Condition, Rule
from transforms.models.measures import MeasureFilter
from transforms.pages.words import PageWords

SHOWN = 12
_PLAIN = Rule(rule_id="")
Demand = tuple[str, str]


def demands(words: PageWords, rule: Rule) -> list[Demand]:
    """Return what *rule* asks for and does, by label; what is as by default is left out."""
    return [
        (words.word("demand.kind"), words.label("alerts.kind", rule.kind)),
        *_asked(words, rule.wanted),
        *_of_rule(words, rule),
    ]


def _asked(words: PageWords, wanted: Condition) -> Iterator[Demand]:
    listed: dict[str, list[str]] = {
        "companies": sorted(words.name(each) for each in wanted.companies),
        "topics": sorted(words.name(each) for each in wanted.topics),
        "terms": [f"“{term}”" for term in wanted.terms],
        "people": sorted(words.name(each) for each in wanted.people),
        "languages": [words.label("language", each) for each in sorted(wanted.languages)],
        "feeds": sorted(wanted.feeds),
        "not_feeds": sorted(wanted.not_feeds),
        "feed_kinds": sorted(map(str, wanted.feed_kinds)),
    }
    for key, values in listed.items():
        if values:
            yield words.word(f"demand.{key}"), _some(words, values)
    if wanted.measure:
        yield words.word("demand.measure"), "; ".join(_of_measure(words, wanted.measure))
    for key in ("about", "on_beat", "reports"):
        if getattr(wanted, key):
            yield words.word("demand.only"), words.word(f"demand.{key}")
    if wanted.search:
        yield words.word("demand.search"), words.word("yes")
    if wanted.fields != Condition().fields:
        fields = [words.label("alerts.field", each) for each in wanted.fields]
        yield words.word("demand.fields"), words.joined(fields)
    for key, parts in (("any_of", wanted.any_of), ("none_of", wanted.none_of)):
        for part in parts:
            said = [f"{label}: {value}" for label, value in _asked(words, part)]
            yield words.word(f"demand.{key}"), "; ".join(said)


def _of_measure(words: PageWords, asked: MeasureFilter) -> Iterator[str]:
    sides = [words.label("side", each) for each in sorted(asked.sides)]
    if sides:
        yield words.word("demand.measure.side", values=words.joined(sides))
    for group, values in (
        ("instrument", asked.instruments),
        ("status", asked.statuses),
        ("thing", asked.things),
    ):
        if values:
            yield words.joined(words.label(group, each) for each in sorted(values))
    targets = [
        *sorted(words.name(each) for each in asked.targets),
        *(words.label("side", each) for each in sorted(asked.target_sides)),
    ]
    if targets:
        yield words.word("demand.measure.target", values=_some(words, targets))


def _of_rule(words: PageWords, rule: Rule) -> Iterator[Demand]:
    if rule.min_publishers > 1:
        yield words.word("demand.outlets"), f"{rule.min_publishers}"
    if rule.max_age != _PLAIN.max_age:
        yield words.word("demand.max_age"), words.span(rule.max_age.total_seconds() / 3600)
    if rule.cooldown:
        yield (
            words.word("demand.cooldown"),
            words.span(rule.cooldown.total_seconds() / 3600),
        )
    if rule.updates.publishers:
        steps = words.joined(map(str, rule.updates.publishers))
        yield words.word("demand.updates"), steps
    if rule.updates.outcomes != _PLAIN.updates.outcomes:
        told = [words.label("outcome", each) for each in sorted(rule.updates.outcomes)]
        yield words.word("demand.updates.outcomes"), words.joined(told) or words.word("no")
    if rule.severity != "normal":
        yield words.word("demand.severity"), words.label("demand.severity", rule.severity)
    if rule.mute_until:
        yield words.word("demand.mute_until"), words.day(rule.mute_until)
    yield words.word("demand.channels"), words.joined(rule.channels)


def _some(words: PageWords, values: Iterable[str]) -> str:
    listed = list(values)
    more = len(listed) - SHOWN
    shown = words.joined(listed[:SHOWN])
    return f"{shown} {words.word('demand.more', n=more)}" if more > 0 else shown
