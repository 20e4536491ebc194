"""What matchers read of an article: where a feed cut it, and what is left open."""

from __future__ import annotations

import pytest

from transforms.names.match.document import read_document

# Lengths at which feeds cut summaries without a word.
ROUND = {*range(100, 1001, 50), 120, 140, 160, 255, 256, 280, 512}


def cut(summary):
    """Return where a summary was cut off, None if it was not."""
    _, field = read_document("A title", summary).fields
    return field.cut


def test_a_round_length_says_that_a_feed_has_cut():
    """Where it ends within a word; of a title nothing is cut."""
    assert {n for n in range(90, 1061) if cut("a" * n) == n} == ROUND
    assert {n for n in range(90, 1061) if cut("a" * n) is not None} == ROUND
    assert cut("a" * 99 + ".") is None
    assert read_document("a" * 100).fields[0].cut is None


@pytest.mark.parametrize("sign", ["…", "...", "[…]", "(...)", "… "])
@pytest.mark.parametrize(("length", "where"), [(59, None), (60, 60), (300, 300)])
def test_an_ellipsis_says_so_of_a_longer_text(sign, length, where):
    """A shorter one with an ellipsis is style."""
    assert cut("a" * length + sign) == where


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Lumo buys Tide (", "Lumo buys Tide"),
        ("Lumo buys Tide (TIDE", "Lumo buys Tide"),
        ("Lumo buys Tide (" + "x" * 12, "Lumo buys Tide"),
        ("Lumo buys Tide (" + "x" * 13, "Lumo buys Tide (" + "x" * 13),
        ("Lumo buys Tide (TIDE)", "Lumo buys Tide (TIDE)"),
    ],
)
def test_a_bracket_that_nothing_closes_is_blank(text, left):
    """And keeps its length, so that places stay; a title's is its own."""
    title, field = read_document(text, text).fields

    assert (field.text.rstrip(), len(field.text)) == (left, len(text))
    assert field.lower == field.text.lower()
    assert title.text == text
