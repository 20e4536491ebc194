"""List of all companies, or of all topics: their stories of the last seven days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from transforms.brief.tables import change
from transforms.pages.subject import WEEK, id_of, key_of
from transforms.pages.words import Link, PageWords


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectRow:
    """A company or topic in the list of all."""

    link: Link
    other: str
    kind: str
    sector: str
    stories: int
    opens: str
    change: str
    days: tuple[int, ...]


def subject_rows(words: PageWords, section: str, rows: Sequence[Any]) -> list[SubjectRow]:
    """Return the rows of the list of all companies or topics."""
    return [
        SubjectRow(
            link=Link(
                text=words.name(id_of(row)), href=words.href(f"/{section}/{id_of(row)}")
            ),
            other=words.other_name(id_of(row)),
            kind=row.kind,
            sector=getattr(row, "sector", ""),
            stories=row.stories,
            opens=words.href(f"/{section}/{id_of(row)}", hours=24 * WEEK) + "#stories",
            change=change(row.stories, row.previous),
            days=row.days,
        )
        for row in rows
    ]


def subject_record(words: PageWords, row: Any) -> dict[str, Any]:
    """Return a company or topic as a row of the list's data table."""
    english, chinese = words.names.get(id_of(row), ("", ""))
    return {
        key_of(row): id_of(row),
        "name": english,
        "name_zh": chinese,
        "kind": row.kind,
        "stories": row.stories,
        "previous": row.previous,
        "days": list(row.days),
    }


def kind_links(
    words: PageWords, section: str, kinds: Iterable[str], current: str | None
) -> list[Link]:
    """Return the links that filter the list by kind."""
    counts: dict[str, int] = {}
    for kind in kinds:
        counts[kind] = counts.get(kind, 0) + 1
    return [
        Link(
            text=words.label("kind", kind),
            href=words.href(f"/{section}", kind="" if kind == current else kind),
            note=f"{counts[kind]:,}",
            is_current=kind == current,
        )
        for kind in sorted(counts, key=lambda kind: -counts[kind])
    ]
