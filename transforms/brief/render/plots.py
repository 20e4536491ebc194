"""What each kind of chart looks like, in the terms of altair."""

from __future__ import annotations

from typing import Any

from transforms.brief.measures import FIRM
from transforms.brief.model import Bar, Chart
from transforms.brief.render.colors import GRID, INK, OTHER, SERIES, WIDE

FIRST_WIDE = "\u2e80"


def share(alt: Any, chart: Chart, width: int) -> Any:
    """Stacked bars, one a week, that sum to one."""
    narrow = width < WIDE
    order = {name: index for index, name in enumerate(chart.series)}
    rows = [
        {"week": b.bar, "group": b.series, "share": b.value, "order": order[b.series]}
        for b in chart.bars
    ]
    weeks = list(dict.fromkeys(bar.bar for bar in chart.bars))
    colors = [
        SERIES[index] if index < len(SERIES) - 1 else OTHER
        for index in range(len(chart.series))
    ]
    legend = alt.Legend(
        title=None, orient="bottom", columns=2 if narrow else 4, columnPadding=28
    )
    return (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar(width={"band": 0.86})
        .encode(
            x=alt.X("week:O", axis=_places(alt), sort=weeks),
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


def lift(alt: Any, chart: Chart, width: int) -> Any:
    """Bars to both sides of once, on a scale of doublings."""
    longest = max(_length(bar.bar) for bar in chart.bars)
    labels = min(longest, width * (0.42 if width < WIDE else 0.36))
    rows = [
        {"topic": b.bar, "times": 2**b.value, "stories": b.stories, "up": b.value >= 0}
        for b in chart.bars
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y(
            "topic:N",
            sort=[b.bar for b in chart.bars],
            axis=alt.Axis(title=None, domain=False, ticks=False, labelLimit=labels),
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
        scale=alt.Scale(domain=[True, False], range=[SERIES[0], SERIES[1]]),
    )
    bars = base.mark_bar(height={"band": 0.6}).encode(
        x=times, x2=alt.datum(1), color=colors
    )
    counts = base.mark_text(align="left", dx=5, color=INK).encode(
        x=alt.X("end:Q"), text="stories:Q"
    )
    counts = counts.transform_calculate(end="max(datum.times, 1)")
    return (bars + counts).properties(width=width * 0.9 - labels - 20, height={"step": 22})


def _length(label: str) -> float:
    # About the width in pixels of a text of 12: a Chinese character is a square.
    return sum(12.0 if char > FIRST_WIDE else 6.6 for char in label)


def _domain(chart: Chart) -> list[float]:
    # Room at the right for the counts, and never so narrow that noise fills the width.
    low, high = min(bar.value for bar in chart.bars), max(bar.value for bar in chart.bars)
    return [2 ** min(-1.05, low * 1.05), 2 ** max(1.25, high * 1.25)]


def themes(alt: Any, chart: Chart, width: int) -> Any:
    """A small line for each series, all along the same weeks, each of its own height."""
    narrow = width < WIDE
    found = {(bar.series, bar.bar): bar for bar in chart.bars}
    rows = [
        {"theme": name, "week": week, "value": _value(found.get((name, week)))}
        for name in chart.series
        for week in chart.positions
    ]
    return (
        alt.Chart(alt.InlineData(values=rows))
        .mark_line(point={"size": 14, "color": SERIES[0]}, color=SERIES[0], strokeWidth=1.5)
        .encode(
            x=alt.X("week:O", axis=_places(alt), sort=list(chart.positions)),
            y=alt.Y(
                "value:Q",
                scale=alt.Scale(domainMin=0, nice=True),
                # As wide for 0.5 as for 12, or the columns would not line up.
                axis=alt.Axis(title=None, tickCount=3, domain=False, minExtent=30),
            ),
        )
        .properties(width=width - 84 if narrow else (width - 130) / 2, height=66)
        .facet(
            facet=alt.Facet("theme:N", sort=list(chart.series), title=None),
            columns=1 if narrow else 2,
            spacing={"row": 12, "column": 34},
        )
        .resolve_scale(y="independent")
    )


def wording(alt: Any, chart: Chart, width: int) -> Any:
    """A line of shares with the count behind each point; points on few are grey."""
    found = {bar.bar: bar for bar in chart.bars}
    rows = [
        {
            "month": month,
            "share": _value(found.get(month)),
            "count": found[month].stories if month in found else 0,
            "few": month in found and found[month].stories < FIRM,
        }
        for month in chart.positions
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("month:O", axis=_places(alt), sort=list(chart.positions)),
        y=alt.Y(
            "share:Q",
            scale=alt.Scale(domain=[0, 1]),
            axis=alt.Axis(title=None, format="%", tickCount=5),
        ),
    )
    colors = alt.Color(
        "few:N",
        legend=None,
        scale=alt.Scale(domain=[False, True], range=[SERIES[0], OTHER]),
    )
    line = base.mark_line(color=GRID, strokeWidth=2)
    points = base.mark_point(filled=True, opacity=1, size=60).encode(color=colors)
    counts = base.mark_text(dy=-12, color=INK).encode(text="count:Q")
    counts = counts.transform_filter("datum.share !== null")
    return (line + points + counts).properties(width=width - 84, height=170)


def crackdown(alt: Any, chart: Chart, width: int) -> Any:
    """Stories a day as bars; a mark over each day with an event, a count over several."""
    found = {bar.bar: bar for bar in chart.bars}
    rows = [
        {
            "day": day,
            "stories": found[day].stories if day in found else None,
            "events": found[day].value if day in found else 0,
        }
        for day in chart.positions
    ]
    high = max(bar.stories for bar in chart.bars)
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("day:O", axis=_places(alt), sort=list(chart.positions)),
        y=alt.Y(
            "stories:Q",
            scale=alt.Scale(domain=[0, high * 1.25]),
            axis=alt.Axis(title=None, tickMinStep=1, tickCount=4, format="d"),
        ),
    )
    bars = base.mark_bar(width={"band": 0.8}, color=OTHER)
    marked = base.transform_filter("datum.events > 0")
    ticks = marked.mark_point(
        shape="triangle-down", filled=True, opacity=1, size=34, color=SERIES[1], dy=-6
    ).encode(yOffset=alt.value(-6))
    several = base.transform_filter("datum.events > 1")
    counts = several.mark_text(dy=-17, color=INK).encode(text="events:Q")
    return (bars + ticks + counts).properties(width=width - 84, height=150)


def _value(bar: Bar | None) -> float | None:
    return None if bar is None else bar.value


def _places(alt: Any) -> Any:
    return alt.Axis(
        title=None,
        labelAngle=0,
        # Every second, fourth, eighth: what was left out can be counted.
        labelOverlap="parity",
        labelSeparation=14,
        labelPadding=6,
        domain=False,
        ticks=False,
    )
