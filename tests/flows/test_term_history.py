"""The terms of a long history are looked for several weeks at once."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import UTC, datetime, timedelta

from flows.steps import statistics
from flows.steps.published import published
from flows.steps.statistics import monday, terms_by_week

START = datetime(2026, 6, 1, 12, tzinfo=UTC)


def alone(week, number):
    """Return words that no other headline has, so that each is a story."""
    digest = hashlib.md5(f"{week} {number}".encode()).hexdigest()
    return " ".join(digest[at : at + 5] for at in range(0, 30, 5))


def test_processes_find_what_one_finds(home, sinowire, config, tmp_path, monkeypatch):
    """Week by week, in order, the same terms."""
    lines = [
        json.dumps(
            {
                "url": f"https://x.example/{week}-{number}",
                "title": f"{alone(week, number)} of Baidu in rumour{week}",
                "published_at": (START + timedelta(weeks=week, hours=number)).isoformat(),
                "publisher": f"Outlet {number}",
                "language": "en",
            }
        )
        for week in range(6)
        for number in range(6)
    ]
    file = tmp_path / "history.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    assert sinowire("import", file)[0] == 0
    weeks = [monday(START.date()) + timedelta(weeks=week) for week in range(6)]

    with published(config().settings) as con:
        one = list(terms_by_week(con, weeks))
        monkeypatch.setattr(statistics, "MANY_WEEKS", 1)
        monkeypatch.setattr(statistics, "MANY_ARTICLES", 1)
        monkeypatch.setattr(os, "cpu_count", lambda: 2)
        together = list(terms_by_week(con, weeks))

    assert together == one
    assert [week for week, _ in one] == weeks
    assert any(term.term == "rumour5" for term in one[-1][1])
