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


FILES = sorted([*ROOT.glob("warehouse/sql/[qv]*/*.sql"), *ROOT.glob("docs/**/*.md")])


def statements(file):
    """Yield the statements of a file, shipped or shown to users, each with its name."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".md":
        yield from enumerate(FENCED.findall(text))
        return
    for part in re.split(r"(?m)^-- name: ", text):
        for one in part.split(";"):
            yield "".join(part.split()[:1]), one


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


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_who_reads_a_topic_says_its_kind(file):
    """A select from tags or topics that asks for topic_id asks for kind as well."""
    lacking = [
        (name, part.strip())
        for name, sql in statements(file)
        for part in selects(bare(sql))
        if re.search(r"\bselect\b", part)
        and re.search(r"\b(?:from|join) +" + KEYED.pattern, part)
        and re.search(r"\btopic_id\b", part)
        and not re.search(r"(?<!as )\bkind\b|, \* exclude\b", part)
    ]

    assert lacking == []


def test_who_reads_topics_is_found():
    """The walk sees the selects that it is to judge, in SQL and in pages."""
    read = [
        file.suffix
        for file in FILES
        for _, sql in statements(file)
        if any(re.search(r"\bfrom +" + KEYED.pattern, part) for part in selects(bare(sql)))
    ]

    assert (read.count(".sql") > 20, read.count(".md") > 3) == (True, True)
