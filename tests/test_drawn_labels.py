"""Labels drawn by words, by firm and at the bound: ids and places, in no other draw."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from story_labels import read_rows

DATA = Path(__file__).parent / "data"
DENIALS = DATA / "denial_labels.jsonl"
PAIRS = DATA / "story_pairs_firm.jsonl"
ACTS = DATA / "measure_labels.jsonl"


def elsewhere(file):
    """What all other draws and readings hold."""
    return "".join(f.read_text("utf-8") for f in DATA.glob("*.jsonl") if f != file)


def is_place(told):
    """Whether an article is named by id and place."""
    place = r"headlines/[\w.-]+:\d+|feeds/[\w.-]+:[\w./-]+"
    return re.fullmatch(r"[0-9a-f]{16}", told["id"]) and re.fullmatch(place, told["place"])


def test_denials_are_named_by_id_and_place_alone():
    """Half in either language; no text, and no row of another draw."""
    rows = read_rows(DENIALS)
    others = elsewhere(DENIALS)

    for row in rows:
        told = {"id", "place", "lang", "denial", "is_sure"} | (
            {"item"} if row["denial"] else set()
        )
        assert told <= set(row) <= told | {"firm", "untrue"}
        assert is_place(row)
        assert not (row["denial"] and row.get("untrue"))
        assert row["id"] not in others
    assert len({row["id"] for row in rows}) == len(rows)
    assert Counter((row["lang"], row["denial"]) for row in rows) == {
        ("en", True): 18,
        ("en", False): 57,
        ("zh", True): 32,
        ("zh", False): 43,
    }


def test_pairs_of_one_firm_are_named_by_id_and_place_alone():
    """Fifty across languages and twenty-five of each; no article is of another draw."""
    rows, others = read_rows(PAIRS), elsewhere(PAIRS)

    keys = {"id", "pair_type", "a", "b", "label", "firm", "drawn", "is_sure"}
    for row in rows:
        assert set(row) == keys
        for side in "ab":
            assert set(row[side]) == {"id", "place"}
            assert is_place(row[side])
            assert row[side]["id"] not in others
    assert len({row["id"] for row in rows}) == len(rows)
    assert Counter((row["pair_type"], row["label"]) for row in rows) == {
        ("en-zh", "same"): 12,
        ("en-zh", "different"): 36,
        ("en-zh", "update"): 2,
        ("en-en", "same"): 11,
        ("en-en", "different"): 11,
        ("en-en", "update"): 3,
        ("zh-zh", "same"): 17,
        ("zh-zh", "different"): 7,
        ("zh-zh", "update"): 1,
    }


def test_acts_at_the_bound_are_named_by_id_and_place_alone():
    """Three hundred, in no other draw, and in the fit; those in doubt are marked."""
    rows = read_rows(ACTS)
    drawn, others = [row for row in rows if row.get("draw") == "bound"], elsewhere(ACTS)

    for row in drawn:
        keys = {"id", "place", "is_measure", "draw"}
        assert keys <= set(row) <= keys | {"is_sure"}
        assert is_place(row)
        assert row["id"] not in others
    assert len({row["id"] for row in rows}) == len(rows)
    assert Counter(row["is_measure"] for row in drawn) == {True: 85, False: 215}
    assert sum(not row.get("is_sure", True) for row in drawn) == 48
