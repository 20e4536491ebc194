"""``/timeline``: acts of states month by month, and who grew abroad meanwhile."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from flows.web.page import Page, PageView, Reading
from transforms.brief.render.charts import draw_alone
from transforms.pages import timeline
from transforms.pages.rows.desk import LOOKED_AT
from transforms.pages.stories import headlines
from transforms.pages.timeline import GROWTH, TIMELINE
from transforms.pages.words import DataTable

# Months, acts of each that are shown, and companies that grow abroad.
MONTHS, LONGEST = 12, 60
ACTS, FIRMS = 3, 5
# Of a month with fewer articles nothing is said, not even that nothing happened.
FEW = 5


def timeline_page(reading: Reading) -> PageView:
    """Return, for each month, who acted against whom, and which companies grew abroad."""
    words = reading.words
    span = reading.ask.number("months", default=MONTHS, most=LONGEST)
    last = reading.day_of(reading.until)
    years, month = divmod(12 * last.year + last.month - span, 12)
    since = date(years, month + 1, 1)
    period: dict[str, Any] = {
        "since": reading.start_of(since),
        "until": reading.until + timedelta(days=1),
    }
    acts = reading.rows(TIMELINE, **period, shown=ACTS)
    abroad = list(reading.publication.rules.ranking.abroad)
    growth = reading.rows(GROWTH, **period, subjects=abroad, shown=FIRMS)
    stories = reading.stories(list(dict.fromkeys(act.story_id for act in acts)))
    by_month = timeline.months(words, acts, growth)
    began = reading.publication.first_day or last
    places = timeline.axis(max(since, began), last)
    unseen = _unseen(reading, places, {month.first for month in by_month})
    while places[0] in unseen and len(places) > 1:
        places = places[1:]
    picture = timeline.picture(words, by_month, places, unseen=unseen, grows=bool(abroad))
    return PageView(
        template="timeline.html.j2",
        title=words.word("timeline.title"),
        section="timeline",
        given={
            "months": by_month,
            "picture": picture,
            "began": began if began >= places[0] else None,
            "titles": {key: headlines(words, each)[0] for key, each in stories.items()},
            "sql": reading.sql(TIMELINE, **period, shown=ACTS),
        },
        tables=(
            DataTable(name="acts", rows=[asdict(act) for act in acts]),
            DataTable(name="abroad", rows=[asdict(each) for each in growth]),
        ),
        drawing=draw_alone(picture) if reading.ask.form == "svg" else "",
    )


def _unseen(reading: Reading, places: list[date], marked: set[date]) -> set[date]:
    """Return the months in which hardly an article came: nothing there is no zero."""
    return {
        first
        for first in places
        if first not in marked
        for [seen] in [
            reading.rows(
                LOOKED_AT,
                since=reading.start_of(first),
                until=reading.start_of(timeline.following(first)),
            )
        ]
        if seen.articles < FEW
    }


PAGES = (
    Page(
        path="/timeline",
        nav="timeline",
        room="states",
        view=timeline_page,
        known=frozenset({"months"}),
        forms=("json", "csv", "svg"),
    ),
)
