"""Numbers in messages agree with their nouns."""

from __future__ import annotations

import pytest

from transforms.text.lengths import counted


@pytest.mark.parametrize(
    ("count", "nouns", "expected"),
    [
        pytest.param(1, ("feed",), "1 feed", id="one"),
        pytest.param(0, ("feed",), "0 feeds", id="none is plural"),
        pytest.param(2, ("entry", "entries"), "2 entries", id="irregular plural"),
        pytest.param(12345, ("mention",), "12,345 mentions", id="thousands are marked"),
    ],
)
def test_number_and_noun_agree(count, nouns, expected):
    """A message never says "1 feeds"."""
    assert counted(count, *nouns) == expected
