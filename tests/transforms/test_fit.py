"""A table fits the width of a terminal and loses nothing without saying so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from rich.cells import cell_len

from transforms.text.fit import wrap
from transforms.text.tables import render_table

SHANGHAI = timezone(timedelta(hours=8))
ROWS = [
    {
        "published_at": datetime(2026, 8, 4, 4, 30, tzinfo=UTC),
        "title": "美国对华为芯片实施出口管制，英伟达与超威半导体暂停对华出货，供应链震荡",
        "publishers": 12,
        "story_id": "s3f87a9c1d2e3b4a5c6d7",
        "url": "https://caixin.example/2026-08-04/export-controls-bite",
    },
    {
        "published_at": datetime(2026, 8, 4, 4, tzinfo=UTC),
        "title": "Export controls bite, and a chain that took a decade to build is shaken",
        "publishers": 3,
        "story_id": "s1f87a9c1d2e3b4a5c6d7",
        "url": "https://x.example/1",
    },
]


@pytest.mark.parametrize("width", [20, 40, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal(width):
    """Also where hardly anything has room."""
    text = render_table(ROWS, width=width, zone=SHANGHAI)

    assert max(map(cell_len, text.splitlines())) <= width


def test_headlines_take_several_lines():
    """Ids and times stay whole, on the reader's clock; the last columns go first."""
    text = render_table(ROWS, width=80, zone=SHANGHAI)

    assert "2026-08-04 12:30  " in text
    assert "s3f87a9c1d2e3b4a5c6d7" in text
    assert "(no room for url; --format json has all)" in text
    assert "https" not in text
    assert len(text.splitlines()) > 2 + len(ROWS)


def test_wide_terminal_shows_all():
    """Each row in one line, nothing cut."""
    text = render_table(ROWS, width=220, zone=SHANGHAI)

    assert len(text.splitlines()) == 2 + len(ROWS)
    assert "供应链震荡" in text
    assert "no room" not in text


def test_times_are_iso_where_nobody_looks():
    """A file, JSON and CSV have the instant."""
    for shape in ("table", "json", "csv"):
        assert "2026-08-04T04:30:00+00:00" in render_table(ROWS, shape)


def test_wrap_breaks_between_words_and_characters():
    """Three lines at most, and the third says that there is more."""
    assert wrap("short", 10) == ["short"]
    assert wrap("two words here", 9) == ["two words", "here"]
    assert wrap("华为芯片管制", 8) == ["华为芯片", "管制"]
    assert wrap("a " * 40, 6) == ["a a a", "a a a", "a a a…"]
    assert wrap("unbreakable", 6) == ["unbre…"]
