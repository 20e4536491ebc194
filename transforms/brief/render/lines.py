"""Charts of lines: firms compared within their uncertainty and themes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil

from transforms.brief.model import Bar, Chart
from transforms.brief.render.shapes import (
    LABEL,
    LEFT,
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
    path,
    places,
    text,
    ticks,
    width_of,
)
from transforms.words import NBSP

# Lines that can be told apart, by colour and by dashes where colours cannot be.
DASHES = ("", "7 3", "2 3", "10 3 2 3", "12 5", "4 2 1 2")
HUES = (0, 1, 4, 2, 3, 7)


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
