"""Sources that are not as usual, and how far dates and delays can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from transforms.brief.desk import Desk
from transforms.brief.heading import Heading
from transforms.brief.measures import percent
from transforms.brief.model import Line, Section, Table, Text
from transforms.models import Query


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """How a feed does, as of the last run."""

    feed_id: str
    publisher: str
    state: str
    last_article_at: datetime | None
    usual_gap_hours: float | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How many dates of the period are not the articles' own; delays in minutes."""

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


def section(desk: Desk) -> Section:
    """List the sources that need a look, above three sentences on the data."""
    if desk.as_of:
        return _sources_then(desk)
    rows = [row for row in desk.rows(SOURCES) if row.state != "healthy"]
    table = Table(
        desk.word("caption.sources"),
        desk.columns("source", "state", "last", "#gap", "reason"),
        tuple(_source(desk, row) for row in rows),
    )
    are_well = desk.rows(SOURCES) and not rows
    return Section(
        key="sources",
        title=desk.word("section.sources"),
        blocks=(desk.folded(table),) if rows else (),
        notes=(*((desk.line("sources.well"),) if are_well else ()), *_quality(desk)),
        queries=desk.evidence("sources", "quality"),
    )


def _sources_then(desk: Desk) -> Section:
    # How feeds do is judged by the last run; of an earlier moment it is not known.
    return Section(
        key="sources",
        title=desk.word("section.sources"),
        notes=(desk.line("sources.as_of"), *_quality(desk)),
        queries=desk.evidence("quality"),
    )


def _source(desk: Desk, row: SourceRow) -> tuple[Line, ...]:
    gap, last = row.usual_gap_hours, row.last_article_at
    return (
        (Text(row.publisher or row.feed_id, style="strong"),),
        (Text(desk.label("state", row.state)),),
        (Text(desk.moment(last) if last else ""),),
        (Text("" if gap is None else desk.span(gap)),),
        (Text(row.reason or ""),),
    )


def _quality(desk: Desk) -> tuple[Line, ...]:
    row = desk.first(QUALITY)
    if row is None:
        return ()
    return (
        desk.line(
            "sources.dates",
            undated=_part(row.undated, row.articles),
            estimated=_part(row.estimated, row.articles),
        ),
        desk.line(
            "sources.delay",
            median=desk.span((row.delay_median_min or 0) / 60),
            p95=desk.span((row.delay_p95_min or 0) / 60),
        ),
        desk.line(
            "sources.duplicates",
            articles=desk.count("article", row.articles),
            stories=desk.count("story", row.stories),
        ),
    )


def _part(part: int, of: int) -> str:
    share = percent(part, of)
    return f"{part:,} ({share})" if share else f"{part:,}"


HEADING = Heading(key="sources", write=section, queries=(SOURCES, QUALITY))
