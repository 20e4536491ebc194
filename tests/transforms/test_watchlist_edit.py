"""Changing watchlist.toml: one entry learns, all the rest stays as people wrote it."""

from __future__ import annotations

import pytest

from transforms.config import ConfigError
from transforms.config.table import EXTENDING
from transforms.names.edit.entries import add_counter_example
from transforms.names.rules.file import parse_watchlist

TEXT = """\
# Ours.
[company.xiaomi]  # phones
name = "Xiaomi"
zh = "小米"
aliases = [
  "Redmi",   # a brand
  # older
  { text = "Mi", case = "exact", not = 'Mi \\d', examples = ["Mi phones"] },
  "MIUI",
]

# Next.
[company.oppo]
name = "OPPO"
aliases = ["Realme"]
"""


def learned(text, company_id, name, sentence, default="", **options):
    """Return the new text and the alias that learned in it."""
    old = parse_watchlist(text, default=default or None)
    alias = next(a for a in old.company(company_id).aliases if a.text == name)
    made = add_counter_example(text, alias, sentence, default=default, **options)
    new = parse_watchlist(made, default=default or None)
    (found,) = (a for a in new.company(company_id).aliases if a.text == name)
    assert {c.company_id: len(c.aliases) for c in new.companies} == {
        c.company_id: len(c.aliases) for c in old.companies
    }
    return made, found


def test_a_plain_alias_becomes_a_table():
    """Comments, order and the other entries stay."""
    made, alias = learned(TEXT, "xiaomi", "Redmi", 'He said "redmi"', exclusion="{A}a")

    assert alias.examples == ('not: He said "redmi"',)
    assert alias.excludes == ("{A}a",)
    assert made.replace(made.splitlines()[5], TEXT.splitlines()[5]) == TEXT
    assert made.splitlines()[5].endswith("# a brand")


def test_a_table_learns_more():
    """A single pattern becomes a list, examples are added to, twice adds nothing."""
    made, alias = learned(TEXT, "xiaomi", "Mi", "Mi 5", exclusion=r"(?i)\bHi {A}")
    again, _ = learned(made, "xiaomi", "Mi", "Mi 5", exclusion=r"(?i)\bHi {A}")

    assert alias.examples == ("Mi phones", "not: Mi 5")
    assert alias.excludes == (r"Mi \d", r"(?i)\bHi {A}")
    assert r"'(?i)\bHi {A}'" in made
    assert again == made


def test_a_name_that_no_alias_speaks_for():
    """It is listed, with the rule; where there is no list, one is made."""
    _, alias = learned(TEXT, "xiaomi", "小米", "小米粥")
    bare, named = learned('[company.x]\nname = "X"', "x", "X", "An X")

    assert (alias.kind, alias.examples) == ("alias", ("not: 小米粥",))
    assert named.examples == ("not: An X",)
    assert bare.startswith('[company.x]\nname = "X"\n')


def test_what_extends_the_shipped_one_gets_one_alias():
    """All else of the entry stays the shipped one's, and follows its updates."""
    made, alias = learned(EXTENDING, "xiaomi", "Redmi", "a redmi", default=TEXT)
    more, _ = learned(made, "xiaomi", "Mi", "Mi 5", exclusion="{A} 5", default=TEXT)

    assert alias.examples == ("not: a redmi",)
    assert made == (
        'extends = "default"\n\n[company.xiaomi]\nextends = "default"\n'
        'aliases = [{text = "Redmi", examples = ["not: a redmi"]}]\n'
    )
    later = TEXT.replace('"MIUI"', '"MIUI", "HyperOS"').replace("Mi phones", "Mi pads")
    grown = parse_watchlist(more, default=later).company("xiaomi")
    [mi] = (a for a in grown.aliases if a.text == "Mi")
    assert (mi.exact, mi.excludes) == (True, (r"Mi \d", "{A} 5"))
    assert mi.examples == ("Mi pads", "not: Mi 5")
    assert "HyperOS" in {a.text for a in grown.aliases}
    assert (grown.name, grown.name_zh) == ("Xiaomi", "小米")


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ('[company.nobody]\nextends = "default"', "has no shipped entry to extend"),
        ('[company.oppo]\nextends = "mine"', 'write extends = "default"'),
        ('[company.oppo]\nextends = "default"\naliases = [7]', "write a text or a table"),
        ('[company.oppo]\nextends = "default"\naliases = "Oppo"', "is not a list"),
        ('[company.oppo]\nextends = "default"\nalias = ["O"]', "alias"),
    ],
)
def test_an_addition_that_is_wrong_names_file_and_line(entry, said):
    """As any other mistake in a watchlist does."""
    with pytest.raises(ConfigError, match=said):
        parse_watchlist(EXTENDING + entry, default=TEXT)


def test_unusual_forms_are_edited_too():
    """A list of tables, or a company without a header of its own."""
    tables = '[company.x]\nname = "X"\n[[company.x.aliases]]\ntext = "Xy"\n'
    tables += '[macro.M]\npattern = "m"\n'
    dotted = '[company]\nx = { name = "X", aliases = ["Xy"] }\n'

    for text in (tables, dotted):
        _, alias = learned(text, "x", "Xy", "no Xy")
        assert alias.examples == ("not: no Xy",)


def test_a_company_that_nobody_has():
    """There is nothing to change."""
    alias = parse_watchlist(TEXT).company("oppo").aliases[0]

    with pytest.raises(ConfigError, match=r"no \[company.oppo\]"):
        add_counter_example(EXTENDING, alias, "a sentence")
