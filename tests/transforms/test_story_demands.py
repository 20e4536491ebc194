"""What joins two headlines: an act that agrees, an actor, and no contradiction."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from builders import shipped_beat

from transforms.stories.features import features, figures_of, signs_of
from transforms.stories.numbers import (
    other_version,
    same_version,
    versions_of,
    without_versions,
)
from transforms.stories.pairs.across_languages import shared_signs
from transforms.stories.pairs.compared import Side
from transforms.stories.pairs.demands import (
    ACT,
    DOUBTED,
    FEW,
    FIRM,
    JOIN,
    NEVER,
    SURE,
    least_across,
    least_within,
    may_meet_across,
)
from transforms.stories.pairs.similarity import StoryText, match, pair_kind, side_of

LEXICON = shipped_beat().concepts
NOON = datetime(2026, 8, 4, 12, tzinfo=UTC)


def sides(one, other, *companies):
    """Return two headlines on the same companies, three hours apart."""
    return tuple(
        side_of(
            StoryText(
                title=title,
                published_at=NOON + timedelta(hours=hours),
                companies=frozenset(companies),
                names=("Lumo", "陆墨") if companies else (),
            ),
            LEXICON,
        )
        for hours, title in ((0, one), (3, other))
    )


def demanded(a, b):
    if pair_kind(a, b) == "cross":
        return least_across(a, b, shared_signs(a, b))
    return least_within(a, b)


def crossing(one, other):
    """Return what is asked for of two headlines with their firms: all, and the title's."""
    a, b = (
        Side(features(title, LEXICON), frozenset(companies), NOON, "", frozenset(headlined))
        for title, companies, headlined in (one, other)
    )
    return least_across(a, b, shared_signs(a, b))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Honda to cut output in China by 20%", "本田在华产量削减20%"),
        ("Nissan cuts 9,000 jobs", "日产裁员9000人"),
        ("Siemens sells plant for $300 million", "西门子3亿美元出售工厂"),
        ("NASA bars Chinese nationals from its work", "NASA禁止中国公民参与其项目"),
    ],
)
def test_who_is_no_firm_of_the_watchlist_brings_headlines_together(one, other):
    """The cheap look lets through what the full one may join."""
    a, b = sides(one, other)

    assert demanded(a, b) < NEVER
    assert may_meet_across(a, b)
    assert not may_meet_across(a, sides("Lumo opens a lab", "路灯亮了")[1])


def test_where_something_is_done_is_no_act():
    """A city's plan for sales abroad, and a firm's results abroad, are two events."""
    one = ("柏林发布机器人出海行动方案，陆墨等20家企业参与", {"lumo"}, {"lumo"})
    other = ("Lumo's overseas revenue passes sales at home", {"lumo"}, {"lumo"})

    assert crossing(one, other) == NEVER


def test_a_thing_of_many_headlines_is_no_evidence_beside_a_firm():
    """Sales are told of all year; a rare thing, or one of a version, is told once."""
    firm = ({"lumo"}, {"lumo"})

    def asked(one, other):
        return crossing((one, *firm), (other, *firm))

    assert asked("机构称陆墨海外销量可期", "Lumo sales abroad in new hands") == NEVER
    assert asked("陆墨的激光雷达", "Lumo and its lidar") == JOIN
    assert asked("陆墨Slate 15的销量", "Sales of Lumo's Slate 15") == FIRM


def test_one_act_of_a_firm_alone_asks_for_more():
    """A firm rejects this and that; with what it rejects, it is one event."""

    def asked(one, other):
        return demanded(*sides(one, other, "lumo"))

    assert asked("陆墨拒绝了", "Lumo rejects it") == JOIN
    assert asked("陆墨拒绝激光雷达", "Lumo rejects lidar") == ACT
    assert asked("陆墨的激光雷达", "Lumo and its lidar") == JOIN


def test_a_word_in_latin_letters_is_no_firm():
    """Two headlines hire an engineer; nobody's firm is named in both."""
    nobody: tuple[set[str], set[str]] = (set(), set())
    one, other = (
        ("为什么还在招聘 Kernel Engineer", *nobody),
        ("Hiring an engineer", *nobody),
    )

    assert crossing(one, other) == JOIN


@pytest.mark.parametrize("period", ["q1", "q4", "2q", "h1", "fy", "etf"])
def test_a_period_is_no_name(period):
    """Two firms' results of one quarter have no actor in common."""
    assert signs_of(f"{period.upper()} earnings of Lumo").names == {"earnings", "lumo"}
    assert crossing((f"陆墨 {period} 融资", {}, {}), (f"Raises {period}", {}, {})) == NEVER


def test_a_firm_that_a_summary_names_in_passing_is_no_actor():
    """A headline's own firm acts; a headline that names none tells of its summary's."""
    other = ("Harbour backs open-source models", {"harbour"}, {"harbour"})

    assert crossing(("陆墨开源模型", {"lumo", "harbour"}, {"lumo"}), other) == NEVER
    assert crossing(("这家公司开源模型", {"harbour"}, {}), other) == ACT


def test_where_a_share_is_listed_is_not_who_lists_it():
    """Two listings on one exchange are two events; news of the exchange itself is one."""
    other = ("Hong Kong exchange opens gates to more IPOs", {"hkex"}, {"hkex"})

    assert crossing(("陆墨上市背后的往事", {"hkex"}, {}), other) == NEVER
    assert crossing(("港交所优化上市机制", {"hkex"}, {"hkex"}), other) == JOIN


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            "Lumo raises $84 million from Harbour fund in Berlin",
            "Lumo's Berlin office spends $84 million on research",
            id="en",
        ),
        pytest.param(
            "入股陆墨，后者估值84亿元", "陆墨研发投入增至84亿元", id="zh: an amount"
        ),
        pytest.param("陆墨在柏林融资8400万美元", "陆墨柏林研发投入增至8400万美元", id="zh"),
        pytest.param("Lumo in Berlin", "陆墨柏林", id="across"),
        pytest.param(
            "Lumo sees growth in Germany", "陆墨在德国招聘千人", id="across: place"
        ),
    ],
)
def test_who_and_where_and_how_much_join_nothing(one, other):
    """A firm, a town and an amount are of many events."""
    a, b = sides(one, other, "lumo")

    assert demanded(a, b) == NEVER
    assert match(a, b) == match(b, a) == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            "Lumo opens 59 stores in Kenya", "Lumo opens 31 stores in Peru", id="en"
        ),
        pytest.param("陆墨在肯尼亚开业59家门店", "陆墨在秘鲁开业31家门店", id="zh"),
        pytest.param(
            "Lumo opens 59 stores in Kenya", "陆墨在秘鲁31家门店开业", id="across"
        ),
    ],
)
def test_another_place_with_another_count_ends_it(one, other):
    """Though actor and act are the same."""
    a, b = sides(one, other, "lumo")

    assert demanded(a, b) == NEVER
    assert match(a, b) == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Lumo recalls 363,000 cars", "Lumo recalls 12,500 cars", id="en"),
        pytest.param("陆墨召回12万辆电动车", "陆墨召回3万辆电动车", id="zh"),
    ],
)
def test_another_count_of_one_thing_ends_it(one, other):
    """Another recall, another funding of the same mould."""
    a, b = sides(one, other, "lumo")

    assert demanded(a, b) == NEVER


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            "Lumo begins building battery plant in Hungary",
            "Lumo builds Hungary plant for batteries",
            id="en",
        ),
        pytest.param("陆墨宣布在匈牙利建设电池工厂", "陆墨将建设匈牙利电池厂", id="zh"),
        pytest.param(
            "Lumo begins building battery plant in Hungary",
            "陆墨在匈牙利建设电池厂",
            id="across",
        ),
        pytest.param(
            "Lumo sued over battery patents", "陆墨因电池专利被起诉", id="across: a suit"
        ),
    ],
)
def test_an_act_that_agrees_is_enough(one, other):
    """One firm does one thing, however it is told."""
    a, b = sides(one, other, "lumo")

    assert demanded(a, b) == (ACT if pair_kind(a, b) == "cross" else JOIN)
    assert match(a, b) > 0


@pytest.mark.parametrize(
    ("one", "other", "least"),
    [
        pytest.param(
            "Lumo opens plant in Hungary", "Lumo closes plant in Hungary", 0.8, id="en"
        ),
        pytest.param(
            "Lumo opens plant in Hungary", "陆墨关闭匈牙利工厂", JOIN, id="across"
        ),
        pytest.param(
            "Lumo opens plant in Hungary", "陆墨在德国关闭工厂", NEVER, id="and elsewhere"
        ),
    ],
)
def test_another_act_asks_for_more(one, other, least):
    """The other act may be the other side of it; with another place it is not."""
    assert demanded(*sides(one, other, "lumo")) == least


@pytest.mark.parametrize(
    ("one", "other", "least"),
    [
        pytest.param(
            "Regulator fines delivery platform $84.3 million",
            "外卖平台被罚8430万美元",
            JOIN,
            id="a figure and the act",
        ),
        pytest.param(
            "Court fines toy maker over battery patents",
            "法院就电池专利对玩具商罚款",
            SURE,
            id="two things and the act",
        ),
        pytest.param(
            "Delivery platform worth $84.3 million",
            "外卖平台价值8430万美元",
            NEVER,
            id="no act",
        ),
        pytest.param(
            "Regulator fines delivery platform", "外卖平台被罚", NEVER, id="a thing"
        ),
    ],
)
def test_without_an_actor_across_languages_more_is_asked_for(one, other, least):
    """A rare figure with the act, or the act with two things."""
    assert demanded(*sides(one, other)) == least


def test_a_firm_that_nobody_follows_is_an_actor():
    """The lexicon has its name in both languages; it is no evidence beside itself."""
    acts = sides("Ferrari sues a supplier", "法拉利起诉供应商")
    alone = sides("Ferrari in Berlin", "法拉利柏林")

    assert shared_signs(*acts).has_actor
    assert demanded(*acts) == ACT
    assert demanded(*alone) == NEVER


def test_two_firms_are_two_events_across_languages():
    """What is done to each is told alike."""
    (a, _), (_, b) = (
        sides("Lumo sued over battery patents", "陆墨因电池专利被起诉", firm)
        for firm in ("lumo", "orbit")
    )

    assert least_across(a, b, shared_signs(a, b)) == NEVER


@pytest.mark.parametrize(
    ("one", "other", "least"),
    [
        pytest.param("Lumo on lidar", "陆墨谈激光雷达", JOIN, id="a firm and a thing"),
        pytest.param("Lumo on chips", "陆墨谈芯片", NEVER, id="a thing of many headlines"),
        pytest.param(
            "Ministry on tariffs", "商务部谈关税", JOIN, id="the body and a thing"
        ),
        pytest.param("Commerce ministry speaks", "商务部发言", NEVER, id="the body alone"),
    ],
)
def test_a_body_is_no_second_evidence_beside_itself(one, other, least):
    """The commerce ministry is not both who acts and what it is about."""
    company = "lumo" if "Lumo" in one else "mofcom"

    assert demanded(*sides(one, other, company)) == least


@pytest.mark.parametrize(
    ("title", "version"),
    [
        pytest.param("Lumo adds 59 stores in Kenya", None, id="adds 59 stores"),
        pytest.param("Lumo signs 41 dealers", None, id="signs 41"),
        pytest.param("Day 2 of the fair", None, id="a day"),
        pytest.param("Tranche 3 of Lumo orders", None, id="a tranche"),
        pytest.param("Lumo 24-hour delivery begins", None, id="a duration"),
        pytest.param("Slate 3-month trial ends", None, id="a duration of months"),
        pytest.param("Lumo 2nd factory opens", None, id="an ordinal"),
        pytest.param("Lumo 80-inch television", None, id="a size"),
        pytest.param("Lumo 3nm chip", None, id="a unit"),
        pytest.param("Lumo 9时发布新品", None, id="zh: an hour"),
        pytest.param("Lumo第2批名单", None, id="zh: a batch"),
        pytest.param("Lumo Q3 revenue up", None, id="a quarter"),
        pytest.param("Lumo unveils Slate 15", ("slate", "15"), id="Slate 15"),
        pytest.param("Vent-55 fails in test", ("vent", "55"), id="Vent-55"),
        pytest.param("When iPhone 18 comes", ("iphone", "18"), id="iPhone 18"),
        pytest.param("陆墨发布Slate 15平板", ("slate", "15"), id="zh"),
        pytest.param("陆墨新增59家门店", None, id="zh: a count"),
    ],
)
def test_counts_and_versions_are_told_apart(title, version):
    """Case tells in English, Latin letters in Chinese."""
    signs = signs_of(title)
    found = {
        (family, each.number)
        for each in versions_of(signs.plain, LEXICON, signs.cased)
        for family in each.families
    }

    assert version in found if version else not found
    left = without_versions(signs.plain, LEXICON, signs.cased)
    assert len(left) == len(signs.plain)
    assert (left == signs.plain) == (version is None)
    if version:
        assert (
            version[1]
            not in figures_of(title, LEXICON).counts | features(title, LEXICON).numbers
        )


def test_another_version_is_another_event():
    """And another count of stores is no other version."""
    slates = [
        versions_of(signs_of(title).plain, LEXICON, title)
        for title in (
            "Lumo unveils Slate 15",
            "Lumo unveils Slate 16",
            "Slate 15 in stores",
        )
    ]

    assert other_version(slates[0], slates[1])
    assert same_version(slates[0], slates[2])
    assert demanded(*sides("Lumo unveils Slate 15", "Lumo unveils Slate 16")) == NEVER


@pytest.mark.parametrize(
    ("title", "what", "count"),
    [
        pytest.param("Lumo opens 59 stores", "store", "59", id="en"),
        pytest.param("Lumo opens 1.2 million shops", "shop", "1.2e+06", id="scale"),
        pytest.param("陆墨新开59家门店", "门店", "59", id="any measure"),
        pytest.param("陆墨召回12万辆电动车", "辆", "120000", id="measure"),
    ],
)
def test_what_is_counted(title, what, count):
    """A noun in English, a measure or the noun behind it in Chinese; money is none."""
    assert figures_of(title, LEXICON).counted == {what: {count}}
    assert not figures_of("Lumo pays $59 or 59 yuan in 2026", LEXICON).counted


@pytest.mark.parametrize(
    ("one", "other", "least"),
    [
        pytest.param(
            "China bans hidden car door handles",
            "隐藏式车门把手将被禁止",
            FEW,
            id="at home",
        ),
        pytest.param(
            "China bans hidden car door handles",
            "德国将禁止隐藏式车门把手",
            NEVER,
            id="elsewhere",
        ),
        pytest.param(
            "India bans hidden car door handles",
            "隐藏式车门把手将被禁止",
            NEVER,
            id="not home",
        ),
    ],
)
def test_a_chinese_headline_that_names_no_country_plays_in_china(one, other, least):
    """What is banned where, and a thing that few headlines name."""
    assert demanded(*sides(one, other)) == least


def test_a_province_is_no_other_place_than_its_country():
    """Gansu is China; Guangdong is another place than Gansu."""
    gansu, china, guangdong = (frozenset({p}) for p in ("gansu", "china", "guangdong"))

    assert not LEXICON.other_places(gansu, china)
    assert not LEXICON.other_places(china, gansu)
    assert LEXICON.other_places(gansu, guangdong)


def test_what_a_firm_is_worth_is_no_other_figure_than_what_it_raised():
    """Each headline gives one of two figures of a round."""
    raises = "Lumo raises $7 billion for lidar"
    worth = sides(raises, "估值4000亿，陆墨激光雷达融资", "lumo")
    raised = sides(raises, "陆墨激光雷达融资4000亿元", "lumo")

    assert demanded(*worth) == ACT
    assert demanded(*raised) == DOUBTED


def test_another_number_of_one_unit_ends_it_across_languages():
    """Two rules of one body come into force in other times."""
    pair = sides(
        "SAMR issues rules on labels, in force in 18 days",
        "市场监管总局发布数据规定，26天后施行",
        "samr",
    )

    assert demanded(*pair) == NEVER


def test_the_name_of_a_firm_that_only_one_side_was_found_to_name_is_shared():
    """A group's name stands in both, and only one is known as a firm that is followed."""
    (a, _), (_, b) = (
        sides("SK Hynix plans to double wafer capacity", "SK集团：晶圆产能翻倍", *firms)
        for firms in (("sk-hynix",), ())
    )

    assert "sk" in shared_signs(a, b).names


def test_to_build_is_to_build_in_both_languages():
    """A plan to build a campus and its building are one act."""
    one, other = sides("Lumo to build chip campus in Hefei", "陆墨合肥芯片园区开建", "lumo")

    assert "build" in shared_signs(one, other).concepts.action
    assert match(one, other) > 0
