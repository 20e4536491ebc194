"""Events of a company by kind and week: marks that open a story, or those they count."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from builders import CREATED

from transforms.brief.render.charts import draw_charts
from transforms.pages.rows.subjects import CoveredEvent
from transforms.pages.subject import KINDS, SubjectPeriod, events
from transforms.pages.words import PageWords

LAST = date(2026, 8, 7)
WEEK = timedelta(days=7)
NAMES = {"funding": ("Funding", "融资"), "earnings": ("Earnings", "财报")}


def event(event_id, weeks_ago, stories=1):
    return CoveredEvent(
        week=LAST - timedelta(days=6) - weeks_ago * WEEK,
        event_id=event_id,
        stories=stories,
        story_id=f"s{event_id}{weeks_ago}",
        headline=f"A <b>headline</b> of {event_id}",
    )


def drawn(rows, *, days=30, began=date(2026, 7, 22)):
    first = LAST - timedelta(days=days - 1)
    moment = datetime(2026, 8, 8, tzinfo=ZoneInfo("UTC"))
    words = PageWords(language="en", zone=ZoneInfo("UTC"), names=NAMES, until=CREATED)
    period = SubjectPeriod(first=first, last=LAST, since=moment, until=moment)
    kept = {"since": str(first), "kind": "x"}
    return events(words, "/companies/byd", rows, period, began=began, kept=kept)


def test_a_mark_opens_its_story_or_the_stories_of_its_days():
    """The kind with most stories comes first; days before the period are not asked for."""
    rows = [event("earnings", 0), event("funding", 1), event("funding", 4, 3)]
    chart = drawn(rows)

    assert chart.series == ("Funding", "Earnings")
    assert chart.alt == "Funding 4, Earnings 1"
    one, other, many = chart.bars
    assert (one.bar, one.href, one.label) == (
        "1 Aug",
        "/stories/searnings0",
        "A <b>headline</b> of earnings",
    )
    assert other.href == "/stories/sfunding1"
    # Thirty days are four weeks and the two days before.
    asked = "since=2026-07-09&kind=x&event=funding&until=2026-07-10"
    assert many.href == f"/companies/byd?{asked}#stories"
    assert many.label == "Funding, 9 Jul: 3 stories"


def test_of_days_before_the_record_nothing_is_said():
    """Neither a mark nor a dot stands in a week that ended before the first article."""
    chart = drawn([event("earnings", 0)])
    assert chart.positions == ("9 Jul", "11 Jul", "18 Jul", "25 Jul", "1 Aug")
    assert chart.unseen == ("9 Jul", "11 Jul")
    assert drawn([], began=None).unseen == drawn([], began=None).positions


def test_its_picture_counts_what_opens_a_list_alone():
    """A story that is opened is no total; the words of an outlet are no markup."""
    for svg in draw_charts(drawn([event("earnings", 0), event("earnings", 1, 2)]), "e"):
        assert re.findall(r'data-n="(\d+)"', svg) == ["2"]
        assert "<b>" not in svg
        # No label begins left of the picture.
        places = re.findall(r'<text x="([\d.]+)"[^>]*middle[^>]*>([^<]*)<', svg)
        assert all(float(x) >= 3 * len(text) for x, text in places)


def test_of_many_kinds_the_first_are_shown():
    rows = [event(f"kind-{n:02}", 0) for n in range(KINDS + 3)]
    assert drawn(rows).series == tuple(f"kind-{n:02}" for n in range(KINDS))
