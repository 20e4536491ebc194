"""Claims of the demo's invented history against what its addresses are known to tell."""

from __future__ import annotations

import pytest
from either_kind import writer
from hashed_demo import MOMENTS, import_hashed

# Each rumour of the material, by the steps that tell it and its end.
RUMOURS = {(1, 2): "confirmed", (3, 4): "denied", (5, 6): "overtaken"}
OTHERS = 5  # so many claims at most that nobody planted

pytestmark = [pytest.mark.slow, pytest.mark.no_cover]


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_rumours_are_told_to_their_end(tmp_path, moment):
    """Three, each once in both languages; what a firm's own people say is no claim."""
    slugs = import_hashed(tmp_path, moment)

    with writer(tmp_path) as con:
        found = con.execute(
            "select told.url, outcome, answer.url from claims "
            "join articles as told using (article_id) "
            "left join articles as answer on answer.article_id = settled_by"
        ).fetchall()

    steps = [
        (_step(slugs[url]), outcome, _step(slugs.get(by))) for url, outcome, by in found
    ]
    planted = [claim for claim in steps if claim[0]]
    assert sorted(planted) == [
        (told, outcome, end) for (told, end), outcome in RUMOURS.items()
    ]
    assert len(steps) - len(planted) <= OTHERS
    # What settles nothing planted settles nothing.
    assert {outcome for told, outcome, _ in steps if not told} <= {"open", "silent"}


def _step(slug):
    """Return the step of the rumours that an address tells; None of other news."""
    family, _, number = (slug or "").rpartition("-")
    return int(number) if family == "affair-rumours" else None
