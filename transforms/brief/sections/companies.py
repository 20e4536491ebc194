"""The table of tracked companies."""

from __future__ import annotations

from transforms.brief.desk import Desk
from transforms.brief.measures import change, robust_z
from transforms.brief.model import Line, Section, Spark, Table, Text
from transforms.brief.opening import headline
from transforms.brief.values import Row, labels, whole

# A company within one robust deviation of its own median is as it always is.
FOLD_WITHIN = 1.0
# Days before; of fewer the median is nothing to be far from.
FORTNIGHT = 14
SHOWN = {"day": 25, "week": 15}
TOPICS = 3

Cells = tuple[Line | Spark, ...]


def companies(desk: Desk) -> Section:
    """A row a company, the busiest first; what is as usual is folded away."""
    rows = sorted(desk.rows("companies"), key=lambda row: -whole(row.get("stories")))
    shown: list[Cells] = []
    rest: list[Cells] = []
    for row in rows:
        z = robust_z(_days(row)) if desk.days_on_record >= FORTNIGHT else None
        usual = z is not None and abs(z) <= FOLD_WITHIN
        fold = len(shown) >= SHOWN[desk.period] or (desk.period == "day" and usual)
        (rest if fold else shown).append(_cells(desk, row, z))
    table = Table(
        desk.word("caption.companies"),
        desk.columns("company", "#stories", "days", *_compared(desk), "top", "topics"),
        tuple(shown),
        tuple(rest),
        desk.word("fold.companies" if desk.period == "day" else "fold.rows", n=len(rest))
        if rest
        else "",
    )
    return Section(
        key="companies",
        title=desk.word("section.companies"),
        blocks=(table,) if rows else (),
        queries=desk.queries("companies"),
    )


def _compared(desk: Desk) -> tuple[str, ...]:
    # z is of one day; over a week the count of the week before says more.
    return ("#z",) if desk.period == "day" else ("#before",)


def _cells(desk: Desk, row: Row, z: float | None) -> Cells:
    stories = whole(row.get("stories"))
    before = row.get("previous_stories") if desk.is_comparable else None
    arrow = change(stories, None if before is None else whole(before))
    compared = "" if z is None else f"{z:+.1f}".replace("-", "−")
    if desk.period == "week":
        compared = "" if before is None else f"{whole(before):,}"
    count: Line = (Text(f"{stories:,}", style="strong"),)
    if arrow:
        count += (Text(f" {arrow}", style="muted"),)
    return (
        (Text(desk.name(row), style="strong"),),
        count,
        spark(desk, _days(row)),
        (Text(compared),),
        (_top(desk, row),),
        # Names of topics have commas of their own.
        (
            Text(
                desk.listed(labels(row.get("topics"))[:TOPICS], between=" · "), "", "muted"
            ),
        ),
    )


def _top(desk: Desk, row: Row) -> Text:
    parts = ("headline", "headline_en", "headline_zh", "url", "url_en", "url_zh")
    return headline(desk, {part: row.get(f"top_{part}") for part in parts})


def spark(desk: Desk, days: tuple[int, ...]) -> Spark:
    """Return the sparkline of *days* with its description."""
    high, last = max(days, default=0), days[-1] if days else 0
    return Spark(days, desk.word("spark", n=len(days), high=high, last=last))


def _days(row: Row) -> tuple[int, ...]:
    return tuple(whole(day) for day in row.get("days") or ())
