"""Claims of the demo's invented history against what its addresses are known to tell."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from either_kind import writer

from connectors.samples.history import history
from flows.home import load_config, write_starters
from flows.settings import load_settings
from flows.steps.ingest.history import Imported, import_file

# Each rumour of the material, by the steps that tell it and its end.
RUMOURS = {(1, 2): "confirmed", (3, 4): "denied", (5, 6): "overtaken"}
OTHERS = 5  # so many claims at most that nobody planted
MOMENTS = [datetime(2025, 11, 30, 8, tzinfo=UTC), datetime(2026, 3, 4, 21, tzinfo=UTC)]

pytestmark = [pytest.mark.slow, pytest.mark.no_cover]


def quiet(*_):
    pass


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_rumours_are_told_to_their_end(tmp_path, moment):
    """Three, each once in both languages; what a firm's own people say is no claim.

    Addresses tell nothing here: each is a hash of the one that knows the truth.
    """
    slugs = {}
    rows = history(moment)
    for row in rows:
        address = f"https://{sha256(row['url'].encode()).hexdigest()[:20]}.example/"
        slugs[address] = row["url"].rpartition("/")[2]
        row["url"] = address
    file = tmp_path / "history.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    write_starters(tmp_path, ("watchlist.toml",))
    config = load_config(load_settings(tmp_path)).check()
    import_file(config, file, Imported(), now=moment, report=quiet, progress=quiet)

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
