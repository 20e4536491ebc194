from __future__ import annotations

import pytest
from digest import TABLES, digest_of

from warehouse.news.articles import append_new


def test_equal_rows_have_one_digest_in_any_order_and_of_any_run(warehouse, make_article):
    """Two replays of the same code differ in their runs' names and in nothing else."""
    one, other = make_article("a1"), make_article("a2")
    found = []
    for articles, run_id in ([one, other], "run-1"), ([one, other], "run-2"):
        append_new(warehouse, articles, run_id=run_id)
        found.append(digest_of(warehouse, "articles"))
        warehouse.execute("delete from articles")

    assert found[0] == found[1]
    assert found[0][0] == 2


def test_one_changed_word_changes_the_digest(warehouse, make_article):
    append_new(warehouse, [make_article("a1")])
    before = digest_of(warehouse, "articles")

    warehouse.execute("update articles set summary = 'Another word'")

    assert digest_of(warehouse, "articles") != before


@pytest.mark.parametrize("table", TABLES)
def test_every_table_that_is_digested_is_there(warehouse, table):
    """A table that was renamed would go unwatched."""
    assert digest_of(warehouse, table)[0] == 0
