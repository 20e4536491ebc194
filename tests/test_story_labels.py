"""Stories against pairs and clusters labelled by hand, above floors."""

from __future__ import annotations

import tomllib
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest
from builders import shipped_beat
from clusters import agreement, clustered
from story_labels import labelled_pairs, labelled_week, look_up, read_rows
from wild import EVENTS, is_joined

from transforms.stories.pairs.similarity import compare

LEXICON = shipped_beat().concepts
ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
FLOORS = tomllib.loads((ROOT / "tests/data/gold_floors.toml").read_text(encoding="utf-8"))

pytestmark = [
    pytest.mark.no_cover,  # thousands of comparisons of what other tests cover
    pytest.mark.skipif(
        not (SHARED / "corpus").is_dir(),
        reason="the labelled articles lie beside the repository",
    ),
]


def test_the_week_in_clusters():
    """B-cubed F1 of a week's stories, and the share of joins that are right."""
    week = labelled_week(SHARED)
    stories = clustered(week)

    for name, strict in (("strict", True), ("updates-left-out", False)):
        made = agreement(week, stories, strict=strict)
        floors = FLOORS["stories"][name]
        assert made.f1 >= floors["f1"], name
        assert made.right / (made.right + made.wrong) >= floors["joins"], name


def test_pairs():
    """F1 on the gold pairs and our own, with weights that have seen them, by languages.

    Of the hard ones precision and recall.
    """
    right, wrong, missed = Counter(), Counter(), Counter()
    for pair in labelled_pairs(SHARED):
        if pair.label != "update":
            said, same = compare(pair.a, pair.b, LEXICON).same, pair.label == "same"
            for kind in (pair.kind, f"{pair.source} {pair.kind}"):
                right[kind] += said and same
                wrong[kind] += said and not same
                missed[kind] += same and not said

    for kind, floors in FLOORS["stories"]["hard"].items():
        found = right[f"hard {kind}"]
        assert found / (found + wrong[f"hard {kind}"]) >= floors["precision"], kind
        assert found / (found + missed[f"hard {kind}"]) >= floors["recall"], kind
    for kind, floor in FLOORS["stories"]["pairs"].items():
        agreed, others = 2 * right[kind], wrong[kind] + missed[kind]
        assert right[kind] + others > 100, kind
        assert agreed / (agreed + others) >= floor, kind


def test_events_that_both_languages_tell():
    """Of the wild set what lies in headline sets, clustered without the news around it."""
    rows = [row for row in read_rows(EVENTS) if all(map(_is_headline, _sides(row)))]
    stories = clustered(list(look_up(chain(*map(_sides, rows)), SHARED).values()))

    joined: Counter[str] = Counter()
    for row in rows:
        joined[row["label"]] += is_joined(row["en"], row["zh"], stories)
        joined[f"all {row['label']}"] += 1

    floors = FLOORS["stories"]["wild"]
    assert joined["all event"] > 30
    assert joined["event"] / joined["all event"] >= floors["joined"]
    assert joined["near-miss"] <= floors["near-misses"]


def _sides(row):
    return [*row["en"], *row["zh"]]


def _is_headline(told):
    return told["place"].startswith("headlines/")
