"""Brief of a day or week: leading stories, changes, then the numbers.

queries_of ─▶ rows ─▶ compose_brief ─▶ Brief ─▶ render_(markdown, html, mail, json)
"""

from transforms.brief.compose import (
    compose_brief,
    keep_sections,
    queries_of,
    without_numbers,
)
from transforms.brief.model import Brief
from transforms.brief.render import (
    render_html,
    render_json,
    render_mail,
    render_markdown,
    write_letter,
)
