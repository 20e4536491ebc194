"""Charts of bars and of lines.

Bars are shares that sum to one, lifts to both sides of one, and acts by day; lines are
firms compared within their uncertainty, and themes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from math import ceil, floor

from transforms.brief.model import Bar, Chart
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
    area,
    dot,
    fitted,
    folded,
    line,
    path,
    places,
    rect,
    text,
    ticks,
    width_of,
)
from transforms.words import NBSP

# Lines that can be told apart, by colour and by dashes where colours cannot be.
DASHES = ("", "7 3", "2 3", "10 3 2 3", "12 5", "4 2 1 2")
HUES = (0, 1, 4, 2, 3, 7)


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


def voice(chart: Chart, width: int) -> Plot:
    """Draw a line a series within its band of uncertainty, named at its last point."""
    most = width * (0.3 if width < WIDE else 0.28)
    labels = {name: _label(chart, name, most) for name in chart.series}
    room = max(width_of(line) for lines in labels.values() for line in lines)
    height = max(250, LABEL * sum(map(len, labels.values())) + 5 * len(labels))
    scale = ticks(max((bar.high or bar.value for bar in chart.bars), default=0), 5)
    frame = Frame(LEFT, width - room - 26, TOP, TOP + height, scale[-1])
    found = {(bar.series, bar.bar): bar for bar in chart.bars}
    # What lies over another stays as light, however many they are.
    veil = 0.36 / max(len(chart.series), 3)
    bands: list[str] = []
    lines: list[str] = []
    ends: dict[str, float] = {}
    for number, name in enumerate(chart.series):
        bars = [found.get((name, place)) for place in chart.positions]
        points = _points(frame, [bar.value if bar else None for bar in bars])
        stroke = SERIES[HUES[number % len(HUES)]]
        bands += _bands(frame, bars, stroke, veil)
        dashes = DASHES[number % len(DASHES)]
        lines.append(path(points, stroke=stroke, width=2, dashes=dashes))
        lines += (dot(point, 2.5, stroke) for point in points if point)
        known = [point for point in points if point]
        ends[name] = known[-1][1] if known else frame.bottom
    last = frame.right - frame.band(len(chart.positions)) / 2
    tops = _apart(
        {name: ends[name] for name in sorted(ends, key=ends.__getitem__)}, labels, frame
    )
    named = [
        each
        for number, name in enumerate(chart.series)
        for each in _named(
            labels[name], (last, ends[name]), (frame.right + 16, tops[name]), number
        )
    ]
    form = ".0%" if all(round(100 * n, 6) == round(100 * n) for n in scale) else ".1%"
    return (
        frame.bottom + ROW + 6,
        (
            *frame.grid(scale, form),
            *bands,
            *lines,
            *named,
            *places(
                chart.positions,
                frame.left,
                frame.band(len(chart.positions)),
                frame.bottom + SIZE + 6,
            ),
        ),
    )


def _label(chart: Chart, name: str, most: float) -> list[str]:
    """Return the name of a line and its last value, in as many lines as they take."""
    last = [
        bar for bar in chart.bars if bar.series == name and bar.bar == chart.positions[-1]
    ]
    value = f" {100 * last[0].value:.1f}{NBSP}%" if last else ""
    return folded(f"{name}{value}", most)


def _bands(
    frame: Frame, bars: Sequence[Bar | None], fill: str, veil: float
) -> Iterator[str]:
    """Yield the area between the ends of the intervals, for each run of weeks with one."""
    step = frame.band(len(bars))
    run: list[tuple[float, Bar]] = []
    for number, bar in enumerate([*bars, None]):
        if bar is not None and bar.low is not None and bar.high is not None:
            run.append((frame.left + step * (number + 0.5), bar))
            continue
        if run:
            above = [(x, frame.y(each.high or 0)) for x, each in run]
            below = [(x, frame.y(each.low or 0)) for x, each in reversed(run)]
            yield area([*above, *below], fill, veil)
        run = []


def _apart(
    ends: dict[str, float], labels: dict[str, list[str]], frame: Frame
) -> dict[str, float]:
    """Return where each label begins: near the end of its line, and none over another."""
    tops: dict[str, float] = {}
    free = frame.top
    for name, y in ends.items():
        tops[name] = max(free, y - LABEL * len(labels[name]) / 2)
        free = tops[name] + LABEL * len(labels[name]) + 3
    limit = frame.bottom
    for name in reversed(ends):
        tops[name] = min(tops[name], limit - LABEL * len(labels[name]))
        limit = tops[name] - 3
    return tops


def _named(lines: Sequence[str], end: Point, top: Point, number: int) -> Iterator[str]:
    """Yield a label, and the line to it from the last point of its series."""
    x, y = top
    stroke = SERIES[HUES[number % len(HUES)]]
    middle = y + LABEL * len(lines) / 2
    # Dashed as the series is: colours alone do not tell it to everybody.
    dashes = DASHES[number % len(DASHES)]
    yield path([end, (x - 4, middle)], stroke=stroke, width=1.5, dashes=dashes)
    for at, words in enumerate(lines):
        yield text((x, y + LABEL * (at + 1) - 4), words)


def themes(chart: Chart, width: int) -> Plot:
    """Draw a small line for each series, on the same weeks and one scale."""
    columns = 1 if width < WIDE else 2
    found = {(bar.series, bar.bar): bar.value for bar in chart.bars}
    step, height = width / columns, 66 + 3 * ROW
    scale = ticks(max((bar.value for bar in chart.bars), default=0), 3)
    shapes: list[str] = []
    for number, name in enumerate(chart.series):
        x, y = step * (number % columns), TOP + height * (number // columns)
        values = [found.get((name, week)) for week in chart.positions]
        frame = Frame(x + LEFT, x + step - RIGHT, y + ROW, y + ROW + 66, scale[-1])
        shapes += [
            text((x + LEFT, y + SIZE), fitted(name, step - LEFT - RIGHT)),
            *frame.grid(scale, "g"),
            *_line(frame, values),
            *places(
                chart.positions,
                frame.left,
                frame.band(len(values)),
                frame.bottom + SIZE + 6,
            ),
        ]
    return TOP + height * ceil(len(chart.series) / columns), shapes


def _line(frame: Frame, values: Sequence[float | None]) -> Iterator[str]:
    points = _points(frame, values)
    yield path(points, stroke=SERIES[0], width=1.5)
    yield from (dot(point, 2, SERIES[0]) for point in points if point)


def _points(frame: Frame, values: Sequence[float | None]) -> list[Point | None]:
    band = frame.band(len(values))
    return [
        None if value is None else (frame.left + band * (n + 0.5), frame.y(value))
        for n, value in enumerate(values)
    ]
