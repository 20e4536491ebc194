"""Charts as inline SVG: specified with altair, drawn by vl-convert, no browser needed.

Colours are left to the page: the drawing is made in marker colours, which then
become CSS variables, so that one SVG serves light, dark and print.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import Any

from transforms.brief.model import Chart

# A wide one for a page, a narrow one for a phone: scaled down, text would be too small.
WIDTHS = {"wide": 620, "narrow": 300}
_INK, _GRID = "#010203", "#010204"
_MARKERS = {_INK: "var(--ink)", _GRID: "var(--grid)"} | {
    f"#0a0b{n:02x}": f"var(--series-{n})" for n in range(9)
}
_SERIES = [color for color in _MARKERS if color.startswith("#0a0b")]
_OTHER = _SERIES[8]
_FONT = "system-ui, sans-serif"
_SVG_TAG = re.compile(r"<svg [^>]*?(?P<box>viewBox=\"[^\"]*\")[^>]*>")


def draw_charts(chart: Chart, name: str) -> Iterator[str]:
    """Yield *chart* as one SVG per width; *name* keeps their ids apart."""
    for size, width in WIDTHS.items():
        yield _finish(_svg(chart, width), chart, f"{name}-{size}", size)


def _svg(chart: Chart, width: int) -> str:
    # Both cost a second to import, and only a brief in HTML needs them.
    import altair as alt  # noqa: PLC0415
    import vl_convert  # noqa: PLC0415

    draw = {"share": _share, "lift": _lift}[chart.kind]
    spec = draw(alt, chart, width).configure(**_config(width)).to_dict()
    return str(vl_convert.vegalite_to_svg(spec))


def _share(alt: Any, chart: Chart, width: int) -> Any:
    narrow = width < WIDTHS["wide"]
    order = {name: index for index, name in enumerate(chart.series)}
    rows = [
        {"week": b.bar, "group": b.series, "share": b.value, "order": order[b.series]}
        for b in chart.bars
    ]
    weeks = list(dict.fromkeys(bar.bar for bar in chart.bars))
    colors = [
        _SERIES[index] if index < len(_SERIES) - 1 else _OTHER
        for index in range(len(chart.series))
    ]
    axis = alt.Axis(
        title=None,
        labelAngle=0,
        labelOverlap="greedy",
        labelSeparation=14,
        domain=False,
        ticks=False,
    )
    legend = alt.Legend(
        title=None, orient="bottom", columns=2 if narrow else 4, columnPadding=28
    )
    return (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar(width={"band": 0.86})
        .encode(
            x=alt.X("week:O", axis=axis, sort=weeks),
            y=alt.Y(
                "share:Q",
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(title=None, format="%", tickCount=5),
            ),
            color=alt.Color(
                "group:N",
                scale=alt.Scale(domain=list(chart.series), range=colors),
                legend=legend,
            ),
            order=alt.Order("order:Q"),
        )
        .properties(width=width - 84, height=260)
    )


def _lift(alt: Any, chart: Chart, width: int) -> Any:
    rows = [
        {"topic": b.bar, "times": 2**b.value, "stories": b.stories, "up": b.value >= 0}
        for b in chart.bars
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y(
            "topic:N",
            sort=[b.bar for b in chart.bars],
            axis=alt.Axis(title=None, domain=False, ticks=False, labelLimit=width * 0.35),
        )
    )
    times = alt.X(
        "times:Q",
        scale=alt.Scale(type="log", base=2, domain=_domain(chart), nice=False),
        axis=alt.Axis(
            title=chart.series[0],
            values=[2**power for power in range(-6, 7)],
            labelExpr="(datum.value < 1 ? '1/' + 1 / datum.value : datum.value) + ' ×'",
        ),
    )
    colors = alt.Color(
        "up:N",
        legend=None,
        scale=alt.Scale(domain=[True, False], range=[_SERIES[0], _SERIES[1]]),
    )
    bars = base.mark_bar(height={"band": 0.6}).encode(
        x=times, x2=alt.datum(1), color=colors
    )
    counts = base.mark_text(align="left", dx=5, color=_INK).encode(
        x=alt.X("end:Q"), text="stories:Q"
    )
    counts = counts.transform_calculate(end="max(datum.times, 1)")
    return (bars + counts).properties(width=width * 0.62 - 30, height={"step": 22})


def _domain(chart: Chart) -> list[float]:
    # Room at the right for the counts, and never so narrow that noise fills the width.
    low, high = min(bar.value for bar in chart.bars), max(bar.value for bar in chart.bars)
    return [2 ** min(-1.05, low * 1.05), 2 ** max(1.25, high * 1.25)]


def _config(width: int) -> dict[str, Any]:
    text = {"labelColor": _INK, "titleColor": _INK, "labelFont": _FONT, "titleFont": _FONT}
    size = {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"}
    return {
        "background": "transparent",
        "aria": False,
        # Measured in one font and shown in another: room for wider letters.
        "padding": {"left": 0.07 * width, "right": 12, "top": 6, "bottom": 4},
        "font": _FONT,
        "view": {"stroke": None},
        "axis": text | size | {"gridColor": _GRID, "tickColor": _GRID},
        "legend": text | size | {"symbolType": "square"},
        "text": {"font": _FONT, "fontSize": 12},
    }


def _finish(svg: str, chart: Chart, ident: str, size: str) -> str:
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{ident}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{ident}-\1)", svg)
    for marker, color in _MARKERS.items():
        svg = re.sub(rf'"{marker}"', f'"{color}"', svg, flags=re.IGNORECASE)
    title, alt = escape(chart.title), escape(chart.alt)
    head = (
        rf'<svg class="chart {size}" role="img" aria-labelledby="{ident}-t {ident}-d" '
        rf'\g<box>><title id="{ident}-t">{_literal(title)}</title>'
        rf'<desc id="{ident}-d">{_literal(alt)}</desc>'
    )
    return _SVG_TAG.sub(head, svg, count=1)


def _literal(text: str) -> str:
    return text.replace("\\", r"\\")
