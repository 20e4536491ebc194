"""Developing stories of the demo's invented history against what its addresses tell."""

from __future__ import annotations

from collections import defaultdict

import pytest
from either_kind import writer
from hashed_demo import MOMENTS, import_hashed

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

pytestmark = [pytest.mark.slow, pytest.mark.no_cover]


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_planted_families_are_whole_and_alone(tmp_path, moment):
    """Five of six, each in one developing story that holds nothing else."""
    slugs = import_hashed(tmp_path, moment)

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
