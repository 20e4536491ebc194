"""Share of voice of chosen firms over weeks: a picture, and its numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from transforms.brief.model import Bar, Chart, Column, Table, Text
from transforms.models import CompanyName, Query, WeekShare
from transforms.pages.words import Link, PageWords
from transforms.words import NBSP

# Lines that can be told apart; without a choice, the firms most told of.
MOST, SHOWN, OFFERED = 6, 5, 16
WEEKS, MOST_WEEKS = 12, 52
# Of a normal distribution 95 % lie within so many deviations, squared.
_Z2 = 1.959964**2


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekVoice(WeekShare):
    """A group's share of the company-stories of seven days, with its 95 % interval."""

    company_id: str
    stories: int
    share: float | None
    low: float | None
    high: float | None
    is_peer: bool


VOICE = Query(name="pages.voice", row=WeekVoice, relations=("share_every",))


@dataclass(frozen=True, slots=True, kw_only=True)
class VoicePoint(CompanyName, WeekShare):
    """A firm's share of a week; None if no story named any firm, 0 where only others."""

    stories: int
    of_stories: int
    share: float | None
    low: float | None
    high: float | None


def most_told(rows: Sequence[WeekVoice], most: int) -> list[str]:
    """Return the firms with most stories in these weeks, without peers."""
    told: Counter[str] = Counter()
    for row in rows:
        if not row.is_peer:
            told[row.company_id] += row.stories
    return sorted(told, key=lambda firm: (-told[firm], firm))[:most]


def points(
    words: PageWords, rows: Sequence[WeekVoice], firms: Sequence[str], weeks: Sequence[date]
) -> list[VoicePoint]:
    """Return the shares of *firms* in each of *weeks*, in this order."""
    found = {(row.company_id, row.week): row for row in rows}
    whole: Counter[date] = Counter()
    for row in rows:
        whole[row.week] += 0 if row.is_peer else row.stories
    return [
        _point(words, found.get((firm, week)), firm, week, whole[week])
        for firm in firms
        for week in weeks
    ]


def _point(
    words: PageWords, row: WeekVoice | None, firm: str, week: date, whole: int
) -> VoicePoint:
    name, name_zh = words.names.get(firm, (firm, ""))
    # Of none among so many, by Wilson as for the others.
    none = (0.0, 0.0, _Z2 / (whole + _Z2)) if whole else (None, None, None)
    share, low, high = (row.share, row.low, row.high) if row else none
    return VoicePoint(
        week=week,
        company_id=firm,
        name=name,
        name_zh=name_zh,
        stories=row.stories if row else 0,
        of_stories=whole,
        share=share,
        low=low,
        high=high,
    )


def week_starts(last: date, weeks: int) -> list[date]:
    """Return the first day of each of *weeks* spans of seven days that end on *last*."""
    first = last + timedelta(days=1 - 7 * weeks)
    return [first + timedelta(weeks=n) for n in range(weeks)]


def chart(words: PageWords, found: Sequence[VoicePoint], weeks: Sequence[date]) -> Chart:
    """Return the picture: a line a firm, with a band that its share lies in."""
    days = {week: words.day(week, form="date.short") for week in weeks}
    bars = tuple(
        Bar(days[p.week], words.name(p.company_id), p.share, p.stories, p.low, p.high)
        for p in found
        if p.share is not None
    )
    newest = days[weeks[-1]]
    last = (f"{b.series} {_percent(b.value)}" for b in bars if b.bar == newest)
    return Chart(
        kind="voice",
        title=words.word("voice.title"),
        alt=words.word("voice.alt", weeks=len(weeks), last=words.joined(last)),
        bars=bars,
        series=tuple(dict.fromkeys(words.name(point.company_id) for point in found)),
        positions=tuple(days.values()),
    )


def table(words: PageWords, found: Sequence[VoicePoint], weeks: Sequence[date]) -> Table:
    """Return the numbers of the picture, the newest week first."""
    firms = list(dict.fromkeys(point.company_id for point in found))
    cells = {(p.company_id, p.week): p for p in found}
    return Table(
        caption=words.word("voice.title"),
        columns=(
            Column(words.word("head.week")),
            *(Column(words.name(firm), numeric=True) for firm in firms),
        ),
        rows=tuple(
            (
                (Text(words.day(week)),),
                *((_cell(words, cells[firm, week]),) for firm in firms),
            )
            for week in reversed(weeks)
        ),
    )


def _cell(words: PageWords, point: VoicePoint) -> Text:
    if point.share is None:
        return Text(words.word("voice.empty"), style="muted")
    if point.low is None or point.high is None:
        return Text(_percent(point.share))
    ends = f"{100 * point.low:.1f}–{100 * point.high:.1f}"
    return Text(words.word("voice.cell", share=_percent(point.share), ends=ends))


def _percent(share: float) -> str:
    return f"{100 * share:.1f}{NBSP}%"


def choices(
    words: PageWords, firms: Sequence[str], offered: Sequence[str], query: Mapping[str, str]
) -> list[Link]:
    """Return links that add a firm to the picture, or take it out."""
    made = []
    for firm in dict.fromkeys((*firms, *offered)):
        is_in = firm in firms
        if not is_in and len(firms) >= MOST:
            continue
        others = [each for each in firms if each != firm]
        wanted = others if is_in else [*firms, firm]
        address = words.href("/trends", **{**query, "companies": ",".join(wanted)})
        made.append(Link(text=words.name(firm), href=address, is_current=is_in))
    return made


def record(point: VoicePoint) -> dict[str, Any]:
    """Return a share as a row of the page's data table."""
    return asdict(point)
