"""Sources that are not as usual, and how far dates and delays can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from transforms.brief.draft import Draft, Heading
from transforms.brief.measures import percent
from transforms.brief.model import Line, Section, Text
from transforms.brief.tables import Columns, hours, label, moment, table, text
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

COLUMNS: Columns[SourceRow] = {
    "source": lambda _draft, row: Text(row.publisher or row.feed_id, style="strong"),
    "state": label("state", "state"),
    "last": moment("last_article_at"),
    "#gap": hours("usual_gap_hours"),
    "reason": text("reason"),
}


def section(draft: Draft) -> Section:
    """List the sources that need a look, above three sentences on the data."""
    if draft.as_of:
        return _sources_then(draft)
    rows = [row for row in draft.rows(SOURCES) if row.state != "healthy"]
    are_well = draft.rows(SOURCES) and not rows
    return draft.section(
        "sources",
        table(draft, "caption.sources", COLUMNS, rows),
        notes=(*((draft.line("sources.well"),) if are_well else ()), *_quality(draft)),
        evidence=("sources", "quality"),
    )


def _sources_then(draft: Draft) -> Section:
    # How feeds do is judged by the last run; of an earlier moment it is not known.
    notes = (draft.line("sources.as_of"), *_quality(draft))
    return draft.section("sources", notes=notes, evidence=("quality",))


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


HEADING = Heading(key="sources", write=section, queries=(SOURCES, QUALITY))
