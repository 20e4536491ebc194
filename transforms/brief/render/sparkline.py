"""Sparklines: a month of counts as small bars, in the height of a line of text."""

from __future__ import annotations

from html import escape

from transforms.brief.model import Spark

STEP, GAP, HEIGHT = 4, 1, 22


def draw_spark(spark: Spark) -> str:
    """Return *spark* as SVG; the last day stands out, a day without stories is a dot."""
    if not spark.values:
        return ""
    high = max(*spark.values, 1)
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
