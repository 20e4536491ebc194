"""Answers about companies and periods."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import Field

from flows.assistants.results.base import Measure, Result, Row, StoryRow, ToolAnswer


class CountRow(Row):
    """A company or topic, and how many stories it shares."""

    stories: int


class OutletWords(Result):
    """Words of an outlet: its name."""

    outlet: str


class OutletRow(Row):
    """An outlet, by its number on this list, and its stories."""

    stories: int
    quoted: OutletWords


class DayRow(Row):
    """A day with stories."""

    day: date
    stories: int
    stories_en: int
    stories_zh: int
    expected: Measure | None = Field(
        default=None, description="What a burst was measured against."
    )


class CompanyTold(ToolAnswer):
    """A company with its brands and subsidiaries over a period."""

    id: str
    address: str
    name: str
    name_zh: str
    kind: str
    sector: str
    country: str
    tickers: list[str]
    parent: str
    members: list[str] = Field(description="Brands and subsidiaries that it takes along.")
    aliases: list[str] = Field(description="Names by which the press is read for it.")
    since: date
    until: date
    total: int = Field(description="Stories that name it in the period.")
    week: int = Field(description="Stories of the last seven days, day by day.")
    week_before: int
    zh_first: int = Field(description="Stories told in both languages, in Chinese first.")
    en_first: int
    gap_hours: Measure | None = Field(description="Median hours between the languages.")
    days: list[DayRow]
    named_with: list[CountRow]
    topics: list[CountRow]
    outlets: list[OutletRow]
    stories: list[StoryRow]


class TrendRow(Row):
    """A row of a table; its columns are those of the data dictionary."""

    values: dict[str, Any]
    quoted: dict[str, Any] = Field(description="Columns with words of outlets.")


class TrendTable(Result):
    """A table of a period."""

    name: str
    rows: list[TrendRow]


class Trends(ToolAnswer):
    """Shares, movers, bursts, topics, terms, gaps, pairs, sources and frames."""

    since: date
    until: date
    tables: list[TrendTable]
