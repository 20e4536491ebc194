"""A copy of the shipped file becomes what differs from it, and means the same."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from builders import shipped_watchlist
from hypothesis import assume, given
from hypothesis import strategies as st

from flows.orchestration.sinks import ALL_CHANNELS
from transforms.alerts import parse_alerts
from transforms.config import ConfigError
from transforms.config.copies import compare
from transforms.config.pieces import cut, find_table
from transforms.config.shrink import shrink
from transforms.watchlist import parse_watchlist

ROOT = Path(__file__).resolve().parents[2]
FILES = ("watchlist.toml", "alerts.toml")
SHIPPED = {name: (ROOT / name).read_text("utf-8") for name in FILES}
STARTERS = {name: (ROOT / "flows" / "starters" / name).read_text("utf-8") for name in FILES}


def shrunk(name, text):
    """Return what a copy shrinks to; it must mean what the copy meant."""
    made = shrink(text, SHIPPED[name], starter=STARTERS[name])
    assert tomllib.loads(made)["extends"] == "default"
    assert meaning(name, made) == meaning(name, text)
    return made


def parse(text, **options):
    return parse_alerts(
        text, watchlist=shipped_watchlist(), feeds=(), channel_types=ALL_CHANNELS, **options
    )


def meaning(name, text):
    if name == "watchlist.toml":
        return parse_watchlist(text, default=SHIPPED[name])
    return parse(text, default=SHIPPED[name])


def edited(name, *changes):
    text = SHIPPED[name]
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def without_table(text, *path):
    where = find_table(text, *path)
    return text[: where.start] + text[where.stop :]


@pytest.mark.parametrize("name", FILES)
def test_a_full_copy_becomes_what_init_writes(name):
    """Nothing differs, so nothing is kept, comments of the shipped file neither."""
    assert shrunk(name, SHIPPED[name]) == STARTERS[name]
    assert shrunk(name, SHIPPED[name].rstrip()) == STARTERS[name]


def test_a_changed_company_stays_as_it_is_written():
    """Its comments and form too; the rest of the file goes."""
    made = shrunk(
        "watchlist.toml",
        edited(
            "watchlist.toml",
            ("[company.sogou]\n", "# We call it so.\n[company.sogou]  # once a rival\n"),
            (
                'aliases = ["搜狗输入法"]',
                'aliases = [\n  "搜狗输入法",  # its input method\n]',
            ),
            ('name = "Sogou"', 'name = "Sogou Inc"'),
        ),
    )

    _, _, kept = made.partition(STARTERS["watchlist.toml"])
    assert kept.endswith(
        "\n# We call it so.\n[company.sogou]  # once a rival\n"
        'name = "Sogou Inc"\nzh = "搜狗"\nkind = "brand"\nsector = "internet"\n'
        'parent = "tencent"\naliases = [\n  "搜狗输入法",  # its input method\n]\n'
    )
    assert kept.count("\n[") == 1


def test_a_removed_alias_stays_removed():
    """The company is kept whole, since half of an entry is another entry."""
    made = shrunk(
        "watchlist.toml",
        edited("watchlist.toml", ('aliases = ["搜狗输入法"]', "aliases = []")),
    )

    assert tomllib.loads(made)["company"]["sogou"]["aliases"] == []


def test_what_was_removed_is_named():
    """Entries of any section go by name, and an addition stays beside them."""
    text = SHIPPED["watchlist.toml"]
    gone = [("company", "sogou"), ("topic", "gaming-minors"), ("event", "policy-support")]
    gone += [(s, next(iter(tomllib.loads(text)[s]))) for s in ("person", "prior", "credit")]
    for path in gone:
        if find_table(text, *path):
            text = without_table(text, *path)
    text += '\n\n# Ours.\n\n[company.ours]\nname = "Ours"\n# The end.\n'
    text = re.sub(r"(?m)^gaming-minors = .*\n", "", text)

    made = shrunk("watchlist.toml", text)

    data = tomllib.loads(made)
    assert {"company.sogou", "topic.gaming-minors"} <= set(data["without"])
    assert data["company"] == {"ours": {"name": "Ours"}}
    assert made.endswith('\n# Ours.\n\n[company.ours]\nname = "Ours"\n\n# The end.\n')
    assert "#without" not in made


def test_scoring_and_macros_are_kept_where_they_differ():
    """A section without ids is kept as a whole, too."""
    made = shrunk("watchlist.toml", edited("watchlist.toml", ("cap = 4 ", "cap = 3 ")))

    assert tomllib.loads(made)["scoring"]["cap"] == 3
    assert "# topics of an article" in made


def test_alert_rules_groups_and_channels():
    """A changed group counts in shipped rules; rules and channels that went are named."""
    text = edited("alerts.toml", ('"deepseek", "moonshot-ai"', '"deepseek"'))
    text = without_table(text, "rule", "silent-feeds")
    text = without_table(text, "channel", "console").replace('"console", ', "")
    text = text.replace("once = true\n", "", 1)

    data = tomllib.loads(shrunk("alerts.toml", text))

    assert data["without"] == ["channel.console", "rule.silent-feeds"]
    assert data["group"].keys() == {"challengers"}
    assert data["channel"].keys() == {"file"}
    assert "challengers" not in data["rule"]
    assert data["rule"]["giants"]["channels"] == ["file"]


def test_comments_of_ones_own_stay_and_those_of_an_earlier_release_go():
    """A paragraph of which most lines are shipped is not the person's own."""
    made = shrunk(
        "watchlist.toml",
        edited(
            "watchlist.toml",
            ("# Yours to edit.", "# Yours to mend."),
            ("\n[scoring]\n", "\n# Numbers: ask Ann.\n\n[scoring]\n"),
        ),
    )

    assert "\n# Numbers: ask Ann.\n" in made
    assert "Yours to mend" not in made


def test_unusual_forms_mean_the_same():
    """Tables in one line, dotted keys, arrays of tables, headers within texts."""
    default = '[company.x]\nname = "X"\n[company.y]\nname = "Y"\n[macro.M]\npattern = "m"\n'
    for text in (
        'company.x.name = "X"\ncompany.y.name = "Z"\nmacro.M.pattern = "m"\n',
        '[company]\nx = { name = "X" }\ny = { name = "Z" }\n[macro.M]\npattern = "m"\n',
        default
        + '[[company.y.aliases]]\ntext = "Yy"\n[[company.y.aliases]]\ntext = "Yyy"\n',
        '[company.x]\nname = "X"\nsector = """\n[company.y]\nname = "Z"\n"""\n',
        '[macro."M"]\npattern = "m"\n[company."x"]\nname = "X"\n[company . y]\nname="Z"\n',
    ):
        made = shrink(text, default, starter=STARTERS["watchlist.toml"])
        assert parse_watchlist(made, default=default) == parse_watchlist(text)


SMALL = """
[company.a]
name = "A"
aliases = ["Aa"]
[company.b]
name = "B"
parent = "a"
sector = "s"
[company.c]
name = "C"
parent = [{ id = "a", until = 2020-11-17 }, "b"]
[person.p]
name = "P"
company = "b"
[topic.t]
name = "T"
[topic.u]
name = "U"
parent = "t"
[prior.s]
t = 0.5
[prior.a]
t = 0.5
u = 0.25
"""


def read_or_none(text):
    try:
        return parse_watchlist(text)
    except ConfigError:
        return None


@given(st.data())
def test_whatever_was_edited_means_the_same(data):
    """Any entries removed, lines changed, in any order: what can be read reads the same."""
    pieces = [piece.text for piece in cut(SMALL) if piece.text]
    kept = data.draw(st.lists(st.sampled_from(pieces), unique=True))
    changes = st.sampled_from((('"A"', '"Ann"'), ("0.5", "0.75"), ('parent = "a"\n', "")))
    text = "".join(kept) + '[company.own]\nname = "Own"\n'
    for old, new in data.draw(st.lists(changes, unique=True)):
        text = text.replace(old, new)
    before = read_or_none(text)
    assume(before is not None)

    made = shrink(text, SMALL, starter=STARTERS["watchlist.toml"])

    assert parse_watchlist(made, default=SMALL) == before


def test_compare_tells_a_copy_from_a_file_of_ones_own():
    """A copy has a third of the shipped entries or more; what it lacks is counted."""
    shipped = tomllib.loads(SMALL)
    older = tomllib.loads(
        '[company.a]\nname = "A"\n[company.b]\nname = "B"\n[person.p]\nname = "P"\n'
        '[topic.t]\nname = "T"\n[company.own]\nname = "Own"\n'
    )

    found = compare(older, shipped)

    assert (found.is_copy, found.shared, found.own) == (True, 4, (("company", "own"),))
    assert found.lacks() == "1 company, 1 topic, 2 priors, 1 alias"
    assert not compare(tomllib.loads('[company.a]\nname = "A"'), shipped).is_copy
    assert compare(shipped, shipped).lacks() == ""


@pytest.mark.parametrize("name", FILES)
def test_every_example_of_a_starter_is_right(name):
    """Whoever takes the "#" away has a file that can be read, and that differs."""
    text = re.sub(r"(?m)^#(?=[^ \n]|  [\"{])", "", STARTERS[name])

    data = tomllib.loads(text)

    env = {"SLACK_WEBHOOK_URL": "https://hooks.slack.com/services/T0/B0/x"}
    if name == "watchlist.toml":
        made = parse_watchlist(text, default=SHIPPED[name])
        assert made.company("example-robotics").aliases[1].examples
    else:
        made = parse(text, default=SHIPPED[name], env=env)
        assert made.by_id["giants"].wanted.about
    assert len(data["without"]) == 2
    assert meaning(name, STARTERS[name]) == meaning(name, SHIPPED[name])


def test_a_copy_from_before_there_were_boards_is_no_other():
    """An entry that leaves them out has the shipped ones, and is no change to keep."""
    text = re.sub(r"^boards = .*\n", "", SHIPPED["watchlist.toml"], flags=re.MULTILINE)
    found = compare(tomllib.loads(text), tomllib.loads(SHIPPED["watchlist.toml"]))

    assert text != SHIPPED["watchlist.toml"]
    assert found.changed == ()
    assert shrunk("watchlist.toml", text) == STARTERS["watchlist.toml"]
