"""The questions of the cookbook, with the SQL that answers each."""

from __future__ import annotations

import re
from dataclasses import dataclass

_RECIPE = re.compile(
    r"^(?P<title>[^\n]+)\n\n```sql\n(?P<sql>.*?)^```", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A question and its statement."""

    title: str
    sql: str


def recipes(text: str) -> list[Recipe]:
    """Return the recipes of a cookbook in Markdown: a question, then a block of SQL."""
    return [
        Recipe(title=found["title"].strip(), sql=found["sql"].strip())
        for found in _RECIPE.finditer(text)
    ]
