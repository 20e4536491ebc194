"""The questions of the cookbook, with the SQL that answers each."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BEGIN, _END = "\n\n```sql\n", "\n```"
_MARKS = re.compile(r"[*`]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A question and its statement."""

    title: str
    sql: str


def recipes(text: str) -> list[Recipe]:
    """Return the recipes of a cookbook in Markdown: a question, then a block of SQL."""
    found: list[Recipe] = []
    before, *rest = text.split(_BEGIN)
    for part in rest:
        sql, _, after = part.partition(_END)
        asked = before.rpartition("\n\n")[2]
        found.append(Recipe(title=_title(asked), sql=sql.strip()))
        before = after
    return found


def _title(asked: str) -> str:
    """Return the question: what stands below it in its paragraph explains it."""
    lines = asked.strip().splitlines()
    # Of a list, the point that the block belongs to.
    first = max((at for at, line in enumerate(lines) if line.startswith("- ")), default=0)
    return _MARKS.sub("", lines[first].removeprefix("- ")).rstrip(":")
