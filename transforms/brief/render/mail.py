"""A brief as a mail: plain text, and HTML with inline styles and bars of table cells.

Mail programs drop style sheets, scripts and SVG, and cut what is over 100 KB.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.policy import SMTP

from transforms.brief.model import Brief, Chart, Section, Table
from transforms.brief.render.colors import PRINTED
from transforms.brief.render.html import render_page
from transforms.brief.render.letter import write_letter
from transforms.models import Letter
from transforms.words import say

# As base64 the words of a page grow by a third, and stand beside those of the letter.
WORDS_BYTES = 42_000
TABLE_ROWS = 8


@dataclass(frozen=True, slots=True)
class CellBar:
    """A bar of a table: its name, its length in percent of the longest, and its number."""

    name: str
    length: int
    number: str


def render_mail(brief: Brief) -> bytes:
    """Return *brief* as a MIME message without sender and recipients."""
    shown = _fitting(brief)
    made = EmailMessage(policy=SMTP)
    # Python reads what looks like an encoded word, and would write the line break in it.
    made["Subject"] = brief.title.replace("=?", "= ?")
    text = _plain(write_letter(brief))
    made.set_content(f"{text}\n\n{say('mail.text', brief.language)}\n", cte="base64")
    made.add_alternative(_page(shown), subtype="html", cte="base64")
    return made.as_bytes()


def _page(brief: Brief) -> str:
    return render_page("mail.html.j2", brief, bars=cell_bars, bar_color=PRINTED)


def cell_bars(chart: Chart) -> list[CellBar]:
    """Return the bars of the latest shares of a chart, or of its distances from once.

    What goes along many days has none: its table tells it.
    """
    if chart.kind == "share":
        bars = [bar for bar in chart.bars if bar.bar == chart.bars[-1].bar]
        named = [(bar.series, bar.value, f"{bar.value:.0%}") for bar in bars]
    elif chart.kind == "lift":
        named = [(bar.bar, abs(bar.value), f"{2**bar.value:.2f} ×") for bar in chart.bars]
    else:
        return []
    longest = max((value for _, value, _ in named), default=0) or 1
    return [
        CellBar(name, round(100 * value / longest), number) for name, value, number in named
    ]


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


def _plain(letter: Letter) -> str:
    parts = [letter.heading]
    for section in letter.sections:
        parts.append(section.title)
        parts += (
            "\n".join(filter(None, (item.headline, *item.lines, item.link)))
            for item in section.items
        )
    return "\n\n".join(parts)
