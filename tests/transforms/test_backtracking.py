"""Which patterns an editor may not write: a headline would keep them busy for hours."""

from __future__ import annotations

import pytest

from flows.home import default_text
from transforms.config import ConfigError
from transforms.patterns.backtracking import ADJACENT, NESTED, backtracking
from transforms.watchlist import parse_watchlist


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (r"(\w+\s?)+!", NESTED),
        (r"(a+)+b", NESTED),
        (r"(?:a*)*b", NESTED),
        (r"(aa|a)*b", NESTED),
        (r"(x+x+)+y", NESTED),
        (r"(\d{1,3})+x", NESTED),
        (r"(?i)(AI|a[i])+", NESTED),
        (r"^(([a-z])+.)+[A-Z]$", NESTED),
        (r"\s*\s*x", ADJACENT),
        (r"\d+.*x", ADJACENT),
        (r"\w+\s*\w*!", ADJACENT),
        (r"a(?!\w+\d*x)", ADJACENT),
        (r"a{1,3000}a+", ADJACENT),
    ],
)
def test_patterns_that_try_too_much(source, why):
    """The ways through a text double with each letter, or grow with the third power."""
    assert backtracking(source) == why


@pytest.mark.parametrize(
    "source",
    [
        r"(?:\w+\s+)*x",
        r"(a|ab)*c",
        r"(?:a++)+b",
        r"(\d{3})+x",
        r"foo.*bar.*baz",
        r"\w+\s+\w+",
        r".{0,40}.{0,40}x",
        r"[^\d\s]+\d+",
        r"(?i)shift\w*\b.{0,40}(to india|to vietnam)",
        r"小米(?!粥|手环.*二手)",
    ],
)
def test_patterns_that_are_well(source):
    """What can be split in one way only, or has an end, is taken."""
    assert backtracking(source) is None


def test_shipped_rules_are_well():
    """Who copies the shipped watchlist and edits it is refused nothing of it."""
    assert parse_watchlist(default_text("watchlist.toml")).companies


@pytest.mark.parametrize(
    ("table", "line"),
    [
        (
            '[company.acme]\nname = "A"\naliases = [{ text = "Acme", not = \'(a+)+b\' }]',
            3,
        ),
        ("[topic.acme]\nname = \"Acme\"\nterms = ['re:(a+)+b']", 3),
        ("[credit.acme]\npattern = '(a+)+b'", 2),
    ],
)
def test_a_watchlist_with_one_is_refused(table, line):
    """File, line and remedy are named wherever it stands."""
    with pytest.raises(ConfigError) as refused:
        parse_watchlist(table, default=default_text("watchlist.toml"))

    assert str(refused.value).startswith(f"watchlist.toml:{line}: ")
    assert "could take hours over one headline" in str(refused.value)
    assert "give its repeats an end, {0,40} for *" in str(refused.value)
