"""Who acts in a headline, and on which side that is."""

from __future__ import annotations

import pytest
from builders import shipped_beat

SIDES = shipped_beat().facts.sides


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
        ("China prepares $295 billion plan for computing centres", "china"),
        ("五家电商平台被约谈，信息值得关注", "china"),
        ("7家欧盟实体列入出口管制管控名单", "china"),
        ("US weighs a ban on routers", "us_eu"),
        ("美国商务部将多家中国企业列入实体清单", "us_eu"),
        ("美国又把一批中国企业列入清单，商务部回应", "us_eu"),
        ("美商务部放宽对华芯片出口", "us_eu"),
        ("欧盟对中国电动汽车加征关税", "us_eu"),
        ("Commerce Department clears chip sales to China", "us_eu"),
        ("FCC bars Chinese gear from networks", "us_eu"),
        ("EU Commission orders a review of China imports", "us_eu"),
        ("US to ban routers made in China", "us_eu"),
        ("Japan tightens checks on chip gear exports", "unclear"),
        ("Pact with South Korea on chips, EU says", "unclear"),
    ],
)
def test_it_is_the_side_of_who_acts(title, side):
    """The first one named counts that nothing is done to."""
    assert SIDES.find(title).value == side


@pytest.mark.parametrize(
    "title",
    [
        "What export controls mean for a maker of lasers",
        "Curbs on China weigh on chip stocks",
        "美国人爱上中国电动车",
        "美国企业称关税伤人",
        "Ceus and Bistro open in Shanghai",
        "",
    ],
)
def test_most_headlines_name_nobody_who_acts(title):
    """A country without a verb of policy does not act, nor does part of a word."""
    assert SIDES.find(title) is None


def test_the_words_that_say_so_are_kept():
    """They let a reader judge the side."""
    assert SIDES.find("Beijing retaliates against the US").term == "Beijing retaliat"
    assert SIDES.find("Iranian tankers pass, US officials say").term == "US officials"
