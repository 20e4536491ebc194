"""Charts as inline SVG: specified with altair, drawn by vl-convert, no browser needed.

Colours are left to the page: the drawing is made in marker colours, which then
become CSS variables, so that one SVG serves light, dark and print.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape
from typing import Any

from transforms.brief.model import Chart
from transforms.brief.render import plots
from transforms.brief.render.colors import GRID, INK, MARKERS, NARROW, PRINTED, WIDE

WIDTHS = {"wide": WIDE, "narrow": NARROW}
DRAW = {
    "share": plots.share,
    "lift": plots.lift,
    "themes": plots.themes,
    "wording": plots.wording,
    "crackdown": plots.crackdown,
}
_FONT = "system-ui, sans-serif"
_SVG_TAG = re.compile(
    r"<svg [^<>]*?(?P<box>viewBox=\"0 0 (?P<width>[\d.]+) (?P<height>[\d.]+)\")[^<>]*>"
)


def draw_charts(chart: Chart, name: str) -> Iterator[str]:
    """Yield *chart* as one SVG per width; *name* keeps their ids apart."""
    for size, width in WIDTHS.items():
        yield _finish(_svg(chart, width), chart, f"{name}-{size}", size)


def draw_picture(chart: Chart) -> bytes:
    """Return *chart* as a PNG in the colours of the page by day, for mail programs."""
    import vl_convert  # noqa: PLC0415  as below

    text = json.dumps(_spec(chart, WIDE) | {"background": "white"})
    for marker, color in PRINTED.items():
        text = re.sub(rf'"{marker}"', f'"{color}"', text, flags=re.IGNORECASE)
    return bytes(vl_convert.vegalite_to_png(text))


def _svg(chart: Chart, width: int) -> str:
    # It costs a second to import, and only a brief in HTML needs it.
    import vl_convert  # noqa: PLC0415

    return str(vl_convert.vegalite_to_svg(_spec(chart, width)))


def _spec(chart: Chart, width: int) -> dict[str, Any]:
    import altair as alt  # noqa: PLC0415  it takes a second, too

    drawn = DRAW[chart.kind](alt, chart, width).configure(**_config(width))
    return dict(drawn.to_dict())


def _config(width: int) -> dict[str, Any]:
    text = {"labelColor": INK, "titleColor": INK, "labelFont": _FONT, "titleFont": _FONT}
    size = {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"}
    return {
        "background": "transparent",
        "aria": False,
        # Measured in one font and shown in another: room for wider letters.
        "padding": {"left": 0.07 * width, "right": 12, "top": 6, "bottom": 4},
        "font": _FONT,
        "view": {"stroke": None},
        "axis": text | size | {"gridColor": GRID, "tickColor": GRID},
        "header": text | size | {"labelAnchor": "start", "labelPadding": 4},
        "legend": text | size | {"symbolType": "square"},
        "text": {"font": _FONT, "fontSize": 12},
    }


def _finish(svg: str, chart: Chart, ident: str, size: str) -> str:
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{ident}-\1"', svg)
    # The drawing is one picture with one description: its parts have no roles or names.
    svg = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", svg)
    svg = re.sub(r"url\(#([^()]+)\)", rf"url(#{ident}-\1)", svg)
    for marker, color in MARKERS.items():
        svg = re.sub(rf'"{marker}"', f'"{color}"', svg, flags=re.IGNORECASE)
    title, alt = escape(chart.title), escape(chart.alt)
    head = (
        rf'<svg class="chart {size}" role="img" aria-labelledby="{ident}-t {ident}-d" '
        r'width="\g<width>" height="\g<height>" \g<box>>'
        rf'<title id="{ident}-t">{_literal(title)}</title>'
        rf'<desc id="{ident}-d">{_literal(alt)}</desc>'
    )
    return _SVG_TAG.sub(head, svg, count=1)


def _literal(text: str) -> str:
    return text.replace("\\", r"\\")
