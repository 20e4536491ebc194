"""A brief as one HTML page that needs nothing else: no request, no script, no font."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from transforms.brief.charts import draw_charts
from transforms.brief.model import Board, Brief, Chart, Items, Mark, Spark, Table
from transforms.brief.phrases import phrase
from transforms.brief.sparkline import draw_spark

HTML_LANGUAGE = {"en": "en", "zh": "zh-Hans"}
KINDS = {Table: "table", Items: "items", Board: "board", Chart: "chart"}


def render_html(brief: Brief) -> str:
    """Return *brief* as a whole page, for a browser, a phone, a mail or a printer."""
    page = _environment().get_template("page.html.j2")
    return page.render(
        brief=brief,
        html_language=HTML_LANGUAGE[brief.language],
        word=lambda key: phrase(key, brief.language),
        kind=lambda block: KINDS[type(block)],
        is_spark=lambda cell: isinstance(cell, Spark),
        is_mark=lambda cell: isinstance(cell, Mark),
        # Both are drawn by us, with every text in them escaped.
        spark=lambda cell: Markup(draw_spark(cell)),  # noqa: S704
        charts=lambda chart, name: [
            Markup(svg)  # noqa: S704
            for svg in draw_charts(chart, name)
        ],
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("transforms.brief"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
