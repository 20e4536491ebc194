"""Which patterns an editor may not write: a headline would keep them busy for hours."""

from __future__ import annotations

import pytest

from flows.beats import default_text
from transforms.config import ConfigError
from transforms.names.rules.backtracking import LARGE, MANY, NESTED, UNKNOWN, backtracking
from transforms.names.rules.file import parse_watchlist


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (r"(\w+\s?)+!", NESTED),
        (r"(a+)+b", NESTED),
        (r"(?:a*)*b", NESTED),
        (r"(aa|a)*b", NESTED),
        (r"(x+x+)+y", NESTED),
        (r"(\d{1,3})+x", NESTED),
        (r"(\d{3})+x", NESTED),
        (r"(?i)(AI|a[i])+", NESTED),
        (r"^(([a-z])+.)+[A-Z]$", NESTED),
        (r"(a|a)*b", NESTED),
        (r"(?:a(?:b|b)c)*x", NESTED),
        (r"(?:a|ab?)*c", NESTED),
        (r"(?:a(?:b?)?)*c", NESTED),
        (r"(?:a(?:b?|c?)){0,30}x", NESTED),
        (r"\s*\s*x", MANY),
        (r"\d+.*x", MANY),
        (r"\w+\s*\w*!", MANY),
        (r"a(?!\w+\d*x)", MANY),
        (r"a{1,3000}a+", MANY),
        (r"a.*b.*c.*d.*e.*f.*g", MANY),
        (r"a.*?b.*?c.*?d", MANY),
        (r"a[^x]*a[^y]*a[^z]*b", MANY),
        (r"(?:a.*b){3}", MANY),
        (r"a.{0,40}b.{0,40}c.{0,40}d.{0,40}e.{0,40}f", MANY),
        (r"x(?=a.*b.*c.*d)", MANY),
        (r"one.{0,40}two.{0,40}three.{0,40}four.{0,40}five", MANY),
        (r"(?:a?){8}(?:a?){8}(?:a?){8}(?:a?){8}b", MANY),
        (r"(?:a|a){8}(?:a|a){8}(?:a|a){8}(?:a|a){8}b", MANY),
        (r"(?:(?i:a)|A)*b", NESTED),
        (r"(x)?(?(1)y|(?:a|a)*b)", NESTED),
        (r"(?:.?){60}x", NESTED),
        (r"(?:" + "a?" * 60 + ")*b", NESTED),
        ("a?" * 60 + "b", MANY),
        (r"(?:(?:(?:(?:(?:|){8}){8}){8}){8}){8}b", LARGE),
        (r"(\w)\1+", UNKNOWN),
    ],
)
def test_patterns_that_try_too_much(source, why):
    """The ways through a text double with each letter, or grow with a power of it."""
    assert backtracking(source) == why


@pytest.mark.parametrize(
    "source",
    [
        r"(?:\w+\s+)*x",
        r"(a|ab)*c",
        r"(?:a++)+b",
        r"foo.*bar.*baz",
        r"(?:one.*|two.*|six.*)(?:ten|eleven).*twelve",
        r"(?i)\b(?:one\w*|two\w*)\b.{0,40}\b(?:ten\w*|six\w*)\b.{0,40}\btwelve",
        r"\d+ \w+, \d+ \w+, \d+ \w+; \d+ \w+",
        r"a[^a]*a[^a]*a[^a]*a[^a]*a",
        r"^(?!.*one)(?!.*two)(?!.*three).*four",
        r"one.*+two.*+three.*+four",
        r"(?:ab|ac|ad)+x",
        r"(?:a(?:b|c)?d)+x",
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
        ("[topic.acme]\nname = \"Acme\"\nterms = ['re:(a|a)*b']", 3),
        ("[topic.acme]\nname = \"Acme\"\nterms = ['re:a.*b.*c.*d.*e.*f.*g']", 3),
    ],
)
def test_a_watchlist_with_one_is_refused(table, line):
    """File, line and remedy are named wherever it stands."""
    with pytest.raises(ConfigError) as refused:
        parse_watchlist(table, default=default_text("watchlist.toml"))

    assert str(refused.value).startswith(f"watchlist.toml:{line}: ")
    assert "over one headline" in str(refused.value)
