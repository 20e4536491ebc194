"""A letter as HTML, for mail and for feeds: no script, no style of its own, no picture."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from transforms.models import Letter, ToldItem


def to_html(letter: Letter) -> str:
    """Return *letter* as paragraphs, each alert with its link."""
    return "\n".join(_paragraphs(letter))


def item_html(item: ToldItem, *, with_headline: bool = True) -> str:
    """Return one alert as a paragraph."""
    rows = [_headline(item)] if with_headline else []
    rows += [escape(line) for line in item.lines]
    return f"<p>{'<br>'.join(rows)}</p>"


def _paragraphs(letter: Letter) -> Iterator[str]:
    if letter.heading:
        yield f"<h2>{escape(letter.heading)}</h2>"
    for section in letter.sections:
        if section.title:
            yield f"<h3>{escape(section.title)}</h3>"
        yield from map(item_html, section.items)


def _headline(item: ToldItem) -> str:
    headline = f"<b>{escape(item.headline)}</b>"
    if item.link:
        return f'<a href="{escape(item.link)}">{headline}</a>'
    return headline
