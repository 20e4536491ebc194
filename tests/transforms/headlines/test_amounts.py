"""Amounts of money, as headlines write them."""

from __future__ import annotations

import pytest

from transforms.headlines.facts import find_amount


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
        ("Raises 3 million, then RMB 20m", "RMB 20m"),
        ("出售1.2亿股权", "1.2亿"),
        ("完成5000万A轮融资", "5000万"),
        ("交付51万辆，拟融资8亿元", "8亿元"),
    ],
)
def test_an_amount_has_its_whole_unit(title, amount):
    """A unit ends where its word ends; one with a currency goes first."""
    assert find_amount(title) == (amount, amount)


@pytest.mark.parametrize(
    "title",
    [
        "拥有200万粉丝的公司上市",
        "交付51万辆",
        "BYD sells 3 million cars",
        "A 5bn-parameter model",
        "",
    ],
)
def test_what_is_counted_is_no_money(title):
    """Cars, followers and parameters are not."""
    assert find_amount(title) is None


def test_a_headline_of_digits_alone_takes_no_time():
    """Each number is read once, however long: a quadratic reading would take hours."""
    assert find_amount("1," * 200_000 + "$") is None
    assert find_amount("元万" + "7" * 400_000) is None
