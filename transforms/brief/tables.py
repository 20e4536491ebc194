"""Tables of a brief, declared: a column's head, and how a row is printed in it.

A section declares its columns beside the record of its rows and hands rows to `table`;
Markdown, page, mail and desk are made from that, JSON from the record's own fields. A cell
that no printer here makes is a function of draft and row in the section. Where columns
are rows of data themselves (matrix, overseas) a section makes the table by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from operator import attrgetter
from typing import Any, TypeVar

from transforms.brief.draft import Draft, Style, headline, link
from transforms.brief.measures import percent, span
from transforms.brief.model import Cell, Mark, Spark, Table, Text

R = TypeVar("R")
Print = Callable[[Draft, R], Cell | Text | str]
# By the key of a head: its word stands under ``column.`` in transforms/words, and ``#``
# before it means numbers.
Columns = Mapping[str, Print[R]]


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
    """Return *row* as it is printed."""
    return tuple(_cell(show(draft, row)) for show in columns.values())


def _cell(shown: Cell | Text | str) -> Cell:
    if isinstance(shown, Spark | Mark | tuple):
        return shown
    return (Text(shown) if isinstance(shown, str) else shown,)


def text(field: str, *, style: Style = "") -> Print[Any]:
    """Print words as they are, nothing where there are none."""
    value = attrgetter(field)
    return lambda _draft, row: Text(value(row) or "", style=style)


def name(field: str) -> Print[Any]:
    """Print what a company or topic is called."""
    value = attrgetter(field)
    return lambda draft, row: Text(draft.name(value(row)), style="strong")


def label(group: str, field: str, *, style: Style = "") -> Print[Any]:
    """Print the word for a code."""
    value = attrgetter(field)
    return lambda draft, row: Text(draft.label(group, value(row)), style=style)


def told(draft: Draft, row: Any) -> Text:
    """Print the headline of a story in the brief's language, linked to its article."""
    return headline(draft, row)


def linked(field: str, url: str, *, style: Style = "") -> Print[Any]:
    """Print words that lead to the address in the field *url*."""
    value, address = attrgetter(field), attrgetter(url)
    return lambda _draft, row: link(value(row), address(row), style=style)


def number(field: str) -> Print[Any]:
    """Print a count."""
    value = attrgetter(field)
    return lambda _draft, row: f"{value(row):,}"


def decimal(field: str, form: str) -> Print[Any]:
    """Print a number in a format such as ``.2f``."""
    value = attrgetter(field)
    return lambda _draft, row: format(value(row), form)


def part(field: str, whole: str) -> Print[Any]:
    """Print one count as a percentage of another, nothing where that is too small."""
    value, of = attrgetter(field), attrgetter(whole)
    return lambda _draft, row: percent(value(row), of(row))


def interval(whole: str) -> Print[Any]:
    """Print the fields ``low`` and ``high``, nothing where the *whole* is too small."""
    of = attrgetter(whole)
    return lambda _draft, row: span(row.low, row.high, of(row))


def day(field: str, *, form: str = "date.short") -> Print[Any]:
    """Print a day, or that of a moment."""
    value: Callable[[Any], date] = attrgetter(field)
    return lambda draft, row: draft.day(value(row), form=form)


def moment(field: str) -> Print[Any]:
    """Print a time of day, with its date where that is not the brief's own."""
    value = attrgetter(field)
    return lambda draft, row: draft.moment(at) if (at := value(row)) else ""


def hours(field: str) -> Print[Any]:
    """Print a length of time, nothing where it is not known."""
    value = attrgetter(field)
    return lambda draft, row: "" if (h := value(row)) is None else draft.span(h)
