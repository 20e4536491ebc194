"""Whether headlines speak of companies as leaders or as followers, by month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from transforms.brief.draft import Draft, Heading
from transforms.brief.measures import FIRM, MIN_PERCENT, percent
from transforms.brief.model import Bar, Block, Chart, Section, Text
from transforms.brief.tables import Columns, day, interval, label, number, part, table
from transforms.models import Query

MONTHS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """Stories of a month with the words of a leader, and with those of a follower."""

    month: date
    leader: int
    follower: int

    @property
    def worded(self) -> int:
        """Stories with either."""
        return self.leader + self.follower


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameRow:
    """Of two opposite wordings in one language, how many stories had the first."""

    frame_id: str
    language: str
    left_name: str
    left_name_zh: str
    right_name: str
    right_name_zh: str
    left_stories: int
    either_stories: int
    low: float
    high: float


WORDING = Query(
    name="brief_week.wording",
    row=Month,
    relations=("wording_between",),
)
FRAMES = Query(
    name="brief_week.frames", row=FrameRow, relations=("frames_between", "frames")
)


def section(draft: Draft) -> Section:
    """Draw the share of leaders above its months and the other pairs of wordings."""
    months = {
        row.month: row
        for row in sorted(draft.rows(WORDING), key=lambda row: row.month, reverse=True)
    }
    firm = {day: row for day, row in months.items() if row.worded >= MIN_PERCENT}
    worded = table(draft, "caption.wording", MONTH_COLUMNS, months.values(), show=MONTHS)
    blocks: tuple[Block, ...] = (worded,) if firm else ()
    if len(firm) > 1:
        blocks = (_chart(draft, firm), *blocks)
    pairs = [row for row in draft.rows(FRAMES) if row.either_stories >= MIN_PERCENT]
    return draft.section(
        "wording",
        *blocks,
        table(draft, "caption.frames", PAIR_COLUMNS, pairs, show=len(pairs)),
        notes=(draft.line("wording.few", n=FIRM, least=MIN_PERCENT),) if firm else (),
        evidence=("wording", "frames"),
    )


def _pair(draft: Draft, row: FrameRow) -> Text:
    left, right = row.left_name, row.right_name
    if draft.language == "zh":
        left, right = row.left_name_zh, row.right_name_zh
    return Text(draft.word("wording.pair", left=left, right=right), style="strong")


def _leaders(_draft: Draft, row: Month) -> Text:
    share = percent(row.leader, row.worded)
    return Text(share, style="muted" if row.worded < FIRM else "")


MONTH_COLUMNS: Columns[Month] = {
    "month": day("month", form="date.month"),
    "#leader": number("leader"),
    "#follower": number("follower"),
    "#leader.share": _leaders,
}
PAIR_COLUMNS: Columns[FrameRow] = {
    "wording": _pair,
    "language": label("language", "language"),
    "#of.first": number("left_stories"),
    "#of.second": lambda _draft, row: f"{row.either_stories - row.left_stories:,}",
    "#share.first": part("left_stories", "either_stories"),
    "#interval": interval("either_stories"),
}


def _chart(draft: Draft, firm: Mapping[date, Month]) -> Chart:
    first, last = min(firm), max(firm)
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    start = first.year * 12 + first.month - 1
    months = [date((start + n) // 12, (start + n) % 12 + 1, 1) for n in range(count)]
    bars = tuple(
        Bar(draft.day(day, form="date.month"), "", row.leader / row.worded, row.worded)
        for day, row in sorted(firm.items())
    )
    return Chart(
        kind="wording",
        title=draft.word("chart.wording"),
        alt=draft.word(
            "chart.wording.alt",
            month=bars[-1].bar,
            share=f"{bars[-1].value:.0%}",
            n=bars[-1].stories,
        ),
        bars=bars,
        positions=tuple(draft.day(day, form="date.month") for day in months),
    )


HEADING = Heading(
    key="wording", write=section, queries=(WORDING, FRAMES), periods=("week",)
)
