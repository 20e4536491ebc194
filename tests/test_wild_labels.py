"""Labels of the wild set: ids and places, as docs/measured/story-labels.md counts them."""

from __future__ import annotations

import re
from collections import Counter

from story_labels import read_rows
from wild import BLIND, EVENTS, PAIRS, SIDES


def articles():
    """All that are named."""
    pairs = [row[side] for row in read_rows(PAIRS) for side in "ab"]
    return pairs + [
        told
        for row in (*read_rows(EVENTS), *read_rows(BLIND))
        for side in SIDES
        for told in row[side]
    ]


def test_articles_are_named_by_id_and_place_alone():
    """No text of an outlet is in this repository."""
    assert len(articles()) > 500
    for told in articles():
        assert set(told) == {"id", "place"}
        assert re.fullmatch(r"[0-9a-f]{16}", told["id"])
        assert re.fullmatch(r"(headlines|feeds)/[\w.-]+:[\w./-]+", told["place"])


def test_counts_are_those_of_the_docs():
    """Events, near misses and pairs."""
    labels = Counter(row["label"] for row in read_rows(EVENTS))
    scopes = Counter(row["scope"] for row in read_rows(EVENTS) if row["label"] == "event")
    pairs = Counter(row["label"] for row in read_rows(PAIRS))

    assert labels == {"event": 99, "near-miss": 26, "update": 5}
    assert scopes == {"china": 49, "foreign": 50}
    assert pairs == {"same": 24, "update": 18, "different": 70}


def test_blind_events_are_none_that_were_labelled_before():
    """Sixty-two events; of twenty the gold has a pair, and the others are new."""
    rows = read_rows(BLIND)
    seen = Counter(row["seen"] for row in rows)
    scopes = Counter(row["scope"] for row in rows)
    known = {told["id"] for row in read_rows(EVENTS) for told in row["zh"] + row["en"]}

    assert seen == {False: 42, True: 20}
    assert scopes == {"china": 21, "foreign": 41}
    assert not any(told["id"] in known for row in rows for told in row["zh"] + row["en"])
