"""A burst may be told on its own day, against what has usually come by that hour."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from flows.steps.published import published
from flows.steps.statistics import compute_bursts

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 9, 16)
WORDS = ("chips", "cars", "cloud", "robots", "phones", "games", "banks", "maps")


def at(day, hour):
    return datetime.combine(day, time(hour), SHANGHAI)


@pytest.fixture
def evenings(home, sinowire, tmp_path):
    """Six weeks with two stories each evening, and eight this morning."""
    stories = [
        (TODAY - timedelta(days=n), 20, word) for n in range(1, 42) for word in WORDS[:2]
    ]
    stories += [(TODAY, 9, word) for word in WORDS]
    lines = [
        json.dumps(
            {
                "url": f"https://x.example/{number}",
                "title": f"Baidu {word} {day:%B %d} {number * 7919 % 99991}",
                "published_at": at(day, hour).isoformat(),
                "first_seen_at": at(day, hour).isoformat(),
                "publisher": "Outlet",
                "language": "en",
            }
        )
        for number, (day, hour, word) in enumerate(stories)
    ]
    file = tmp_path / "history.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    assert sinowire("import", file)[0] == 0


def test_a_morning_is_compared_with_mornings(evenings, config):
    """At ten little is usual yet; when the day is over, the whole day is."""

    def baidu(now):
        days = {"since": TODAY, "until": TODAY, "now": now}
        with published(config().settings) as con:
            found = compute_bursts(con, **days, false_alarms_a_week=7)
        [burst] = [burst for burst in found if burst.subject_id == "baidu"]
        return burst

    morning, over = baidu(at(TODAY, 10)), baidu(at(TODAY + timedelta(days=1), 10))

    assert morning.expected < 0.4 * over.expected
    assert morning.observed == over.observed
    assert morning.p < over.p
