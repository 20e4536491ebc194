"""Pages as HTML: templates, charts as SVG, and blocks of a brief by kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from transforms.alerts.messages.wording import tell_step
from transforms.brief.model import Brief, Mark, Section, Spark, Text
from transforms.brief.render.charts import draw_charts
from transforms.brief.render.html import KINDS
from transforms.pages.stories import Headline
from transforms.pages.words import Link, PageWords, web_address
from transforms.search.snippet import Snippet
from transforms.words import HTML_LANGUAGE, change, in_language, level, say

NUMBERS = frozenset(
    [
        "TINYINT",
        "SMALLINT",
        "INTEGER",
        "BIGINT",
        "HUGEINT",
        "UTINYINT",
        "USMALLINT",
        "UINTEGER",
        "UBIGINT",
        "UHUGEINT",
        "FLOAT",
        "DOUBLE",
        "DECIMAL",
    ]
)
# Marks of direction would turn the rest of a line around.
_BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]")
STEP, GAP = 10, 2
HEIGHT, HEAD = 96, 14
LINE_STEP, LINE_HEIGHT = 4, 20
Parts = list[tuple[Section, list[tuple[str, Any]]]]


def render_page(template: str, words: PageWords, **given: Any) -> str:
    """Return *template* rendered with the values *given*."""
    return (
        _environment()
        .get_template(template)
        .render(
            w=words,
            html_language=HTML_LANGUAGE[words.language],
            say=lambda text: in_language(_BIDI.sub("", text), words.language),
            told=_told,
            quoted=quoted,
            Headline=Headline,
            cell_kind=kind_of,
            as_text=as_text,
            story_of=story_of,
            is_number=is_number,
            change=change,
            step=tell_step,
            usual=level,
            level=draw_level,
            draw_bars=draw_bars,
            spark=draw_line,
            # Drawn by us, with every text in it escaped.
            charts=lambda chart, name: [
                Markup(svg)  # noqa: S704
                for svg in draw_charts(chart, f"chart-{name}")
            ],
            web=web_address,
            **given,
        )
    )


def _told(headline: Headline, language: str) -> Markup:
    """Return a headline, marked with its language where the page has another.

    One that a machine made says so; a line in our own words stands below.
    """
    shown = _in(headline.language, escape(_BIDI.sub("", headline.text)), language)
    if headline.own_words:
        shown += Markup(
            ' <span class="ours" title="{}">{} <small>{}</small></span>'
        ).format(say("ours.title", language), headline.own_words, say("ours", language))
    if not headline.is_translated:
        return shown
    label = say("translated", language)
    return shown + Markup(' <span class="tag">{}</span>').format(label)


def quoted(snippet: Snippet, language: str) -> Markup:
    """Return what an article says, with the words looked for marked."""
    pieces = (
        Markup("<mark>{}</mark>").format(piece) if n % 2 else escape(piece)
        for n, piece in enumerate(snippet.pieces)
    )
    return _in(snippet.language, Markup().join(pieces), language)


def _in(own: str, text: Markup, language: str) -> Markup:
    if own == language:
        return Markup("<bdi>{}</bdi>").format(text)
    return Markup('<bdi lang="{}">{}</bdi>').format(HTML_LANGUAGE.get(own, own), text)


def story_of(line: Sequence[Text]) -> str:
    """Return the story that a line of a brief is about, "" if there is none."""
    return next((piece.story_id for piece in line if piece.story_id), "")


def as_text(value: object) -> str:
    """Return a value of a query's result as the text of a cell."""
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list | tuple):
        return ", ".join(as_text(each) for each in value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}" + (" UTC" if value.tzinfo else "")
    return str(value)


def is_number(kind: str) -> bool:
    """Tell whether a DuckDB type is numeric."""
    return kind.upper().split("(")[0] in NUMBERS


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("transforms.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Multiple:
    """A small multiple: its label, values, last value and link."""

    label: str
    values: tuple[int | None, ...]
    last: str
    link: Link | None = None


def parts(brief: Brief) -> dict[str, Parts]:
    """Return the front page's and the numbers' sections, with their blocks by kind."""
    return {
        name: [
            (part, [(KINDS[type(block)], block) for block in part.blocks])
            for part in sections
        ]
        for name, sections in (("front", brief.front), ("numbers", brief.sections))
    }


def kind_of(cell: object) -> str:
    """Return the kind of a table's cell: words, spark or mark."""
    if isinstance(cell, Spark):
        return "spark"
    return "mark" if isinstance(cell, Mark) else "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBar:
    """A bar of a day: its count, its link, and whether the day was a burst.

    Before the record begins there is no count.
    """

    value: int | None
    label: str
    href: str
    is_burst: bool = False
    is_shift: bool = False
    is_current: bool = False


def draw_bars(bars: Sequence[DayBar]) -> Markup:
    """Return a bar a day; bursts are coloured and marked, a level shift is a line."""
    high = max((bar.value or 0 for bar in bars), default=0) or 1
    width = STEP * max(len(bars), 1)
    drawn = Markup().join(_bar(n, bar, high) for n, bar in enumerate(bars))
    return Markup(
        '<svg class="bars" aria-hidden="true" focusable="false" viewBox="0 0 {} {}" '
        'preserveAspectRatio="none">{}</svg>'
    ).format(width, HEIGHT + HEAD, drawn)


def _bar(place: int, bar: DayBar, high: int) -> Markup:
    if bar.value is None:
        return Markup()
    x = place * STEP
    height = round(bar.value / high * HEIGHT, 1) if bar.value else 1.0
    names = ["bar"]
    names += ["burst"] if bar.is_burst else []
    names += ["current"] if bar.is_current else []
    names += [] if bar.value else ["none"]
    top = HEAD + HEIGHT - height
    mark = Markup()
    if bar.is_burst:
        points = f"{x + 1},2 {x + STEP - GAP - 1},2 {x + (STEP - GAP) / 2:g},9"
        mark = Markup('<polygon class="mark" points="{}"/>').format(points)
    if bar.is_shift:
        mark += Markup('<rect class="shift" x="{}" y="0" width="1.5" height="{}"/>').format(
            x, HEIGHT + HEAD
        )
    # The whole height of a day can be hit, not the bar alone.
    inside = Markup(
        '<title>{}</title><rect class="hit" x="{}" y="0" width="{}" height="{}"/>'
        '<rect class="{}" x="{}" y="{:g}" width="{}" height="{:g}"/>{}'
    ).format(
        bar.label,
        x,
        STEP,
        HEIGHT + HEAD,
        " ".join(names),
        x,
        top,
        STEP - GAP,
        height,
        mark,
    )
    if not bar.value:
        return Markup("<g>{}</g>").format(inside)
    return Markup('<a href="{}" tabindex="-1">{}</a>').format(bar.href, inside)


def draw_line(values: Sequence[int | None], label: str, *, high: int = 0) -> Markup:
    """Return a sparkline of counts; the last one stands out.

    Of what is not known there is nothing, of none the base. *high* is the common scale of
    several lines; by default it is the highest count.
    """
    high = max((*(value or 0 for value in values), high, 1))
    width = LINE_STEP * max(len(values), 1)
    bars = "".join(
        _spark_bar(n * LINE_STEP, value / high, is_last=n == len(values) - 1)
        for n, value in enumerate(values)
        if value is not None
    )
    # Drawn of numbers; its label is the only text in it.
    return Markup(  # noqa: S704
        f'<svg class="spark" role="img" aria-label="{escape(label)}" width="{width}" '
        f'height="{LINE_HEIGHT}" viewBox="0 0 {width} {LINE_HEIGHT}" '
        f'preserveAspectRatio="none">{bars}</svg>'
    )


def _spark_bar(x: int, part: float, *, is_last: bool) -> str:
    # What is little is still more than none.
    height = max(2.0, round(part * LINE_HEIGHT, 1)) if part else 1.0
    names = [*(["last"] if is_last else []), *([] if part else ["none"])]
    mark = f' class="{" ".join(names)}"' if names else ""
    return (
        f'<rect{mark} x="{x}" y="{LINE_HEIGHT - height:g}" width="3" height="{height:g}"/>'
    )


def draw_level(part: float) -> Markup:
    """Return a bar for *part*, a share of the board's maximum."""
    return Markup(
        '<svg class="level" aria-hidden="true" width="48" height="8" viewBox="0 0 48 8">'
        '<rect class="of" width="48" height="8"/><rect width="{:g}" height="8"/></svg>'
    ).format(round(48 * min(max(part, 0.0), 1.0), 1))
