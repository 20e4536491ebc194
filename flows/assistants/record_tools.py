"""Tools on the record, with their results: briefs, alerts, and rows of a statement."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from hashlib import blake2b
from typing import Annotated, Any, Literal

import orjson
from pydantic import Field

from flows.assistants.look import (
    HEADLINE,
    NAME,
    Day,
    Language,
    Rows,
    Short,
    Tools,
    headline,
    known_day,
    outside,
    table,
)
from flows.assistants.results import (
    Moment,
    QuotedHeadlines,
    QuotedPage,
    Result,
    Row,
    ToolAnswer,
)
from flows.web.pages.sql import TURNS
from flows.web.shelf import Publication
from transforms.brief import Brief, render_markdown
from transforms.pages.inbox import AlertNote
from transforms.text.harmless import fitting, quoted_lines, quoted_value, shorten
from transforms.text.tables import jsonable
from warehouse.sandbox import FOR_STRANGERS, QueryFailed, run_query

# Of one answer: what an assistant can still read with care.
ROOM = 32_000
CELL, LINE = 1_000, 2_000
SQL_LIMITS = replace(FOR_STRANGERS, rows=200)
LONGEST_SQL = 8_000
_ERROR = re.compile(r"([A-Z][A-Za-z -]{1,40} Error): ")
# Errors that DuckDB finds before it reads any row.
_OF_STATEMENTS = frozenset(
    f"{kind} Error" for kind in ("Parser", "Binder", "Catalog", "Permission")
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
    types: list[str] = Field(description="DuckDB's type of each column.")
    rows: list[list[Any]]


class SqlAnswer(ToolAnswer):
    """Rows of a statement; ``address`` is its page on the desk."""

    id: str
    address: str
    more: bool = Field(description="Whether there are more rows than these.")
    quoted: SqlRows


class RecordTools(Tools):
    """Tools on briefs, alerts and SQL."""

    def brief(
        self,
        period: Literal["day", "week"] = "day",
        *,
        day: Day = None,
        language: Language = "en",
    ) -> BriefTold:
        """The brief of a day or week, made of what is published; none is sent.

        Without a day it ends with the newest data; with one it covers whole days up to it.
        Of a week it is the front page, with the address of its numbers.
        """
        made, publication = self.written(period, day, language)
        note = ""
        if period == "week":
            note = f"its numbers: {self.look.address('/brief/week/numbers', day=day)}"
            made = replace(made, sections=())
        text = brief_text(made)
        if text.endswith("…"):
            note = "the rest is left out; trends and today have it"
        return BriefTold(
            as_of=publication.as_of,
            period=made.period,
            since=made.since,
            until=made.until,
            stories=[
                BriefStory(
                    id=story.story_id,
                    address=self.look.address(f"/stories/{story.story_id}"),
                    rank=story.rank,
                    page=self.look.address(f"/stories/{story.story_id}"),
                    why=story.why,
                    quoted=QuotedHeadlines(
                        headline=headline(story.titles[0]), url=outside(story.urls[0])
                    ),
                )
                for story in made.stories
            ],
            quoted=BriefWords(markdown=text),
            note=note,
        )

    def written(
        self, period: Literal["day", "week"], day: str | None, language: str
    ) -> tuple[Brief, Publication]:
        """Return a brief as of the newest data, and what it is made of.

        Raises:
            NotFound: There are no data of the day.
        """
        until = None if day is None else known_day(self.look.publication(), day)
        view, publication = self.look.page(
            "/brief/{period}", {"period": period}, told_in=language, until=until
        )
        return view.given["brief"], publication

    def alerts(
        self,
        state: Literal["pending", "delivered", "parked", "suppressed"] | None = None,
        *,
        rule: Short = None,
        story_id: Short = None,
        limit: Rows = 20,
    ) -> Alerts:
        """The inbox of alerts: parked ones first, then the newest, each with its reason."""
        view, publication = self.look.page(
            "/alerts", state=state, rule=rule, story=story_id
        )
        rows = table(view, "alerts")
        shown = zip(rows[:limit], view.given["alerts"], strict=False)
        return Alerts(
            as_of=publication.as_of,
            alerts=[self._alert(row, note) for row, note in shown],
            note=_note_on_alerts(len(rows), limit),
        )

    def run_sql(
        self,
        sql: Annotated[
            str,
            Field(
                max_length=LONGEST_SQL,
                description="One SELECT of DuckDB, or EXPLAIN of one; at most 200 rows "
                "and 32 KB come back, of at most 5 s.",
            ),
        ],
    ) -> SqlAnswer:
        """Ask the published warehouse in SQL; nothing can be changed or reached with it.

        Tables and columns are in the resource sinowire://dictionary, questions that
        analysts ask in sinowire://cookbook. Select story_id and url, to cite them.
        """
        publication = self.look.publication()
        try:
            with TURNS.one():
                answer = run_query(publication.path, sql, SQL_LIMITS)
        except QueryFailed as exc:
            raise QueryFailed(without_values(str(exc)), exc.place) from exc
        rows = [quoted_value(jsonable(row), CELL) for row in answer.rows]
        count = fitting((len(orjson.dumps(row)) for row in rows), ROOM)
        more = answer.more or count < len(rows)
        return SqlAnswer(
            as_of=publication.as_of,
            id=f"sql/{blake2b(sql.encode('utf-8', 'replace'), digest_size=6).hexdigest()}",
            address=self.look.address("/sql", q=sql),
            more=more,
            quoted=SqlRows(
                columns=[shorten(name, NAME) for name in answer.columns],
                types=[shorten(name, CELL) for name in answer.types],
                rows=rows[:count],
            ),
            note="there is more; ask for fewer columns or rows, or count" if more else "",
        )

    def _alert(self, row: Mapping[str, Any], note: AlertNote) -> AlertRecord:
        page = (
            self.look.maker.address + note.href
            if note.href
            else self.look.address("/alerts")
        )
        return AlertRecord(
            id=row["alert_id"],
            address=page,
            page=page,
            rule=row["rule_id"],
            kind=row["kind"],
            state=row["state"],
            created_at=row["created_at"],
            story_id=row["story_id"] or "",
            companies=row["companies"],
            publishers=row["publishers"],
            is_update=note.alert.updates_alert_id is not None,
            deliveries=[
                DeliveryRecord(channel=channel, state=state)
                for channel, state in zip(
                    note.alert.channels, note.alert.states, strict=True
                )
            ],
            attempts=row["attempts"],
            quoted=AlertWords(
                headline=headline(row["title"]),
                headline_zh=headline(row["title_zh"]),
                url=outside(row["url"]),
                words=shorten(note.why.words, NAME) if note.why else "",
                error=shorten(note.alert.last_error or "", HEADLINE),
            ),
        )


def without_values(failure: str) -> str:
    """Return why a statement failed, without what an outlet may have written.

    DuckDB repeats a value that it cannot use; of a statement itself it says what is wrong.
    """
    found = _ERROR.match(failure)
    if found is None or found[1] in _OF_STATEMENTS:
        return failure
    return (
        f"{found[1]} in a value of the data, which is not repeated here; try try_cast, or "
        "look for the row"
    )


def brief_text(made: Brief) -> str:
    """Return a brief as Markdown with its headlines made harmless."""
    return quoted_lines(render_markdown(made), LINE, ROOM)


def _note_on_alerts(count: int, limit: int) -> str:
    if not count:
        return "no alert; leave out state, rule or story_id, or see today for the stories"
    return (
        f"{count - limit} more at least: raise limit, or name a rule"
        if count > limit
        else ""
    )
