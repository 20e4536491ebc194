"""Who is first on stories that others tell too, and how fast those go round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from transforms.brief.draft import Draft, Heading, Headlines
from transforms.brief.measures import MIN_PERCENT
from transforms.brief.model import Section
from transforms.brief.tables import (
    Columns,
    hours,
    interval,
    number,
    part,
    table,
    text,
    told,
)
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


LEAGUE_COLUMNS: Columns[FirstOutlet] = {
    "outlet": text("publisher", style="strong"),
    "#stories": number("stories"),
    "#alone": part("alone", "stories"),
    "#shared": number("shared"),
    "#firsts": number("firsts"),
    "#first.share": part("firsts", "shared"),
    "#interval": interval("shared"),
    "#behind": hours("behind_hours"),
    "#copied": part("copies", "articles"),
}
SPREAD_COLUMNS: Columns[Spread] = {
    "alert": told,
    "#outlets": number("publishers"),
    "#articles": number("articles"),
    "#half": hours("half_hours"),
}


def section(draft: Draft) -> Section:
    """Put the league of outlets above the stories that went round fastest."""
    league = [row for row in draft.rows(FIRSTS) if row.shared >= MIN_PERCENT]
    # By what is sure: three firsts of three are no better than thirty of forty.
    league.sort(key=lambda row: -row.low)
    spread = draft.rows(SPREAD)
    return draft.section(
        "firsts",
        table(draft, "caption.firsts", LEAGUE_COLUMNS, league, show=LEAGUE),
        table(draft, "caption.spread", SPREAD_COLUMNS, spread, show=STORIES),
        evidence=("firsts", "spread"),
    )


HEADING = Heading(key="firsts", write=section, queries=(FIRSTS, SPREAD), periods=("week",))
