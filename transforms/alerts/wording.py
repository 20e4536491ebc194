"""What a channel says of an alert: words for people, before any markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from transforms.alerts.harmless import harmless, shorten
from transforms.alerts.phrases import count, phrases, say
from transforms.models import Alert, Notice, Parcel

LONGEST_HEADLINE = 300
# Names of outlets and words that were found: the press is brief about its own name.
LONGEST_NAME = 80
MOST_PUBLISHERS = 5
MOST_COMPANIES = 3
# A link is never cut; one longer than any browser takes is not shown.
LONGEST_LINK = 1_500


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One alert in words: its headline, the lines below, and a link to the web, or ""."""

    headline: str
    lines: tuple[str, ...]
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The alerts of one rule; a single alert has a section without a title."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A parcel in words. ``heading`` is what a digest begins with, "" for one alert."""

    subject: str
    heading: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Voice:
    """How a channel wants to be spoken to."""

    language: str = "en"
    zone: str = "UTC"


PLAIN = Voice()


def write(parcel: Parcel, voice: Voice) -> Letter:
    """Return *parcel* in words, a digest grouped by rule in the order of its notices."""
    notices = parcel.notices
    if len(notices) == 1 and parcel.why is None:
        item = write_item(notices[0], voice)
        only = Section(title="", items=(item,))
        return Letter(subject=item.headline, heading="", sections=(only,))
    heading = _heading(parcel, voice)
    rules = dict.fromkeys(notice.alert.rule_id for notice in notices)
    sections = tuple(
        _section(rule, [n for n in notices if n.alert.rule_id == rule], voice)
        for rule in rules
    )
    return Letter(subject=heading, heading=heading, sections=sections)


def plain(letter: Letter) -> str:
    """Return a letter as plain lines, an empty one between alerts."""
    parts = [letter.heading] if letter.heading else []
    for section in letter.sections:
        parts += [section.title] if section.title else []
        parts += [_plain_item(item) for item in section.items]
    return "\n\n".join(parts)


def describe(notice: Notice, voice: Voice = PLAIN) -> str:
    """Return one alert as a few plain lines: what, who, when, why, where."""
    return _plain_item(write_item(notice, voice))


def write_item(notice: Notice, voice: Voice, *, with_rule: bool = True) -> Item:
    """Return one alert in words."""
    lines = (
        _news(notice.alert, voice.language),
        _source(notice, voice),
        _also(notice, voice.language),
        _why(notice, voice.language, with_rule=with_rule),
    )
    link = _web_link(notice.alert.url)
    is_long = len(link) > LONGEST_LINK
    return Item(
        headline=_headline(notice, voice.language),
        lines=(
            *filter(None, lines),
            *([say("link.long", voice.language)] if is_long else []),
        ),
        link="" if is_long else link,
    )


def subject_of(notice: Notice, language: str = "en") -> str:
    """Return the names of the companies, or of the topic, that the alert is about."""
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


def moment(at: datetime, voice: Voice) -> str:
    """Return *at* on the reader's clock, with the name of its zone."""
    local = at.astimezone(ZoneInfo(voice.zone))
    return say("time", voice.language, moment=f"{local:%Y-%m-%d %H:%M}", zone=voice.zone)


def _web_link(url: str) -> str:
    """Return *url* where it leads to the web and nothing in it is hidden, else ""."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    return url if is_web and harmless(url) == url and " " not in url else ""


def _plain_item(item: Item) -> str:
    return "\n".join(filter(None, (item.headline, *item.lines, item.link)))


def _section(rule: str, notices: Sequence[Notice], voice: Voice) -> Section:
    alerts = count("alerts", len(notices), voice.language)
    return Section(
        title=say("section", voice.language, rule=rule, alerts=alerts),
        items=tuple(write_item(n, voice, with_rule=False) for n in notices),
    )


def _heading(parcel: Parcel, voice: Voice) -> str:
    return say(
        f"digest.{parcel.why or 'digest'}",
        voice.language,
        alerts=count("alerts", len(parcel.notices), voice.language),
        period=_period([notice.alert.created_at for notice in parcel.notices], voice),
    )


def _period(moments: Sequence[datetime], voice: Voice) -> str:
    zone = ZoneInfo(voice.zone)
    first, last = min(moments).astimezone(zone), max(moments).astimezone(zone)
    since = f"{first:%Y-%m-%d %H:%M}"
    until = f"{last:%H:%M}" if first.date() == last.date() else f"{last:%Y-%m-%d %H:%M}"
    span = say("period", voice.language, since=since, until=until)
    moment = since if f"{last:%Y-%m-%d %H:%M}" == since else span
    return say("time", voice.language, moment=moment, zone=voice.zone)


def _headline(notice: Notice, language: str) -> str:
    title = shorten(notice.alert.title, LONGEST_HEADLINE) or say("headline.none", language)
    if subject := subject_of(notice, language):
        title = say("headline", language, subject=subject, title=title)
    if notice.alert.severity == "urgent":
        return say("headline.urgent", language, headline=title)
    return title


def _both(english: str, chinese: str, language: str) -> str:
    en, zh = shorten(english, LONGEST_NAME), shorten(chinese, LONGEST_NAME)
    return say("names.both", language, en=en, zh=zh) if en and zh and en != zh else en or zh


def _news(alert: Alert, language: str) -> str:
    """Return what is new since the first alert, or what kind of news a first one is."""
    if alert.updates_alert_id is None:
        key = f"kind.{alert.kind}"
        return say(key, language) if key in phrases() else ""
    name, _, value = harmless(alert.step).partition(":")
    if name == "language" and f"language.{value}" in phrases():
        value = say(f"language.{value}", language)
    if name and f"step.{name}" not in phrases():
        name, value = "other", shorten(alert.step, LONGEST_NAME)
    return say(f"step.{name or 'none'}", language, value=value)


def _source(notice: Notice, voice: Voice) -> str:
    # What is of no article, such as a burst, has a time all the same.
    is_loose = notice.alert.article_id is None
    at = notice.published_at or (notice.alert.created_at if is_loose else None)
    publisher = shorten(notice.publisher, LONGEST_NAME)
    return " · ".join(filter(None, (publisher, moment(at, voice) if at else "")))


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


def _listed(names: Iterable[str], most: int, language: str) -> str:
    every = list(names)
    shown = say("names.join", language).join(every[:most])
    more = len(every) - most
    if more <= 0:
        return shown
    return say("names.more", language, names=shown, n=more, all=len(every))
