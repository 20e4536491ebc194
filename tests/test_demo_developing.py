"""Developing stories of the demo's invented history against what its addresses tell."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from either_kind import writer

from connectors.samples.history import history
from flows.home import load_config, write_starters
from flows.settings import load_settings
from flows.steps.ingest.history import Imported, import_file

# Planted families: what acts on one object, with the answers to it. What a state does on
# another thing meanwhile (a sixth step of the tools), is of no family here.
FAMILIES = {
    "etching tools": {f"affair-etching-tools-{step}" for step in (1, 2, 3, 4, 5)},
    "entity list": {f"affair-entity-list-{step}" for step in (1, 2)},
    "car duty": {f"affair-car-duty-{step}" for step in (1, 2, 3, 4)},
    "listing": {"affair-rumours-1", "affair-rumours-2"},
    "sale": {"affair-rumours-3", "affair-rumours-4"},
    # Of another firm than the one that was in talks: no chain of one firm.
    "purchase": {"affair-rumours-5", "affair-rumours-6"},
}
WHOLE = 5
MOMENTS = [datetime(2025, 11, 30, 8, tzinfo=UTC), datetime(2026, 3, 4, 21, tzinfo=UTC)]

pytestmark = [pytest.mark.slow, pytest.mark.no_cover]


def quiet(*_):
    pass


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_planted_families_are_whole_and_alone(tmp_path, moment):
    """Five of six, each in one developing story that holds nothing else.

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
        told = con.execute(
            "select affair_id, url from story_affairs join articles using (story_id)"
        ).fetchall()
    affairs = defaultdict(set)
    for affair_id, url in told:
        affairs[affair_id].add(slugs[url])
    whole = {name for name, steps in FAMILIES.items() if steps in affairs.values()}
    planted = set().union(*FAMILIES.values())
    mixed = [steps for steps in affairs.values() if steps & planted and steps - planted]

    assert len(whole) >= WHOLE, set(FAMILIES) - whole
    assert not mixed
