"""Tools on the ledger, with their results: acts of states, and claims with outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from flows.assistants.look import NAME, Day, Look, Rows, Short, headline, outlet, table
from flows.assistants.results import Moment, QuotedHeadline, Row, ToolAnswer
from flows.web.shelf import Publication
from transforms.search.query import known_id
from transforms.text.harmless import shorten

Side = Literal["cn", "us", "eu", "jp", "kr", "tw", "nl", "uk", "in", "other"]
Status = Literal[
    "rumoured", "proposed", "decided", "in-force", "stayed", "eased", "answered"
]
Instrument = Literal[
    "export-control",
    "entity-list",
    "tariff",
    "investment-limit",
    "ban",
    "penalty",
    "investigation",
    "approval-or-licence",
    "rule-or-standard",
    "plan-or-support",
    "procurement",
    "court-ruling",
    "other",
]
Outcome = Literal["open", "confirmed", "denied", "withdrawn", "overtaken", "silent"]
NONE = "none is known of this time; give an earlier since, or leave out a filter"


class ActWords(QuotedHeadline):
    """Words of the outlet that told of an act first."""

    actor: str = Field(default="", description="Who acts, where the watchlist has no id.")
    target: str = Field(default="", description="Whom it hits, in its words.")


class ActRecord(Row):
    """An act of a state; what is not told is empty, and ``status`` is the last one told."""

    story_id: str
    page: str
    first_reported_at: Moment
    side: str = Field(description="Whose act it is; of an answer, whose act is answered.")
    actor: str = Field(description="The body that acts, by its id.")
    instrument: str
    status: str
    direction: str
    targets: list[str] = Field(description="Ids of the companies that it hits.")
    target_side: str
    thing: str
    effective_on: date | None
    amount: float | None
    currency: str
    articles: int
    answers: str = Field(description="Id of the act that it answers.")
    thread: str = Field(description="Id of the first act of its affair.")
    step: int
    steps: int
    quoted: ActWords


class Ledger(ToolAnswer):
    """Acts of states in a period, the newest first."""

    since: Moment
    until: Moment
    measures: list[ActRecord]


class SettledWords(QuotedHeadline):
    """Words of an outlet: what was told, by which words, and what settled it."""

    cue: str = Field(default="", description="The words that show its ground.")
    settled: str = Field(default="", description="The headline that settled it.")


class ClaimRecord(Row):
    """What was told without a name or as possible; open and silent do not mean false."""

    story_id: str
    page: str
    company: str
    first_reported_at: Moment
    basis: str = Field(description="Who says so: unnamed, company, official, filing …")
    modality: str = Field(description="As may, planned, announced, happened …")
    outcome: str
    settled_at: Moment | None
    settled_story: str
    publishers: int
    quoted: SettledWords


class Claims(ToolAnswer):
    """Claims on companies in a period, the open ones first."""

    since: Moment
    until: Moment
    claims: list[ClaimRecord]


class LedgerTools:
    """Tools on acts of states and on claims."""

    def __init__(self, look: Look) -> None:
        self.look = look

    def measures(
        self,
        *,
        side: Side | None = None,
        instrument: Instrument | None = None,
        status: Status | None = None,
        target: Short = None,
        since: Day = None,
        until: Day = None,
        limit: Rows = 20,
    ) -> Ledger:
        """Acts of states on technology, one row an act, however many outlets told of it.

        Whose, by what means, how far it has come, and whom it hits; the newest first, of
        the last 90 days without days. `target` is a company, by its id or name. Acts are
        read in headlines: rumoured and proposed ones are among them.
        """
        view, publication = self.look.page(
            "/measures",
            side=side,
            instrument=instrument,
            status=status,
            target=self._company(target),
            since=since,
            until=until,
        )
        rows = table(view, "measures")
        return Ledger(
            as_of=publication.as_of,
            since=view.given["since"],
            until=view.given["until"],
            measures=[self._act(row, publication) for row in rows[:limit]],
            note=_note(rows, limit),
        )

    def claims(
        self,
        *,
        outcome: Outcome | None = None,
        company: Short = None,
        since: Day = None,
        until: Day = None,
        limit: Rows = 20,
    ) -> Claims:
        """What was told of companies by unnamed sources, or as possible, and its outcome.

        The open ones first, of the last 90 days without days; `company` by its id or name.
        Silent means that nobody said for 30 days. Open and silent do not mean false.
        """
        view, publication = self.look.page(
            "/claims",
            outcome=outcome,
            company=self._company(company),
            since=since,
            until=until,
        )
        rows = table(view, "claims")
        return Claims(
            as_of=publication.as_of,
            since=view.given["since"],
            until=view.given["until"],
            claims=[self._claim(row, publication) for row in rows[:limit]],
            note=_note(rows, limit),
        )

    def _company(self, asked: str | None) -> str | None:
        """Return the id of a company, given its id or name.

        Raises:
            SearchError: There is none; names the nearest.
        """
        names = self.look.publication().search_names.companies
        return None if asked is None else known_id("company", asked, names)

    def _act(self, row: Mapping[str, Any], publication: Publication) -> ActRecord:
        actor, known = row["actor"], publication.names
        day = row["day"]
        return ActRecord(
            id=row["measure_id"],
            address=self.look.address("/measures", since=day, until=day, all="1")
            + f"#{row['measure_id']}",
            page=self.look.address(f"/stories/{row['story_id']}"),
            actor=actor if actor in known else "",
            answers=row["answers"] or "",
            thread=row["thread_id"],
            quoted=ActWords(
                headline=headline(row["sentence"]),
                outlet=outlet(row["first_publisher"]),
                actor="" if actor in known else shorten(actor, NAME),
                target=shorten(row["target_class"], NAME),
            ),
            **{name: row[name] for name in _OF_ACTS},
        )

    def _claim(self, row: Mapping[str, Any], publication: Publication) -> ClaimRecord:
        day = _day(row, publication)
        return ClaimRecord(
            id=row["claim_id"],
            address=self.look.address(
                "/claims", company=row["subject"], since=day, until=day
            )
            + f"#{row['claim_id']}",
            page=self.look.address(f"/stories/{row['story_id']}"),
            company=row["subject"],
            settled_story=row["settled_story"] or "",
            quoted=SettledWords(
                headline=headline(row["sentence"]),
                outlet=outlet(row["first_publisher"]),
                cue=shorten(row["cue"], NAME),
                settled=headline(row["settled_headline"]),
            ),
            **{name: row[name] for name in _OF_CLAIMS},
        )


_OF_ACTS = (
    *("story_id", "first_reported_at", "side", "instrument", "status", "direction"),
    *("targets", "target_side", "thing", "effective_on", "amount", "currency"),
    *("articles", "step", "steps"),
)
_OF_CLAIMS = (
    *("story_id", "first_reported_at", "basis", "modality", "outcome", "settled_at"),
    "publishers",
)


def _day(row: Mapping[str, Any], publication: Publication) -> date:
    at: datetime = row["first_reported_at"]
    return at.astimezone(ZoneInfo(publication.zone)).date()


def _note(rows: Sequence[object], limit: int) -> str:
    if not rows:
        return NONE
    more = len(rows) - limit
    return f"{more} more at least: raise limit, or narrow the question" if more > 0 else ""
