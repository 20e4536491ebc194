"""Stories that one language has and the other does not: leads for the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from transforms.brief.boards import board, first_lines
from transforms.brief.desk import Desk
from transforms.brief.heading import Heading
from transforms.brief.headlines import link
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


def section(desk: Desk) -> Section:
    """Put what is in Chinese only beside what is in English only."""
    chinese, english = (_side(desk, language) for language in ("zh", "en"))
    found = chinese.lines or english.lines
    return Section(
        key="gaps",
        title=desk.word("section.gaps"),
        blocks=(board(desk, chinese, english),) if found else (),
        queries=desk.evidence("gaps"),
    )


def _side(desk: Desk, language: str) -> Items:
    own = [_line(desk, row) for row in desk.rows(GAPS) if row.language == language]
    return Items(first_lines(desk, own), heading=desk.word(f"gaps.{language}"))


def _line(desk: Desk, row: Gap) -> Line:
    about = desk.word(
        "gaps.first",
        publishers=desk.count("publisher", row.publishers),
        when=desk.moment(row.first_published_at),
    )
    return (link(row.headline, row.url), Text(BREAK), Text(about, style="muted"))


HEADING = Heading(key="gaps", write=section, queries=(GAPS,))
