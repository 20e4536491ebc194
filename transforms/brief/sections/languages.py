"""The sections on who tells it: in which language, who first, how fast it goes round."""

from __future__ import annotations

from math import log2

from transforms.brief.desk import Desk
from transforms.brief.measures import MIN_PERCENT, percent, span
from transforms.brief.model import Bar, Chart, Line, Section, Table, Text
from transforms.brief.opening import headline, publishers
from transforms.brief.values import Row, number, whole

MIN_TOLD = 20  # stories; below, one language by itself is no wonder
MIN_SIDE = 5  # stories in either language; a ratio over fewer swings with each of them
SIDE = 8  # bars at either end
LEAGUE = 10
STORIES = 8
# Half a story on each side, so that none against twenty is not infinite.
HALF = 0.5


def languages(desk: Desk) -> Section:
    """Groups covered more in one language than in the other, by their share of each."""
    rows = [
        row
        for row in desk.rows("languages")
        if whole(row.get("en")) + whole(row.get("zh")) >= MIN_TOLD
        and min(whole(row.get("en")), whole(row.get("zh"))) >= MIN_SIDE
        and min(whole(row.get("all_en")), whole(row.get("all_zh"))) >= MIN_PERCENT
    ]
    rows.sort(key=lambda row: -_ratio(row))
    table = Table(
        desk.word("caption.languages"),
        desk.columns("company", "#en", "#zh", "#ratio"),
        tuple(_told_row(desk, row) for row in rows),
    )
    return Section(
        key="languages",
        title=desk.word("section.languages"),
        blocks=(_ratio_chart(desk, rows), desk.folded(table, show=6)) if rows else (),
        notes=(desk.line("languages.few"),) if rows else (),
        queries=desk.queries("languages"),
    )


def _ratio(row: Row) -> float:
    """Return the share of the English stories over that of the Chinese, in doublings."""
    return log2(
        (number(row.get("en")) + HALF)
        / number(row.get("all_en"))
        * number(row.get("all_zh"))
        / (number(row.get("zh")) + HALF)
    )


def _told_row(desk: Desk, row: Row) -> tuple[Line, ...]:
    return (
        (Text(desk.name(row), style="strong"),),
        (Text(f"{whole(row.get('en')):,}"),),
        (Text(f"{whole(row.get('zh')):,}"),),
        (Text(f"{2 ** _ratio(row):.2f} ×"),),
    )


def _ratio_chart(desk: Desk, rows: list[Row]) -> Chart:
    shown = rows if len(rows) <= 2 * SIDE else [*rows[:SIDE], *rows[-SIDE:]]
    bars = tuple(
        Bar(
            desk.name(row),
            "",
            _ratio(row),
            whole(row.get("en")) + whole(row.get("zh")),
        )
        for row in shown
    )
    ends = [f"{bar.bar} {2**bar.value:.2f} ×" for bar in (bars[0], bars[-1])]
    return Chart(
        kind="lift",
        title=desk.word("chart.languages"),
        alt=desk.word("chart.languages.alt", highest=ends[0], lowest=ends[1]),
        bars=bars,
        series=(desk.word("chart.languages.axis"),),
    )


def first_reporters(desk: Desk) -> Section:
    """Who is first on stories that others tell too, and how fast those go round."""
    tables = (_league(desk), _spread(desk))
    return Section(
        key="firsts",
        title=desk.word("section.firsts"),
        blocks=tuple(table for table in tables if table.rows),
        queries=desk.queries("firsts", "spread"),
    )


def _league(desk: Desk) -> Table:
    rows = [row for row in desk.rows("firsts") if whole(row.get("shared")) >= MIN_PERCENT]
    # By what is sure: three firsts of three are no better than thirty of forty.
    rows.sort(key=lambda row: -number(row.get("low")))
    table = Table(
        desk.word("caption.firsts"),
        desk.columns(
            "outlet",
            "#stories",
            "#alone",
            "#shared",
            "#firsts",
            "#first.share",
            "#interval",
            "#behind",
            "#copied",
        ),
        tuple(_league_row(desk, row) for row in rows),
    )
    return desk.folded(table, show=LEAGUE)


def _league_row(desk: Desk, row: Row) -> tuple[Line, ...]:
    shared, behind = whole(row.get("shared")), row.get("behind_hours")
    return (
        (Text(str(row.get("publisher") or ""), style="strong"),),
        (Text(f"{whole(row.get('stories')):,}"),),
        (Text(percent(whole(row.get("alone")), whole(row.get("stories")))),),
        (Text(f"{shared:,}"),),
        (Text(f"{whole(row.get('firsts')):,}"),),
        (Text(percent(whole(row.get("firsts")), shared)),),
        (Text(span(number(row.get("low")), number(row.get("high")), shared)),),
        (Text("" if behind is None else desk.span(number(behind))),),
        (Text(percent(whole(row.get("copies")), whole(row.get("articles")))),),
    )


def _spread(desk: Desk) -> Table:
    table = Table(
        desk.word("caption.spread"),
        desk.columns("alert", "#outlets", "#articles", "#half"),
        tuple(
            (
                (headline(desk, row),),
                (Text(f"{publishers(row):,}"),),
                (Text(f"{whole(row.get('articles')):,}"),),
                (Text(desk.span(number(row.get("half_hours")))),),
            )
            for row in desk.rows("spread")
        ),
    )
    return desk.folded(table, show=STORIES)
