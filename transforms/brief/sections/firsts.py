"""Who is first on stories that others tell too, and how fast those go round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from transforms.brief.draft import Draft, Heading, Headlines, headline
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


def section(draft: Draft) -> Section:
    """Put the league of outlets above the stories that went round fastest."""
    tables = (_league(draft), _spread(draft))
    return Section(
        key="firsts",
        title=draft.word("section.firsts"),
        blocks=tuple(table for table in tables if table.rows),
        queries=draft.evidence("firsts", "spread"),
    )


def _league(draft: Draft) -> Table:
    rows = [row for row in draft.rows(FIRSTS) if row.shared >= MIN_PERCENT]
    # By what is sure: three firsts of three are no better than thirty of forty.
    rows.sort(key=lambda row: -row.low)
    table = Table(
        draft.word("caption.firsts"),
        draft.columns(
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
        tuple(_league_row(draft, row) for row in rows),
    )
    return draft.folded(table, show=LEAGUE)


def _league_row(draft: Draft, row: FirstOutlet) -> tuple[Line, ...]:
    behind = row.behind_hours
    return (
        (Text(row.publisher, style="strong"),),
        (Text(f"{row.stories:,}"),),
        (Text(percent(row.alone, row.stories)),),
        (Text(f"{row.shared:,}"),),
        (Text(f"{row.firsts:,}"),),
        (Text(percent(row.firsts, row.shared)),),
        (Text(span(row.low, row.high, row.shared)),),
        (Text("" if behind is None else draft.span(behind)),),
        (Text(percent(row.copies, row.articles)),),
    )


def _spread(draft: Draft) -> Table:
    table = Table(
        draft.word("caption.spread"),
        draft.columns("alert", "#outlets", "#articles", "#half"),
        tuple(
            (
                (headline(draft, row),),
                (Text(f"{row.publishers:,}"),),
                (Text(f"{row.articles:,}"),),
                (Text(draft.span(row.half_hours)),),
            )
            for row in draft.rows(SPREAD)
        ),
    )
    return draft.folded(table, show=STORIES)


HEADING = Heading(key="firsts", write=section, queries=(FIRSTS, SPREAD), periods=("week",))
