"""Stories that one language has and the other does not: leads for the draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from transforms.brief.draft import Draft, Heading, board, first_lines, link
from transforms.brief.model import BREAK, Items, Line, Section, Text
from transforms.models import Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A story of one language, 24 hours and more after it began."""

    story_id: str
    language: str
    headline: str | None
    url: str | None
    publishers: int
    first_published_at: datetime


GAPS = Query(
    name="brief.gaps", row=Gap, relations=("gaps_between", "headlines_of", "story_affairs")
)


def section(draft: Draft) -> Section:
    """Put what is in Chinese only beside what is in English only."""
    chinese, english = (_side(draft, language) for language in ("zh", "en"))
    found = chinese.lines or english.lines
    return draft.section("gaps", *((board(draft, chinese, english),) if found else ()))


def _side(draft: Draft, language: str) -> Items:
    own = [_line(draft, row) for row in draft.rows(GAPS) if row.language == language]
    return Items(first_lines(draft, own), heading=draft.word(f"gaps.{language}"))


def _line(draft: Draft, row: Gap) -> Line:
    about = draft.word(
        "gaps.first",
        publishers=draft.count("publisher", row.publishers),
        when=draft.moment(row.first_published_at),
    )
    return (link(row.headline, row.url), Text(BREAK), Text(about, style="muted"))


HEADING = Heading(key="gaps", write=section, queries=(GAPS,))
