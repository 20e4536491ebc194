"""Labels drawn by words, by firm and at the bound: ids and places, in no other draw."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from story_labels import read_rows

DATA = Path(__file__).parent / "data"
DENIALS = DATA / "denial_labels.jsonl"


def test_denials_are_named_by_id_and_place_alone():
    """Half in either language; no text, and no row of another draw."""
    rows = read_rows(DENIALS)
    others = "".join(f.read_text("utf-8") for f in DATA.glob("*.jsonl") if f != DENIALS)

    for row in rows:
        told = {"id", "place", "lang", "denial", "is_sure"} | (
            {"item"} if row["denial"] else set()
        )
        assert told <= set(row) <= told | {"firm", "untrue"}
        assert re.fullmatch(r"[0-9a-f]{16}", row["id"])
        assert re.fullmatch(r"headlines/[\w.-]+:\d+", row["place"])
        assert not (row["denial"] and row.get("untrue"))
        assert row["id"] not in others
    assert len({row["id"] for row in rows}) == len(rows)
    assert Counter((row["lang"], row["denial"]) for row in rows) == {
        ("en", True): 18,
        ("en", False): 57,
        ("zh", True): 32,
        ("zh", False): 43,
    }
