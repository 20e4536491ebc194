"""Charts of a brief as inline SVG of our own: no dependency, script or style sheet.

Colours are variables of the page, so that one drawing serves light, dark and print.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from math import ceil, sqrt

from transforms.brief.model import Bar, Chart
from transforms.brief.render.plots import crackdown, lift, share, themes, voice
from transforms.brief.render.shapes import (
    LABEL,
    NARROW,
    OTHER,
    PAPER,
    RIGHT,
    SERIES,
    SIZE,
    TOP,
    WIDE,
    Plot,
    Point,
    dot,
    fitted,
    line,
    opening,
    places,
    text,
    width_of,
)

WIDTHS = {"wide": WIDE, "narrow": NARROW}
# What is touched is so high and wide; months stand no further apart than this.
CELL, BAND = 26, 72
# Radii of the largest mark, beside its number and above it, of the smallest, and of none.
LARGE, ABOVE, SMALL, NONE = 11, 8, 2.5, 1.2
# Between a mark and its number, and below that.
NEAR, BELOW = 3, 6


def draw_charts(chart: Chart, name: str) -> Iterator[str]:
    """Yield *chart* as one SVG per width; *name* keeps their ids distinct."""
    for size, width in WIDTHS.items():
        yield _svg(chart, f"{name}-{size}", size, width)


def draw_alone(chart: Chart) -> str:
    """Return *chart* as a document of its own, on white and in the colours of print.

    It opens nothing, wherever it is taken.
    """
    still = replace(chart, bars=tuple(replace(bar, href="") for bar in chart.bars))
    drawn = _svg(still, "chart", "wide", WIDE)
    for variable, colour in PAPER.items():
        drawn = drawn.replace(variable, colour)
    ground = '</desc><rect width="100%" height="100%" fill="#fff"/>'
    named = drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return named.replace("</desc>", ground, 1)


def _svg(chart: Chart, ident: str, size: str, width: int) -> str:
    room = breadth(chart, width) if chart.kind == "lanes" else width
    height, shapes = DRAW[chart.kind](chart, room)
    # The drawing is one picture with one description: its parts have no roles or names,
    # unless they open something.
    role = "group" if any(bar.href for bar in chart.bars) else "img"
    long = " long" if room > width else ""
    return (
        f'<svg class="chart {size}{long}" role="{role}" '
        f'aria-labelledby="{ident}-t {ident}-d" '
        f'width="{room}" height="{height:g}" viewBox="0 0 {room} {height:g}">'
        f'<title id="{ident}-t">{escape(chart.title)}</title>'
        f'<desc id="{ident}-d">{escape(chart.alt)}</desc>{"".join(shapes)}</svg>'
    )


def breadth(chart: Chart, width: int) -> int:
    """Return *width*, or the one in which every month has room for a finger."""
    for _ in range(2):  # names stand elsewhere in what is wide
        least = _left(chart, width) + RIGHT + CELL * len(chart.positions)
        width = max(width, ceil(least))
    return width


def _left(chart: Chart, width: int) -> float:
    """Return where months begin: right of the names, which stand above on a phone."""
    return 0 if width < WIDE else min(max(map(width_of, chart.series)), 0.3 * width) + 12


@dataclass(frozen=True, slots=True)
class _Cell:
    """Place of a mark, with its number beside it, or below it where months are close."""

    width: float
    number: float

    @property
    def is_close(self) -> bool:
        return self.width < 2 * LARGE + NEAR + self.number

    @property
    def height(self) -> float:
        return 2 * ABOVE + SIZE + BELOW if self.is_close else CELL

    def draw(self, bar: Bar | None, corner: Point) -> str:
        """Return the mark of a bar with its number, or the dot that stands for none."""
        part, fill = (sqrt(bar.value), SERIES[bar.hue]) if bar else (0, OTHER)
        least, said = (SMALL, str(bar.stories)) if bar else (NONE, "")
        if self.is_close:
            radius = max(least, round(part * ABOVE, 1))
            x, base = corner[0] + self.width / 2, corner[1] + 2 * ABOVE
            mark = dot((x, base - radius), radius, fill)
            return mark + text((x, base + SIZE), said, anchor="middle") if said else mark
        radius = max(least, round(part * LARGE, 1))
        x, y = corner[0] + (self.width - NEAR - self.number) / 2, corner[1] + CELL / 2
        mark = dot((x, y), radius, fill)
        return mark + text((x + radius + NEAR, y + SIZE / 3), said) if said else mark


def lanes(chart: Chart, width: int) -> Plot:
    """Draw a circle a month and lane with its number, and a dot where there was none."""
    is_wide, left = width >= WIDE, _left(chart, width)
    band = min(BAND, (width - RIGHT - left) / max(len(chart.positions), 1))
    cell = _Cell(band, width_of(str(max((bar.stories for bar in chart.bars), default=0))))
    head = 0 if is_wide else LABEL
    bottom = TOP + (head + cell.height) * len(chart.series)
    shapes = list(_years(chart, (left, band), bottom, is_ruled=is_wide))
    for row, name in enumerate(chart.series):
        top = TOP + (head + cell.height) * row + head
        if is_wide:
            at = (left - 10, top + CELL / 2 + SIZE / 3)
            shapes.append(text(at, fitted(name, left - 12), anchor="end"))
        else:
            shapes.append(text((0, top - 3), fitted(name, width)))
        found = {bar.bar: bar for bar in chart.bars if bar.series == name}
        for place, month in enumerate(chart.positions):
            bar, corner = found.get(month), (left + band * place, top)
            if bar or month not in chart.unseen:
                mark = cell.draw(bar, corner)
                if bar and bar.href:
                    mark = opening(bar, corner, (band, cell.height), mark)
                shapes.append(mark)
    names = [month.partition("\n")[0] for month in chart.positions]
    shapes += places(names, left, band, bottom + SIZE + 6)
    return bottom + SIZE + LABEL + 12, shapes


def _years(
    chart: Chart, steps: tuple[float, float], bottom: float, *, is_ruled: bool
) -> Iterator[str]:
    """Yield each year below its first month, and a line before those that begin here."""
    years = [month.partition("\n")[2] for month in chart.positions]
    left, band = steps
    for place, year in enumerate(years):
        begins = bool(place) and year != years[place - 1]
        x = left + band * place
        if begins and is_ruled:
            yield line((x, TOP), (x, bottom))
        # There is no room for that of a single month before.
        if begins or (place == 0 and year == years[min(1, len(years) - 1)]):
            below = (x + band / 2, bottom + SIZE + 6 + LABEL)
            yield text(below, year, anchor="middle")


DRAW = {
    "share": share,
    "lift": lift,
    "themes": themes,
    "crackdown": crackdown,
    "voice": voice,
    "lanes": lanes,
}
