"""Charts of pages: bars, lines and levels as SVG, and the brief's blocks by kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from transforms.brief.model import Board, Brief, Chart, Items, Mark, Section, Spark, Table
from transforms.pages.words import Link, PageWords

# Bars of a chart are whole numbers of this many parts of the highest.
FINE = 1_000
STEP, GAP = 10, 2
HEIGHT, HEAD = 96, 14
LINE_STEP, LINE_HEIGHT = 4, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Multiple:
    """A small multiple: its label, values, last value and link."""

    label: str
    values: tuple[int, ...]
    last: str
    link: Link | None = None


Parts = list[tuple[Section, list[tuple[str, Any]]]]


def parts(words: PageWords, brief: Brief) -> dict[str, Parts]:
    """Return the front page's and the numbers' sections, with their blocks by kind."""
    return {
        name: [(part, [_block(words, block) for block in part.blocks]) for part in sections]
        for name, sections in (("front", brief.front), ("numbers", brief.sections))
    }


def _block(words: PageWords, block: Table | Items | Board | Chart) -> tuple[str, Any]:
    if isinstance(block, Chart):
        return "multiples", multiples(words, block)
    return {Table: "table", Items: "items", Board: "board"}[type(block)], block


def multiples(words: PageWords, chart: Chart) -> Sequence[Multiple]:
    """Return a small chart per series."""
    places = list(chart.positions) or list(dict.fromkeys(bar.bar for bar in chart.bars))
    found = {(bar.series, bar.bar): bar.value for bar in chart.bars}
    high = max((abs(bar.value) for bar in chart.bars), default=0) or 1
    names = list(dict.fromkeys(bar.series for bar in chart.bars))
    made = []
    for name in names:
        values = [found.get((name, place), 0.0) for place in places]
        made.append(
            Multiple(
                label=name or chart.title,
                values=tuple(round(FINE * max(value, 0.0) / high) for value in values),
                last=words.word("multiple", place=places[-1], value=_short(values[-1])),
            )
        )
    return made


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def kind_of(cell: object) -> str:
    """Return the kind of a table's cell: words, spark or mark."""
    if isinstance(cell, Spark):
        return "spark"
    return "mark" if isinstance(cell, Mark) else "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBar:
    """A bar of a day: its count, its link, and whether the day was a burst."""

    value: int
    label: str
    href: str
    is_burst: bool = False
    is_shift: bool = False
    is_current: bool = False


def draw_bars(bars: Sequence[DayBar]) -> Markup:
    """Return a bar a day; bursts are coloured and marked, a level shift is a line."""
    high = max((bar.value for bar in bars), default=0) or 1
    width = STEP * max(len(bars), 1)
    drawn = Markup().join(_bar(n, bar, high) for n, bar in enumerate(bars))
    return Markup(
        '<svg class="bars" aria-hidden="true" focusable="false" viewBox="0 0 {} {}" '
        'preserveAspectRatio="none">{}</svg>'
    ).format(width, HEIGHT + HEAD, drawn)


def _bar(place: int, bar: DayBar, high: int) -> Markup:
    x = place * STEP
    height = round(bar.value / high * HEIGHT, 1) if bar.value else 1.0
    names = ["bar"]
    names += ["burst"] if bar.is_burst else []
    names += ["current"] if bar.is_current else []
    names += [] if bar.value else ["none"]
    top = HEAD + HEIGHT - height
    mark = Markup()
    if bar.is_burst:
        points = f"{x + 1},2 {x + STEP - GAP - 1},2 {x + (STEP - GAP) / 2:g},9"
        mark = Markup('<polygon class="mark" points="{}"/>').format(points)
    if bar.is_shift:
        mark += Markup('<rect class="shift" x="{}" y="0" width="1.5" height="{}"/>').format(
            x, HEIGHT + HEAD
        )
    # The whole height of a day can be hit, not the bar alone.
    inside = Markup(
        '<title>{}</title><rect class="hit" x="{}" y="0" width="{}" height="{}"/>'
        '<rect class="{}" x="{}" y="{:g}" width="{}" height="{:g}"/>{}'
    ).format(
        bar.label,
        x,
        STEP,
        HEIGHT + HEAD,
        " ".join(names),
        x,
        top,
        STEP - GAP,
        height,
        mark,
    )
    if not bar.value:
        return Markup("<g>{}</g>").format(inside)
    return Markup('<a href="{}" tabindex="-1">{}</a>').format(bar.href, inside)


def draw_line(values: Sequence[int], label: str, *, high: int = 0) -> Markup:
    """Return a sparkline of counts; the last one stands out.

    *high* is the common scale of several lines; by default it is the highest count.
    """
    high = max((*values, high, 1))
    width = LINE_STEP * max(len(values), 1)
    bars = Markup().join(
        Markup('<rect{} x="{}" y="{:g}" width="3" height="{:g}"/>').format(
            Markup(' class="last"') if n == len(values) - 1 else "",
            n * LINE_STEP,
            LINE_HEIGHT - max(1.0, round(value / high * LINE_HEIGHT, 1)),
            max(1.0, round(value / high * LINE_HEIGHT, 1)),
        )
        for n, value in enumerate(values)
    )
    return Markup(
        '<svg class="spark" role="img" aria-label="{}" width="{}" height="{}" '
        'viewBox="0 0 {} {}" preserveAspectRatio="none">{}</svg>'
    ).format(label, width, LINE_HEIGHT, width, LINE_HEIGHT, bars)


def draw_level(part: float) -> Markup:
    """Return a bar for *part*, a share of the board's maximum."""
    return Markup(
        '<svg class="level" aria-hidden="true" width="48" height="8" viewBox="0 0 48 8">'
        '<rect class="of" width="48" height="8"/><rect width="{:g}" height="8"/></svg>'
    ).format(round(48 * min(max(part, 0.0), 1.0), 1))
