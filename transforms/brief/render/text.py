"""Text of a brief: Markdown, and JSON of its stories, changes and rows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from transforms.brief.model import (
    BREAK,
    Block,
    Board,
    Brief,
    Cell,
    Chart,
    Items,
    Line,
    Mark,
    Section,
    Spark,
    Table,
    Text,
    plain,
)
from transforms.text.tables import escape_json
from transforms.words import say

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~#&!$])")
_BREAKING = re.compile(r"[^\S\xa0]+")
# What may start a list, heading, quote or table only at the start of a line.
_LEADING = re.compile(r"^(\s*)([-+=>]|\d+[.)])(?=\s|$)")
_URL_SPECIAL = {
    "\t": "",
    "\r": "",
    "\n": "",
    " ": "%20",
    "(": "%28",
    ")": "%29",
    "<": "%3C",
    ">": "%3E",
    "|": "%7C",
}
HARD_BREAK = "  \n   "  # indented for either kind of list
_BLOCKS = "▁▂▃▄▅▆▇█"


def render_markdown(brief: Brief, *, show_queries: bool = False) -> str:
    """Return *brief* as one Markdown document, ending in a newline.

    With *show_queries* the SQL is appended, and each section links to its own.
    """
    shown = brief if show_queries else _without_queries(brief)
    return "\n\n".join(_parts(shown)) + "\n"


def _without_queries(brief: Brief) -> Brief:
    front, sections = (
        tuple(replace(section, queries={}) for section in part)
        for part in (brief.front, brief.sections)
    )
    return replace(brief, front=front, sections=sections, queries={})


def _parts(brief: Brief) -> Iterator[str]:
    yield f"# {escape(brief.title)}"
    yield from (f"> **{_line(notice)}**" for notice in brief.notices)
    for section in brief.front[:1]:
        yield from _section(section, brief.language)
    if brief.opening:
        yield f'<a id="changed"></a>\n\n## {say("changed", brief.language)}'
        yield "\n".join(f"- {_line(line)}" for line in brief.opening)
    for section in brief.front[1:]:
        yield from _section(section, brief.language)
    if brief.sections:
        yield f'<a id="numbers"></a>\n\n# {say("numbers", brief.language)}'
    yield "\n".join(f"*{_line(line)}*  " for line in brief.basis).rstrip()
    yield from _queries(brief.queries, brief.language)
    for section in brief.sections:
        yield from _section(section, brief.language)
    yield f"---\n\n{say('footer', brief.language)}"
    queries = dict(brief.queries)
    for section in (*brief.front, *brief.sections):
        queries |= section.queries
    if queries:
        yield f"## {say('queries', brief.language)}"
        yield from (_query(key, sql) for key, sql in queries.items())


def _section(section: Section, language: str) -> Iterator[str]:
    yield f'<a id="{section.key}"></a>\n\n## {escape(section.title)}'
    for block in section.blocks:
        yield from _block(block, language)
    yield from (_line(note) for note in section.notes)
    yield from _queries(section.queries, language)


def _queries(queries: Iterable[str], language: str) -> Iterator[str]:
    links = ", ".join(f"[{key}](#query-{key})" for key in queries)
    if links:
        yield f"<sub>{say('query.links', language, links=links)}</sub>"


def _block(block: Block, language: str) -> Iterator[str]:
    match block:
        case Table():
            yield f"**{escape(block.caption)}**"
            yield "\n".join(_table(block))
            if block.folded:
                yield f"*{escape(block.folded_label)}*"
        case Items():
            yield from _items(block)
        case Board():
            yield from _items(block.left)
            yield from _items(block.right)
        case Chart():
            # The table beside it holds the numbers; a text chart would repeat them.
            said = say("chart.said", language, title=block.title, alt=block.alt)
            yield f"*{escape(said)}*"


def _items(items: Items) -> Iterator[str]:
    if items.heading:
        yield f"### {escape(items.heading)}"
    if not items.lines:
        yield items.empty
        return
    marks = (f"{n}." if items.ordered else "-" for n in range(1, len(items.lines) + 1))
    yield "\n".join(
        f"{mark} {_line(line, end=HARD_BREAK)}"
        for mark, line in zip(marks, items.lines, strict=True)
    )


def _table(table: Table) -> Iterator[str]:
    yield _row(escape(column.label) for column in table.columns)
    yield _row("---:" if column.numeric else "---" for column in table.columns)
    high = table.high or 1
    for cells in table.rows:
        yield _row(_cell(cell, high) for cell in cells)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Cell, high: int) -> str:
    match cell:
        case Spark():
            return _spark(cell.values, high)
        case Mark():
            return escape(cell.text)
        case _:
            return _line(cell)


def _spark(values: tuple[int, ...], high: int) -> str:
    top = len(_BLOCKS) - 1
    # What is little is still more than none.
    steps = (max(1, round(value / high * top)) if value > 0 else 0 for value in values)
    return "".join(_BLOCKS[step] for step in steps)


def _line(line: Line, *, end: str = "<br>") -> str:
    # In a table only HTML can break a line.
    return "".join(end if p.text == BREAK else _text(p) for p in line).strip()


def _text(piece: Text) -> str:
    words = escape(piece.text)
    if not words.strip():
        return words
    if piece.style == "strong":
        words = f"**{words}**"
    return f"[{words}]({escape_url(piece.url)})" if piece.url else words


def escape(text: str) -> str:
    """Return *text* escaped for Markdown, on one line."""
    # A no-break space stays one: it holds a number to its unit.
    one_line = _BREAKING.sub(" ", text).strip() if text.strip() else " " * bool(text)
    lead = " " if text[:1].isspace() and one_line.strip() else ""
    trail = " " if text[-1:].isspace() and one_line.strip() else ""
    escaped = _SPECIAL.sub(r"\\\1", one_line)
    return lead + _LEADING.sub(r"\1\\\2", escaped) + trail


def escape_url(url: str) -> str:
    """Return *url* escaped for a Markdown link."""
    return "".join(_URL_SPECIAL.get(char, char) for char in url)


def _query(key: str, sql: str) -> str:
    runs = re.findall(r"`+", sql)
    fence = "`" * max(3, *(len(run) + 1 for run in runs), 3)
    return f'<a id="query-{key}"></a>\n\n### {escape(key)}\n\n{fence}sql\n{sql}\n{fence}'


def render_json(brief: Brief) -> str:
    """Return *brief* as one JSON object, ending in a newline.

    Moments are ISO 8601 in UTC, days ISO 8601 in the reporting zone. Control characters are
    escaped.
    """
    text = json.dumps(_content(brief), ensure_ascii=False, indent=2, default=_value)
    return escape_json(text) + "\n"


def story_rows(brief: Brief) -> list[dict[str, Any]]:
    """Return the stories of *brief* as rows of a table."""
    return [asdict(story) for story in brief.stories]


def section_rows(brief: Brief) -> dict[str, list[dict[str, Any]]]:
    """Return the printed rows of *brief*, by query or relation."""
    return {key: [asdict(row) for row in rows] for key, rows in brief.rows.items()}


def _content(brief: Brief) -> dict[str, object]:
    return {
        "period": brief.period,
        "since": brief.since,
        "until": brief.until,
        "as_of": brief.as_of,
        "freshness": asdict(brief.freshness) if brief.freshness else None,
        "stories": story_rows(brief),
        "changed": [
            {"text": plain(change.line), "story_id": change.story_id}
            for change in brief.changed
        ],
        "sections": section_rows(brief),
    }


def _value(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")
