"""An alias that would match far too much is told before it does."""

from __future__ import annotations

import pytest
from builders import tagger_of

from transforms.names.edit.floods import Day, floods, new_aliases
from transforms.names.rules.file import parse_watchlist

SHIPPED = """
[company.jd]
name = "JD.com"
aliases = [{ text = "JD", not = "Vance" }, "Jingdong"]
"""
OWN = """
extends = "default"
[company.jd]
name = "JD.com"
aliases = [{ text = "JD", not = "Vance", examples = ["JD up"], sense = "a name" }, "Joy"]
[company.to]
name = "To"
"""


@pytest.fixture
def own():
    return parse_watchlist(OWN, default=SHIPPED)


def told(own, *days):
    """Return the floods of days, each (articles, headlines)."""
    aliases = new_aliases(own, parse_watchlist(SHIPPED))
    history = [Day(articles=n, texts=[(t, "") for t in texts]) for n, texts in days]
    return floods(tagger_of(own), aliases, history)


def test_what_is_new(own):
    """An alias by another rule is new; an example or a note changes no rule."""
    loose = parse_watchlist(OWN.replace(', not = "Vance"', ""), default=SHIPPED)
    shipped = parse_watchlist(SHIPPED)

    assert {a.text for a in new_aliases(own, shipped)} == {"Joy", "To"}
    assert {a.text for a in new_aliases(loose, shipped)} == {"JD", "Joy", "To"}


def test_more_than_five_hundred_a_day(own):
    """The sample stands for the day; days are averaged."""
    sample = ["Up to it"] * 20 + ["JD and Joy"] * 10 + ["Nothing"] * 170

    (found,) = told(own, (8_000, sample), (4_000, sample))

    assert (found.alias.text, found.a_day, round(found.share, 3)) == ("To", 600, 0.1)
    assert "'To' would match 600 articles a day, 10% of all, such as 'Up to it'" in (
        found.sentence
    )


def test_what_is_meant_to_be_common():
    """Whoever says that a name is common has seen the estimate."""
    meant, loose = (
        parse_watchlist(
            f'{OWN}aliases = [{{ text = "To", common = {common} }}]', default=SHIPPED
        )
        for common in ("true", "false")
    )

    assert told(meant, (8_000, ["Up to it"])) == []
    assert [f.alias.text for f in told(loose, (8_000, ["Up to it"]))] == ["To"]


def test_more_than_a_fifth_of_a_day(own):
    """Of many articles only: of a few, five may be one story."""
    sample = ["Up to it"] * 3 + ["Nothing"] * 7

    assert [f.alias.text for f in told(own, (200, sample))] == ["To"]
    assert told(own, (199, sample)) == []
    assert told(own, (300, ["Up to it"] * 2 + ["Nothing"] * 8)) == []


def test_without_history_nothing_is_known(own):
    """No article, no estimate."""
    assert told(own) == []
    assert told(own, (0, [])) == []
