"""Write a brief down: as Markdown, as one page of HTML with its charts, or as JSON."""

from transforms.brief.render.html import render_html
from transforms.brief.render.json import render_json
from transforms.brief.render.markdown import render_markdown

__all__ = ["render_html", "render_json", "render_markdown"]
