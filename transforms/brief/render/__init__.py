"""Write a brief down: as Markdown, as one page of HTML with its charts, or as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from transforms.brief.model import Brief
from transforms.brief.render.html import render_html
from transforms.brief.render.json import render_json
from transforms.brief.render.markdown import render_markdown

__all__ = ["FORMATS", "render_html", "render_json", "render_markdown"]

FORMATS: Mapping[str, Callable[[Brief], str]] = {
    "markdown": render_markdown,
    "html": render_html,
    "json": render_json,
}
