"""How pages show where a statement is wrong."""

from __future__ import annotations

import pytest

from transforms.pages.tables import caret


@pytest.mark.parametrize(
    ("statement", "place", "shown"),
    [
        ("select x", (1, 8), "select x\n       ^"),
        ("selec", (1, 1), "selec\n^"),
        ("select\n  x\r\nfrom y", (2, 3), "  x\n  ^"),
        ("select '中国' + x", (1, 15), "select '中国' + x\n        \u3000\u3000    ^"),
        ("x" * 100 + "!" * 100, (1, 101), f"{'x' * 60}{'!' * 60}\n{' ' * 60}^"),
        ("select", (2, 1), "\n^"),
    ],
)
def test_a_caret_stands_under_an_error(statement, place, shown):
    """Of a long line as much as is around it; an end of nothing is a line of its own."""
    assert caret(statement, place) == shown
