"""Reasons as a person would give them, for sentences of our own in both languages.

Each line of ``explanations.jsonl`` was answered by a person before the product was asked.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from builders import shipped_tagger

from transforms.names.explain.explain import explain, why_not

ROOT = Path(__file__).parents[2]
TAGGER = shipped_tagger()
CASES = [
    json.loads(line)
    for line in (ROOT / "tests/data/explanations.jsonl").read_text("utf-8").splitlines()
]


def asked(question):
    """Parametrize a test by the cases that ask *question*."""
    return pytest.mark.parametrize(
        "case",
        [
            pytest.param(case, id=f"{case['note']}-{case['lang']}")
            for case in CASES
            if case["ask"] == question
        ],
    )


def words(case):
    return case["title"], case.get("summary", ""), case.get("content", "")


@asked("why")
def test_why_it_is_the_company(case):
    """The words, the alias of the watchlist, its rule, and what settled it."""
    made = explain(TAGGER, *words(case))

    (hit,) = [h for h in made.hits if h.accepted and h.alias == case["alias"]]
    assert hit.company_id == case["company"]
    assert hit.field == case.get("field", "title")
    assert hit.listed == case.get("listed", case["alias"])
    assert case.get("rule", "") in hit.rule
    assert hit.gate == case["gate"]
    assert case["why"] in hit.why
    (company,) = [c for c in made.companies if c.company_id == case["company"]]
    assert company.role == case.get("role", "subject")
    assert case.get("role_why", "") in company.why


@asked("why-not")
def test_why_it_is_not_the_company(case):
    """The first gate that failed, in words; and it is no company of the text."""
    title, summary, content = words(case)

    said = why_not(TAGGER, title, summary, case["company"], content=content)

    assert not said.named
    assert said.gate == case["gate"]
    assert case["why"] in said.why
    made = explain(TAGGER, title, summary, content)
    assert case["company"] not in {c.company_id for c in made.companies}


@asked("topic")
def test_which_term_speaks_for_a_topic(case):
    """The term as the watchlist has it, and what it weighs here."""
    topics = {topic.topic_id: topic for topic in explain(TAGGER, *words(case)).topics}

    topic = topics[case["topic"]]
    assert topic.kept
    weights = {reason.term: reason.value for reason in topic.reasons}
    (term,) = [term for term in weights if case["term"] in term]
    assert weights[term] == case["weight"]


def test_reasons_name_no_pieces_of_words():
    """The letters of two aliases stand in "plant"; nobody who asks has those in mind."""
    made = explain(TAGGER, "A plant for robotaxis opens")

    assert made.hits == ()


def test_one_place_has_one_reason():
    """Where one rule of a company accepts a name, its others have nothing to tell."""
    hits = explain(TAGGER, "NIO delivers cars").hits

    assert [(hit.listed, hit.accepted) for hit in hits] == [("NIO", True)]
