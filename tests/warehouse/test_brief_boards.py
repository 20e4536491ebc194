"""The boards of a brief: on whose side a measure stands, and how much money it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from brief_rows import asked_of

from warehouse.watchlist import sync_watchlist

HOUR = timedelta(hours=1)


@pytest.fixture
def ask(warehouse, load, noon, make_company):
    """Load one article and return the rows of a board."""
    sync_watchlist(
        warehouse,
        [
            make_company("mofcom", kind="regulator", sector="regulator-cn"),
            make_company("bis", kind="regulator", sector="regulator-us"),
        ],
        [],
        [],
    )

    def answer(key, **article):
        load(warehouse, {"article_id": "a1", "published_at": noon - HOUR} | article)
        return asked_of(warehouse, key, since=noon - 24 * HOUR, until=noon)[key]

    return answer


@pytest.mark.parametrize(
    ("title", "side"),
    [
        ("两部门同步反制美国：多家企业列入管控名单", "china"),
        ("商务部回应美方调查中国企业", "china"),
        ("中方将欧洲一所大学列入管控名单", "china"),
        ("财政部：对有关美国企业采取措施", "china"),
        ("China puts ten Japanese firms on its control list", "china"),
        ("China further eases curbs on fuel exports, sources say", "china"),
        ("Beijing retaliates against the US with curbs on metals", "china"),
        ("China's market regulator fines a US chip maker", "china"),
        ("美国商务部将多家中国企业列入实体清单", "us_eu"),
        ("美国又把一批中国企业列入清单，商务部回应", "us_eu"),
        ("美商务部放宽对华芯片出口", "us_eu"),
        ("欧盟对中国电动汽车加征关税", "us_eu"),
        ("Commerce Department clears chip sales to China", "us_eu"),
        ("FCC bars Chinese gear from networks", "us_eu"),
        ("EU Commission orders a review of China imports", "us_eu"),
        ("US to ban routers made in China", "us_eu"),
        ("Japan tightens checks on chip gear exports", "unclear"),
        ("What export controls mean for a maker of lasers", "unclear"),
    ],
)
def test_a_measure_stands_on_the_side_of_who_acts(ask, title, side):
    """Whom it is aimed at, and what topic it is on, put it on no side."""
    language = "en" if title.isascii() else "zh"
    [row] = ask(
        "policy",
        title=title,
        language=language,
        topics=["us-export-controls"],
        events=["sanction-export-control"],
    )

    assert row["side"] == side


@pytest.mark.parametrize(
    ("bodies", "side"),
    [(["mofcom"], "china"), (["bis"], "us_eu"), (["mofcom", "bis"], "unclear")],
)
def test_bodies_named_beside_decide_where_no_headline_does(ask, bodies, side):
    """A body in the summary has the side; two of both sides leave it open."""
    [row] = ask("policy", companies=bodies, events=["sanction-export-control"])

    assert row["side"] == side


@pytest.mark.parametrize(
    ("title", "amount"),
    [
        ("Chip maker to spend $29 bln on a plant", "$29 bln"),
        ("It raises US$2.8-billion from banks", "US$2.8-billion"),
        ("$29 bought a phone once", "$29"),
        ("Fund of HK$4.5 mln closed", "HK$4.5 mln"),
        ("A €4.1bn round", "€4.1bn"),
        ("A round of 300 million yuan", "300 million yuan"),
        ("Takeover for $1,250 tn.", "$1,250 tn"),
        ("公司完成3亿美元融资", "3亿美元"),
        ("市值2.3万亿，利润翻番", "2.3万亿"),
        ("募资1300余万元", "1300余万元"),
        ("完成5000万A轮融资", "5000万"),
        ("交付51万辆，拟融资8亿元", "8亿元"),
        ("拥有200万粉丝的公司上市", ""),
    ],
)
def test_an_amount_has_its_whole_unit(ask, title, amount):
    """A unit ends where its word ends, and what is counted is no money."""
    [row] = ask("money", title=title, events=["funding"])

    assert row["amount"] == amount
