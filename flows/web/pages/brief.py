"""``/brief/day`` and ``/brief/week``: the brief, of today or of a day before."""

from __future__ import annotations

from datetime import timedelta

import orjson

from flows.steps.brief import DAYS, Period, read_brief
from flows.web.errors import BadRequest, NotFound
from flows.web.page import DAY, Page, PageView, Reading
from transforms.brief.render import render_json
from transforms.pages import charts
from transforms.pages.words import DataTable


def brief_page(reading: Reading) -> PageView:
    """The brief of the period up to a day, or up to the newest data."""
    ask, words, publication = reading.ask, reading.words, reading.publication
    period: Period = "week" if ask.place["period"] == "week" else "day"
    if ask.place["period"] not in DAYS:
        raise NotFound("")
    last = ask.day("until")
    first, newest = publication.first_day, publication.last_day
    if last and (first is None or newest is None or not first <= last <= newest):
        raise BadRequest(words.word("none.day", day=words.day(last)))
    made = read_brief(
        reading.con,
        reading.settings,
        now=publication.as_of + timedelta.resolution,
        period=period,
        last=last,
        language=ask.language,
    )
    shown = last or reading.day_of(publication.as_of)
    path = f"/brief/{period}"
    return PageView(
        template="brief.html.j2",
        title=made.title,
        section="brief",
        given={
            "brief": made,
            "parts": charts.parts(words, made),
            "periods": [
                (each, words.href(f"/brief/{each}"), each == period) for each in DAYS
            ],
            "before": words.href(path, until=shown - DAYS[period] * DAY),
            "newest": publication.as_of,
        },
        # Its times and days are those of the reporting zone, on whatever clock it is read.
        until=publication.as_of,
        tables=(
            DataTable(name="stories", rows=orjson.loads(render_json(made))["stories"]),
        ),
    )


PAGES = (
    Page(
        path="/brief/{period}",
        nav="brief",
        entry="/brief/day",
        view=brief_page,
        known=frozenset({"until"}),
    ),
)
