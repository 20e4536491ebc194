"""Measures of states in headlines, by what makes them hard to tell from talk of them."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from importlib.resources import files

import pytest
from builders import shipped_beat, shipped_tagger, tagger_of

from transforms.measures.days import Sum, effective_on, money
from transforms.measures.read import decision, signs_of
from transforms.measures.reading import read_tokens
from transforms.names.rules.file import parse_watchlist
from transforms.names.tagging import mentions_in, tag_text

TAGGER = shipped_tagger()
KEYS = ("side", "instrument", "status", "direction")


def told(title, tagger=TAGGER, on=None):
    """Return the measure that a headline tells of, as the command prints it."""
    return tag_text(tagger, title=title, on=on)["measure"]


MEASURES = {
    # A state or a body acts.
    "Norway bans Huawei gear from 5G networks": "other ban decided tightens",
    "FTC opens antitrust probe into Nvidia": "us investigation decided tightens",
    "Dutch government fines Temu over misleading prices": "nl penalty decided tightens",
    "Ohio sues TikTok over children's data": "us investigation decided tightens",
    "工信部约谈三家新能源汽车企业": "cn investigation decided tightens",
    "市场监管总局对某外卖平台处以罚款": "cn penalty decided tightens",
    "日本拟限制半导体设备出口": "jp export-control proposed tightens",
    "美将三家中国芯片企业列入实体清单": "us entity-list decided tightens",
    "五部门印发智能机器人产业行动方案": "cn plan-or-support decided supports",
    # English tenses: it is to, is about to, has.
    "Dutch to restrict exports of chip tools": "nl export-control decided tightens",
    "FCC is about to ban Chinese routers": "us ban decided tightens",
    "China has approved a brain-computer chip": "cn approval-or-licence decided eases",
    # The state is not named, or stands behind the firm.
    "Huawei fined by French regulator over patents": "eu penalty decided tightens",
    "拼多多遭反垄断立案调查": "cn investigation decided tightens",
    "美团被约谈整改": "cn investigation decided tightens",
    "移动电源新国标今起正式实施": "cn rule-or-standard in-force tightens",
    # How far it has come.
    "China weighs battery export curbs, sources say": "cn export-control rumoured tightens",
    "Senate panel advances bill to ban DJI drones": "us ban proposed tightens",
    "EU's rules for AI models take effect today": "eu rule-or-standard in-force tightens",
    "Trump delays tariffs on semiconductors": "us tariff stayed eases",
    "韩国解除对DeepSeek的下载限制": "kr rule-or-standard eased eases",
    "网信办就人脸识别管理办法公开征求意见": "cn rule-or-standard proposed tightens",
    "市场监管总局发布平台收费指引，征求意见一月": "cn rule-or-standard proposed tightens",
    "US House passes online safety legislation": "us rule-or-standard proposed tightens",
    # Who must allow something is not let off, and goods that are halted are no relief.
    "EU orders Meta to allow rival AI chatbots": "eu rule-or-standard decided tightens",
    "US halts AI chip shipments to Chinese firms": "us export-control decided tightens",
    "Pentagon says BYD supports China's military": "us entity-list decided tightens",
    # The end of what let somebody off tightens.
    "US revokes waiver that let fabs ship chip tools to China": (
        "us export-control decided tightens"
    ),
    "US ends exemption for a Nanjing fab on chip equipment": (
        "us approval-or-licence decided tightens"
    ),
    "商务部取消对稀土出口的豁免": "cn export-control decided tightens",
    "美国收紧芯片设备出口 撤销西安工厂豁免": "us export-control decided tightens",
    "美国豁免西安工厂芯片设备出口限制": "us export-control eased eases",
    "US lifts export curbs on chip design software to China": (
        "us export-control eased eases"
    ),
    "US lifts chip curbs and grants a waiver for fabs": "us export-control eased eases",
    # Who asks in vain that it be paused has paused nothing; a court may end a rule.
    "Appeals court denies DJI's bid to pause Pentagon listing": (
        "us other decided tightens"
    ),
    "Court strikes down Commerce Department rule on chip exports": (
        "us export-control decided eases"
    ),
    # Of another state's lawmakers it is not Congress.
    "Malaysian lawmakers urge ban on Chinese EV imports": "other ban decided tightens",
    # What is to tighten supports nothing, and a booster boosts nothing.
    "美众院委员会推进多项立法，旨在收紧对华人工智能出口管制": (
        "us export-control decided tightens"
    ),
    "UK orders Google to open its app store to boost competition": (
        "uk rule-or-standard decided tightens"
    ),
    "China announces measures to promote AI use in factories": (
        "cn rule-or-standard decided supports"
    ),
    "FCC denies Acme approval for telecoms": "us approval-or-licence decided tightens",
    # By what means nobody tells: other.
    "荷兰暂停干预安世半导体": "nl other stayed eases",
    # Who answers, and what.
    "China slams US chip export controls": "us export-control answered tightens",
    "商务部回应美国对华芯片出口管制": "us export-control answered tightens",
    "外交部：坚决反对美将大疆列入黑名单": "us entity-list answered tightens",
    "中方回应停止向日本出口重稀土": "cn export-control answered tightens",
    "DJI sues Pentagon over blacklist": "us entity-list answered tightens",
}


@pytest.mark.parametrize(("title", "expected"), MEASURES.items())
def test_an_act_of_a_state_is_read_with_its_fields(title, expected):
    """Whose, by what means, how far, and which way."""
    measure = told(title)

    assert measure is not None
    assert " ".join(measure[key] for key in KEYS) == expected


@pytest.mark.parametrize(
    "title",
    [
        # An old measure as an attribute, or only why something happens.
        "US export controls: Hygon adds 53 local suppliers in Dongguan",
        "Blacklisted chipmaker SMIC opens a plant in Wuhan",
        "Nvidia shares fall after US tightens chip export rules",
        # Firms that ban, fine, approve and have rules.
        "Tencent bans 2,000 accounts for cheating",
        "京东取消骑手超时罚款",
        "抖音发布直播新规",
        # Explainers, views and lobbying.
        "Why the US wants to ban TikTok",
        "美国为何限制芯片出口",
        "Chip curbs could cost Nvidia billions, analysts say",
        "Apple urges EU to scrap digital rules",
        # Private suits, and a firm without an answer yet.
        "Authors sue OpenAI over training data",
        "特斯拉申请在华测试自动驾驶",
        # No technology.
        "US imposes tariffs on Brazilian beef",
        "教育部发布校园餐新规",
        # Nor is a firm that sells tea.
        "瑞幸被立案调查",
        # Words in another sense.
        "苹果中国市场调查：渠道价格下降",
        "华为辅助驾驶标准价下调",
        "游戏官方回应玩家整改要求",
        # Who is suspended suspends nothing, and what a state should do is no act.
        "Two officials suspended after AI hallucinations",
        "UK government must be more open on use of AI, say campaigners",
        "AI ads should be exempt from EU rules, retail association says",
        # A measure as a noun, which does something to others.
        "EU curbs on Chinese inverters risk slowing solar rollout",
        # A measure that is said to be untrue, and questions about one.
        "“深圳将禁行电动自行车”不实",
        "美为何放弃对华电池材料关税",
        # Private suits, also where a court decides; recalls, and persons who are fined.
        "Judge lets authors' copyright lawsuit against OpenAI proceed",
        "Xiaomi faces patent lawsuit in Germany",
        "韩国法院在专利诉讼中支持宇树科技",
        "Ford to recall 90,000 vehicles over camera fault, NHTSA says",
        "自媒体诽谤比亚迪被判赔50万元",
        # Officials who talk, and drones of a war.
        "Merz to host talks with Macron on AI",
        "Russia says drone attack on refinery was repelled",
        "商务部回应涉华为言论",
        # A product that leaves the line, and an attempt that a firm makes known.
        "国产固态电池量产车型下线",
        # Nothing of all that.
        "Xiaomi unveils a new phone",
        "美团发布大模型",
        "",
        "?",
    ],
)
def test_talk_of_measures_is_none(title):
    """What is no act of a state on technology, or not the news."""
    assert told(title) is None


@pytest.mark.parametrize(
    "title",
    [
        "美国对华刻蚀设备出口管制正式生效",
        "日本将刻蚀气体列入对华出口管制清单",
        "美国取消對華小包关税优惠",
        "US export controls on etching tools for China take effect",
        # A body of China answers for whom it hits.
        "商务部回应美方实体清单调整：将采取必要措施",
        "欧盟宣布调查金风科技 外交部回应",
    ],
)
def test_an_act_on_china_is_on_its_side(title):
    """Its words stand before the thing in one language, and behind it in the other."""
    assert told(title)["target_side"] == "cn"


@pytest.mark.parametrize(
    ("title", "side"),
    [
        ("Trump delays tariffs on semiconductors", "all"),
        ("Trump delays tariffs on semiconductors from the EU", "eu"),
        ("US tightens export controls on chip packaging tools", "all"),
        ("FCC is about to ban routers", "us"),
    ],
)
def test_what_stops_goods_of_no_country_is_on_all(title, side):
    assert told(title)["target_side"] == side


def test_what_is_printed_is_plain_and_complete():
    """The keys that scripts read, with the companies by their ids."""
    measure = told("SEC fines Tencent and Baidu", on=date(2026, 3, 1))

    assert json.loads(json.dumps(measure)) == measure
    assert list(measure) == [
        *("side", "actor", "instrument", "status", "direction", "targets"),
        *("target_class", "target_side", "thing", "effective_on"),
    ]
    assert measure["targets"] == ["tencent", "baidu"]
    assert measure["target_side"] == "cn"
    assert measure["effective_on"] is None


def test_a_watchlist_without_bodies_finds_acts_by_name():
    """Bodies are known to the beat; of a body that is not, the words in the headline."""
    bare = tagger_of(parse_watchlist('[company.acme]\nname = "Acme"\n'))

    assert told("FTC fines Acme over data", bare)["actor"] == "ftc"
    assert told("Texas fines Acme over data", bare)["actor"] == "Texas"


@pytest.mark.parametrize(
    ("title", "actor"),
    [
        # The Union acts by its commission; some things are the office of one body.
        ("EU fines Temu over unsafe toys and chargers", "eu-commission"),
        ("China tightens export controls on gallium", "mofcom"),
        ("美将四家中国芯片企业列入实体清单", "bis"),
        # Of an answer it is who did what is answered, and a body stands for its state.
        ("商务部：坚决反对欧盟对中国电动车加征关税", "eu-commission"),
        ("Bessent says US could sanction Chinese AI firms", "us-treasury"),
        # A state whose body nobody tells stays a name.
        ("Norway bans Huawei gear from 5G networks", "Norway"),
    ],
)
def test_who_acts_is_a_body_where_the_headline_leaves_no_choice(title, actor):
    """Else it is the name that the headline has."""
    assert told(title)["actor"] == actor


@pytest.mark.parametrize(
    ("title", "hit"),
    [
        ("工信部约谈三家新能源汽车企业", "三家新能源汽车企业"),
        ("美将20家中国芯片企业列入实体清单", "20家中国芯片企业"),
        ("商务部坚决反对美方实体清单", ""),
        ("US probes growing use of Chinese AI models", "Chinese AI models"),
        ("EU fines two large online platforms over data", "two large online platforms"),
        ("EU lawmakers pass rules for AI", ""),
    ],
)
def test_a_class_that_is_hit_is_a_whole_phrase(title, hit):
    """It has the words that belong to its noun; makers of laws are none."""
    assert told(title)["target_class"] == hit


def test_a_side_that_nobody_names_is_other():
    """It is never guessed of an English headline."""
    assert told("Regulator fines Huawei over data leak")["side"] == "other"


def test_of_a_round_up_the_first_item_is_read():
    """The others have articles of their own."""
    measure = told("【早报】工信部约谈多家车企；美国放宽芯片出口管制；华为发布新机")

    assert (measure["side"], measure["instrument"]) == ("cn", "investigation")


ON = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("rules take effect from 1 dec", date(2026, 12, 1)),
        ("law takes effect jan. 15", date(2027, 1, 15)),
        ("ban starts november 3rd, 2027", date(2027, 11, 3)),
        ("新规11月25日起施行", date(2026, 11, 25)),
        ("办法自2027年1月1日起施行", date(2027, 1, 1)),
        ("管理办法民国114年12月1日起实施", date(2025, 12, 1)),
        ("2030年起禁售汽油车", date(2030, 1, 1)),
        ("新国标今起实施", ON),
        ("rules take effect tomorrow", date(2026, 11, 21)),
        ("chip curbs to be in force in 12 days", date(2026, 12, 2)),
        ("rule takes effect two weeks late; in force 2 weeks from now", date(2026, 12, 4)),
        ("办法30日后施行", date(2026, 12, 20)),
        ("30天后开会", None),
        ("办法2月31日起施行", None),
        ("会议于11月25日召开", None),
        ("new rules for drones", None),
    ],
)
def test_the_day_of_effect_is_read_in_both_calendars(text, day):
    """A day without a year is the nearest; a day that begins no rule is none of it."""
    assert effective_on(text, ON) == day


@pytest.mark.parametrize(
    ("days", "status"), [(0, "in-force"), (1, "decided"), (10, "decided")]
)
def test_nothing_is_in_force_before_its_day(days, status):
    """Whatever words its headline has."""
    title = "China's chip export rules take effect Nov. 20"
    assert told(title, on=ON - timedelta(days))["status"] == status


def test_a_day_without_a_year_needs_the_day_of_publication():
    """Nothing is guessed without it."""
    assert effective_on("新规11月25日起施行", None) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("EU fines Shein $1.5bn", Sum(1.5e9, "USD")),
        ("罚款550万美元", Sum(5.5e6, "USD")),
        ("fined 300 million yuan", Sum(3e8, "CNY")),
        ("a 20bn won penalty", Sum(2e10, "KRW")),
        ("罚款3亿欧元", Sum(3e8, "EUR")),
        ("fined £12,500 over leak", Sum(12500, "GBP")),
        ("fined $5-10 billion", Sum(5e9, "USD")),
        ("罚款5-10亿元", Sum(5e8, "CNY")),
        ("fined €150m–€200m", Sum(1.5e8, "EUR")),
        ("fined US$50 million", Sum(5e7, "USD")),
        ("fined S$3m", Sum(3e6, "SGD")),
        ("fined $5-10 more than before", Sum(5, "USD")),
        (f"fined ${'9' * 30} by court", Sum(float("9" * 30), "USD")),
        ("no sum at all", None),
    ],
)
def test_sums_of_money_are_read_with_their_currency(text, found):
    """Of a range its beginning, and a number of thirty digits as well."""
    assert money(text) == found


def test_no_headline_stops_the_reader():
    """Odd characters, escapes and very long titles."""
    for title in (
        "&apos;" * 50,
        "禁" * 5000,
        "ban " * 2000,
        "\u200b美\u202e禁",
        "US bans &amp;",
    ):
        told(title)


def test_every_word_has_a_letter_that_patterns_know():
    """A letter that no pattern reads would be a word for nothing."""
    words = shipped_beat().measures.words

    assert {word.letter for word in words} <= set(
        "BCSJTenzDVPGNXMZIYERWwAqoklcaphbUxfgtQuHOsmivjhyKd."
    )


PIECES = files("transforms.measures") / "pieces.toml"


def test_learned_weights_are_few_and_of_no_name():
    """Several a line, of no firm, person or body of the watchlist, and no outlet."""
    from reports import holds_name, names_of  # noqa: PLC0415  needs numpy, which few need

    text, pieces = PIECES.read_text(encoding="utf-8"), decision().pieces
    names = names_of(TAGGER)
    assert [sign for sign in pieces if holds_name(sign, names)] == []
    assert 3_000 < len(pieces) <= 5_000
    assert len(text.encode()) <= 60_000
    assert len(text.splitlines()) < len(pieces) / 8
    assert not re.search(r"https?:|\w\.(?:com|cn|net)\b", text)


def test_a_firm_by_its_name_tells_nothing():
    """What was learned holds for any firm of the watchlist."""
    one, other = (
        signs_of(reading_of(f"{name} fined by the FTC over data"))
        for name in ("Alibaba", "Tencent")
    )
    assert one == other


def reading_of(title):
    """Return the reading of a headline."""
    document = TAGGER.read(title, "")
    named = mentions_in(document, TAGGER.mentions)
    title = document.fields[0]
    return read_tokens(title, named, TAGGER.watchlist, TAGGER.measures, is_digest=False)
