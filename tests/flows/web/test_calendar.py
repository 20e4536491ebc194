"""The calendar that clients subscribe to, as two parsers of others read it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import vobject
from ical.calendar_stream import IcsCalendarStream

from transforms.calendar.ics import Entry, to_ics
from transforms.models.calendar import DueDate

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
LAUNCH = DueDate(
    date_id="da1-launch",
    story_id="s1",
    due_on=date(2026, 9, 12),
    due_until=date(2026, 9, 12),
    precision="day",
    occasion="launch",
    company_id="luma",
    side=None,
    topics=(),
    status="planned",
    superseded=(),
    sequence=0,
    headline="Luma to launch a phone on Sept 12; it says,\nBEGIN:VEVENT",
    language="en",
    url="https://ledger.example/luma",
    first_publisher="星桥 Ledger",
    article_id="a1",
    publishers=1,
    announced_at=NOW,
    updated_at=NOW,
    is_on_beat=True,
)
LATER = replace(
    LAUNCH,
    due_on=date(2026, 10, 1),
    due_until=date(2026, 10, 31),
    precision="month",
    status="moved",
    superseded=(date(2026, 9, 12),),
    sequence=1,
    updated_at=NOW + timedelta(days=1),
)


def document(*dates):
    entries = [
        Entry(d, "launch", "Luma 星", "http://localhost:8765/stories/s1") for d in dates
    ]
    return to_ics(entries, title="Calendar", address="http://localhost:8765/calendar")


def by_ical(text):
    return [
        (e.uid, e.dtstart, e.dtend, e.sequence, e.status.value, e.summary)
        for e in IcsCalendarStream.calendar_from_ics(text.decode()).events
    ]


def by_vobject(text):
    calendar = vobject.readOne(text.decode())
    return [
        (
            e.uid.value,
            e.dtstart.value,
            e.dtend.value,
            int(e.sequence.value),
            e.status.value,
            e.summary.value,
        )
        for e in calendar.vevent_list
    ]


@pytest.mark.parametrize("read", [by_ical, by_vobject])
def test_others_read_what_is_due(read):
    """A day of its own, what is due, and a headline that adds no event of its own."""
    [event] = read(document(LAUNCH))

    assert event[:5] == (
        "da1-launch@sinowire",
        date(2026, 9, 12),
        date(2026, 9, 13),
        0,
        "TENTATIVE",
    )
    assert event[5].startswith("Luma 星: launch (day): Luma to launch a phone")


@pytest.mark.parametrize("read", [by_ical, by_vobject])
def test_a_moved_date_updates_its_event_and_a_fallen_one_cancels_it(read):
    """Under one UID, with a higher sequence each time."""
    fallen = replace(LATER, status="cancelled", sequence=2)
    before, moved, over = (read(document(each))[0] for each in (LAUNCH, LATER, fallen))

    assert before[0] == moved[0] == over[0]
    assert moved[1:5] == (date(2026, 10, 1), date(2026, 11, 1), 1, "TENTATIVE")
    assert over[3:5] == (2, "CANCELLED")


def test_the_desk_serves_it(get):
    """With the page's filters, as a calendar that a client may subscribe to."""
    answer = get("/calendar.ics?since=2025-01-01&all=1")

    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    events = by_vobject(answer.content)
    assert events
    assert len({uid for uid, *_ in events}) == len(events)
    assert by_ical(answer.content)
    other = get("/calendar.ics?since=2025-01-01&all=1&occasion=hearing")
    assert len(by_ical(other.content)) < len(events)
