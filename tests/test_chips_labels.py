"""Labels of a second beat: ids and places, as docs/measured/chips-labels.md counts them."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

LABELS = Path(__file__).parent / "data" / "chips_labels.jsonl"


def rows():
    return [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]


def test_articles_are_named_by_id_and_place_alone():
    """No text of an outlet is in this repository, and no row stands twice."""
    keys = {"id", "place", "label", "part", "language", "is_sure"}
    for row in rows():
        assert set(row) == keys
        assert re.fullmatch(r"[0-9a-f]{16}", row["id"])
        assert re.fullmatch(r"(headlines|feeds)/[\w.-]+:[\w./-]+", row["place"])
    assert len({row["id"] for row in rows()}) == len(rows())


def test_counts_are_those_of_the_docs():
    """On and off, in each language and part."""
    assert Counter((row["language"], row["label"]) for row in rows()) == {
        ("en", "on"): 149,
        ("en", "off"): 231,
        ("zh", "on"): 155,
        ("zh", "off"): 225,
    }
    assert Counter(row["part"] for row in rows()) == {"fit": 506, "held": 254}
    assert sum(not row["is_sure"] for row in rows()) == 111


def test_later_labels_are_others():
    """Drawn later and for fitting alone, none of them is of the first or held back."""
    file = LABELS.with_name("chips_labels_later.jsonl")
    later = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]

    assert all(set(row) == {"id", "place", "label", "part", "language"} for row in later)
    assert {row["part"] for row in later} == {"later"}
    assert not {row["id"] for row in later} & {row["id"] for row in rows()}
    assert Counter((row["language"], row["label"]) for row in later) == {
        ("en", "on"): 75,
        ("en", "off"): 112,
        ("zh", "on"): 118,
        ("zh", "off"): 152,
    }
