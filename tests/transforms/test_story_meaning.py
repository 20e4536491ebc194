"""What two headlines tell in common: actor, act and object, whatever the words."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta

import pytest
from builders import shipped_beat, shipped_watchlist

from transforms.stories.concepts import KINDS
from transforms.stories.features import features
from transforms.stories.numbers import (
    find_amounts,
    find_units,
    other_version,
    same_amount,
    same_version,
    versions_of,
)
from transforms.stories.pairs.across_languages import crossing, shared_signs
from transforms.stories.pairs.compared import Side
from transforms.stories.pairs.meaning import meaning
from transforms.stories.pairs.similarity import StoryText, compare

LEXICON = shipped_beat().concepts
NOON = datetime(2026, 8, 4, 12, tzinfo=UTC)


def side(title, *companies, hours=0):
    at = NOON + timedelta(hours=hours)
    return Side(features(title, LEXICON), frozenset(companies), at)


def text(title, *companies, hours=0):
    return StoryText(
        title=title,
        published_at=NOON + timedelta(hours=hours),
        companies=frozenset(companies),
    )


def lexicon(name):
    return tomllib.loads(shipped_beat().texts[name])


def test_every_concept_has_words_of_both_scripts_and_none_twice():
    """A word of one language alone is no bridge."""
    tables = lexicon("concepts.toml")
    words = [
        word for kind in KINDS for spellings in tables[kind].values() for word in spellings
    ]

    assert len(words) == len(set(words))
    for kind in KINDS:
        for concept, spellings in tables[kind].items():
            assert any(word[0].isascii() for word in spellings), concept
            assert any(not word.isascii() for word in spellings), concept


def test_links_lead_from_and_to_what_there_is():
    """Ids of concepts, and companies of the watchlist."""
    tables, links = lexicon("concepts.toml"), lexicon("links.toml")
    concepts = {concept for kind in KINDS for concept in tables[kind]}
    companies = {company.company_id for company in shipped_watchlist().companies}

    for concept, brought in links["implies"].items():
        assert {concept, *brought} <= concepts
    for made, ways in links["combines"].items():
        assert {made}.union(*ways) <= concepts
    for person, firms in links["firms"].items():
        assert person in tables["person"]
        assert set(firms) <= companies, person
    for thing, bodies in links["actors"].items():
        assert thing in tables["thing"]
        assert bodies, thing
        assert set(bodies) <= companies, thing
    for things in (links["lasting"]["products"], links["named"]["actors"]):
        assert set(things) <= set(tables["thing"])
    assert set(lexicon("rates.toml")["rates"]) <= concepts


@pytest.mark.parametrize(
    ("one", "other", "concept"),
    [
        pytest.param(
            "Orbit Pay fined by regulator", "轨道支付被罚没三亿", "fine", id="fine"
        ),
        pytest.param(
            "Lumo's trading debut disappoints", "陆墨上市首日破发", "list-debut", id="debut"
        ),
        pytest.param(
            "Rocket's first stage lost in landing",
            "火箭一级回收失败",
            "land-again",
            id="recovery",
        ),
        pytest.param(
            "Harbour Toys prices IPO", "海港玩具敲定发行价", "list-price", id="price"
        ),
        pytest.param(
            "Lumo passes hearing for listing", "陆墨通过聆讯", "list-clear", id="clearance"
        ),
        pytest.param(
            "Lumo is raising the Quay console's prices",
            "陆墨上调价格",
            "raise-price",
            id="apart",
        ),
        pytest.param("Revenue at Lumo up", "陆墨净利润下滑", "earnings", id="facets"),
    ],
)
def test_both_languages_have_a_word_for_it(one, other, concept):
    """Classes of acts and objects, not translations of words."""
    found = [
        frozenset().union(*LEXICON.concepts_of(title.lower())) for title in (one, other)
    ]

    assert concept in found[0] & found[1]


@pytest.mark.parametrize(
    ("one", "other", "same", "differ"),
    [
        pytest.param("quay v4pro is out", "quay v4 pro 发布", True, False, id="blank"),
        pytest.param("qwen 3.8 released", "千问3.8发布", True, False, id="name"),
        pytest.param("qwen 3.8 released", "千问3.7发布", False, True, id="other version"),
        pytest.param("qwen3.8-35b is out", "qwen3.8-9b is out", False, True, id="size"),
        pytest.param("quay 3 max", "quay 3 lite", False, True, id="kind"),
        pytest.param("quay opus 4.8", "quay4.8opus 实测", True, False, id="order"),
        pytest.param("quay 4", "lumo 5", False, False, id="other family"),
        pytest.param(
            "lumo results q2 2026", "lumo results q3 2026", False, False, id="date"
        ),
        pytest.param("陆墨卖出3万台", "陆墨卖出5万台", False, False, id="count"),
    ],
)
def test_versions_are_folded_and_told_apart(one, other, same, differ):
    """However written, one version of one kind; another one is another product."""
    some, others = versions_of(one, LEXICON), versions_of(other, LEXICON)

    assert same_version(some, others) == same_version(others, some) == same
    assert other_version(some, others) == other_version(others, some) == differ


def test_amounts_agree_across_currencies():
    """2.1 trillion yuan is about $300 billion, and not $200 billion."""
    dollars = find_amounts("a $300 billion plan")

    assert same_amount(dollars, find_amounts("拟投入2.1万亿元"))
    assert not same_amount(find_amounts("a $200 billion plan"), find_amounts("2.1万亿元"))
    assert not same_amount(dollars, dollars)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("biggest maker in five years", "五年后规模第一", id="years"),
        pytest.param("full in 9 minutes", "9分钟充满", id="minutes"),
        pytest.param("the rocket's 12th flight", "第12次试飞", id="times"),
    ],
)
def test_units_agree_across_languages(one, other):
    """A number and what it counts; a year is none."""
    assert find_units(one) & find_units(other)
    assert not find_units("in 2026") | find_units("2026年")


def test_a_founder_stands_for_the_firm():
    """One headline names the person, the other one the company."""
    assert LEXICON.firms_of({"wang-chuanfu"}) == {"byd"}
    assert side("王传福谈未来").actors == {"byd"}
    told = meaning(
        side("BYD chairman sees price war end in two years", "byd"),
        side("王传福：价格战两年内结束", hours=3),
    )

    assert told.actors == 1
    assert told.same_unit == 1
    assert told.told > 0


def test_figures_of_one_release_do_not_contradict():
    """The profit here, the revenue there; another profit is another release."""
    profit = text("陆墨2025年净利润32.6亿元", "lumo")
    revenue = text("陆墨2025年营收突破800亿元", "lumo", hours=6)
    other = text("陆墨2025年净利润18.4亿元", "lumo", hours=6)

    assert "different numbers" not in compare(profit, revenue, LEXICON).why
    assert "different numbers" in compare(profit, other, LEXICON).why
    assert compare(profit, revenue, LEXICON).score > compare(profit, other, LEXICON).score


def test_steps_of_a_listing_are_separate_acts():
    """The filing, and months later the debut: one affair, two events."""
    told = meaning(
        side("Lumo files for Hong Kong IPO", "lumo"), side("陆墨上市首日大涨", "lumo")
    )

    assert told.other_step == 1
    assert told.same_step == 0


def test_an_answer_is_no_act():
    """Who responds to a ban has not made it."""
    told = meaning(side("US bans Lumo's drones", "lumo"), side("陆墨回应美国禁令", "lumo"))

    assert told.one_answers == 1


@pytest.mark.parametrize(
    ("a", "b", "is_same"),
    [
        pytest.param(
            text("EU fines Temu €300M for sale of fake toys", "temu"),
            text("Temu售卖假玩具，被欧盟罚款3亿欧元", "temu", hours=150),
            True,
            id="a week later",
        ),
        pytest.param(
            text("Xiaomi to recall 40,000 cars over door faults", "xiaomi"),
            text("小米发布新款平板电脑", "xiaomi", hours=2),
            False,
            id="one firm, two acts",
        ),
        pytest.param(
            text("Qwen3.8 is out", "alibaba"),
            text("千问3.8正式发布", "alibaba", hours=3),
            True,
            id="version",
        ),
        pytest.param(
            text("Qwen3.8 is out", "alibaba"),
            text("千问3.6正式发布", "alibaba", hours=3),
            False,
            id="other version",
        ),
        pytest.param(
            text("Harbour Bancorp Inc. Q2 2026 Earnings Call Summary"),
            text("Lantern Solutions Inc Q2 2026 Earnings Call Summary"),
            False,
            id="mould, names that nobody tracks",
        ),
    ],
)
def test_compare_by_meaning(a, b, is_same):
    """Act, actor and object decide; time only ranks."""
    assert compare(a, b, LEXICON).same == compare(b, a, LEXICON).same == is_same


def test_company_s_own_name_is_no_name_that_the_other_headline_lacks():
    """Nor one that both have: where Chinese writes Cursor it names the company."""
    pair = side("Cursor raises prices", "cursor"), side("Cursor 涨价了", "cursor")
    found = crossing(*pair, shared_signs(*pair))

    assert (found.names, found.names_found, found.names_missing) == (0.0, 0.0, 0.0)

    pair = (
        side("Cursor raises prices", "cursor"),
        side("Cursor 给 Composer 涨价了", "cursor"),
    )
    assert crossing(*pair, shared_signs(*pair)).names_missing == 1.0


@pytest.mark.parametrize(
    ("company", "is_said_twice"), [("alibaba", True), ("moonshot-ai", False)]
)
def test_product_of_all_year_says_no_more_than_its_company(company, is_said_twice):
    """Two acts of Qwen are no more one event than two of Alibaba."""
    pair = side("Qwen opens a hotel", company), side("千问开新店", "alibaba")

    assert (crossing(*pair, shared_signs(*pair)).product > 0) is is_said_twice
