"""Regions that headlines name."""

from __future__ import annotations

import pytest
from builders import shipped_beat

REGIONS = shipped_beat().facts.regions


@pytest.mark.parametrize(
    ("title", "regions"),
    [
        ("BYD builds in Hungary and Brazil", ["europe", "latin_america"]),
        ("比亚迪在匈牙利建厂", ["europe"]),
        ("歐盟對比亞迪加徵關稅", ["europe"]),
        ("BYD to enter the U.S. and Canada", ["north_america"]),
        ("美国和墨西哥的工厂", ["north_america", "latin_america"]),
        ("Latin America is next for BYD", ["latin_america"]),
        ("比亚迪进军印度尼西亚", []),
        ("在印度和印尼卖手机", ["south_east_asia", "asia_pacific"]),
        ("South-east Asian and Japanese buyers", ["south_east_asia", "asia_pacific"]),
        ("阿聯酋與埃及", ["middle_east", "africa"]),
        ("Eureka opens in Shenzhen", []),
        ("BYD goes abroad", []),
    ],
)
def test_a_headline_names_some_regions(title, regions):
    """Each once, in the order of the lexicon."""
    assert [found.value for found in REGIONS.find(title)] == regions


def test_the_first_words_for_it_are_kept():
    """As they stand in the headline."""
    assert [found.term for found in REGIONS.find("From Spain to Germany")] == ["Spain"]
