"""Words that stand out this week, on headlines of our own making."""

from __future__ import annotations

import random
from datetime import date
from math import log, sqrt

import pytest

from transforms.trends.terms import emerging_terms, z_score

WEEK = date(2026, 11, 16)
FIRMS = ("Alibaba", "Tencent", "Baidu", "Huawei", "Xiaomi", "Meituan", "Lenovo")
VERBS = ("opens", "cuts", "defends", "delays", "widens", "copies", "renames")
THINGS = ("cloud prices", "driver bonuses", "office plans", "map service", "phone line")
ZH_FIRMS = ("阿里", "腾讯", "百度", "华为", "小米", "美团", "联想")
ZH_VERBS = ("推出", "调整", "扩大", "推迟", "捍卫", "回应", "关闭")
ZH_THINGS = ("云服务", "骑手奖金", "办公计划", "地图业务", "手机产品线")


def english(count, seed):
    rng = random.Random(seed)
    return [
        (
            f"{rng.choice(FIRMS)} {rng.choice(VERBS)} {rng.choice(THINGS)}, no {number}",
            "en",
        )
        for number in range(count)
    ]


def chinese(count, seed):
    rng = random.Random(seed)
    return [
        (
            f"{rng.choice(ZH_FIRMS)}{rng.choice(ZH_VERBS)}{rng.choice(ZH_THINGS)}，第{number}次",
            "zh",
        )
        for number in range(count)
    ]


def terms_of(current, before, **options):
    return emerging_terms(current, before, week=WEEK, **options)


def test_a_word_of_headlines_as_such_is_no_term():
    """However often it came up this week; a name in its place is one."""
    news = [
        (f"{firm}{word}{thing}", "zh")
        for firm, thing in zip(ZH_FIRMS, (*ZH_THINGS, "芯片", "会员"), strict=True)
        for word in ("带来哪些", "重构", "灵犀")
    ]
    found = {term.term for term in terms_of(chinese(120, 1) + news, chinese(480, 2))}
    assert found & {"灵犀", "重构", "带来哪些", "哪些"} == {"灵犀"}


def test_a_new_english_phrase_is_found_whole():
    """A phrase that came up this week is one term; its words alone are not repeated."""
    news = [(f"{firm} joins the humanoid marathon in Beijing", "en") for firm in FIRMS]

    found = terms_of(english(120, 1) + news, english(480, 2))

    assert "humanoid marathon" in [term.term for term in found]
    assert not {"humanoid", "marathon"} & {term.term for term in found}
    term = next(term for term in found if term.term == "humanoid marathon")
    assert (term.week, term.language, term.count) == (WEEK, "en", 7)
    assert term.z >= 2


@pytest.mark.parametrize("name", ["悟空智驾", "人脸识别", "星海号"])
def test_a_new_chinese_name_is_found_without_a_dictionary(name):
    """A name in many sentences is cut out whole, neither shorter nor longer."""
    news = [
        (f"{firm}{verb}{name}{after}", "zh")
        for firm, verb, after in zip(
            ZH_FIRMS,
            ZH_VERBS,
            ("计划", "芯片", "价格", "风波", "新规", "门店", "争议"),
            strict=True,
        )
    ]

    found = terms_of(chinese(120, 3) + news, chinese(480, 4))

    assert [term.term for term in found if set(term.term) & set(name)] == [name]


def test_scripts_are_folded():
    """The Traditional headline and the Simplified one speak of one term."""
    news = [
        ("阿里回应「軟體開源」爭議", "zh"),
        ("腾讯宣布软体开源计划", "zh-Hant"),
        ("百度：軟體開源不停步", "zh"),
        ("小米称软体开源是方向", "zh"),
        ("聯想加入軟體開源聯盟", "zh"),
    ]

    found = terms_of(chinese(80, 5) + news, chinese(320, 6))

    assert "软体开源" in [term.term for term in found]


def test_a_latin_name_in_chinese_headlines_is_a_term():
    """Product names need no characters to be found in Chinese headlines."""
    after = ("工具", "眼镜", "教程", "热潮", "插件", "社区", "风险")
    news = [
        (f"{firm}{verb}OpenLotus{word}", "zh")
        for firm, verb, word in zip(ZH_FIRMS, ZH_VERBS, after, strict=True)
    ]

    found = terms_of(chinese(80, 5) + news, chinese(320, 6))

    assert [term.term for term in found] == ["OpenLotus"]


def test_what_is_always_written_does_not_emerge():
    """Two samples of the same usage have hardly a striking term."""
    found = terms_of(english(200, 7) + chinese(200, 8), english(800, 9) + chinese(800, 10))

    assert len(found) <= 2


def test_one_story_retold_is_not_a_trend():
    """The same headline ten times over is one headline, in any spacing."""
    news = [("Quokka  unveiled" + " " * n + " at the fair", "en") for n in range(10)]

    assert terms_of(english(120, 1) + news, english(480, 2)) == []


def test_grammar_and_numbers_are_no_terms():
    """Stop words, years and pieces that begin or end in grammar never show."""
    news = [(f"After the 2027 of {firm} in {n}", "en") for n, firm in enumerate(FIRMS * 3)]
    news += [(f"{firm}的了2027年在{verb}", "zh") for firm in ZH_FIRMS for verb in ZH_VERBS]

    found = terms_of(
        english(60, 1) + chinese(60, 3) + news, english(480, 2) + chinese(480, 4)
    )

    assert not {"after", "the", "2027", "的了", "2027年"} & {term.term for term in found}


def test_each_language_has_its_places():
    """A language with many more headlines does not crowd the other out."""
    words = ("quokka", "wombat", "numbat", "bilby")
    news = [(f"{firm} adopts a {word}", "en") for firm in FIRMS for word in words]
    names = ("悟空智驾", "人脸识别", "星海飞船", "龙鳞电池", "云雀眼镜", "青鸟快递")
    more = [
        (f"{firm}{verb}{name}", "zh")
        for firm in ZH_FIRMS
        for verb in ZH_VERBS
        for name in names
    ]

    found = terms_of(english(60, 1) + news + chinese(60, 3) + more,
                     english(480, 2) + chinese(480, 4), limit=8)  # fmt: skip

    assert len(found) == 8
    assert sum(term.language == "en" for term in found) >= 4
    assert [term.z for term in found] == sorted((t.z for t in found), reverse=True)


def test_without_a_past_nothing_is_new():
    """The first week has nothing to be compared with; other languages are left out."""
    assert terms_of(english(50, 1), []) == []
    assert terms_of([], english(50, 1)) == []
    assert terms_of([("Neue Chips", "de")] * 9, [("Alte Chips", "de")] * 9) == []


def test_z_score_of_a_worked_example():
    """Log-odds difference over its standard error, with the pooled usage as prior."""
    prior = 100 * 12 / 500
    odds_now = log((8 + prior) / (200 - 8 - prior + 0.5))
    odds_then = log((4 + prior) / (500 - 4 - prior + 0.5))
    error = sqrt(1 / (8 + prior) + 1 / (4 + prior))

    z = z_score(8, 4, headlines=100, headlines_before=400)

    assert z == pytest.approx((odds_now - odds_then) / error)
    assert z_score(10, 40, headlines=100, headlines_before=400) == pytest.approx(
        0, abs=0.01
    )
    assert z_score(100, 400, headlines=100, headlines_before=400) < 2


def test_a_name_is_not_cut_through_the_word_behind_it():
    """Left and leaves begin with one character: it is no part of the name before them."""
    ways = ["离职", "离开", "：新模型", "离职", "离开", "谈开源", "，再见"] * 2
    news = [
        (f"{firm}林俊旸{way}，{number}人", "zh")
        for number, (firm, way) in enumerate(zip(ZH_FIRMS * 2, ways, strict=True))
    ]

    found = {term.term for term in terms_of(chinese(120, 3) + news, chinese(480, 4))}

    assert "林俊旸" in found
    assert "林俊旸离" not in found


def test_a_measure_is_not_cut_from_its_number():
    """Girls of six, sixteen and twenty: neither "years old" nor the cut through it."""
    news = [
        (f"{firm}{number}岁女孩{way}，{number + 7}人受伤", "zh")
        for number, (firm, way) in enumerate(zip(ZH_FIRMS, ZH_VERBS, strict=True), 6)
    ]

    found = {term.term for term in terms_of(chinese(120, 3) + news, chinese(480, 4))}

    assert not {"岁女", "岁女孩", "人受伤", "6岁"} & found


def test_a_word_and_its_plural_are_one():
    """Counted together, under the form that more headlines have."""
    news = [(f"{firm} shows a droid at the fair", "en") for firm in FIRMS[:3]]
    news += [
        (f"{firm} {verb} droids", "en") for firm, verb in zip(FIRMS, VERBS, strict=True)
    ]

    found = terms_of(english(120, 1) + news, english(480, 2))

    assert [(t.term, t.count) for t in found if "droid" in t.term] == [("droids", 10)]


def test_a_column_of_one_outlet_is_no_term():
    """Many headlines under one heading, and none of the other outlets: its own words."""
    told = [(t, lang, f"P{n % 4}") for n, (t, lang) in enumerate(english(120, 1))]
    before = [(t, lang, f"P{n % 4}") for n, (t, lang) in enumerate(english(480, 2))]
    column = [(f"Dragonfly notebook: {firm}", "en", "P1") for firm in FIRMS]
    shared = [
        (f"{firm} joins the humanoid race", "en", f"P{n % 3}")
        for n, firm in enumerate(FIRMS)
    ]

    found = {term.term for term in terms_of(told + column + shared, before)}

    assert "dragonfly notebook" not in found
    assert "humanoid race" in found
    # Where one outlet has nearly all headlines, nearly all terms are its alone.
    alone = [(t, lang, "P1") for t, lang, _ in told + column]
    assert "dragonfly notebook" in {term.term for term in terms_of(alone, before)}


@pytest.mark.parametrize(
    ("news", "plain", "told"),
    [
        (
            [(f"{firm}官宣集团大赛，量子纠错登场", "zh") for firm in ZH_FIRMS],
            "集团",
            "量子",
        ),
        ([(f"China {firm} quantum leap", "en") for firm in FIRMS], "china", "quantum leap"),
    ],
)
def test_what_every_headline_may_say_is_no_term(news, plain, told):
    """Words of the trade, and the country of it all, name nothing that came up."""
    before = chinese(480, 2) if news[0][1] == "zh" else english(480, 2)

    found = [term.term for term in terms_of(news, before)]

    assert any(told in term for term in found), found
    assert not [term for term in found if term == plain or plain in term.split()]
