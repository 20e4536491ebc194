"""Weights of a beat fitted to labels: near what is expected, and judged by unseen ones."""

from __future__ import annotations

from dataclasses import replace

import pytest
from beat import cross_validated
from builders import shipped_beat, shipped_tagger, shipped_watchlist

from transforms.relevance.score import read_weights
from transforms.training.check import lint_beat, lint_ranking
from transforms.training.fit import Labelled, chance, fitted
from transforms.training.labels import Example, accuracy, fit

WEIGHTS = read_weights(
    """
    [decision]
    intercept = -1.0
    threshold = 0.5
    [evidence]
    word-chip = { weight = 0.0, expected = 1.0, says = "it names chips" }
    word-snack = { weight = 0.0, expected = 0.0, says = "it names snacks" }
    word-rare = { weight = 0.0, expected = 0.7, says = "no label bears it" }
    """,
    shipped_beat().kinds,
)


def examples(number=40):
    """Half of them are on: chips without snacks."""
    chips, snacks = {"word-chip": (1.0, "chip")}, {"word-snack": (1.0, "dip")}
    return [
        Example(f"{n}", chips if n % 2 else chips | snacks, is_on=bool(n % 2))
        for n in range(number)
    ]


def test_weights_follow_the_labels_and_else_what_is_expected():
    """A sign of the headlines that are off speaks against; one without labels stays."""
    made = {term.name: term.weight for term in fit(examples(), WEIGHTS).terms}

    assert made["word-snack"] < -1
    assert made["word-chip"] > 1
    assert made["word-rare"] == pytest.approx(0.7)


def test_few_labels_move_weights_little():
    """Two headlines don't overrule what is expected."""
    made = {term.name: term.weight for term in fit(examples(2), WEIGHTS).terms}

    assert made["word-chip"] == pytest.approx(1.0, abs=0.2)
    assert -0.5 < made["word-snack"] < 0


def test_each_headline_is_judged_by_weights_that_did_not_see_it():
    """Cross-validation fits to the others; what tells them apart is found."""
    given, seen = examples(), []

    def fit_to(known):
        seen.append({example.example_id for example in known})
        return fit(known, WEIGHTS)

    relevance = cross_validated(given, fit_to)

    assert len(seen) > 2
    assert all(len(ids) < len(given) for ids in seen)
    found = accuracy(given, relevance, 0.5)
    assert (found.on, found.off) == (20, 20)
    assert found.precision == found.recall == found.f1 == 1.0


def test_figures_of_nothing_said_are_zero():
    """Where nothing is called on the beat, precision is 0 and no division fails."""
    found = accuracy(examples(4), [0.0] * 4, 0.5)

    assert (found.precision, found.recall, found.f1) == (0.0, 0.0, 0.0)


def test_a_ranking_names_what_the_watchlist_has():
    """An id that nothing has would never count; the finding names the nearest."""
    beat, watchlist = shipped_beat(), shipped_watchlist()
    ranking = replace(beat.ranking, states=frozenset({"miit", "mofcmo"}))
    weights = replace(beat.weights, control_topics=frozenset({"chips-war"}))

    [state] = lint_ranking(watchlist, ranking)
    found = lint_beat(shipped_tagger(), beat.tagging._replace(weights=weights), "")

    assert (state.entry, state.remedy) == (
        "ranking.toml: firms.states",
        "did you mean 'mofcom'?",
    )
    [topic] = [each for each in found if each.check == "unknown name"]
    assert "'chips-war'" in topic.problem
    assert lint_ranking(watchlist, beat.ranking) == []


def test_weights_keep_near_what_is_known():
    """The farther they may go the more labels have a say; without labels they stay."""
    prior = {"a": 1.0, "b": -2.0}
    labels = [Labelled({"a": 1.0}, 0.0, str(n)) for n in range(5)]
    near, far = (fitted(labels, prior, spread)["a"] for spread in (0.25, 1.0))

    assert far < near < 1
    assert fitted(labels, prior, 1.0)["b"] == -2
    assert fitted([], prior, 1.0) == prior
    assert (chance(0), round(chance(-1000), 9)) == (0.5, 0)
