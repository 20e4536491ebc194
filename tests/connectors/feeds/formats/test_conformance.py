"""The figures of docs/conformance.md, and the reader of feedparser's expectations."""

from __future__ import annotations

from pathlib import Path

import conformance
import pytest
import suites

ROOT = Path(__file__).resolve().parents[4]
SUITES = ROOT.parent / "shared" / "corpus" / "parser_suites"


@pytest.fixture(scope="module")
def scores():
    """The scores of all suites, by name."""
    if not SUITES.is_dir():
        pytest.skip("the parser suites of ../shared/corpus are not here")
    return {s.name.strip(): s for s in conformance.all_scores(SUITES)}


def test_no_case_ends_in_an_exception(scores):
    """Whatever a case holds, it ends in entries or as no feed."""
    assert sum(score.documents for score in scores.values()) > 2_300
    assert [text for score in scores.values() for text in score.exceptions] == []


@pytest.mark.parametrize(
    ("suite", "values", "floor"),
    [
        ("gofeed translator", 28, 1.0),
        ("number, summary, feed title", 35, 1.0),
        ("feedparser", 230, 0.99),
        ("summary and content", 260, 0.97),
    ],
)
def test_values_agree(scores, suite, values, floor):
    """The share of their values that are ours as well is what the docs say."""
    assert scores[suite].values >= values
    assert scores[suite].agreed / scores[suite].values >= floor


def test_disagreements_have_a_reason(scores):
    """Each disagreement stands in docs/conformance.md with its reason, and no other."""
    found = {each[:2] for s in scores.values() for each in s.differences}

    assert set(conformance.reasons()) == found
    assert all(conformance.reasons().values())


def test_refused_documents_are_few(scores):
    """What is refused is what the docs list."""
    assert {name: len(s.not_feeds) for name, s in scores.items() if s.not_feeds} == {
        "feedparser": 10,
        "gofeed parser": 1,
        "feedjira": 7,
    }


@pytest.mark.parametrize(
    ("expression", "claims"),
    [
        ("not bozo and entries[0]['title'] == 'a'", [(("entries", 0, "title"), "a")]),
        ("entries[0].tags[1].term == 'b'", [(("entries", 0, "tags", 1, "term"), "b")]),
        (
            "entries[0]['id'] == entries[1]['id'] == 'x'",
            [(("entries", 0, "id"), "x"), (("entries", 1, "id"), "x")],
        ),
        ("entries[0]['title'] == 'a' + 'b'", [(("entries", 0, "title"), "ab")]),
        ("len(entries[0].tags) == 2", [(("entries", 0, "tags", "len()"), 2)]),
        ("not entries[0].has_key('link')", [(("entries", 0, "link"), "")]),
        (
            "entries[0].updated_parsed == (2004, 1)",
            [(("entries", 0, "updated_parsed"), (2004, 1))],
        ),
        ("bozo", []),
        ("entries[0]['title'] != 'a'", []),
        ("entries[0]['title'] == __import__('os').getcwd()", []),
        ("__import__('os').getcwd() == '/'", []),
        ("(lambda: entries)()[0]['title'] == 'a'", []),
        ("entries[0][", []),
        ("(" * 500, []),
    ],
)
def test_expectations_are_read_and_never_run(expression, claims):
    """Comparisons of a path with a literal are understood, and everything else is not."""
    found = suites.expectations(expression)

    assert found == claims


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-16", "utf-16-be", "utf-32", "utf-32-le"]
)
def test_case_names_its_headers(encoding):
    """The comment at the head of a case is found in any encoding."""
    text = "<!--\nDescription: x\nHeader: Content-type: text/xml\nExpect: bozo\n-->"

    expression, headers = suites.read_case(text.encode(encoding))

    assert expression == "bozo"
    assert headers == {"content-type": "text/xml"}
