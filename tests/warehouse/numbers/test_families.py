"""A firm is its group with brands, and a story counts once for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from warehouse.news.coverage import refresh_all_coverage

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
# Name, kind, parent: a group of three in a line, and a brand at home of an owner abroad.
ENTITIES = (
    ("house", "company", None),
    ("store", "company", "house"),
    ("brand", "brand", "store"),
    ("abroad", "foreign_company", None),
    ("marque", "brand", "abroad"),
    ("round", "company", "trip"),
    ("trip", "company", "round"),
)
# Story, days after the first, who is named.
TOLD = (
    ("s1", 0, "house"),
    ("s1", 0, "brand"),
    ("s1", 1, "store"),
    ("s2", 1, "brand"),
    ("s3", 0, "marque"),
    ("s4", 0, "abroad"),
)


@pytest.fixture
def told(warehouse):
    """A warehouse with these entities and stories; returns its rows."""
    warehouse.executemany(
        "insert into companies values (?, ?, '', ?, 'x', ?, [], '')",
        [(name, name, kind, parent) for name, kind, parent in ENTITIES],
    )
    for number, (story, days, company) in enumerate(TOLD):
        warehouse.execute(
            """
            insert into articles by name select
                'a' || $n as article_id, $n as seq, 'r' as run_id, 'u' || $n as url,
                't' as title, '' as summary, 'en' as language, 'latin' as script,
                false as is_digest, 'P' as publisher, 'f' as feed_id, [] as authors,
                $at as published_at, '' as published_raw, 'published' as published_from,
                $at as first_seen_at, $story as story_id, [] as story_keys,
                'h' as content_hash, '' as search_text
            """,
            {"n": number, "at": NOON + timedelta(days=days), "story": story},
        )
        warehouse.execute(
            """
            insert into mentions by name select
                'a' || $n as article_id, $company as company_id, 'title' as field,
                'x' as alias, 0 as start, 1 as length, 'w' as rules_version
            """,
            {"n": number, "company": company},
        )
    refresh_all_coverage(warehouse)
    return lambda sql: dict(warehouse.execute(sql).fetchall())


@pytest.mark.parametrize("kind", ["date", "timestamptz"])
def test_a_story_counts_once_for_each_firm_that_it_belongs_to(told, kind):
    """However many of a family it names, on however many days; those below count alone."""
    period = f"{kind} '2026-03-01', {kind} '2026-03-08'"
    counted = told(
        f"select subject_id, count(*) from family_stories_every(null::integer, {period}) "
        "where kind = 'company' group by subject_id"
    )

    assert counted == {"house": 2, "store": 2, "brand": 2, "abroad": 2, "marque": 1}


def test_a_brand_at_home_of_an_owner_abroad_has_a_part_of_its_own(told):
    """In its owner's group it stood outside the sum, and had none."""
    shares = told("select company_id, share from share_of_voice where not is_peer")
    stories = told("select company_id, stories from share_of_voice")

    assert shares == {"house": pytest.approx(2 / 3), "marque": pytest.approx(1 / 3)}
    assert stories == {"house": 2, "marque": 1, "abroad": 1}


def test_owners_in_a_circle_stand_for_themselves(told):
    """The watchlist refuses them; a file that has them is read all the same."""
    groups = told("select company_id, group_id from competing_groups")

    assert {"round": "round", "trip": "trip"}.items() <= groups.items()
