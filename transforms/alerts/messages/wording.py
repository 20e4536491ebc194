"""Wording of alerts without markup: a single alert, or a digest by rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from transforms.models import Letter, LetterSection, Notice, Parcel, ToldClaim, ToldItem
from transforms.models.alerts import WATCHING
from transforms.search.snippet import snippet
from transforms.text.fold import search_text
from transforms.text.harmless import harmless, shorten
from transforms.words import Words, phrases, say

LONGEST_HEADLINE = 300
# Outlets' names and terms are short; a longer one is an accident or an attack.
LONGEST_NAME = 80
MOST_PUBLISHERS = 5
MOST_COMPANIES = 3
MOST_STEPS = 5
# Of who names neither language nor zone.
PLAIN = Words(language="en", zone=ZoneInfo("UTC"))
_COLONS = (": ", "：")
# A link is never cut; one longer than any browser takes is not shown.
LONGEST_LINK = 1_500


def write(parcel: Parcel, words: Words) -> Letter:
    """Return the letter of *parcel*; a digest is grouped by rule in order of its notices.

    A brief has its own letter, in its own language.
    """
    if parcel.edition:
        return parcel.edition.letter
    notices = parcel.notices
    if len(notices) == 1 and parcel.why is None:
        item = write_item(notices[0], words)
        only = LetterSection(title="", items=(item,))
        return Letter(subject=item.headline, heading="", sections=(only,))
    heading = _heading(parcel, words)
    rules = dict.fromkeys(notice.alert.rule_id for notice in notices)
    sections = tuple(
        _section(rule, [n for n in notices if n.alert.rule_id == rule], words)
        for rule in rules
    )
    warnings = _warnings(parcel, words)
    return Letter(subject=heading, heading=heading, sections=(*warnings, *sections))


def _section(rule: str, notices: Sequence[Notice], words: Words) -> LetterSection:
    alerts = words.count("alerts", len(notices))
    return LetterSection(
        title=words.word("section", rule=rule, alerts=alerts),
        items=tuple(write_item(n, words, with_rule=False) for n in notices),
    )


def _warnings(parcel: Parcel, words: Words) -> tuple[LetterSection, ...]:
    """Return what to doubt of the data, as a section of its own before the alerts."""
    if not parcel.doubts:
        return ()
    known, said = parcel.doubts.freshness, []
    if parcel.doubts.is_late and known.as_of is not None:
        said.append(words.word("data.late", as_of=moment(known.as_of, words)))
    if parcel.doubts.has_failures:
        said.append(words.word("data.feeds", answered=known.answered, asked=known.asked))
    return tuple(LetterSection(title=sentence, items=()) for sentence in said)


def _heading(parcel: Parcel, words: Words) -> str:
    alerts = words.count("alerts", len(parcel.notices))
    period = _period([notice.alert.created_at for notice in parcel.notices], words)
    return words.word(f"digest.{parcel.why or 'digest'}", alerts=alerts, period=period)


def _period(moments: Sequence[datetime], words: Words) -> str:
    first, last = min(moments).astimezone(words.zone), max(moments).astimezone(words.zone)
    since = f"{first:%Y-%m-%d %H:%M}"
    until = f"{last:%H:%M}" if first.date() == last.date() else f"{last:%Y-%m-%d %H:%M}"
    span = words.word("period", since=since, until=until)
    when = since if f"{last:%Y-%m-%d %H:%M}" == since else span
    return words.word("time", moment=when, zone=words.zone)


def describe(notice: Notice, words: Words = PLAIN) -> str:
    """Return one alert as a few plain lines: what, who, when, why, where."""
    return write_item(notice, words).plain


def write_item(notice: Notice, words: Words, *, with_rule: bool = True) -> ToldItem:
    """Return the item of one alert in a letter."""
    # An alert without an article (a burst) shows the time it was decided.
    is_loose = notice.alert.article_id is None
    at = notice.published_at or (notice.alert.created_at if is_loose else None)
    publisher = shorten(notice.publisher, LONGEST_NAME)
    lines = (
        _said(notice),
        _news(notice, words),
        _web_link(notice.claim.url) if notice.claim else "",
        " · ".join(filter(None, (publisher, moment(at, words) if at else ""))),
        _also(notice, words.language),
        _why(notice, words.language, with_rule=with_rule),
    )
    link = _web_link(notice.alert.url)
    is_long = len(link) > LONGEST_LINK
    return ToldItem(
        headline=_headline(notice, words.language),
        lines=(
            *filter(None, lines),
            *([words.word("link.long")] if is_long else []),
        ),
        link="" if is_long else link,
    )


def subject_of(notice: Notice, language: str = "en") -> str:
    """Return the names of the alert's companies, or of its topic."""
    alert = notice.alert
    english = notice.companies or (notice.company_name,)
    chinese = notice.companies_zh or (notice.company_name_zh,)
    padded = (*chinese, *[""] * (len(english) - len(chinese)))
    pairs = zip(english, padded, strict=False)
    names = [name for en, zh in pairs if (name := _both(en, zh, language))]
    if names:
        return _listed(names, MOST_COMPANIES, language)
    topic = _both(notice.topic_name, notice.topic_name_zh, language)
    return harmless(alert.company_id or topic or alert.topic_id or "")


def moment(at: datetime, words: Words) -> str:
    """Return *at* in the reader's time zone, with the zone's name."""
    local = at.astimezone(words.zone)
    return words.word("time", moment=f"{local:%Y-%m-%d %H:%M}", zone=words.zone)


def _web_link(url: str) -> str:
    """Return *url* if it is a web address without hidden characters, else ""."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    return url if is_web and harmless(url) == url and " " not in url else ""


def _headline(notice: Notice, language: str) -> str:
    alert = notice.alert
    own = alert.title_zh if language == "zh" else ""
    title = shorten(own or alert.title, LONGEST_HEADLINE) or say("headline.none", language)
    subject = subject_of(notice, language)
    if subject and not _names_itself(notice, title):
        title = say("headline", language, subject=subject, title=title)
    if notice.corrects:
        title = say("headline.correction", language, headline=title)
    if alert.severity == "urgent":
        return say("headline.urgent", language, headline=title)
    return title


def _names_itself(notice: Notice, title: str) -> bool:
    """Tell whether the headline, being ours, begins with the subject's name."""
    english = (notice.company_name, notice.topic_name, *notice.companies[:1])
    chinese = (notice.company_name_zh, notice.topic_name_zh, *notice.companies_zh[:1])
    is_ours = notice.alert.kind in WATCHING
    begun = [f"{name}{colon}" for name in (*english, *chinese) if name for colon in _COLONS]
    return is_ours and title.startswith(tuple(begun))


def _both(english: str, chinese: str, language: str) -> str:
    en, zh = shorten(english, LONGEST_NAME), shorten(chinese, LONGEST_NAME)
    return say("names.both", language, en=en, zh=zh) if en and zh and en != zh else en or zh


def _news(notice: Notice, words: Words) -> str:
    """Return what is new since the first alert, or what kind of news a first one is."""
    alert, language = notice.alert, words.language
    if alert.updates_alert_id is None:
        # The pipeline's own silence concerns no source; its title says so.
        is_ours = alert.kind == "silence" and alert.feed_id is None
        key = f"news.{alert.kind}"
        return say(key, language) if key in phrases(language) and not is_ours else ""
    if notice.corrects:
        told = shorten(notice.corrects, LONGEST_HEADLINE)
        return say("correction", language, told=told)
    if notice.follows:
        told = shorten(notice.follows, LONGEST_HEADLINE)
        return say("update", language, news=say("follows", language, told=told))
    if notice.claim:
        return say("update", language, news=_outcome(notice.claim, words))
    news = tell_step(harmless(alert.step), language, partial(_company, notice, language))
    return say("update", language, news=news) if news else say("update.none", language)


def _outcome(claim: ToldClaim, words: Words) -> str:
    """Return what became of what was told, and on which day that was told."""
    at = words.local_day(claim.published_at)
    weekday = words.word("weekdays").split()[at.weekday()]
    day = words.word("day.long", weekday=weekday, date=words.day(at))
    told = shorten(claim.title, LONGEST_HEADLINE)
    return words.word(f"told.{claim.outcome}", day=day, told=told)


def tell_step(step: str, language: str, name_of: Callable[[str], str]) -> str:
    """Return the words for the step of an alert, such as ``publishers:5 language:zh``."""
    parts = step.split(" ")[:MOST_STEPS]
    said = (_tell_part(part, language, name_of) for part in parts)
    return say("why.join", language).join(filter(None, said))


def _tell_part(step: str, language: str, name_of: Callable[[str], str]) -> str:
    name, _, value = step.partition(":")
    if name == "language" and f"language.{value}" in phrases(language):
        value = say(f"language.{value}", language)
    if name == "company":
        value = name_of(value)
    key = f"step.{name}"
    return say(key, language, value=value) if key in phrases(language) else step


def _company(notice: Notice, language: str, company_id: str) -> str:
    names = zip(notice.alert.companies, notice.companies, notice.companies_zh, strict=False)
    found = (_both(en, zh, language) for each, en, zh in names if each == company_id)
    return next(filter(None, found), company_id)


def _said(notice: Notice) -> str:
    """Return what the article says beneath its headline, where the rule matched."""
    alias = notice.alias or notice.alert.term
    words = (search_text(alias),) if alias else ()
    found = snippet(notice.alert.title, notice.summary, notice.language, words)
    return found.text if found else ""


def _also(notice: Notice, language: str) -> str:
    told = (shorten(p, LONGEST_NAME) for p in notice.publishers if p != notice.publisher)
    others = list(filter(None, told))
    if not others:
        return ""
    return say("also", language, names=_listed(others, MOST_PUBLISHERS, language))


def _why(notice: Notice, language: str, *, with_rule: bool) -> str:
    reasons = list(_reasons(notice, language))
    if with_rule or not reasons:
        reasons.append(say("why.rule", language, rule=harmless(notice.alert.rule_id)))
    return say("why", language, reasons=say("why.join", language).join(reasons))


def _reasons(notice: Notice, language: str) -> Iterator[str]:
    if term := shorten(notice.alias or notice.alert.term, LONGEST_NAME):
        yield say("why.term", language, term=term)
    if topic := notice.alert.topic_id:
        first, second = notice.topic_name, notice.topic_name_zh
        if language == "zh":
            first, second = second, first
        yield say("why.topic", language, topic=harmless(first or second or topic))
    elif notice.measure and not term:
        parts = zip(("side", "instrument", "status"), notice.measure, strict=True)
        known = phrases(language)
        measure = [known.get(f"{name}.{value}", value) for name, value in parts]
        yield say("why.measure", language, measure=" · ".join(measure))


def _listed(names: Iterable[str], most: int, language: str) -> str:
    every = list(names)
    shown = say("names.join", language).join(every[:most])
    more = len(every) - most
    if more <= 0:
        return shown
    return say("names.more", language, names=shown, n=more, all=len(every))
