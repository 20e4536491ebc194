"""``/trends``: the tables of a period, each with its definition and its SQL."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flows.web.errors import BadRequest
from flows.web.page import DAY, Page, PageView, Reading
from transforms.brief.sections.by_company.share import SHARE
from transforms.pages import tables
from transforms.pages.words import DataTable
from warehouse.numbers.trends import trends

DAYS = 7
LONGEST = 366
ROWS = 20
WEEKS = 12


def trends_page(reading: Reading) -> PageView:
    """Shares, movers, topics, terms, gaps, pairs, frames and sources of a period."""
    ask, words, publication = reading.ask, reading.words, reading.publication
    last_day = reading.day_of(publication.as_of)
    first, last = ask.period() or (last_day - timedelta(days=DAYS - 1), last_day)
    if (last - first).days >= LONGEST:
        raise BadRequest(f"a period has at most {LONGEST} days; ask for fewer")
    found = trends(reading.con, since=first, until=last)
    asked: dict[str, Any] = {"since": first, "until": last, "limit": ROWS, "subjects": None}
    weeks = reading.rows(SHARE, until_day=last + DAY)
    return PageView(
        template="trends.html.j2",
        title=words.word("nav.trends"),
        section="trends",
        given={
            "first": first,
            "last": last,
            "spans": [
                (
                    days,
                    words.href(
                        "/trends", since=last_day - timedelta(days=days - 1), until=last_day
                    ),
                )
                for days in (1, 7, 28, 90)
            ],
            "days": (last - first).days + 1,
            "boards": [
                tables.trend_table(
                    words,
                    name,
                    rows,
                    sql=reading.sql(f"trends.{name}", **asked),
                    period=(first, last),
                )
                for name, rows in found.items()
                if name != "warming_up"
            ],
            "warming": found.get("warming_up", []),
            "multiples": tables.shares(words, weeks),
            "newest": publication.as_of,
        },
        tables=[DataTable(name=name, rows=rows) for name, rows in found.items() if rows]
        or [DataTable(name="share_of_voice", rows=[])],
    )


PAGES = (
    Page(
        path="/trends", nav="trends", view=trends_page, known=frozenset({"since", "until"})
    ),
)
