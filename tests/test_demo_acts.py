"""Acts of states in the demo's invented history against what its addresses tell."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import timedelta

import pytest
from either_kind import writer
from hashed_demo import MOMENTS, import_hashed

# What acts on one object, with the answers to it; a sixth step of the tools is on others.
THREADS = {
    "etching tools": {f"affair-etching-tools-{step}" for step in (1, 2, 3, 4, 5)},
    "entity list": {f"affair-entity-list-{step}" for step in (1, 2)},
    "car duty": {f"affair-car-duty-{step}" for step in (1, 2, 3, 4)},
}
ANSWERS = {
    ("affair-etching-tools-4", "affair-etching-tools-3"),
    ("affair-entity-list-2", "affair-entity-list-1"),
    ("affair-car-duty-3", "affair-car-duty-2"),
}
MIXED = TWICE = 1

pytestmark = [pytest.mark.slow, pytest.mark.no_cover]


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_acts_are_one_event_each_in_their_threads(tmp_path, moment):
    """An act is told once in both languages, and not in force before its day."""
    slugs = import_hashed(tmp_path, moment)

    with writer(tmp_path) as con:
        rows = con.execute(
            "select measure_id, thread_id, answers, acts.status, acts.effective_on, title, "
            "url from (select *, unnest(stories) as told from measures) as acts "
            "join articles on articles.story_id = acts.told "
            "join article_measures as found on found.article_id = articles.article_id"
        ).fetchall()
    told, threads = defaultdict(set), defaultdict(set)
    for act, thread, *_, url in rows:
        told[act].add(slugs[url])
        threads[thread].add(slugs[url])
    times = Counter(slug for of_act in told.values() for slug in of_act)

    assert sum(len(of_act) > 1 for of_act in told.values()) <= MIXED
    assert sum(n > 1 for n in times.values()) <= TWICE
    for name, steps in THREADS.items():
        assert steps in threads.values(), name
    tied = {(a, b) for act, _, by, *_ in rows if by for a in told[act] for b in told[by]}
    assert tied == ANSWERS
    today = (moment + timedelta(hours=8)).date()
    dated = [row for row in rows if re.search("in force in|天.施行", row[5])]
    assert dated
    for *_, status, begins, title, _url in dated:
        assert begins, title
        assert (status == "in-force") == (begins <= today), title
