"""SVG shapes of charts and sparklines: colours, text, scales, the frame around a plot."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10
from typing import Literal

from transforms.brief.model import Bar, Spark

INK, GRID = "var(--ink)", "var(--grid)"
SERIES = tuple(f"var(--series-{number})" for number in range(9))
OTHER = SERIES[8]
# Where there is no style sheet, as in a mail: the colours of a page by day.
_DAY = (
    "#2f6db3", "#d9722c", "#3f9464", "#b5476b", "#7a5cb0",
    "#b8951f", "#3a9aa8", "#8c5a3c", "#94979b",
)  # fmt: skip
PAPER = {
    INK: "#1c1e21",
    GRID: "#dcdcd6",
    **dict(zip(SERIES, _DAY, strict=True)),
}
PRINTED = PAPER[SERIES[0]]
SIZE = 12
# Chinese characters are squares; of other letters the mean width at this size.
_LETTER = 6.6
_FIRST_WIDE = "\u2e80"
_FONT = "system-ui, sans-serif"
Point = tuple[float, float]
# A word with the spaces behind it, or a character of a script without them.
_PIECE = re.compile("[\u2e80-\uffef]\\s*|[^\\s\u2e80-\uffef]+\\s*|\\s+")
STEP, GAP, HEIGHT = 4, 1, 22
# A wide drawing for a page, a narrow one for a phone: scaled down, text would be too small.
WIDE, NARROW = 700, 340
LEFT, RIGHT, TOP = 44, 12, 10
# Of a line of labels or of a legend, and of a line within a label.
ROW, LABEL = 20, 15
PERCENTS = (0, 0.25, 0.5, 0.75, 1)
# Height of a drawing in pixels, and its SVG elements.
Plot = tuple[float, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Frame:
    """Plot area in pixels, with the maximum of its scale."""

    left: float
    right: float
    top: float
    bottom: float
    high: float = 1

    def y(self, value: float) -> float:
        """Return how far down a value of the scale stands."""
        return self.bottom - value / (self.high or 1) * (self.bottom - self.top)

    def band(self, count: int) -> float:
        """Return the width of one of *count* places side by side."""
        return (self.right - self.left) / max(count, 1)

    def grid(self, values: Sequence[float], form: str) -> Iterator[str]:
        """Yield a line for each value, with the value beside it."""
        for value in values:
            y = self.y(value)
            yield line((self.left, y), (self.right, y))
            at = (self.left - 6, y + SIZE / 3)
            yield text(at, format(value, form), anchor="end")


def rect(x: float, y: float, width: float, height: float, fill: str) -> str:
    """Return a filled rectangle; lengths are in pixels."""
    return (
        f'<rect x="{x:.4g}" y="{y:.4g}" width="{max(width, 0):.4g}" '
        f'height="{max(height, 0):.4g}" fill="{fill}"/>'
    )


def line(start: Point, end: Point, *, stroke: str = GRID, width: float = 1) -> str:
    """Return a straight line."""
    (x1, y1), (x2, y2) = start, end
    return (
        f'<line x1="{x1:.4g}" y1="{y1:.4g}" x2="{x2:.4g}" y2="{y2:.4g}" '
        f'stroke="{stroke}" stroke-width="{width:g}"/>'
    )


def path(
    points: Sequence[Point | None], *, stroke: str, width: float, dashes: str = ""
) -> str:
    """Return a line through *points*, interrupted at None."""
    moves, is_down = [], False
    for point in points:
        if point is not None:
            moves.append(f"{'L' if is_down else 'M'}{point[0]:.4g} {point[1]:.4g}")
        is_down = point is not None
    way = "".join(moves)
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<path d="{way}" fill="none" stroke="{stroke}" stroke-width="{width:g}"{dashed}/>'
    )


def area(corners: Sequence[Point], fill: str, opacity: float) -> str:
    """Return a faint area, through which what lies behind it can be seen."""
    around = " ".join(f"{x:.4g},{y:.4g}" for x, y in corners)
    return f'<polygon points="{around}" fill="{fill}" fill-opacity="{opacity:g}"/>'


def dot(at: Point, radius: float, fill: str) -> str:
    """Return a filled circle."""
    return f'<circle cx="{at[0]:.4g}" cy="{at[1]:.4g}" r="{radius:g}" fill="{fill}"/>'


def text(
    at: Point, words: str, *, anchor: Literal["start", "middle", "end"] = "start"
) -> str:
    """Return *words*, escaped, with their baseline at a point."""
    return (
        f'<text x="{at[0]:.4g}" y="{at[1]:.4g}" text-anchor="{anchor}" fill="{INK}" '
        f'font-family="{_FONT}" font-size="{SIZE}">{escape(words)}</text>'
    )


def opening(bar: Bar, corner: Point, size: Point, mark: str) -> str:
    """Return *mark* as the link of a *bar*, which a rectangle around it opens too.

    Keys pass it by: the page has its number, with the same link, in words too.
    """
    (x, y), (width, height), name = corner, size, escape(bar.label)
    # A story that is opened is itself, and no list that says its total.
    number = f' data-n="{bar.stories}"' if "?" in bar.href else ""
    return (
        f'<a href="{escape(bar.href)}" tabindex="-1" aria-label="{name}"{number}>'
        f'<title>{name}</title><rect class="hit" x="{x:.4g}" y="{y:.4g}" '
        f'width="{width:.4g}" height="{height:.4g}" fill="none"/>{mark}</a>'
    )


def width_of(words: str) -> float:
    """Return the approximate width of *words* in pixels."""
    return sum(SIZE if char > _FIRST_WIDE else _LETTER for char in words)


def folded(words: str, most: float) -> list[str]:
    """Return *words* in lines of *most* pixels, broken at spaces and between characters."""
    lines = [""]
    for piece in _PIECE.findall(words):
        if lines[-1] and width_of(lines[-1] + piece.rstrip()) > most:
            lines.append("")
        lines[-1] += piece
    return [each.strip() for each in lines]


def fitted(words: str, most: float) -> str:
    """Return *words*, cut with an ellipsis beyond *most* pixels."""
    if width_of(words) <= most:
        return words
    while words and width_of(words) + SIZE > most:
        words = words[:-1]
    return f"{words.rstrip()}…"


def ticks(high: float, most: int) -> list[float]:
    """Return round numbers from 0 to *high* or just above, in at most *most* steps."""
    raw = high / most if high > 0 else 1.0
    unit = 10.0 ** floor(log10(raw))
    step = next(unit * times for times in (1, 2, 5, 10) if unit * times >= raw - 1e-9)
    return [number * step for number in range(ceil(high / step - 1e-9) + 1)]


def places(labels: Sequence[str], left: float, band: float, y: float) -> Iterator[str]:
    """Yield labels under bands; if they would overlap, every second, fourth or eighth.

    Hidden labels follow from the regular step.
    """
    widest = max(map(width_of, labels), default=0) + SIZE
    every = 1
    while band * every < widest and every < len(labels):
        every *= 2
    for number, label in enumerate(labels):
        if number % every == 0:
            # The first is not cut off at the left.
            x = max(left + band * (number + 0.5), width_of(label) / 2)
            yield text((x, y), label, anchor="middle")


def draw_spark(spark: Spark, high: int) -> str:
    """Return *spark* as SVG, on a scale up to *high*.

    The last day stands out, a day without stories is a dot.
    """
    if not spark.values:
        return ""
    high = max(high, 1)
    width = STEP * len(spark.values)
    label = escape(spark.label)
    bars = "".join(
        _bar(index, value / high, last=index == len(spark.values) - 1)
        for index, value in enumerate(spark.values)
    )
    return (
        f'<svg class="spark" role="img" aria-label="{label}" width="{width}" '
        f'height="{HEIGHT}" viewBox="0 0 {width} {HEIGHT}">'
        f"<title>{label}</title>{bars}</svg>"
    )


def _bar(index: int, part: float, *, last: bool) -> str:
    height = max(1.0, round(part * (HEIGHT - 1), 1))
    mark = ' class="last"' if last else ""
    return (
        f'<rect{mark} x="{index * STEP}" y="{HEIGHT - height:g}" '
        f'width="{STEP - GAP}" height="{height:g}"/>'
    )
