"""Charts of bars: shares that sum to one, lifts to both sides of one, acts by day."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from math import ceil, floor

from transforms.brief.model import Chart
from transforms.brief.render.shapes import (
    LABEL,
    LEFT,
    PERCENTS,
    RIGHT,
    ROW,
    SERIES,
    SIZE,
    TOP,
    WIDE,
    Frame,
    Plot,
    Point,
    fitted,
    folded,
    line,
    places,
    rect,
    text,
    ticks,
    width_of,
)


def share(chart: Chart, width: int) -> Plot:
    """Draw stacked bars, one a week, that sum to one, above a legend."""
    frame = Frame(LEFT, width - RIGHT, TOP, TOP + 260)
    weeks = list(dict.fromkeys(bar.bar for bar in chart.bars))
    band = frame.band(len(weeks))
    # From the ninth series on all have the colour of the rest.
    colours = (SERIES[min(n, len(SERIES) - 1)] for n in range(len(chart.series)))
    fills = dict(zip(chart.series, colours, strict=True))
    base = dict.fromkeys(weeks, 0.0)
    bars = []
    for bar in sorted(chart.bars, key=lambda bar: chart.series.index(bar.series)):
        x = frame.left + band * (weeks.index(bar.bar) + 0.07)
        top = frame.y(base[bar.bar] + bar.value)
        height = frame.y(base[bar.bar]) - top
        bars.append(rect(x, top, band * 0.86, height, fills[bar.series]))
        base[bar.bar] += bar.value
    columns = 2 if width < WIDE else 4
    legend_at = frame.bottom + 2 * ROW
    rows, legend = _legend(fills, columns, (LEFT, legend_at), width - LEFT - RIGHT)
    return (
        legend_at + rows * ROW,
        (
            *frame.grid(PERCENTS, ".0%"),
            *bars,
            *places(weeks, frame.left, band, frame.bottom + SIZE + 6),
            *legend,
        ),
    )


def _legend(
    fills: dict[str, str], columns: int, at: Point, width: float
) -> tuple[int, list[str]]:
    """Return how many lines the names of colours take, and their shapes."""
    step, used = width / columns, 0
    drawn: list[str] = []
    named = [(fill, folded(name, step - 24)) for name, fill in fills.items()]
    for start in range(0, len(named), columns):
        row = named[start : start + columns]
        for number, (fill, lines) in enumerate(row):
            x, y = at[0] + step * number, at[1] + ROW * used
            drawn.append(rect(x, y - 10, 10, 10, fill))
            drawn += (text((x + 16, y + LABEL * n), said) for n, said in enumerate(lines))
        used += max(len(lines) for _, lines in row)
    return used, drawn


def lift(chart: Chart, width: int) -> Plot:
    """Draw bars to both sides of 1, on a logarithmic scale to base 2, with counts."""
    longest = max(width_of(bar.bar) for bar in chart.bars)
    labels = min(longest, width * (0.42 if width < WIDE else 0.36))
    low = min(-1.05, *(bar.value * 1.05 for bar in chart.bars))
    # Room at the right for the counts, and never so narrow that noise fills the width.
    high = max(1.25, *(bar.value * 1.25 for bar in chart.bars))
    left, right = labels + 10, width - RIGHT
    names = [folded(bar.bar, labels) for bar in chart.bars]
    tops = list(accumulate((22 + LABEL * (len(name) - 1) for name in names), initial=TOP))
    bottom = tops[-1]

    def x_of(power: float) -> float:
        return left + (power - low) / (high - low) * (right - left)

    shapes = [*_doublings(low, high, x_of(1) - x_of(0))]
    drawn = [line((x_of(n), TOP), (x_of(n), bottom)) for n in shapes]
    for y, name, bar in zip(tops, names, chart.bars, strict=False):
        start, end = sorted((x_of(0), x_of(bar.value)))
        fill = SERIES[0] if bar.value >= 0 else SERIES[1]
        drawn += [
            rect(start, y + 4, end - start, 14, fill),
            *(
                text((left - 6, y + 15 + LABEL * n), said, anchor="end")
                for n, said in enumerate(name)
            ),
            text((max(x_of(bar.value), x_of(0)) + 5, y + 15), str(bar.stories)),
        ]
    drawn += [
        text((x_of(n), bottom + SIZE + 4), _times(n), anchor="middle") for n in shapes
    ]
    title = (left + (right - left) / 2, bottom + SIZE + 4 + ROW)
    drawn.append(text(title, fitted(chart.series[0], width - 8), anchor="middle"))
    return bottom + 2 * ROW + 6, drawn


def _doublings(low: float, high: float, step: float) -> Iterator[int]:
    """Yield the whole powers between, those that have room where *step* pixels is one."""
    every = ceil(36 / step)
    return (n for n in range(ceil(low), floor(high) + 1) if n % every == 0)


def _times(power: int) -> str:
    return f"{2**power} ×" if power >= 0 else f"1/{2**-power} ×"


def crackdown(chart: Chart, width: int) -> Plot:
    """Draw a day's acts of one series above a line, of the other below it, and a legend."""
    high, low = (max((each * b.value for b in chart.bars), default=0) for each in (1, -1))
    step = ticks(max(high, low, 1), 3)[1]
    step = max(1, ceil(step))
    above, below = (ceil(max(most, 1) / step) * step for most in (high, low))
    frame = Frame(LEFT, width - RIGHT, TOP, TOP + 150, above + below)
    base, band = frame.y(below), frame.band(len(chart.positions))
    fills = dict(zip(chart.series, (SERIES[1], SERIES[2]), strict=True))
    shapes = []
    for n in range(-below, above + 1, step):
        y = frame.y(below + n)
        shapes.append(line((frame.left, y), (frame.right, y)))
        shapes.append(text((frame.left - 6, y + SIZE / 3), str(abs(n)), anchor="end"))
    for bar in chart.bars:
        x = frame.left + band * (chart.positions.index(bar.bar) + 0.1)
        top, end = sorted((base, frame.y(below + bar.value)))
        shapes.append(rect(x, top, band * 0.8, end - top, fills[bar.series]))
    shapes += places(chart.positions, frame.left, band, frame.bottom + SIZE + 6)
    legend_at = frame.bottom + 2 * ROW
    rows, legend = _legend(fills, 2, (LEFT, legend_at), width - LEFT - RIGHT)
    return legend_at + rows * ROW, (*shapes, *legend)
