"""Topics and events that ask who does what to whom."""

from __future__ import annotations

import pytest
from builders import tagger_of
from hypothesis import given
from hypothesis import strategies as st

from transforms.config import ConfigError
from transforms.names.explain.explain import explain
from transforms.names.explain.lint import lint
from transforms.names.match import clauses
from transforms.names.match.document import read_document
from transforms.names.match.topic_rules import compile_topics
from transforms.names.match.topics import weigh
from transforms.names.rules.file import parse_watchlist
from transforms.names.tagging import tag_text

WATCHLIST = parse_watchlist(r"""
[company.orbit]
name = "Orbit"
zh = "轨道公司"

[company.watchdog]
name = "Rail Watchdog"
zh = "铁路监管局"
kind = "regulator"

[macro.UTOPIA]
pattern = '(?<!on )(?<!对)\b(?:Utopia|Utopian)\b(?! firms)|(?<!对)乌托邦'

[macro.EREWHON]
pattern = '(?<!on )(?<!from )\bErewhon\b(?! drones)|(?<!对)厄里汪'

[topic.drone-bans]
name = "Utopian bans on drones"
terms = ["drone list"]
examples = ["Utopia bans drones", "not: Erewhon bans drones", "not: Utopia bans kites"]

[[topic.drone-bans.clauses]]
actor = "UTOPIA"
act = ['(?i)\b(bans?|banned|curbs?)\b', "禁止|禁令"]
object = ['(?i)\bdrones?\b', "无人机"]
others = "EREWHON"
not = '(?i)toy'

[topic.drones]
name = "Drones"
terms = ["drone", "drones", "quadcopter", "propeller", "rotor", "无人机"]

[event.launch]
name = "Launch"

[[event.launch.clauses]]
actor = "@company"
act = ['(?i)\blaunch(es|ed)\b', "发布"]
object = ['(?i)\bphones?\b', "手机"]

[event.fine]
name = "Fine"
clauses = [
  { actor = "@regulator", act = ['(?i)\bfine[sd]\b', "处罚"], object = "@company" },
  { act = '(?i)\bscolds\b', object = "@company", weak = true },
]
""")
TAGGER = tagger_of(WATCHLIST)


def found(title, summary=""):
    """Return the ids of topics and events of a text."""
    tagged = tag_text(TAGGER, title=title, summary=summary)
    return {tag["topic_id"] for kind in ("topics", "events") for tag in tagged[kind]}


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("Utopia bans drones", id="active"),
        pytest.param("Erewhon drones banned by Utopia", id="passive"),
        pytest.param("Utopian ban hits drones", id="a noun"),
        pytest.param("Erewhon hits back at Utopia's curbs on drones", id="nearest"),
        pytest.param("乌托邦禁止厄里汪无人机", id="Chinese"),
        pytest.param("厄里汪无人机遭乌托邦禁令", id="Chinese, passive"),
        pytest.param("烏托邦禁止無人機", id="Traditional"),
    ],
)
def test_an_act_is_that_of_the_nearest_one_named(title):
    """Before the act or else right after it, whatever the language."""
    assert "drone-bans" in found(title)


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("Erewhon bans drones", id="somebody else"),
        pytest.param("Erewhon bans drones of Utopia", id="as the object"),
        pytest.param("Utopia warns of Erewhon ban, drones grounded", id="nearer"),
        pytest.param("Utopia bans kites", id="no object"),
        pytest.param("Utopia likes drones", id="no act"),
        pytest.param("Utopia bans kites. Drones fly on", id="another sentence"),
        pytest.param("Utopia bans kites; drones fly on", id="another part"),
        pytest.param("Utopia bans toy drones", id="what excludes it"),
        pytest.param("乌托邦开会，厄里汪禁止无人机", id="nearer, in Chinese"),
        pytest.param("Utopia bans kites " + "and so on " * 12 + "drones", id="far away"),
    ],
)
def test_a_word_alone_is_no_act(title):
    """Actor, act and object must stand in one sentence, and the act be the actor's."""
    assert "drone-bans" not in found(title)


def test_who_the_watchlist_names_can_act():
    """Companies and public bodies, under any of their names."""
    assert found("Orbit launches phone") == {"launch"}
    assert found("轨道公司发布手机") == {"launch"}
    assert found("Somebody launches phone") == set()
    assert found("Rail Watchdog fines Orbit") == {"fine"}
    assert found("Orbit fined by Rail Watchdog") == {"fine"}
    assert found("Rail Watchdog launches phone") == set()


def test_a_weak_clause_needs_company():
    """It weighs what a weak term does."""
    assert found("Somebody scolds Orbit") == set()
    assert found("Somebody scolds Orbit", "Rail Watchdog fines Orbit") == {"fine"}


def test_a_summary_confirms_and_does_not_tell():
    """An event is what the headline tells."""
    assert found("News of the day", "Orbit launches phone. Orbit launched phones.") == set()


def test_a_clause_is_not_far_below_many_words():
    """Three parts that agree say more than a word: the topic of words does not hide it."""
    assert "drone-bans" in found("Utopia bans drones: quadcopter, propeller, drone")


def test_the_reason_has_the_words_of_the_text():
    """``watchlist why`` and ``tags.term`` show who did what to whom."""
    (topic,) = weigh(
        read_document("Drones banned by Utopia"), {}, compile_topics(WATCHLIST)
    )[:1]
    assert topic.reasons[0] == ("Drones … banned … Utopia", "title", 2.0, "Drones")
    explained = explain(TAGGER, "Orbit launches phone")
    assert [t.reasons[0].term for t in explained.topics] == ["Orbit … launches … phone"]


def test_clauses_are_part_of_the_rules_version():
    """Stored tags are made anew when a clause changes, but not for an example."""
    text = '[topic.t]\nname = "T"\nclauses = [{ act = "a", object = "b" }]\n'
    version = parse_watchlist(text).rules_version

    assert parse_watchlist(text.replace('"b"', '"c"')).rules_version != version
    assert parse_watchlist(text + 'examples = ["ab"]\n').rules_version == version


@pytest.mark.parametrize(
    ("clause", "message"),
    [
        ('{ actor = "A" }', "is missing; add act"),
        ('{ act = "(" }', "is not valid"),
        ('{ act = "a", actor = "@firm" }', "names '@firm', which does not exist"),
        ('{ act = "@company" }', "names who, not what is done"),
        ('{ act = "a", others = "b" }', "stands without an actor"),
        ('{ act = "a", verb = "b" }', "is not a known key"),
        ('{ act = "a", actor = "(a+)+b" }', "could take hours"),
        ('"a"', "is not a list of tables"),
    ],
)
def test_what_is_wrong_with_a_clause(clause, message):
    """File, line and remedy, as of all else."""
    text = f'[topic.t]\nname = "T"\nclauses = [{clause}]\n'

    with pytest.raises(ConfigError, match=r"watchlist\.toml:3") as refused:
        parse_watchlist(text)

    assert message in str(refused.value)
    assert refused.value.line == 3


def test_check_tries_the_examples_of_topics():
    """An example that fails is told with what was found instead."""
    assert [f for f in lint(TAGGER) if f.check == "example"] == []
    wrong = parse_watchlist(
        '[topic.t]\nname = "T"\nterms = ["kite"]\nexamples = ["a drone", "not: a kite"]\n'
    )

    told = [(f.entry, f.problem) for f in lint(tagger_of(wrong)) if f.check == "example"]

    assert [entry for entry, _ in told] == ["topic.t", "topic.t"]
    assert "'a drone'" in told[0][1]
    assert "'not: a kite'" in told[1][1]


PIECES = ("a", " ", "5%", "Inc", "。", "；", "\n", ".", ". ", "–", " - ", "—", "\u3000")


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_ends_of_sentences_are_those_of_the_pattern(text):
    """To look only where one may be finds the same as to look everywhere."""
    assert list(clauses._ends(text)) == [end.span() for end in clauses._END.finditer(text)]
