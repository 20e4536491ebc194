"""The health of feeds as a table that fits a terminal, and a summary in one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from rich.cells import cell_len, chop_cells, set_cell_size

from flows.console.output import Format
from transforms.text.fit import GAP
from transforms.text.plural import counted
from transforms.text.tables import render_table

Row = Mapping[str, Any]
# What is wrong comes first; so does this order in the summary.
STATES = ("dead", "failing", "quiet", "healthy", "paused")
COLUMNS = ("feed_id", "state", "newest", "every", "next", "reason")
LONGEST_ID = 26
# A reason takes what room the other columns leave, within these.
SHORTEST_REASON, LONGEST_REASON = 20, 60


def health_table(rows: Iterable[Row], width: int | None = None) -> str:
    """Return the rows of ``feed_health`` as a table, ages and spans in words.

    It fits into *width* cells, or into 120.
    """
    told = list(map(_told, rows))
    others = [[name, *(row[name] for row in told)] for name in COLUMNS[:-1]]
    taken = sum(max(map(cell_len, column)) + GAP for column in others)
    room = min(max((width or 120) - taken, SHORTEST_REASON), LONGEST_REASON)
    lines = [line for row in told for line in _lines(row, room)]
    return render_table(lines, Format.table.value, columns=COLUMNS)


def health_summary(rows: Sequence[Row]) -> str:
    """Return how many feeds are in which state, by the clock of the last run."""
    counts = Counter(row["state"] for row in rows)
    told = ", ".join(f"{counts[state]} {state}" for state in STATES if counts[state])
    as_of = next((row["as_of"] for row in rows if row["as_of"]), None)
    when = f" at the last run, {as_of:%Y-%m-%d %H:%M} UTC" if as_of else ""
    return f"{counted(len(rows), 'feed')}{when}: {told or 'none'}"


def _lines(row: Row, room: int) -> Iterator[Row]:
    reason, *more = wrapped(row["reason"], room)
    yield {**row, "reason": reason}
    yield from ({"reason": line} for line in more)


def _told(row: Row) -> Row:
    return {
        "feed_id": _cut(row["feed_id"]),
        "state": row["state"],
        "newest": _ago(row["last_article_at"], row["as_of"]),
        "every": span(row["pace"] or row["usual_gap"]),
        "next": _ahead(row["next_poll_at"], row["as_of"]),
        "reason": row["reason"],
    }


def _cut(feed_id: str) -> str:
    if len(feed_id) <= LONGEST_ID:
        return feed_id
    return set_cell_size(feed_id, LONGEST_ID - 1) + "…"


def _ago(moment: datetime | None, now: datetime | None) -> str:
    return f"{span(max(now - moment, timedelta()))} ago" if moment and now else ""


def _ahead(moment: datetime | None, now: datetime | None) -> str:
    if not moment or not now:
        return ""
    return span(moment - now) if moment > now else "due"


def span(length: timedelta | None) -> str:
    """Return a length of time in its largest unit: 40s, 15m, 3h, 12d."""
    if length is None:
        return ""
    seconds = length.total_seconds()
    for unit, size, least in (("d", 86_400, 172_800), ("h", 3_600, 7_200), ("m", 60, 60)):
        if seconds >= least:
            return f"{seconds / size:.0f}{unit}"
    return f"{seconds:.0f}s"


def wrapped(text: str, width: int) -> list[str]:
    """Return *text* in lines of at most *width* cells; longer words are broken."""
    lines = [""]
    for word in text.split():
        for part in chop_cells(word, width):
            line = f"{lines[-1]} {part}" if lines[-1] else part
            if cell_len(line) <= width:
                lines[-1] = line
            else:
                lines.append(part)
    return lines
