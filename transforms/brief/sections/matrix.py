"""Companies against topics, and brands against regions: tables that are seen at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import sqrt

from transforms.brief.desk import Desk
from transforms.brief.measures import percent
from transforms.brief.model import Cell, Column, Mark, Section, Table, Text
from transforms.brief.values import Row, number, whole

MIN_CELL = 3  # stories; below, a cell is one editor's whim
BRANDS = 12
MANY = 5  # stories; where no cell has more, no dot is of the full size
REGIONS = (
    "europe",
    "north_america",
    "latin_america",
    "south_east_asia",
    "asia_pacific",
    "middle_east",
    "africa",
)

Places = Mapping[tuple[str, str], Row]


def topics_of_companies(desk: Desk) -> Section:
    """What each group's stories are about, as parts of its own stories."""
    rows = [row for row in desk.rows("matrix") if whole(row.get("stories")) >= MIN_CELL]
    companies = {str(row.get("company_id") or ""): desk.name(row) for row in rows}
    places = {_place(row, "topic_id", "company_id"): row for row in rows}
    table = Table(
        desk.word("caption.matrix"),
        (*desk.columns("topic"), *(Column(n, narrow=True) for n in companies.values())),
        tuple(
            _topic_row(desk, topic, companies, places)
            for topic in _by_stories(rows, "topic_id")
        ),
    )
    return Section(
        key="matrix",
        title=desk.word("section.matrix"),
        blocks=(table,) if rows else (),
        notes=(desk.line("matrix.few"),) if rows else (),
        queries=desk.queries("matrix"),
    )


def _topic_row(
    desk: Desk, topic: str, companies: Mapping[str, str], places: Places
) -> tuple[Cell, ...]:
    name = desk.names.get(topic, topic)
    return (
        (Text(name, style="strong"),),
        *(_share(places.get((topic, company), {})) for company in companies),
    )


def _share(row: Row) -> Mark:
    stories, of = whole(row.get("stories")), whole(row.get("company_stories"))
    part = percent(stories, of)
    return Mark(part, stories / of if part else 0.0, "heat")


def overseas(desk: Desk) -> Section:
    """Where brands go, as far as headlines say it."""
    rows = [row for row in desk.rows("overseas") if row.get("region") in REGIONS]
    leaders = _by_stories(rows, "company_id")
    regions = [r for r in REGIONS if any(row.get("region") == r for row in rows)]
    places = {_place(row, "company_id", "region"): row for row in rows}
    names = {str(row.get("company_id") or ""): desk.name(row) for row in rows}
    high = max((whole(row.get("stories")) for row in rows), default=0)
    heads = (Column(desk.label("region", r), narrow=True) for r in regions)
    table = Table(
        desk.word("caption.overseas"),
        (*desk.columns("company"), *heads),
        tuple(
            (
                (Text(names[company], style="strong"),),
                *(_dot(places.get((company, region), {}), high) for region in regions),
            )
            for company in leaders
        ),
    )
    return Section(
        key="overseas",
        title=desk.word("section.overseas"),
        blocks=(desk.folded(table, show=BRANDS),) if rows else (),
        queries=desk.queries("overseas"),
    )


def _dot(row: Row, high: int) -> Mark:
    stories = whole(row.get("stories"))
    # The eye compares areas, so the width goes with the root.
    level = sqrt(stories / max(high, MANY))
    return Mark(f"{stories:,}" if stories else "", level, "dot")


def _place(row: Row, down: str, across: str) -> tuple[str, str]:
    return str(row.get(down) or ""), str(row.get(across) or "")


def _by_stories(rows: Sequence[Row], key: str) -> list[str]:
    counts: dict[str, float] = defaultdict(float)
    for row in rows:
        counts[str(row.get(key) or "")] += number(row.get("stories"))
    return sorted(counts, key=lambda name: (-counts[name], name))
