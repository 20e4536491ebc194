"""Write a brief down: as Markdown, or as one page of HTML with its charts."""

from transforms.brief.render.html import render_html
from transforms.brief.render.markdown import render_markdown

__all__ = ["render_html", "render_markdown"]
