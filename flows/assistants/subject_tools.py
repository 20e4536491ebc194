"""Tools on companies, and on the changes of a period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from flows.assistants.list_tools import cut
from flows.assistants.look import (
    HEADLINE,
    Day,
    Id,
    Names,
    Rows,
    Short,
    Tools,
    outlet,
    story_row,
    table,
)
from flows.assistants.results import (
    CompanyTold,
    CountRow,
    DayRow,
    OutletRow,
    OutletWords,
    TrendRow,
    Trends,
    TrendTable,
)
from flows.web.asked import read_day
from flows.web.errors import BadRequest
from flows.web.page import PageView
from flows.web.pages.subject_asked import LONGEST
from transforms.pages.tables import opens
from transforms.pages.words import Ranked
from transforms.search.query import known_id
from transforms.text.harmless import quoted_value
from transforms.text.tables import jsonable
from warehouse.numbers.trends import trends

WEEKS = timedelta(weeks=4)
DIGITS = 4
ALIASES = 20
# Columns that say what a row is about, and the pages of these.
SUBJECTS = {"story_id": "stories", "company_id": "companies", "topic_id": "topics"}
# Texts of ours in tables of trends: ids, names of the watchlist, states; others are quoted.
OURS = frozenset(
    [
        "story_id",
        "company_id",
        "topic_id",
        "subject_id",
        "company_a",
        "company_b",
        "name",
        "name_zh",
        "kind",
        "state",
        "language",
        "told",
        "relation",
    ]
)


class SubjectTools(Tools):
    """Tools on companies and trends."""

    def company(
        self,
        company: Id,
        *,
        since: Day = None,
        until: Day = None,
        topic: Short = None,
        limit: Rows = 8,
    ) -> CompanyTold:
        """A company, brand, person or body: days, bursts, who is named with it, stories.

        By its id or name. Its brands and subsidiaries are counted with it. Without days:
        the last 90. `topic` narrows the stories listed, not the counts. Of each list the
        first `limit` are here; `note` says how many more the longest has.
        """
        newest = self.look.publication()
        names = newest.search_names.companies
        company_id = names.get(company.strip().lower(), company.strip())
        view, publication = self.look.page(
            "/companies/{id}",
            {"id": company_id},
            since=since,
            until=until,
            topic=self.look.topic(newest, topic),
        )
        given, entity = view.given, view.given["about"]["entity"]
        bursts, days = given["burst_days"], table(view, "days")
        stories = table(view, "stories")
        lists = [stories, *(_board(view, key) for key in ("with", "topics", "outlets"))]
        name, name_zh = publication.names.get(company_id, (company_id, ""))
        return CompanyTold(
            as_of=publication.as_of,
            id=company_id,
            address=self.look.address(f"/companies/{company_id}"),
            name=name,
            name_zh=name_zh,
            kind=entity.kind,
            sector=entity.sector,
            country=entity.country,
            tickers=list(entity.tickers),
            parent=entity.parent_id or "",
            members=given["about"]["members"],
            aliases=[alias.alias for alias in given["about"]["aliases"][:ALIASES]],
            since=given["period"].first,
            until=given["period"].last,
            total=given["sums"].stories,
            week=given["sums"].week,
            week_before=given["sums"].before,
            zh_first=given["summary"].zh_first,
            en_first=given["summary"].en_first,
            gap_hours=given["summary"].gap_hours,
            days={row["day"]: row["stories"] for row in days},
            bursts=[
                DayRow(
                    id=str(row["day"]),
                    address=self.look.address(f"/companies/{company_id}", day=row["day"]),
                    expected=bursts[row["day"]].expected,
                    **row,
                )
                for row in days
                if row["day"] in bursts
            ],
            named_with=self._counts(view, "with")[:limit],
            topics=self._counts(view, "topics")[:limit],
            outlets=[
                OutletRow(
                    id=f"outlet/{number}",
                    address=self.look.address(
                        f"/companies/{company_id}",
                        since=given["period"].first,
                        until=given["period"].last,
                    ),
                    stories=row.count,
                    quoted=OutletWords(
                        outlet=outlet(row.link.text),
                        address=self.look.maker.address + row.opens,
                    ),
                )
                for number, row in enumerate(_board(view, "outlets")[:limit], 1)
            ],
            stories=[story_row(self.look, row) for row in stories[:limit]],
            note=cut(max(lists, key=len), limit)
            if given["found"]
            else "no such story; ask for other days, or leave out topic",
        )

    def trends(
        self,
        *,
        since: Day = None,
        until: Day = None,
        company: Short = None,
        topic: Short = None,
        tables: Names = None,
        limit: Rows = 5,
    ) -> Trends:
        """Shares of voice, movers, bursts, topics, terms, pairs, gaps, sources.

        Without days: the 28 up to the newest. With a company or topic: its own tables, day
        by day. `tables` names those wanted, `limit` rows of each. Outlets that lead others,
        and sources, are of the 28 days up to the last.
        """
        publication = self.look.publication()
        last = read_day(until) if until else publication.last_day
        if last is None:
            raise BadRequest("there are no articles yet; import some, or run: sinowire run")
        first = read_day(since) if since else last - WEEKS + timedelta(days=1)
        if not timedelta() <= last - first < timedelta(days=LONGEST):
            raise BadRequest(
                f"the period from {first} to {last} has no day, or more than {LONGEST}; "
                "change since or until"
            )
        names, topic_id = publication.search_names, self.look.topic(publication, topic)
        company_id = company and known_id("company", company, names.companies)
        with publication.reading() as con:
            parts = trends(con, since=first, until=last, company=company_id, topic=topic_id)
        known = {name: name for name in parts}
        wanted = [known_id("table", name, known) for name in tables or parts]
        left_out = sum(max(0, len(parts[name]) - limit) for name in wanted)
        return Trends(
            as_of=publication.as_of,
            since=first,
            until=last,
            tables=[
                TrendTable(
                    name=name, rows=self._trend_rows(name, parts[name][:limit], first, last)
                )
                for name in wanted
            ],
            note=_note(parts, left_out),
        )

    def _counts(self, view: PageView, key: str) -> list[CountRow]:
        return [
            CountRow(
                id=row.subject_id,
                address=self.look.maker.address + row.opens,
                stories=row.count,
            )
            for row in _board(view, key)
        ]

    def _trend_rows(
        self, name: str, rows: Sequence[Mapping[str, Any]], first: date, last: date
    ) -> list[TrendRow]:
        board = f"{self.look.address('/trends', since=first, until=last)}#{name}"
        return [
            TrendRow(
                id=next((row[c] for c in SUBJECTS if row.get(c)), f"{name}/{number}"),
                address=self._opens(name, row, (first, last)) or board,
                values={
                    c: round(v, DIGITS) if isinstance(v, float) else v
                    for c, v in jsonable(row).items()
                    if not _is_theirs(c, row[c])
                },
                quoted={
                    c: quoted_value(v, HEADLINE)
                    for c, v in jsonable(row).items()
                    if _is_theirs(c, row[c])
                },
            )
            for number, row in enumerate(map(_with_subject, rows), 1)
        ]

    def _opens(self, name: str, row: Mapping[str, Any], period: tuple[date, date]) -> str:
        """Return where the stories of a row are, or else the page of its subject."""
        words = self.look.maker.plain_words("en")
        if name != "bursts" and (path := opens(words, name, "stories", row, period)):
            return self.look.maker.address + path
        for column, room in SUBJECTS.items():
            if row.get(column):
                day = row["day"] if name == "bursts" else None
                return self.look.address(f"/{room}/{row[column]}", day=day)
        return ""


def _board(view: PageView, key: str) -> Sequence[Ranked]:
    """Return the rows of a board of a page."""
    return next(board.rows for board in view.given["boards"] if board.key == key)


def _note(parts: Mapping[str, Sequence[object]], left_out: int) -> str:
    if not any(parts.values()):
        return "nothing in this time; ask for other days"
    more = "rows were left out: name some tables, and raise limit"
    return f"{left_out} {more}" if left_out else ""


def _is_theirs(column: str, value: Any) -> bool:
    return isinstance(value, str | list | dict) and column not in OURS


def _with_subject(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a row of subjects of any kind with the column of its own kind."""
    if "subject_id" not in row:
        return row
    own = "company_id" if row["kind"] == "company" else "topic_id"
    return {**row, own: row["subject_id"]}
