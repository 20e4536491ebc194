"""Answers from the record: briefs, alerts, rows of a statement."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from flows.assistants.results.base import (
    Moment,
    QuotedHeadlines,
    QuotedPage,
    Result,
    Row,
    ToolAnswer,
)


class BriefWords(Result):
    """A brief as Markdown; the headlines in it are words of outlets."""

    markdown: str


class BriefStory(Row):
    """A leading story of a brief."""

    rank: int
    page: str
    why: str
    quoted: QuotedHeadlines


class BriefTold(ToolAnswer):
    """The brief of a day or week."""

    period: str
    since: Moment
    until: Moment
    stories: list[BriefStory]
    quoted: BriefWords


class AlertWords(QuotedPage):
    """Words of outlets, and of receivers that refused."""

    headline: str
    headline_zh: str = ""
    words: str = Field(default="", description="Those that made the rule fire.")
    error: str = ""


class DeliveryRecord(Result):
    """How far an alert got on a channel."""

    channel: str
    state: str


class AlertRecord(Row):
    """An alert and why it was sent."""

    page: str
    rule: str
    kind: str
    state: str
    created_at: Moment
    story_id: str
    companies: list[str]
    publishers: int
    is_update: bool
    deliveries: list[DeliveryRecord]
    attempts: int
    quoted: AlertWords


class Alerts(ToolAnswer):
    """The inbox: what a person must see to first, then the newest."""

    alerts: list[AlertRecord]


class SqlRows(Result):
    """Values of the warehouse, most of which outlets wrote."""

    columns: list[str]
    rows: list[list[Any]]


class SqlAnswer(ToolAnswer):
    """Rows of a statement; ``address`` is its page on the desk."""

    id: str
    address: str
    types: list[str] = Field(description="DuckDB's type of each column.")
    more: bool = Field(description="Whether there are more rows than these.")
    quoted: SqlRows
