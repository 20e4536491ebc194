"""A brief as a mail: plain text, HTML with inline styles, and charts as pictures.

Mail programs drop style sheets, scripts and SVG, and cut what is over 100 KB.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP

from transforms.brief.model import Brief, Chart, Section, Table
from transforms.brief.phrases import phrase
from transforms.brief.render.charts import draw_picture
from transforms.brief.render.html import render_page
from transforms.brief.render.letter import write_letter
from transforms.models import Letter

MOST_BYTES = 100_000
# Of these the words may take so many, so that there is room for a picture.
WORDS_BYTES = 42_000
# base64 with its line ends, and the heads of a part.
_GROWTH, _HEADS = 1.38, 600
TABLE_ROWS = 8


def render_mail(brief: Brief) -> bytes:
    """Return *brief* as a MIME message without sender and recipients."""
    shown = _fitting(brief)
    pictures = dict(_pictures(shown))
    made = EmailMessage(policy=SMTP)
    # Python reads what looks like an encoded word, and would write the line break in it.
    made["Subject"] = brief.title.replace("=?", "= ?")
    text = _plain(write_letter(brief))
    made.set_content(f"{text}\n\n{phrase('mail.text', brief.language)}\n", cte="base64")
    page = _page(shown, frozenset(pictures))
    made.add_alternative(page, subtype="html", cte="base64")
    for name, picture in pictures.items():
        made.get_payload()[1].add_related(  # type: ignore[union-attr, index]
            picture,
            "image",
            "png",
            cid=f"<{name}>",
            disposition="inline",
            filename=f"{name}.png",
        )
    return made.as_bytes()


def _page(brief: Brief, pictures: frozenset[str]) -> str:
    return render_page("mail.html.j2", brief, pictures=pictures)


def _fitting(brief: Brief) -> Brief:
    """Return *brief* with short tables, and as many sections as the words may take."""
    sections = [_short(section) for section in brief.sections]
    while True:
        short = replace(brief, sections=tuple(sections))
        if not sections or len(_page(short, frozenset()).encode()) <= WORDS_BYTES:
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


def _pictures(brief: Brief) -> Iterator[tuple[str, bytes]]:
    """Yield the charts of *brief* by section, as long as the mail stays small."""
    words = len(_page(brief, frozenset()).encode()) + len(
        _plain(write_letter(brief)).encode()
    )
    left = MOST_BYTES - _GROWTH * words - 2 * _HEADS
    for section in brief.sections:
        for chart in section.blocks:
            if isinstance(chart, Chart):
                picture = draw_picture(chart)
                size = _GROWTH * len(picture) + _HEADS
                if size <= left:
                    left -= size
                    yield section.key, picture


def _plain(letter: Letter) -> str:
    parts = [letter.heading]
    for section in letter.sections:
        parts.append(section.title)
        parts += (
            "\n".join(filter(None, (item.headline, *item.lines, item.link)))
            for item in section.items
        )
    return "\n\n".join(parts)
