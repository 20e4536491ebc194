"""Rendering of pages as HTML, with every text escaped."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from transforms.brief.render.html import in_language
from transforms.pages.charts import draw_bars, draw_level, draw_line, kind_of
from transforms.pages.tables import as_text, is_number
from transforms.pages.words import HTML_LANGUAGE, PageWords, web_address

# Marks of direction would turn the rest of a line around.
_BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]")


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
            cell_kind=kind_of,
            as_text=as_text,
            is_number=is_number,
            level=draw_level,
            draw_bars=draw_bars,
            spark=draw_line,
            web=web_address,
            **given,
        )
    )


def _told(headline: Any, language: str) -> Markup:
    """Return a headline, marked with its language where the page has another."""
    text = escape(_BIDI.sub("", headline.text))
    if headline.language == language:
        return Markup("<bdi>{}</bdi>").format(text)
    tag = HTML_LANGUAGE.get(headline.language, headline.language)
    return Markup('<bdi lang="{}">{}</bdi>').format(tag, text)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("transforms.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
