"""Inbox of alerts: each in a few lines, with the matched words and its rule's demands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from transforms.grouping import grouped
from transforms.models import AlertHead, Condition, NameSpan, Query, Rule, SearchNames
from transforms.models.alerts import WATCHING
from transforms.models.measures import MeasureFilter
from transforms.pages.stories import Headline, ToldStory, headlines, said
from transforms.pages.words import Link, PageWords
from transforms.search.snippet import Snippet, called
from transforms.text.fold import search_text

COUNTED = "what waits in the outbox is counted nowhere else"
# These speak of a count or of a feed: no word of a headline made them fire.
# Values of a demand that are named; the others are counted.
_NAMED = 12
_PLAIN = Rule(rule_id="")
Demand = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxAlert(AlertHead):
    """An alert with its deliveries; channels and states run in parallel."""

    title_zh: str | None
    url: str | None
    created_at: datetime
    state: str
    phase: str | None
    updates_alert_id: str | None
    step: str | None
    term: str | None
    severity: str | None
    publishers: int
    companies: tuple[str, ...]
    attempts: int
    channels: tuple[str, ...]
    states: tuple[str, ...]
    muted_by: str | None
    last_error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasSpan(NameSpan):
    """Place of a company's name in an article."""

    article_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertCounts:
    """Number of alerts parked, pending, and decided in a period."""

    parked: int
    pending: int
    decided: int


INBOX = Query(
    name="pages.inbox",
    row=InboxAlert,
    relations=("alerts", "messages", "alert_deliveries"),
    counts=COUNTED,
)


# What the inbox may be narrowed by.
EVERY_ALERT: Mapping[str, Any] = dict.fromkeys(
    ("since", "until", "story_id", "state", "rule")
)


SPANS = Query(name="pages.spans", row=AliasSpan, relations=("mentions",))


ALERT_COUNTS = Query(
    name="pages.newest_alerts", row=AlertCounts, relations=("alerts",), counts=COUNTED
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Words that made a rule fire, with their context."""

    before: str
    words: str
    after: str
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertNote:
    """An alert of the inbox: headline, page, what was said, and the words that fired."""

    alert: InboxAlert
    headline: Headline
    other: Headline | None
    href: str
    why: Why | None
    said: Snippet | None


def notes(
    words: PageWords,
    alerts: Iterable[InboxAlert],
    spans: Iterable[AliasSpan],
    told: Mapping[str, ToldStory],
    names: SearchNames,
) -> list[AlertNote]:
    """Return the alerts as notes of the inbox; *names* are those of companies."""
    by_article = grouped(spans, attrgetter("article_id"))
    return [
        _note(words, alert, by_article[alert.article_id or ""], told, names)
        for alert in alerts
    ]


def _note(
    words: PageWords,
    alert: InboxAlert,
    spans: Sequence[AliasSpan],
    told: Mapping[str, ToldStory],
    names: SearchNames,
) -> AlertNote:
    story = told.get(alert.story_id or "")
    in_chinese = words.language == "zh" and bool(alert.title_zh)
    own = alert.title_zh if in_chinese else alert.title
    language = words.language
    if story and not in_chinese:
        own_language = {article.article_id: article.language for article in story.told}
        language = own_language.get(alert.article_id or "", story.language)
    return AlertNote(
        alert=alert,
        headline=Headline(text=own or "", language=language),
        other=headlines(words, story)[0] if story and language != words.language else None,
        href=words.href(f"/stories/{alert.story_id}") if story else _place(words, alert),
        why=None if alert.kind in WATCHING else _why(alert, spans, story),
        said=said(story, words.language, _sought(alert, names)) if story else None,
    )


def _sought(alert: InboxAlert, names: SearchNames) -> tuple[str, ...]:
    """Return the folded words that an alert's rule asks for."""
    if alert.kind in WATCHING:
        return ()
    asked = filter(None, (*alert.companies, alert.company_id))
    term = [search_text(alert.term)] if alert.term else []
    return (*called(asked, names), *term)


def _place(words: PageWords, alert: InboxAlert) -> str:
    """Return where an alert without a story is told of more."""
    if alert.feed_id:
        return words.href("/feeds", feed=alert.feed_id)
    if alert.company_id:
        return words.href(f"/companies/{alert.company_id}")
    if alert.topic_id:
        return words.href(f"/topics/{alert.topic_id}")
    return ""


def _why(
    alert: InboxAlert, spans: Sequence[AliasSpan], story: ToldStory | None
) -> Why | None:
    """Return the first alias of the alert's company, within the headline that has it."""
    title = next(
        (
            a.title
            for a in (story.told if story else ())
            if a.article_id == alert.article_id
        ),
        "",
    )
    for span in spans:
        asked = span.company_id in alert.companies or span.company_id == alert.company_id
        if not asked:
            continue
        end = span.start + span.length
        if span.field == "title" and title[span.start : end].lower() == span.alias.lower():
            return Why(
                before=title[: span.start],
                words=title[span.start : end],
                after=title[end:],
                field=span.field,
            )
        return Why(before="", words=span.alias, after="", field=span.field)
    return None


def state_links(words: PageWords, states: Iterable[str], current: str | None) -> list[Link]:
    """Return the links that filter the inbox by state."""
    return [
        Link(
            text=words.label("state", state),
            href=words.href("/alerts", state="" if state == current else state),
            is_current=state == current,
        )
        for state in states
    ]


def record(alert: InboxAlert) -> dict[str, Any]:
    """Return an alert as a row of the page's data table."""
    row = asdict(alert)
    return {k: list(v) if isinstance(v, tuple) else v for k, v in row.items()}


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
    more = len(listed) - _NAMED
    shown = words.joined(listed[:_NAMED])
    return f"{shown} {words.word('demand.more', n=more)}" if more > 0 else shown
