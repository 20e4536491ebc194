"""Charts of a brief as inline SVG of our own: no dependency, script or style sheet.

Colours are variables of the page, so that one drawing serves light, dark and print.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html import escape

from transforms.brief.model import Chart
from transforms.brief.render.bars import crackdown, lift, share
from transforms.brief.render.lanes import breadth, lanes
from transforms.brief.render.lines import themes, voice
from transforms.brief.render.shapes import NARROW, PAPER, WIDE

WIDTHS = {"wide": WIDE, "narrow": NARROW}
DRAW = {
    "share": share,
    "lift": lift,
    "themes": themes,
    "crackdown": crackdown,
    "voice": voice,
    "lanes": lanes,
}


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
