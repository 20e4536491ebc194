"""HTML of a brief: a self-contained page, a mail, and the letter beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from transforms.brief.model import (
    BREAK,
    Board,
    Brief,
    Cell,
    Chart,
    Items,
    Line,
    Mark,
    Section,
    Spark,
    Table,
    plain,
)
from transforms.brief.render.charts import draw_charts
from transforms.brief.render.shapes import PRINTED, draw_spark
from transforms.models import Letter, LetterSection, ToldItem
from transforms.words import HTML_LANGUAGE, in_language, say

SHORT = 14  # letters: "24 Nov, 07:57"
KINDS = {Table: "table", Items: "items", Board: "board", Chart: "chart"}
# As base64 the words of a page grow by a third, and stand beside those of the letter.
WORDS_BYTES = 42_000
TABLE_ROWS = 8


def render_html(brief: Brief) -> str:
    """Return *brief* as a complete page for browsers, phones and printers."""
    return render_page("page.html.j2", brief)


def render_page(template: str, brief: Brief, **more: object) -> str:
    """Return *template* rendered with *brief*."""
    return (
        _environment()
        .get_template(template)
        .render(
            brief=brief,
            html_language=HTML_LANGUAGE[brief.language],
            word=lambda key: say(key, brief.language),
            kind=lambda block: KINDS[type(block)],
            is_spark=lambda cell: isinstance(cell, Spark),
            say=lambda text: in_language(text, brief.language),
            is_short=is_short,
            is_mark=lambda cell: isinstance(cell, Mark),
            # Both are drawn by us, with every text in them escaped.
            spark=lambda cell, high: Markup(draw_spark(cell, high)),  # noqa: S704
            charts=lambda chart, name: [
                Markup(svg)  # noqa: S704
                for svg in draw_charts(chart, name)
            ],
            **more,
        )
    )


def is_short(cell: Cell) -> bool:
    """Tell whether a cell holds a word or date that should not wrap."""
    return isinstance(cell, tuple) and len(plain(cell)) <= SHORT


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("transforms.brief.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render_mail(brief: Brief) -> bytes:
    """Return *brief* as a MIME message without sender and recipients."""
    shown = _fitting(brief)
    made = EmailMessage(policy=SMTP)
    # Python reads what looks like an encoded word, and would write the line break in it.
    made["Subject"] = brief.title.replace("=?", "= ?")
    text = write_letter(brief).plain
    where = [each for piece in brief.elsewhere for each in (piece.text, piece.url)]
    numbers = " ".join(where).strip() or say("mail.text", brief.language)
    made.set_content(f"{text}\n\n{numbers}\n", cte="base64")
    made.add_alternative(_page(shown), subtype="html", cte="base64")
    return made.as_bytes()


def _page(brief: Brief) -> str:
    return render_page("mail.html.j2", brief, bars=cell_bars, bar_color=PRINTED)


def cell_bars(chart: Chart) -> list[tuple[str, int, str]]:
    """Return the bars of a chart's latest shares, or of its lifts.

    Each by its name, its length in percent of the longest, and its number.

    Charts along many days have none; their table has the numbers.
    """
    if chart.kind == "share":
        bars = [bar for bar in chart.bars if bar.bar == chart.bars[-1].bar]
        named = [(bar.series, bar.value, f"{bar.value:.0%}") for bar in bars]
    elif chart.kind == "lift":
        named = [(bar.bar, abs(bar.value), f"{2**bar.value:.2f} ×") for bar in chart.bars]
    else:
        return []
    longest = max((value for _, value, _ in named), default=0) or 1
    return [(name, round(100 * value / longest), number) for name, value, number in named]


def _fitting(brief: Brief) -> Brief:
    """Return *brief* with short tables, and as many sections as the words may take."""
    sections = [_short(section) for section in brief.sections]
    while True:
        short = replace(brief, sections=tuple(sections))
        if not sections or len(_page(short).encode()) <= WORDS_BYTES:
            return short
        sections.pop()


def _short(section: Section) -> Section:
    blocks = tuple(
        Table(block.caption, block.columns, block.rows[:TABLE_ROWS])
        if isinstance(block, Table)
        else block
        for block in section.blocks
    )
    return replace(section, blocks=blocks)


def write_letter(brief: Brief) -> Letter:
    """Return the front page of *brief*: leading stories, changes, policy."""
    return Letter(
        subject=brief.title, heading=brief.title, sections=tuple(_sections(brief))
    )


def _sections(brief: Brief) -> Iterator[LetterSection]:
    yield from (LetterSection(title=plain(notice)) for notice in brief.notices)
    lead, *others = brief.front or (None,)
    if lead:
        yield from _of_section(lead)
    changed = tuple(_item(line) for line in brief.opening)
    if changed:
        title = say("changed", brief.language)
        yield LetterSection(title=title, items=changed)
    for section in others:
        if section:
            yield from _of_section(section)


def _of_section(section: Section) -> Iterator[LetterSection]:
    for items in _lists(section):
        if items.lines:
            yield LetterSection(
                title=items.heading or section.title,
                items=tuple(
                    _item(line, number=number if items.ordered else 0)
                    for number, line in enumerate(items.lines, 1)
                ),
            )


def _lists(section: Section) -> Iterator[Items]:
    for block in section.blocks:
        if isinstance(block, Items):
            yield block
        elif isinstance(block, Board):
            yield from (block.left, block.right)


def _item(line: Line, *, number: int = 0) -> ToldItem:
    """Return the first line of an item as its headline, linked to its first address."""
    rows: list[list[str]] = [[]]
    for piece in line:
        if piece.text == BREAK:
            rows.append([])
        else:
            rows[-1].append(piece.text)
    headline, *below = ("".join(row).strip() for row in rows)
    links = (piece.url for piece in line if piece.url and not piece.url.startswith("#"))
    return ToldItem(
        headline=f"{number}. {headline}" if number else headline,
        lines=tuple(filter(None, below)),
        link=next(links, ""),
    )
