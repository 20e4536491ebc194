"""``earnings`` is a topic and a type of event: every query says which it means."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Relations whose key is (topic_id, kind).
KEYED = re.compile(r"\b(?:tags|topics|topic_coverage|topic_days|topic_weeks)\b")
FENCED = re.compile(r"```sql\n(.*?)```", re.DOTALL)
CALL = re.compile(
    r"(?<!in)(?<!as)(?<!from)(?<!join)(?<!exists)(?<!and)(?<!not)\w\Z|\bfilter \Z"
)


def statements():
    """Yield the SQL that is shipped or shown to users, each with its place."""
    for file in sorted((ROOT / "warehouse/sql").glob("[qv]*/*.sql")):
        for part in re.split(r"(?m)^-- name: ", file.read_text(encoding="utf-8")):
            for number, one in enumerate(part.split(";")):
                yield (
                    f"{file.name}: {part.split()[0] if part.split() else ''} {number}",
                    one,
                )
    for file in sorted(ROOT.glob("docs/**/*.md")):
        for number, block in enumerate(FENCED.findall(file.read_text(encoding="utf-8"))):
            yield f"{file.name}: {number}", block


def bare(sql):
    """Return *sql* without comments and texts."""
    return re.sub(r"--[^\n]*|'[^'\n]*'", " ", sql)


def selects(sql):
    """Return the selects of *sql*, each without those that stand in it."""
    pieces, stack, calls = [], [""], []
    for char in sql:
        if char == "(":
            calls.append(CALL.search(stack[-1]) is not None)
            if calls[-1]:
                stack[-1] += char
            else:
                stack.append("")
        elif char == ")" and calls and not calls.pop():
            pieces.append(stack.pop())
            stack[-1] += " _ "
        else:
            stack[-1] += char
    return [one for part in pieces + stack for one in re.split(r"\bunion all\b", part)]


@pytest.mark.parametrize(("place", "sql"), list(statements()))
def test_who_reads_a_topic_says_its_kind(place, sql):
    """A select from tags or topics that asks for topic_id asks for kind as well."""
    lacking = [
        part.strip()
        for part in selects(bare(sql))
        if re.search(r"\bselect\b", part)
        and re.search(r"\b(?:from|join) +" + KEYED.pattern, part)
        and re.search(r"\btopic_id\b", part)
        and not re.search(r"(?<!as )\bkind\b|, \* exclude\b", part)
    ]

    assert lacking == [], place
