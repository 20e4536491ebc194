"""What clauses look for, found as one alternation of all patterns would find it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.names.match.clauses import sentences_of
from transforms.names.match.wordings import Wordings, spans
from transforms.text.fold import lowered

PATTERNS = ("ab", "abc?", "b+", "(?i)BA", "(?<!a)b", "[bc]a", "(?i)c|cc")


def found(text, sources):
    """Return where *sources* stand in a text without sentences."""
    wordings = Wordings()
    tried = wordings.add(sources)
    mask = sum(each.bit for each in tried)
    lower = lowered(text)
    return [
        span
        for sentence in sentences_of(text, lower, wordings.places(lower))
        for span in spans(tried, mask, sentence)
    ]


@given(
    st.text("abcABC ", max_size=12),
    st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=4, unique=True),
)
def test_patterns_are_found_as_one_alternation_finds_them(text, sources):
    """Whatever overlaps: the leftmost match, and of those the earliest pattern's."""
    exact = [source for source in sources if not source.startswith("(?i)")]
    small = [source.removeprefix("(?i)").lower() for source in sources if "(?i)" in source]
    expected = [
        match.span()
        for group, written in ((exact, text), (small, lowered(text)))
        if group
        for match in re.finditer("|".join(f"(?:{each})" for each in group), written)
    ]
    assert found(text, sources) == expected


def test_what_matches_nothing_has_its_say():
    """A pattern that may match an empty text is searched for with the others at once."""
    assert found("ab", ["x?", "b"]) == [(0, 0), (1, 1), (1, 2), (2, 2)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("business", []),
        ("Bans US chips", [(5, 7)]),
        ("no. It helps the US", [(13, 15)]),
    ],
)
def test_a_border_is_that_of_the_text(text, expected):
    """A literal that begins a word leads to its pattern where a word begins."""
    assert found(text, [r"(?i)\bUS\b"]) == expected


def test_sentences_keep_what_may_stand_in_them():
    """A pattern is likely in the sentence that holds its literal, and in no other."""
    wordings = Wordings()
    (ban, drone) = wordings.add(["ban", "drone"])
    text = "A ban。 ;A drone"
    first, _, last = sentences_of(text, text, wordings.places(text))
    assert (first.text, first.likely) == ("A ban", ban.bit)
    assert (last.text, last.likely) == ("A drone", drone.bit)
