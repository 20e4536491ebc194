"""A brief as one HTML page that needs nothing else: no request, no script, no font."""

from __future__ import annotations

import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from transforms.brief.model import (
    Board,
    Brief,
    Cell,
    Chart,
    Items,
    Mark,
    Spark,
    Table,
    plain,
)
from transforms.brief.render.charts import draw_charts
from transforms.brief.render.sparkline import draw_spark
from transforms.words import say

HTML_LANGUAGE = {"en": "en", "zh": "zh-Hans"}
SHORT = 14  # letters: "24 Nov, 07:57"
SENTENCE = 3  # Latin words: fewer are a name
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_HAN_RUN = re.compile(rf"{_HAN.pattern}+")
_LATIN = re.compile(r"[A-Za-z]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
KINDS = {Table: "table", Items: "items", Board: "board", Chart: "chart"}


def render_html(brief: Brief) -> str:
    """Return *brief* as a whole page, for a browser, a phone or a printer."""
    return render_page("page.html.j2", brief)


def render_page(template: str, brief: Brief, **more: object) -> str:
    """Return what *template* makes of *brief*."""
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
            spark=lambda cell: Markup(draw_spark(cell)),  # noqa: S704
            charts=lambda chart, name: [
                Markup(svg)  # noqa: S704
                for svg in draw_charts(chart, name)
            ],
            **more,
        )
    )


def in_language(text: str, language: str) -> Markup:
    """Return *text* escaped, with what is in another language than the page marked so.

    A reader aloud needs it to pronounce, a browser to choose the font.
    """
    han = len(_HAN.findall(text))
    if language == "en" and han:
        if 2 * han >= len(_LATIN.findall(text)):
            return Markup('<span lang="zh">{}</span>').format(text)
        marked = _HAN_RUN.sub(r'<span lang="zh">\g<0></span>', str(escape(text)))
        return Markup(marked)  # noqa: S704  escaped above
    if language == "zh" and not han and len(_LATIN_WORD.findall(text)) >= SENTENCE:
        return Markup('<span lang="en">{}</span>').format(text)
    return escape(text)


def is_short(cell: Cell) -> bool:
    """Say whether a cell holds a word or a date, which should not be broken."""
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
