"""The sections on our own work: alerts sent, sources that are not as usual."""

from __future__ import annotations

from transforms.brief.desk import Desk
from transforms.brief.measures import percent
from transforms.brief.model import Line, Section, Table, Text
from transforms.brief.values import Row, link, number, whole


def alerts(desk: Desk) -> Section:
    """What reached the channels; repeats that were held back are only counted."""
    rows = desk.rows("alerts")
    shown = [row for row in rows if row.get("state") != "suppressed"]
    table = Table(
        desk.word("caption.alerts"),
        desk.columns("time", "rule", "subject", "alert", "state"),
        tuple(
            (
                (Text(desk.moment(row.get("created_at"))),),
                (Text(str(row.get("rule_id") or "")),),
                (Text(desk.listed([row.get("company_id") or row.get("topic_id")])),),
                (link(row.get("title"), row.get("url")),),
                (Text(desk.label("state", row.get("state"))),),
            )
            for row in shown
        ),
    )
    held = len(rows) - len(shown)
    return Section(
        key="alerts",
        title=desk.word("section.alerts"),
        blocks=(desk.folded(table),) if shown else (),
        notes=(desk.line("alerts.suppressed", n=held),) if held else (),
        queries=desk.queries("alerts"),
    )


def sources(desk: Desk) -> Section:
    """Sources that are not as usual, and how far dates and delays can be trusted."""
    if desk.as_of:
        return _sources_then(desk)
    rows = [row for row in desk.rows("sources") if row.get("state") != "healthy"]
    table = Table(
        desk.word("caption.sources"),
        desk.columns("source", "state", "last", "#gap", "reason"),
        tuple(_source(desk, row) for row in rows),
    )
    quality = next(iter(desk.rows("quality")), None)
    notes = _quality(desk, quality) if quality else ()
    if desk.rows("sources") and not rows:
        notes = (desk.line("sources.well"), *notes)
    return Section(
        key="sources",
        title=desk.word("section.sources"),
        blocks=(desk.folded(table),) if rows else (),
        notes=notes,
        queries=desk.queries("sources", "quality"),
    )


def _sources_then(desk: Desk) -> Section:
    # How feeds do is judged by the last run; of an earlier moment it is not known.
    quality = next(iter(desk.rows("quality")), None)
    return Section(
        key="sources",
        title=desk.word("section.sources"),
        notes=(desk.line("sources.as_of"), *(_quality(desk, quality) if quality else ())),
        queries=desk.queries("quality"),
    )


def _source(desk: Desk, row: Row) -> tuple[Line, ...]:
    gap = row.get("usual_gap_hours")
    return (
        (Text(str(row.get("publisher") or row.get("feed_id") or ""), style="strong"),),
        (Text(desk.label("state", row.get("state"))),),
        (Text(desk.moment(row.get("last_article_at"))),),
        (Text("" if gap is None else desk.span(number(gap))),),
        (Text(str(row.get("reason") or "")),),
    )


def _quality(desk: Desk, row: Row) -> tuple[Line, ...]:
    articles = whole(row.get("articles"))
    return (
        desk.line(
            "sources.dates",
            undated=_part(row.get("undated"), articles),
            estimated=_part(row.get("estimated"), articles),
        ),
        desk.line(
            "sources.delay",
            median=desk.span(number(row.get("delay_median_min")) / 60),
            p95=desk.span(number(row.get("delay_p95_min")) / 60),
        ),
        desk.line(
            "sources.duplicates",
            articles=desk.count("article", articles),
            stories=desk.count("story", row.get("stories")),
        ),
    )


def _part(part: object, of: int) -> str:
    share = percent(whole(part), of)
    return f"{whole(part):,} ({share})" if share else f"{whole(part):,}"
