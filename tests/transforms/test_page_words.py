"""How the desk's pages say lengths of time, and why an alert was sent."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from transforms.alerts.messages.wording import tell_step
from transforms.pages.words import PageWords
from transforms.words import phrases

ROOT = Path(__file__).resolve().parents[2]
SECTOR = re.compile(r'^sector = "([^"]+)"', re.MULTILINE)
NAMES = {"roborock": ("Roborock", "石头科技")}


def page_words(language="en"):
    return PageWords(
        language=language,
        zone=ZoneInfo("UTC"),
        names=NAMES,
        until=datetime(2026, 8, 23, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (0.5, "30 min"),
        (0.999, "60 min"),
        (1, "1 h"),
        (1.59, "1 h 35"),
        (2, "2 h"),
        (1.999, "2 h"),
        (5.05, "5 h 03"),
        (7.4, "7 h"),
        (71, "71 h"),
        (96, "4 d"),
    ],
)
def test_an_hour_and_a_half_is_no_two_hours(hours, said):
    """Articles ten minutes apart differ in what is said of them."""
    assert page_words().short_span(hours) == said


@pytest.mark.parametrize(
    ("at", "clocks", "said"),
    [
        # The day of the page is 23 August in Shanghai, which began at 16:00 UTC.
        ("2026-08-22T17:00Z", "Asia/Shanghai", "01:00"),
        ("2026-08-22T15:00Z", "Asia/Shanghai", "22 Aug, 23:00"),
        # On another clock a time is dated by it where either day is another.
        ("2026-08-22T17:00Z", "America/New_York", "22 Aug, 13:00"),
        ("2026-08-23T05:00Z", "America/New_York", "01:00"),
        ("2026-08-22T15:00Z", "Pacific/Kiritimati", "23 Aug, 05:00"),
        ("2026-08-23T11:00Z", "Pacific/Kiritimati", "24 Aug, 01:00"),
        ("2025-12-31T15:00Z", "Asia/Tokyo", "1 Jan, 00:00"),
        ("2025-12-31T12:00Z", "Asia/Tokyo", "31 Dec 2025, 21:00"),
    ],
)
def test_a_time_on_another_clock_tells_its_date(at, clocks, said):
    """Wherever it is not the page's day, or not the day that the calendar counts it to."""
    words = PageWords(
        language="en",
        zone=ZoneInfo("Asia/Shanghai"),
        names=NAMES,
        until=datetime(2026, 8, 23, 10, tzinfo=UTC),
        clocks=ZoneInfo(clocks),
    )
    moment = datetime.fromisoformat(at)
    assert words.clock(moment) == said
    assert words.day(moment) == words.day(moment.astimezone(words.zone).date())


@pytest.mark.parametrize(
    ("step", "language", "said"),
    [
        ("publishers:5", "en", "now told by 5 outlets"),
        ("language:zh", "en", "now in Chinese"),
        ("company:roborock", "zh", "又涉及石头科技"),
        ("turn", "en", "follows what was told before"),
        ("twist", "en", "twist"),
        ("", "en", ""),
    ],
)
def test_a_step_is_told_in_words(step, language, said):
    """A code that has no words stays as it is."""
    assert tell_step(step, language, page_words(language).name) == said


def test_every_sector_of_a_shipped_watchlist_has_a_word_in_either_language():
    """Another beat's own ones are shown as they are written there."""
    files = (*ROOT.glob("watchlist.toml"), *ROOT.glob("beats/*/watchlist.toml"))
    sectors = {
        found
        for file in files
        for found in SECTOR.findall(file.read_text(encoding="utf-8"))
    }
    assert len(sectors) > 20
    for language in ("en", "zh"):
        assert sectors <= {
            key.removeprefix("sector.") for key in phrases(language) if key[:7] == "sector."
        }
