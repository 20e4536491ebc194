"""The day's or week's brief: what changed, then the tables that say so.

queries_of ─▶ rows ─▶ compose_brief ─▶ Brief ─▶ render_markdown | render_html | render_json
"""

from transforms.brief.compose import compose_brief, queries_of
from transforms.brief.model import Brief
from transforms.brief.render import render_html, render_json, render_markdown

__all__ = [
    "Brief",
    "compose_brief",
    "queries_of",
    "render_html",
    "render_json",
    "render_markdown",
]
