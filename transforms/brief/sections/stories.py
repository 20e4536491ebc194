"""The sections on what happened: the biggest stories, bursts and newcomers."""

from __future__ import annotations

from transforms.brief.desk import Desk
from transforms.brief.model import BREAK, Items, Line, Section, Table, Text
from transforms.brief.opening import (
    ENTRANTS_DAYS,
    headline,
    headline_in,
    level,
    publishers,
    small,
)
from transforms.brief.values import Row, instant, labels, number, whole

BOX = {"day": 5, "week": 10}


def stories(desk: Desk) -> Section:
    """The few stories that most publishers carried."""
    rows = desk.rows("stories")[: BOX[desk.period]]
    lines = tuple(_story(desk, row) for row in rows)
    suffix = ".week" if desk.period == "week" else ""
    return Section(
        key="stories",
        title=desk.word(f"section.stories{suffix}"),
        blocks=(Items(lines, ordered=True),) if lines else (),
        queries=desk.queries("stories"),
    )


def _story(desk: Desk, row: Row) -> Line:
    line: Line = (headline(desk, row, style="strong"),)
    other = headline_in("en" if desk.language == "zh" else "zh", row, style="muted")
    if other and other.text != line[0].text:
        line += (Text(" · "), other)
    line += (Text(BREAK),)
    who = desk.listed([*labels(row.get("companies")), *labels(row.get("events"))])
    line += desk.line("story.who", companies=who) if who else ()
    first = row.get("first_publisher")
    line += desk.line(
        "story.count" if first else "story.count.plain",
        publishers=desk.count("publisher", publishers(row)),
        articles=desk.count("article", row.get("articles")),
        first=first,
        when=desk.moment(row.get("first_published_at")),
    )
    began = instant(row.get("first_published_at"))
    if began and began < desk.since:
        line += (Text(f" ({desk.word('story.continuing')})", style="muted"),)
    return line


def movers(desk: Desk) -> Section:
    """Bursts with their evidence, then companies that are new to the coverage."""
    tables = (_bursts(desk), _entrants(desk))
    return Section(
        key="movers",
        title=desk.word("section.movers"),
        blocks=tuple(table for table in tables if table.rows),
        notes=(desk.warming,) if any(t.rows for t in tables) and not desk.is_warm else (),
        queries=desk.queries("bursts", "hours", "burst_stories", "entrants"),
    )


def _bursts(desk: Desk) -> Table:
    ordered = sorted(desk.rows("bursts"), key=lambda row: number(row.get("q")))
    rows = tuple(
        (
            (Text(desk.name(row, "subject_id"), style="strong"),),
            (Text(desk.day(row.get("day"), form="date.short")),),
            (Text(f"{whole(row.get('observed')):,}"),),
            (Text(level(row.get("expected"))),),
            (Text(small(row.get("q"))),),
            (headline(desk, row),),
        )
        for row in ordered
    )
    columns = desk.columns("subject", "day", "#observed", "#expected", "#q", "top")
    return desk.folded(Table(desk.word("caption.bursts"), columns, rows))


def _entrants(desk: Desk) -> Table:
    rows = tuple(
        (
            (Text(desk.name(row), style="strong"),),
            (Text(desk.day(row.get("first_seen"), form="date.short")),),
            (Text(f"{whole(row.get('stories')):,}"),),
        )
        for row in desk.rows("entrants")
    )
    columns = desk.columns("company", "first", "#stories")
    known = next((row.get("days_on_record") for row in desk.rows("entrants")), None)
    is_young = known is not None and whole(known) < ENTRANTS_DAYS
    caption = "caption.entrants.young" if is_young else "caption.entrants"
    return desk.folded(Table(desk.word(caption, days=whole(known)), columns, rows))
