"""What is told of a firm: its basis, its modality, the words that say so, and the firm."""

from __future__ import annotations

import tomllib

import pytest
from builders import shipped_tagger

from transforms.claims.cues import claim_weights, cue_words, read_weights, source_of
from transforms.names.tagging import tag_text
from transforms.text.fold import fold, lowered


def claim(title, summary=""):
    """Return what ``sinowire watchlist tag`` prints of a headline's claim."""
    return tag_text(shipped_tagger(), title=title, summary=summary)["claim"]


def read(title, summary=""):
    """Return basis and modality of a headline."""
    told = claim(title, summary)
    return told["basis"], told["modality"]


@pytest.mark.parametrize(
    ("title", "basis", "modality"),
    [
        ("Huawei reportedly opens a second plant in Suzhou", "unnamed", "happened"),
        ("Xiaomi to build a boat, sources say", "unnamed", "planned"),
        ("BYD in talks to buy a shipyard, people familiar say", "unnamed", "may"),
        ("网传小米汽车工厂停工三天", "unnamed", "happened"),
        ("曝华为将推出三款平板", "unnamed", "planned"),
        ("知情人士：腾讯考虑收购一家船厂", "unnamed", "may"),
        ("Xiaomi launches a tablet for divers", "company", "announced"),
        ("比亚迪发布新款渡轮", "company", "announced"),
        ("雷军：预计明年交付五艘船", "company", "planned"),
        ("Court orders Tencent to pay a fisherman", "official", "happened"),
        ("市场监管总局对阿里巴巴立案调查", "official", "happened"),
        ("宁德时代更新招股书", "filing", "happened"),
        ("IDC：小米手机出货量跌至第五", "data", "happened"),
        ("Alibaba sells its ferry arm, Bloomberg reports", "media", "happened"),
        ("Alibaba sells its ferry arm, Harbour Wire reports", "media", "happened"),
        ("Alibaba sells its ferry arm: reports", "unnamed", "happened"),
        ("美团试水渡轮外卖｜36氪独家", "media", "happened"),
        ("为什么大家都在等小米的船", "none", "happened"),
    ],
)
def test_who_says_so(title, basis, modality):
    """The words of a headline tell on what ground it stands, and in which mode."""
    assert read(title) == (basis, modality)


@pytest.mark.parametrize(
    "title",
    [
        "Xiaomi denies report that it builds a submarine",
        "Huawei refutes claims that its routers listen in",
        "Tencent rejects allegations of spying on anglers",
        "BYD confirms it isn't making a yacht",
        "小米否认进军造船业",
        "传闻称腾讯要裁员一半？公司辟谣",
        "特斯拉要造渡轮？马斯克：假的",
        "华为：“将出售船厂”为不实信息",
        "美团就不实信息发布声明",
        "京东澄清：未签署任何渡轮合同",
    ],
)
def test_denials(title):
    """What was said of a firm and is called wrong is denied, by a title's last voice."""
    told = claim(title)
    assert (told["basis"], told["modality"]) == ("company", "denied")
    assert told["cue"]
    assert told["cue"] in title


@pytest.mark.parametrize(
    "title",
    [
        "FCC denies Huawei approval to sell routers",
        "Judge denies Tencent's motion to dismiss fishing suit",
        "Alibaba was denied a licence to run ferries",
        "Alibaba loses bid to dismiss claims of anglers",
        "腾讯上诉被驳回",
        "Xiaomi clarifies which tablets get the update",
        "没有华为就没有这条航线",
        "小米船不会等没有票的人",
        "The prize is real, the Xiaomi boat is fake: 小米船是假的模型",
        "警方：男子造谣比亚迪爆炸被行拘",
    ],
)
def test_no_denials(title):
    """Refusals of courts, talk with 没有 or 不会, and police cases deny nothing."""
    assert read(title)[1] != "denied"


@pytest.mark.parametrize(
    ("title", "modality"),
    [
        ("Xiaomi confirms outage of its boats", "confirmed"),
        ("Tencent admits ferries were late", "confirmed"),
        ("Huawei admits users haven't come back", "confirmed"),
        ("小米承认渡轮晚点", "confirmed"),
        ("未经证实的小米渡轮消息", "happened"),
        ("小米官宣渡轮航线", "announced"),
        ("Senate confirms Smith as head of the board that watches Huawei", "happened"),
    ],
)
def test_confirmations(title, modality):
    """What is confirmed was said before; plain news and appointments are not."""
    assert read(title)[1] == modality


@pytest.mark.parametrize(
    ("title", "read_as"),
    [
        ("小米回应渡轮起火", ("company", "announced")),
        ("外交部回应腾讯渡轮传闻", ("official", "announced")),
        ("小米渡轮被叫停？官方回应", ("company", "announced")),
        ("阿里放弃造船计划", ("company", "withdrawn")),
        ("Tencent reportedly scraps ferry plans", ("unnamed", "withdrawn")),
        ("小米将发布新船", ("company", "planned")),
    ],
)
def test_last_state_counts(title, read_as):
    """An answer alone is announced, an end stays, a launch to come is planned."""
    assert read(title) == read_as


@pytest.mark.parametrize(
    ("title", "cue"),
    [
        ("Xiaomi says its boat could sink", "could"),
        ("BYD seeks to delay deliveries of ferries", "seeks"),
        ("小米高管称渡轮可能沉没", "可能"),
        ("小米SU7或将出海", "小米SU7或将"),
        ("渡轮潮来了，航运业或将洗牌，小米跟进", "或将"),
        ("Court may halt Tencent's ferries", "may"),
        ("Xiaomi in talks to buy a shipyard, Bloomberg News reports", "Bloomberg News"),
        ("Xiaomi may buy a shipyard, sources say", "sources say"),
    ],
)
def test_the_cue_of_what_is_possible(title, cue):
    """It shows what is possible, with the firm that is to act, or whose news it is."""
    told = claim(title)
    assert (told["modality"], told["cue"]) == ("may", cue)


def test_words_in_another_sense():
    """宣传 holds 传 and 爆款 holds 爆, and neither is a rumour."""
    assert read("腾讯宣传新航线")[0] != "unnamed"
    assert read("小米渡轮成爆款")[0] != "unnamed"
    assert read("Tencent lists more sources of its maps")[0] != "unnamed"
    assert read("Alibaba sells its ferry arm: sources")[0] == "unnamed"
    assert read("业内人士：小米渡轮更看重性价比")[0] != "unnamed"
    assert read("业内人士透露，小米将造渡轮")[0] == "unnamed"
    assert read("小米回应网传渡轮停工")[0] == "company"
    assert read("全网爆火的小米渡轮")[0] != "unnamed"
    assert read("读懂小米渡轮，要像研究大海一样研究它")[1] != "may"
    assert read("马斯克：小米渡轮很有意思")[1] != "may"


def test_the_first_item_of_a_round_up_counts():
    """A round-up is read by its first item."""
    title = "出海速递 | 传小米考虑在挪威造船 / 腾讯否认出售渡轮"
    assert read(title) == ("unnamed", "may")


def test_the_summary_adds_what_the_title_leaves_open():
    """The title decides, and where it tells no ground the summary's first words do."""
    summary = "The ferries left on Monday, sources told the paper."
    told = claim("Alibaba moves its ferries to Qingdao", summary)
    assert (told["basis"], told["cue"]) == ("unnamed", "sources told")
    assert read("Alibaba launches a ferry to Qingdao", summary)[0] == "company"
    assert read("Alibaba moves its ferries", "The rumored yacht is not there.")[0] == "none"


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        ("腾讯在济南办渡轮展，票价涨17%", "腾讯济南人士称，此事已筹备17周。"),
        ("百度进军渡轮业", "百度成都人士称，渡轮业务已筹备24周。"),
        ("Tencent moves its ferries", "Rain fell. Sources said a yacht sank elsewhere."),
        ("Baidu moves its ferries", "A person at Baidu said the ferries took weeks."),
        ("百度人士称将造渡轮", ""),
    ],
)
def test_a_voice_on_another_matter_or_of_the_firm_itself(title, summary):
    """A summary's voice counts in the sentence that tells the title's act alone."""
    assert read(title, summary)[0] in {"none", "company"}


def test_who_is_near_a_firm_is_not_the_firm():
    """And a voice in the sentence of the act is one, whatever stands around it."""
    assert read("接近百度人士称将造渡轮")[0] == "unnamed"
    summary = "雨季来临。据知情人士，渡轮下周停运。"
    assert read("腾讯调整渡轮航线", summary)[0] == "unnamed"


def test_a_question_at_the_end_does_not_tell_how_far_a_thing_has_come():
    """What may come of it is asked, and what happened is told before."""
    assert read("小米发布新船，或将颠覆航运业？") == ("company", "announced")
    assert read("小米或将发布新船？")[1] == "may"


@pytest.mark.parametrize(
    "title", ["小米造船？真的假的", "Tencent can't deny its boats are late"]
)
def test_words_that_deny_nothing(title):
    """Who asks whether it is true, or cannot deny it, denies nothing."""
    assert read(title)[1] != "denied"


@pytest.mark.parametrize(
    ("title", "cue"),
    [
        ("小米渡轮真机首次曝光", "曝光"),
        ("小米渡轮售价首次曝光", "售价首次曝光"),
        ("网传小米渡轮停产，内部照片曝光", "网传"),
    ],
)
def test_what_got_out_is_told_with_its_fact(title, cue):
    """Of a picture 曝光 alone is shown, by which no claim is made of it."""
    told = claim(title)
    assert (told["basis"], told["cue"]) == ("unnamed", cue)


def test_subject_is_the_firm_that_it_is_about():
    """A claim names the firm of the watchlist that it is about, by its manager too."""
    assert claim("Regulators order Tencent to open its ferries")["subject"] == "tencent"
    assert claim("雷军回应渡轮涨价")["subject"] == "xiaomi"
    assert claim("Voyager Boats denies report of a leak")["subject"] == ""
    assert claim("超越腾讯和小米！比亚迪据悉造船")["subject"] == "byd"
    assert (
        claim("Tencent and Xiaomi are reportedly building a boat")["subject"] == "tencent"
    )
    assert claim("Tencent-backed Voyager reportedly builds a boat")["subject"] == ""
    assert claim("As BYD rests, Voyager lays off crew, report says")["subject"] == ""
    assert claim("As BYD rests, Xiaomi reportedly builds a boat")["subject"] == "xiaomi"


def test_nothing_told_of_a_firm_is_no_claim():
    """Without a firm and without a cue there is no claim; a title is needed."""
    assert claim("Rain over the delta until Friday") is None
    assert claim("", "Xiaomi denies everything") is None


def test_weights_are_of_known_classes_and_groups():
    """Every weight is of a basis or a modality, and every group of words has its signs."""
    assert len(claim_weights().start) == 14
    assert {group for group, _, _ in cue_words().words} >= {"denial", "sources", "state"}
    with pytest.raises(KeyError):
        read_weights("start = { rumoured = 1.0 }")


def test_words_are_folded_and_stand_once():
    """A word that no folded text can hold would never be found."""
    words = [
        w
        for group in tomllib.loads(source_of("cues.toml")).values()
        for w in group["words"]
    ]
    assert len(words) == len(set(words))
    assert [word for word in words if lowered(fold(word).text) != word] == []
