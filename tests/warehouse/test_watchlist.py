from __future__ import annotations

from transforms.models import AliasRow
from warehouse.news.findings import sync_watchlist

ALIAS = AliasRow(company_id="byd", alias="比亚迪", script="hans", rule="")


def test_watchlist_is_recorded(warehouse, make_company, make_topic):
    """Entities, aliases, topics and events are there to be joined."""
    companies = [make_company("byd", tickers=("002594.SZ", "1211.HK"), name_zh="比亚迪")]
    topics = [make_topic("ipo-listing"), make_topic("ipo-listing", "event")]

    assert sync_watchlist(warehouse, companies, [ALIAS], topics) is True

    assert warehouse.execute("select name, tickers from companies").fetchall() == [
        ("Byd", ["002594.SZ", "1211.HK"])
    ]
    assert warehouse.execute("select alias from aliases").fetchall() == [("比亚迪",)]
    assert warehouse.execute("select kind from topics order by 1").fetchall() == [
        ("event",),
        ("topic",),
    ]


def test_unchanged_watchlist_writes_nothing(warehouse, make_company, make_topic):
    """The same watchlist, in whatever order, is no change."""
    companies = [make_company("byd", tickers=("X",)), make_company("nio")]
    sync_watchlist(warehouse, companies, [ALIAS, ALIAS], [make_topic("ev")])

    again = sync_watchlist(
        warehouse, reversed(companies), iter([ALIAS]), [make_topic("ev")]
    )

    assert again is False
    assert warehouse.execute("select count(*) from aliases").fetchone() == (1,)


def test_changed_watchlist_replaces_the_old(warehouse, make_company):
    """A company that left the watchlist leaves the table; a new parent is seen."""
    sync_watchlist(warehouse, [make_company("byd"), make_company("nio")], [], [])

    changed = sync_watchlist(warehouse, [make_company("nio", parent_id="x")], [], [])

    assert changed is True
    assert warehouse.execute("select company_id, parent_id from companies").fetchall() == [
        ("nio", "x")
    ]


def test_groups_follow_parents_to_the_top(warehouse, make_company):
    """A chain ends at the top, at an unknown parent, or, in a circle, at itself."""
    sync_watchlist(
        warehouse,
        [
            make_company("alibaba"),
            make_company("taobao", parent_id="alibaba"),
            make_company("tmall-lab", parent_id="taobao"),
            make_company("orphan", parent_id="unknown"),
            make_company("hen", parent_id="egg"),
            make_company("egg", parent_id="hen"),
        ],
        [],
        [],
    )

    groups = dict(warehouse.execute("from company_groups").fetchall())

    assert groups == {
        "alibaba": "alibaba",
        "taobao": "alibaba",
        "tmall-lab": "alibaba",
        "orphan": "orphan",
        "hen": "hen",
        "egg": "egg",
    }
