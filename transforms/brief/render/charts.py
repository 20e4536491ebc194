"""Charts of a brief as inline SVG of our own: no dependency, script or style sheet.

Colours are variables of the page, so that one drawing serves light, dark and print.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor

from transforms.brief.model import Bar, Chart
from transforms.brief.render.shapes import (
    GRID,
    OTHER,
    PAPER,
    SERIES,
    SIZE,
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
from transforms.brief.tables import FIRM
from transforms.words import NBSP

# Lines that can be told apart, by colour and by dashes where colours cannot be.
DASHES = ("", "7 3", "2 3", "10 3 2 3", "12 5", "4 2 1 2")
HUES = (0, 1, 4, 2, 3, 7)
LABEL = 15  # pixels of a line of a label
# A wide drawing for a page, a narrow one for a phone: scaled down, text would be too small.
WIDE, NARROW = 700, 340
LEFT, RIGHT, TOP = 44, 12, 10
# Of a line of labels or of a legend.
ROW = 20
PERCENTS = (0, 0.25, 0.5, 0.75, 1)
WIDTHS = {"wide": WIDE, "narrow": NARROW}


# Height of a drawing in pixels, and its SVG elements.
Plot = tuple[float, Sequence[str]]


@dataclass(frozen=True, slots=True)
class _Frame:
    """Plot area in pixels, with the maximum of its scale."""

    left: float
    right: float
    top: float
    bottom: float
    high: float = 1

    def y(self, value: float) -> float:
        return self.bottom - value / (self.high or 1) * (self.bottom - self.top)

    def band(self, count: int) -> float:
        return (self.right - self.left) / max(count, 1)

    def grid(self, values: Sequence[float], form: str) -> Iterator[str]:
        for value in values:
            y = self.y(value)
            yield line((self.left, y), (self.right, y))
            at = (self.left - 6, y + SIZE / 3)
            yield text(at, format(value, form), anchor="end")


def share(chart: Chart, width: int) -> Plot:
    """Draw stacked bars, one a week, that sum to one, above a legend."""
    frame = _Frame(LEFT, width - RIGHT, TOP, TOP + 260)
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
    rows = ceil(len(chart.series) / columns)
    return (
        legend_at + rows * ROW,
        (
            *frame.grid(PERCENTS, ".0%"),
            *bars,
            *places(weeks, frame.left, band, frame.bottom + SIZE + 6),
            *_legend(fills, columns, (LEFT, legend_at), width - LEFT - RIGHT),
        ),
    )


def _legend(fills: dict[str, str], columns: int, at: Point, width: float) -> Iterator[str]:
    step = width / columns
    for number, (name, fill) in enumerate(fills.items()):
        x = at[0] + step * (number % columns)
        y = at[1] + ROW * (number // columns)
        yield rect(x, y - 10, 10, 10, fill)
        yield text((x + 16, y), fitted(name, step - 24))


def lift(chart: Chart, width: int) -> Plot:
    """Draw bars to both sides of 1, on a logarithmic scale to base 2, with counts."""
    longest = max(width_of(bar.bar) for bar in chart.bars)
    labels = min(longest, width * (0.42 if width < WIDE else 0.36))
    low = min(-1.05, *(bar.value * 1.05 for bar in chart.bars))
    # Room at the right for the counts, and never so narrow that noise fills the width.
    high = max(1.25, *(bar.value * 1.25 for bar in chart.bars))
    left, right = labels + 10, width - RIGHT
    bottom = TOP + 22 * len(chart.bars)

    def x_of(power: float) -> float:
        return left + (power - low) / (high - low) * (right - left)

    shapes = [*_doublings(low, high, x_of(1) - x_of(0))]
    drawn = [line((x_of(n), TOP), (x_of(n), bottom)) for n in shapes]
    for number, bar in enumerate(chart.bars):
        y = TOP + 22 * number
        start, end = sorted((x_of(0), x_of(bar.value)))
        fill = SERIES[0] if bar.value >= 0 else SERIES[1]
        drawn += [
            rect(start, y + 4, end - start, 14, fill),
            text((left - 6, y + 15), fitted(bar.bar, labels), anchor="end"),
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
        frame = _Frame(x + LEFT, x + step - RIGHT, y + ROW, y + ROW + 66, scale[-1])
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


def _line(frame: _Frame, values: Sequence[float | None]) -> Iterator[str]:
    points = _points(frame, values)
    yield path(points, stroke=SERIES[0], width=1.5)
    yield from (dot(point, 2, SERIES[0]) for point in points if point)


def _points(frame: _Frame, values: Sequence[float | None]) -> list[Point | None]:
    band = frame.band(len(values))
    return [
        None if value is None else (frame.left + band * (n + 0.5), frame.y(value))
        for n, value in enumerate(values)
    ]


def voice(chart: Chart, width: int) -> Plot:
    """Draw a line a series within its band of uncertainty, named at its last point."""
    most = width * (0.3 if width < WIDE else 0.28)
    labels = {name: _label(chart, name, most) for name in chart.series}
    room = max(width_of(line) for lines in labels.values() for line in lines)
    height = max(250, LABEL * sum(map(len, labels.values())) + 5 * len(labels))
    scale = ticks(max((bar.high or bar.value for bar in chart.bars), default=0), 5)
    frame = _Frame(LEFT, width - room - 26, TOP, TOP + height, scale[-1])
    found = {(bar.series, bar.bar): bar for bar in chart.bars}
    bands: list[str] = []
    lines: list[str] = []
    ends: dict[str, float] = {}
    for number, name in enumerate(chart.series):
        bars = [found.get((name, place)) for place in chart.positions]
        points = _points(frame, [bar.value if bar else None for bar in bars])
        stroke = SERIES[HUES[number % len(HUES)]]
        bands += _bands(frame, bars, stroke)
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


def _bands(frame: _Frame, bars: Sequence[Bar | None], fill: str) -> Iterator[str]:
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
            yield area([*above, *below], fill)
        run = []


def _apart(
    ends: dict[str, float], labels: dict[str, list[str]], frame: _Frame
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
    yield line(end, (x - 4, middle), stroke=stroke, width=0.75)
    for at, words in enumerate(lines):
        yield text((x, y + LABEL * (at + 1) - 4), words)


def wording(chart: Chart, width: int) -> Plot:
    """Draw a line of shares with the count of each point; small counts are grey."""
    found = {bar.bar: bar for bar in chart.bars}
    frame = _Frame(LEFT, width - RIGHT, TOP + ROW, TOP + ROW + 170)
    bars = [found.get(month) for month in chart.positions]
    points = _points(frame, [bar.value if bar else None for bar in bars])
    shapes = [*frame.grid(PERCENTS, ".0%"), path(points, stroke=GRID, width=2)]
    for bar, point in zip(bars, points, strict=True):
        if bar and point:
            shapes.append(dot(point, 4, OTHER if bar.stories < FIRM else SERIES[0]))
            at = (point[0], point[1] - 9)
            shapes.append(text(at, str(bar.stories), anchor="middle"))
    shapes += places(
        chart.positions, frame.left, frame.band(len(bars)), frame.bottom + SIZE + 6
    )
    return frame.bottom + ROW + 6, shapes


def crackdown(chart: Chart, width: int) -> Plot:
    """Draw daily stories as bars; a mark shows an event, a number several."""
    found = {bar.bar: bar for bar in chart.bars}
    scale = [n for n in ticks(max(bar.stories for bar in chart.bars), 4) if n == int(n)]
    frame = _Frame(LEFT, width - RIGHT, TOP + 2 * ROW, TOP + 2 * ROW + 130, scale[-1])
    band = frame.band(len(chart.positions))
    shapes = list(frame.grid(scale, "g"))
    for number, day in enumerate(chart.positions):
        if bar := found.get(day):
            shapes += _day(bar, frame.left + band * number, band, frame)
    shapes += places(chart.positions, frame.left, band, frame.bottom + SIZE + 6)
    return frame.bottom + ROW + 6, shapes


def _day(bar: Bar, x: float, band: float, frame: _Frame) -> Iterator[str]:
    top = frame.y(bar.stories)
    yield rect(x + band * 0.1, top, band * 0.8, frame.bottom - top, OTHER)
    middle = x + band / 2
    if bar.value > 0:
        corners = f"{middle - 4:.4g},{top - 10:.4g} {middle + 4:.4g},{top - 10:.4g}"
        yield f'<polygon points="{corners} {middle:.4g},{top - 3:.4g}" fill="{SERIES[1]}"/>'
    if bar.value > 1:
        yield text((middle, top - 14), f"{bar.value:g}", anchor="middle")


DRAW = {
    "share": share,
    "lift": lift,
    "themes": themes,
    "wording": wording,
    "crackdown": crackdown,
    "voice": voice,
}


def draw_charts(chart: Chart, name: str) -> Iterator[str]:
    """Yield *chart* as one SVG per width; *name* keeps their ids distinct."""
    for size, width in WIDTHS.items():
        yield _svg(chart, f"{name}-{size}", size, width)


def draw_alone(chart: Chart) -> str:
    """Return *chart* as a document of its own, on white and in the colours of print."""
    drawn = _svg(chart, "chart", "wide", WIDE)
    for variable, colour in PAPER.items():
        drawn = drawn.replace(variable, colour)
    ground = '</desc><rect width="100%" height="100%" fill="#fff"/>'
    named = drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return named.replace("</desc>", ground, 1)


def _svg(chart: Chart, ident: str, size: str, width: int) -> str:
    height, shapes = DRAW[chart.kind](chart, width)
    # The drawing is one picture with one description: its parts have no roles or names.
    return (
        f'<svg class="chart {size}" role="img" aria-labelledby="{ident}-t {ident}-d" '
        f'width="{width}" height="{height:g}" viewBox="0 0 {width} {height:g}">'
        f'<title id="{ident}-t">{escape(chart.title)}</title>'
        f'<desc id="{ident}-d">{escape(chart.alt)}</desc>{"".join(shapes)}</svg>'
    )
