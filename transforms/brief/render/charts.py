"""Charts of a brief as inline SVG of our own: nothing to install, no script, no style.

Colours are variables of the page, so that one drawing serves light, dark and print.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from transforms.brief.model import Chart
from transforms.brief.render import plots
from transforms.brief.render.plots import NARROW, WIDE

WIDTHS = {"wide": WIDE, "narrow": NARROW}
DRAW = {
    "share": plots.share,
    "lift": plots.lift,
    "themes": plots.themes,
    "wording": plots.wording,
    "crackdown": plots.crackdown,
}


def draw_charts(chart: Chart, name: str) -> Iterator[str]:
    """Yield *chart* as one SVG per width; *name* keeps their ids apart."""
    for size, width in WIDTHS.items():
        yield _svg(chart, f"{name}-{size}", size, width)


def _svg(chart: Chart, ident: str, size: str, width: int) -> str:
    plot = DRAW[chart.kind](chart, width)
    # The drawing is one picture with one description: its parts have no roles or names.
    return (
        f'<svg class="chart {size}" role="img" aria-labelledby="{ident}-t {ident}-d" '
        f'width="{width}" height="{plot.height:g}" viewBox="0 0 {width} {plot.height:g}">'
        f'<title id="{ident}-t">{escape(chart.title)}</title>'
        f'<desc id="{ident}-d">{escape(chart.alt)}</desc>{"".join(plot.shapes)}</svg>'
    )
