"""Who is first on stories that others tell too, and how fast those go round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from transforms.brief.desk import Desk
from transforms.brief.heading import Heading
from transforms.brief.headlines import Headlines, headline
from transforms.brief.measures import MIN_PERCENT, percent, span
from transforms.brief.model import Line, Section, Table, Text
from transforms.models import Query

LEAGUE = 10
STORIES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstOutlet:
    """An outlet's stories of 28 days: alone, shared and, with their interval, first."""

    publisher: str
    stories: int
    alone: int
    shared: int
    firsts: int
    low: float
    high: float
    behind_hours: float | None
    articles: int
    copies: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread(Headlines):
    """A story that began in the period, and the hours until half of it was out."""

    story_id: str
    articles: int
    publishers: int
    began_at: datetime
    half_hours: float


FIRSTS = Query(name="brief_week.firsts", row=FirstOutlet, relations=("sources_between",))
SPREAD = Query(
    name="brief_week.spread",
    row=Spread,
    relations=("spread_between", "headlines_of"),
)


def section(desk: Desk) -> Section:
    """Put the league of outlets above the stories that went round fastest."""
    tables = (_league(desk), _spread(desk))
    return Section(
        key="firsts",
        title=desk.word("section.firsts"),
        blocks=tuple(table for table in tables if table.rows),
        queries=desk.evidence("firsts", "spread"),
    )


def _league(desk: Desk) -> Table:
    rows = [row for row in desk.rows(FIRSTS) if row.shared >= MIN_PERCENT]
    # By what is sure: three firsts of three are no better than thirty of forty.
    rows.sort(key=lambda row: -row.low)
    table = Table(
        desk.word("caption.firsts"),
        desk.columns(
            "outlet",
            "#stories",
            "#alone",
            "#shared",
            "#firsts",
            "#first.share",
            "#interval",
            "#behind",
            "#copied",
        ),
        tuple(_league_row(desk, row) for row in rows),
    )
    return desk.folded(table, show=LEAGUE)


def _league_row(desk: Desk, row: FirstOutlet) -> tuple[Line, ...]:
    behind = row.behind_hours
    return (
        (Text(row.publisher, style="strong"),),
        (Text(f"{row.stories:,}"),),
        (Text(percent(row.alone, row.stories)),),
        (Text(f"{row.shared:,}"),),
        (Text(f"{row.firsts:,}"),),
        (Text(percent(row.firsts, row.shared)),),
        (Text(span(row.low, row.high, row.shared)),),
        (Text("" if behind is None else desk.span(behind)),),
        (Text(percent(row.copies, row.articles)),),
    )


def _spread(desk: Desk) -> Table:
    table = Table(
        desk.word("caption.spread"),
        desk.columns("alert", "#outlets", "#articles", "#half"),
        tuple(
            (
                (headline(desk, row),),
                (Text(f"{row.publishers:,}"),),
                (Text(f"{row.articles:,}"),),
                (Text(desk.span(row.half_hours)),),
            )
            for row in desk.rows(SPREAD)
        ),
    )
    return desk.folded(table, show=STORIES)


HEADING = Heading(key="firsts", write=section, queries=(FIRSTS, SPREAD), periods=("week",))
