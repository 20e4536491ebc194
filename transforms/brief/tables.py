"""Tables of a brief: declared columns, with heads and printers of their cells.

A section declares its columns beside the record of its rows and hands rows to `table`;
Markdown, page, mail and desk are made from that, JSON from the record's own fields. A cell
that no printer here makes is a function of draft and row in the section. Where columns
are rows of data themselves (matrix, overseas) a section makes the table by hand.

Below: the arithmetic of a brief, and when a number is too small to be said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from math import log2, sqrt
from operator import attrgetter
from statistics import mean, median
from typing import Any, TypeVar

from transforms.brief.draft import Draft, Style, link
from transforms.brief.model import Bar, Cell, Chart, Mark, Spark, Table, Text
from transforms.words import MIN_PERCENT, NBSP

R = TypeVar("R")
Print = Callable[[Draft, R], Cell | Text | str]
# By the key of a head: its word stands under ``column.`` in transforms/words, and ``#``
# before it means numbers.
Columns = Mapping[str, Print[R]]
# From here on coverage is too thin for any trend to be believed.
THIN_COVERAGE = 0.6
# Of a normal distribution the median absolute deviation is 1/1.4826 of the standard one.
MAD_TO_DEVIATION = 1.4826
# Stories added to both sides of a lift, so that 1 against 0 is not infinite.
LIFT_PRIOR = 5.0


def table(
    draft: Draft,
    caption: str,
    columns: Columns[R],
    rows: Iterable[R],
    *,
    show: int = 12,
    **parts: object,
) -> Table:
    """Return *rows* under the phrase *caption*, those beyond *show* folded away."""
    every = tuple(cells(draft, columns, row) for row in rows)
    whole = Table(draft.word(caption, **parts), draft.columns(*columns), every)
    return draft.folded(whole, show=show)


def cells(draft: Draft, columns: Columns[R], row: R) -> tuple[Cell, ...]:
    """Return the printed cells of *row*."""
    return tuple(_cell(show(draft, row)) for show in columns.values())


def _cell(shown: Cell | Text | str) -> Cell:
    if isinstance(shown, Spark | Mark | tuple):
        return shown
    return (Text(shown) if isinstance(shown, str) else shown,)


def text(field: str, *, style: Style = "") -> Print[Any]:
    """Print a text; empty for None."""
    value = attrgetter(field)
    return lambda _draft, row: Text(value(row) or "", style=style)


def name(field: str) -> Print[Any]:
    """Print the name of a company or topic."""
    value = attrgetter(field)
    return lambda draft, row: Text(draft.name(value(row)), style="strong")


def label(group: str, field: str, *, style: Style = "") -> Print[Any]:
    """Print the label of a code."""
    value = attrgetter(field)
    return lambda draft, row: Text(draft.label(group, value(row)), style=style)


def linked(field: str, url: str, *, style: Style = "") -> Print[Any]:
    """Print a text linked to the address in the field *url*."""
    value, address = attrgetter(field), attrgetter(url)
    return lambda _draft, row: link(value(row), address(row), style=style)


def number(field: str) -> Print[Any]:
    """Print a count."""
    value = attrgetter(field)
    return lambda _draft, row: f"{value(row):,}"


def stories_of(draft: Draft, row: Any) -> Text | str:
    """Print the stories of a topic or theme, in words where feeds hardly cover it."""
    if not row.is_hardly_covered:
        return f"{row.stories:,}"
    return Text(draft.word("hardly_covered"), style="muted")


def decimal(field: str, form: str) -> Print[Any]:
    """Print a number in a format such as ``.2f``."""
    value = attrgetter(field)
    return lambda _draft, row: format(value(row), form)


def part(field: str, whole: str) -> Print[Any]:
    """Print one count as a percentage of another; empty if that is too small."""
    value, of = attrgetter(field), attrgetter(whole)
    return lambda _draft, row: percent(value(row), of(row))


def interval(whole: str) -> Print[Any]:
    """Print the fields ``low`` and ``high``; empty if the *whole* is too small."""
    of = attrgetter(whole)
    return lambda _draft, row: span(row.low, row.high, of(row))


def day(field: str, *, form: str = "date.short") -> Print[Any]:
    """Print a day, or the day of a moment."""
    value: Callable[[Any], date] = attrgetter(field)
    return lambda draft, row: draft.day(value(row), form=form)


def moment(field: str) -> Print[Any]:
    """Print a time of day, with its date if that is not the brief's own."""
    value = attrgetter(field)
    return lambda draft, row: draft.moment(at) if (at := value(row)) else ""


def hours(field: str) -> Print[Any]:
    """Print a length of time; empty if unknown."""
    value = attrgetter(field)
    return lambda draft, row: "" if (h := value(row)) is None else draft.span(h)


def robust_z(days: Sequence[int]) -> float | None:
    """Return the robust z-score of the last day against the median of the others.

    A column to sort and fold by, never a gate: bursts have a test of their own.
    """
    if len(days) < 2:  # noqa: PLR2004 a day and something to compare it with
        return None
    *before, last = days
    middle = median(before)
    spread = MAD_TO_DEVIATION * median(abs(day - middle) for day in before)
    return (last - middle) / max(spread, sqrt(mean(before)), 1.0)


def percent(part: float, whole: float) -> str:
    """Return *part* of *whole* as a percentage; "" if the base is too small."""
    if whole < MIN_PERCENT:
        return ""
    share = 100 * part / whole
    return f"{share:.1f}{NBSP}%" if 0 < share < 10 else f"{share:.0f}{NBSP}%"  # noqa: PLR2004


def span(low: float, high: float, whole: float) -> str:
    """Return the interval of a percentage; "" if the base is too small."""
    return "" if whole < MIN_PERCENT else f"{100 * low:.0f}–{100 * high:.0f}{NBSP}%"


def lift(now: float, usual: float) -> float:
    """Return the smoothed ratio of *now* to *usual*."""
    return (now + LIFT_PRIOR) / (usual + LIFT_PRIOR)


def log_lift(now: float, usual: float) -> float:
    """Return the base-2 logarithm of the lift."""
    return log2(lift(now, usual))


def lift_chart(draft: Draft, key: str, bars: tuple[Bar, ...]) -> Chart:
    """Return the chart *key* of log-lifts, highest first."""
    ends = [f"{bar.bar} {2**bar.value:.2f} ×" for bar in (bars[0], bars[-1])]
    return Chart(
        kind="lift",
        title=draft.word(f"chart.{key}"),
        alt=draft.word(f"chart.{key}.alt", highest=ends[0], lowest=ends[1]),
        bars=bars,
        series=(draft.word(f"chart.{key}.axis"),),
    )


def small(q: float) -> str:
    """Return a probability with three decimals."""
    return f"{q:.3f}" if q >= 0.001 else f"<{NBSP}0.001"  # noqa: PLR2004
