"""A parcel in words: one alert, or a digest by rule, before any markup."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from transforms.alerts.messages.phrases import count, say
from transforms.alerts.messages.wording import Voice, moment, plain_item, write_item
from transforms.models import Letter, LetterSection, Notice, Parcel


def write(parcel: Parcel, voice: Voice) -> Letter:
    """Return *parcel* in words, a digest grouped by rule in the order of its notices.

    A brief brings its own, in its own language.
    """
    if parcel.edition:
        return parcel.edition.letter
    notices = parcel.notices
    if len(notices) == 1 and parcel.why is None:
        item = write_item(notices[0], voice)
        only = LetterSection(title="", items=(item,))
        return Letter(subject=item.headline, heading="", sections=(only,))
    heading = _heading(parcel, voice)
    rules = dict.fromkeys(notice.alert.rule_id for notice in notices)
    sections = tuple(
        _section(rule, [n for n in notices if n.alert.rule_id == rule], voice)
        for rule in rules
    )
    warnings = _warnings(parcel, voice)
    return Letter(subject=heading, heading=heading, sections=(*warnings, *sections))


def plain(letter: Letter) -> str:
    """Return a letter as plain lines, an empty one between alerts."""
    parts = [letter.heading] if letter.heading else []
    for section in letter.sections:
        parts += [section.title] if section.title else []
        parts += [plain_item(item) for item in section.items]
    return "\n\n".join(parts)


def _section(rule: str, notices: Sequence[Notice], voice: Voice) -> LetterSection:
    alerts = count("alerts", len(notices), voice.language)
    return LetterSection(
        title=say("section", voice.language, rule=rule, alerts=alerts),
        items=tuple(write_item(n, voice, with_rule=False) for n in notices),
    )


def _warnings(parcel: Parcel, voice: Voice) -> tuple[LetterSection, ...]:
    """Return what to doubt of the data, as a section of its own before the alerts."""
    if not parcel.doubts:
        return ()
    known, said = parcel.doubts.freshness, []
    if parcel.doubts.is_late and known.as_of is not None:
        said.append(say("data.late", voice.language, as_of=moment(known.as_of, voice)))
    if parcel.doubts.has_failures:
        said.append(
            say("data.feeds", voice.language, answered=known.answered, asked=known.asked)
        )
    return tuple(LetterSection(title=sentence, items=()) for sentence in said)


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
    when = since if f"{last:%Y-%m-%d %H:%M}" == since else span
    return say("time", voice.language, moment=when, zone=voice.zone)
