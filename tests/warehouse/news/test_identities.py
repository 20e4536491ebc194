"""Ids of articles that were given up."""

from __future__ import annotations

from warehouse.news.articles import current_article


def test_ids_lead_through_all_that_were_given_up(warehouse, load):
    """An id given up twice is followed to the end; one that never was leads nowhere."""
    load(warehouse, {"article_id": "o1"})
    warehouse.execute(
        "insert into article_merges values ('a1', 'n1', now()), ('n1', 'o1', now())"
    )

    assert [current_article(warehouse, key) for key in ("a1", "n1", "o1", "x")] == [
        *("o1", "o1", "o1"),
        None,
    ]
