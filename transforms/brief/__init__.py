"""The day's or week's brief: what changed, then the tables that say so.

compose_brief ─▶ Brief ─▶ render_markdown | render_html
"""

from transforms.brief.compose import compose_brief
from transforms.brief.model import Brief
from transforms.brief.render import render_html, render_markdown

__all__ = ["Brief", "compose_brief", "render_html", "render_markdown"]
