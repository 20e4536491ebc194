"""Words of outlets as an assistant gets them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.text.harmless import fitting, quoted_lines, quoted_value

HIDDEN = "\u202e\u200b\U000e0041\ufeff\x1b"


def test_lines_stay_lines():
    """With what they hang on; each is harmless, none is too long."""
    text = f"# A{HIDDEN}\n\n- b\u2028c\r\n  - {'d ' * 50}"

    assert quoted_lines(text, 20, 100) == "# A\n\n- b c\n  - d d d d d d d d d…"


@given(st.text(max_size=300), st.integers(2, 50), st.integers(2, 200))
def test_no_text_is_longer_or_steers(text, line, most):
    """Whatever it holds."""
    shown = quoted_lines(text, line, most)

    assert len(shown) <= most
    assert not any(
        unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in shown if c != "\n"
    )


def test_values_are_quoted_wherever_they_stand():
    """Keys of structures too; numbers are what they are."""
    value = {f"k{HIDDEN}": [1, None, True, 2.5, f"x{HIDDEN}y", ["z" * 30]]}

    assert quoted_value(value, 10) == {"k": [1, None, True, 2.5, "x y", ["z" * 9 + "…"]]}


@pytest.mark.parametrize(
    ("sizes", "room", "count"),
    [([], 5, 0), ([5], 5, 1), ([6], 5, 0), ([2, 3, 1], 5, 2), ([9, 1], 5, 0)],
)
def test_what_fits(sizes, room, count):
    """The first ones, until one does not."""
    assert fitting(sizes, room) == count
