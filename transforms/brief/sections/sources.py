"""Sources: unhealthy feeds, first outlets, sent alerts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from transforms.brief.draft import Draft, Heading, Headlines, headline
from transforms.brief.model import Line, Section, Text
from transforms.brief.tables import (
    Columns,
    hours,
    interval,
    label,
    linked,
    moment,
    number,
    part,
    percent,
    table,
    text,
)
from transforms.models import Query, StoryId, StorySize
from transforms.words import MIN_PERCENT

LEAGUE = 10
STORIES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """Health of a feed at the last run."""

    feed_id: str
    publisher: str
    state: str
    last_article_at: datetime | None
    usual_gap_hours: float | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Number of undated and estimated dates in the period; delays in minutes."""

    articles: int
    stories: int
    undated: int
    estimated: int
    delay_median_min: float | None
    delay_p95_min: float | None


SOURCES = Query(name="brief.sources", row=SourceRow, relations=("feed_health", "feeds"))

QUALITY = Query(
    name="brief.quality",
    row=Quality,
    relations=("articles",),
    counts="no relation has delays and origins of dates by period",
)

COLUMNS: Columns[SourceRow] = {
    "source": lambda _draft, row: Text(row.publisher or row.feed_id, style="strong"),
    "state": label("state", "state"),
    "last": moment("last_article_at"),
    "#gap": hours("usual_gap_hours"),
    "reason": text("reason"),
}


def sources_section(draft: Draft) -> Section:
    """List the unhealthy sources above three sentences on the data."""
    if draft.as_of:
        # How feeds do is judged by the last run; of an earlier moment it is not known.
        notes = (draft.line("sources.as_of"), *_quality(draft))
        return draft.section("sources", notes=notes, evidence=("quality",))
    rows = [row for row in draft.rows(SOURCES) if row.state != "healthy"]
    are_well = draft.rows(SOURCES) and not rows
    return draft.section(
        "sources",
        table(draft, "caption.sources", COLUMNS, rows),
        notes=(*((draft.line("sources.well"),) if are_well else ()), *_quality(draft)),
        evidence=("sources", "quality"),
    )


def _quality(draft: Draft) -> tuple[Line, ...]:
    row = draft.first(QUALITY)
    if row is None:
        return ()
    return (
        draft.line(
            "sources.dates",
            undated=_part(row.undated, row.articles),
            estimated=_part(row.estimated, row.articles),
        ),
        draft.line(
            "sources.delay",
            median=draft.span((row.delay_median_min or 0) / 60),
            p95=draft.span((row.delay_p95_min or 0) / 60),
        ),
        draft.line(
            "sources.duplicates",
            articles=draft.count("article", row.articles),
            stories=draft.count("story", row.stories),
        ),
    )


def _part(part: int, of: int) -> str:
    share = percent(part, of)
    return f"{part:,} ({share})" if share else f"{part:,}"


SOURCES_SECTION = Heading(key="sources", write=sources_section, queries=(SOURCES, QUALITY))


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstOutlet:
    """An outlet's stories of 28 days: exclusive, shared and first, with an interval."""

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
class Spread(StorySize, StoryId, Headlines):
    """A story that began in the period, and the hours to half of its articles."""

    began_at: datetime
    half_hours: float


FIRSTS = Query(name="brief_week.firsts", row=FirstOutlet, relations=("sources_between",))

SPREAD = Query(
    name="brief_week.spread", row=Spread, relations=("spread_between", "headlines_of")
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
    "alert": headline,
    "#outlets": number("publishers"),
    "#articles": number("articles"),
    "#half": hours("half_hours"),
}


def firsts_section(draft: Draft) -> Section:
    """Place the ranking of outlets above the fastest spreading stories."""
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


FIRSTS_SECTION = Heading(
    key="firsts", write=firsts_section, queries=(FIRSTS, SPREAD), periods=("week",)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """An alert decided in the period, with its current state."""

    alert_id: str
    created_at: datetime
    rule_id: str
    kind: str
    company_id: str | None
    topic_id: str | None
    title: str
    url: str
    state: str
    story_id: str | None


ALERTS = Query(
    name="brief.alerts", row=AlertRow, relations=("alerts", "messages", "alert_deliveries")
)

ALERT_COLUMNS: Columns[AlertRow] = {
    "time": moment("created_at"),
    "rule": text("rule_id"),
    "subject": lambda draft, row: draft.listed(
        filter(None, [row.company_id or row.topic_id])
    ),
    "alert": linked("title", "url"),
    "state": label("state", "state"),
}


def alerts_section(draft: Draft) -> Section:
    """List the alerts, newest first."""
    rows = draft.rows(ALERTS)
    shown = [row for row in rows if row.state != "suppressed"]
    held = len(rows) - len(shown)
    return draft.section(
        "alerts",
        table(draft, "caption.alerts", ALERT_COLUMNS, shown),
        notes=(draft.line("alerts.suppressed", n=held),) if held else (),
    )


ALERTS_SECTION = Heading(key="alerts", write=alerts_section, queries=(ALERTS,))
