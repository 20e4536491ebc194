"""Dates ahead, as headlines name them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, NamedTuple, get_args

Occasion = Literal[
    "takes-effect",
    "comment-closes",
    "hearing",
    "decision-due",
    "earnings-date",
    "listing",
    "sale-opens",
    "conference",
    "expires",
    "launch",
]
OCCASIONS: tuple[str, ...] = get_args(Occasion)
Precision = Literal["day", "week", "month", "quarter", "half", "year"]


class DateAhead(NamedTuple):
    """A date for which a headline announces an occasion.

    ``due_on`` and ``due_until`` are the first and last day that it may be, one day where
    ``precision`` is a day. ``subject`` is the id of the company, "" if none is named;
    ``moves`` says that the headline tells of another date than before. ``said`` are the
    words for the date.
    """

    occasion: Occasion
    subject: str
    due_on: date
    due_until: date
    precision: Precision
    moves: bool
    said: str

    def as_row(self) -> dict[str, Any]:
        """Return what is due, when, of whom and in which words, as ``tag`` prints it."""
        when = label(self.due_on, self.precision)
        return {
            "what": self.occasion,
            "date": when,
            "subject": self.subject,
            "text": self.said,
        }


def label(first: date, precision: Precision) -> str:
    """Return the period that begins on *first*: 2026-08-20, 2026-08, 2026Q3, 2026H2, 2026.

    A week is told by its month.
    """
    return _LABELS[precision].format(
        first, quarter=(first.month + 2) // 3, half=(first.month + 5) // 6
    )


_LABELS: Mapping[Precision, str] = {
    "day": "{:%Y-%m-%d}",
    "week": "{:%Y-%m}",
    "month": "{:%Y-%m}",
    "quarter": "{:%Y}Q{quarter}",
    "half": "{:%Y}H{half}",
    "year": "{:%Y}",
}


class ArticleDate(NamedTuple):
    """A date ahead as an article names it: a row of ``article_dates``."""

    article_id: str
    occasion: Occasion
    subject: str
    due_on: date
    due_until: date
    precision: Precision
    moves: bool
    said: str
    rules_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDate:
    """An occasion with the date that counts: a row of the view ``dates_ahead``.

    ``superseded`` are the dates that were told before, ``sequence`` how often the date
    changed; ``date_id`` stays when it does.
    """

    date_id: str
    story_id: str
    due_on: date
    due_until: date
    precision: Precision
    occasion: Occasion
    company_id: str | None
    side: str | None
    topics: tuple[str, ...]
    status: str
    superseded: tuple[date, ...]
    sequence: int
    headline: str
    language: str
    url: str
    first_publisher: str
    article_id: str
    publishers: int
    announced_at: datetime
    updated_at: datetime
    is_on_beat: bool
