"""Renderers of a brief: Markdown, a page of HTML with charts, mail, JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from transforms.brief.model import Brief
from transforms.brief.render.html import render_html, render_mail, write_letter
from transforms.brief.render.text import render_json, render_markdown

FORMATS: Mapping[str, Callable[[Brief], str]] = {
    "markdown": render_markdown,
    "html": render_html,
    "json": render_json,
    "mail": lambda brief: render_mail(brief).decode("ascii"),
}
