"""What was read by hand: every row has its label, and shares have their intervals."""

from __future__ import annotations

import json

import pytest
import readings


def test_every_row_was_read_once():
    """The files that are here can be read, and each wrong row says by what."""
    rows = readings.read()
    assert rows
    assert all(row["why"] for row in rows if row["label"] == "wrong")


@pytest.mark.parametrize(
    ("right", "of", "low", "high"), [(35, 48, 0.59, 0.83), (0, 10, 0.0, 0.28)]
)
def test_intervals_are_wilsons(right, of, low, high):
    """35 of 48 lies between .59 and .83, and nothing of ten below .28."""
    assert readings.interval(right, of) == pytest.approx((low, high), abs=0.006)


def test_a_row_that_was_read_twice_is_refused(tmp_path):
    """It would count twice; the message names its line."""
    row = dict.fromkeys(sorted(readings.FIELDS), "x") | {"label": "right"}
    line = json.dumps(row)
    (tmp_path / "readings_x.jsonl").write_text(f"{line}\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"readings_x\.jsonl:2"):
        readings.read(folder=tmp_path)


def test_what_most_of_the_wrong_ones_are_is_named():
    """One reason is enough to see what to mend first; the file has the others."""
    whys = ["essay", "question", "essay"]
    rows = [{"label": "wrong", "why": why, "window": "a week"} for why in whys]
    *_, reason = readings._line("headlines", rows)
    assert reason == "essay 2"
