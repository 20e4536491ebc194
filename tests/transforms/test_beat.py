"""How surely an article is on the beat, and what says so."""

from __future__ import annotations

from math import exp

import pytest
from builders import shipped_beat, shipped_tagger

from transforms.names.explain.explain import explain
from transforms.names.match.document import read_document
from transforms.names.rules.file import parse_watchlist
from transforms.names.tagging import compile_tagger, tag_text
from transforms.relevance.evidence import kind_of_source, words_in
from transforms.relevance.score import read_kinds, read_weights, score, weighed

TAGGER, BEAT = shipped_tagger(), shipped_beat()
WEIGHTS = """
[decision]
intercept = -2.0
threshold = 0.5
[evidence]
wind = { weight = 3.0, expected = 3.0, says = "there is wind" }
rain = { weight = -1.0, expected = -1.0, says = "there is rain" }
"wind & sail" = { weight = 2.0, expected = 2.0, says = "a sail in the wind" }
"wind & not sail" = { weight = -4.0, expected = -4.0, says = "wind without a sail" }
"""


@pytest.mark.parametrize(
    ("title", "summary", "source"),
    [
        ("Brussels opens inquiry into a Shenzhen drone maker's subsidies", "", ""),
        ("Xiaomi unveils a sport utility vehicle in Berlin", "", ""),
        ("US weighs blacklisting two Chinese memory chip makers", "", "reuters"),
        ("Nordic phone maker tests panels from a Hefei supplier", "", ""),
        ("小米汽车宣布下调价格三成", "", ""),
        ("国产人形机器人半程马拉松开跑", "", "baidu"),
        ("工信部就智能网联汽车准入征求意见", "", ""),
        ("长征十二号火箭发射成功", "", "douyin"),
        ("李彦宏：大模型价格还会降", "", ""),
        ("外卖平台新规下月施行", "", "bilibili-hot-search"),
        ("US adds a dozen Chinese firms to its entity list", "", "reuters"),
        ("China puts nine foreign drone makers on its export control list", "", "reuters"),
        ("商务部：将八家美国实体列入出口管制管控名单", "", ""),
    ],
)
def test_on_the_beat(title, summary, source):
    """A Chinese firm or leader acts, or a rule by or against China bears on technology."""
    tagged = tag_text(TAGGER, title=title, summary=summary, source=source)

    assert tagged["on_beat"], tagged


@pytest.mark.parametrize(
    ("title", "summary", "source"),
    [
        ("China's envoy to visit Lima next week", "", ""),
        ("Dutch start-up raises a round for grid software", "", ""),
        ("Microsoft renames its office assistant again", "", "theverge"),
        ("Hong Kong flat prices rise for a third month", "", "scmp-business"),
        ("Navy of China sails past an island", "", "reuters"),
        ("网友在抖音晒出老家的雪", "", "toutiao"),
        ("女星用某手机拍下日落", "", "weibo"),
        ("从零搭建一个前端组件库", "", "juejin"),
        ("英国首相会见法国总统", "", ""),
        ("男子雨天骑车摔倒送医", "", "baidu"),
        ("", "", ""),
    ],
)
def test_off_the_beat(title, summary, source):
    """Not China without technology, technology without China, nor a platform as place."""
    tagged = tag_text(TAGGER, title=title, summary=summary, source=source)

    assert not tagged["on_beat"], tagged


def test_what_is_printed():
    """A number from 0 to 1, a verdict, and what carried it."""
    tagged = tag_text(TAGGER, title="Huawei unveils a phone chip")

    assert 0.9 < tagged["relevance"] <= 1
    assert tagged["on_beat"] is True
    assert tagged["reason"] == "home-subject: Huawei"


def test_the_reason_of_what_is_off():
    """It names what spoke against, or that nothing spoke."""
    assert tag_text(TAGGER, title="Navy sails")["reason"] == "word-diplomacy: navy"
    assert tag_text(TAGGER, title="Blue")["reason"] == "no-evidence"


@pytest.mark.parametrize(
    ("evidence", "relevance", "on", "reason"),
    [
        ({}, 0.1192, False, "no-evidence"),
        ({"rain": (1.0, "drops")}, 0.0474, False, "rain: drops"),
        ({"wind": (1.0, "gale")}, 0.0474, False, "wind & not sail: gale"),
        ({"wind": (1.0, "gale"), "sail": (1.0, "jib")}, 0.9526, True, "wind: gale"),
        ({"wind": (0.5, ""), "sail": (1.0, "jib")}, 0.6225, True, "wind"),
        ({"sail": (1.0, "jib"), "fog": (1.0, "")}, 0.1192, False, "no-evidence"),
    ],
)
def test_score(evidence, relevance, on, reason):
    """Weights add up to log-odds; joint terms hold as far as all their parts do."""
    assert score(evidence, read_weights(WEIGHTS, BEAT.kinds)) == (relevance, on, reason)


def test_weighed_tells_each_term():
    """What a term adds is its weight times how much the text shows of it."""
    evidence = {"wind": (0.5, "gale"), "sail": (1.0, "jib")}
    held = weighed(evidence, read_weights(WEIGHTS, BEAT.kinds))

    assert [(w.term.name, w.adds, w.what) for w in held] == [
        ("wind", 1.5, "gale"),
        ("wind & sail", 1.0, "gale, jib"),
    ]


def test_why_explains_each_piece_of_evidence():
    """The pieces add up to the relevance, and each says in words what it is."""
    made = explain(TAGGER, "小米发布汽车芯片", sources=("36kr",)).beat

    assert made.on_beat
    assert made.evidence[0].evidence == "home-subject"
    assert all(e.says for e in made.evidence)
    assert {"home-subject", "word-tech", "source-china-tech"} <= {
        e.evidence for e in made.evidence
    }
    total = made.intercept + sum(e.adds for e in made.evidence)
    assert made.relevance == pytest.approx(1 / (1 + exp(-total)), abs=0.01)


@pytest.mark.parametrize(
    ("title", "is_capped"),
    [
        ("广西的皮卡与汽车", True),
        ("广西发布皮卡汽车新规", False),
        ("小米的皮卡汽车在广西", False),
    ],
)
def test_one_word_counts_once(title, is_capped):
    """A province and a common noun are weak where nobody acts and no firm is named.

    What is beyond a cap is told, and counts for nothing.
    """
    made = explain(TAGGER, title, sources=("weibo",)).beat
    over = [e for e in made.evidence if e.evidence.startswith("cap: ")]

    assert bool(over) == is_capped
    total = made.intercept + sum(e.adds for e in made.evidence)
    assert made.relevance == pytest.approx(1 / (1 + exp(-total)), abs=0.01)


def test_every_weight_is_explained_and_used():
    """Each term says what it is, once; single evidence comes first in a joint one."""
    terms = BEAT.weights.terms

    assert len({term.says for term in terms}) == len(terms)
    assert all(not term.parts[0].is_absent for term in terms)


@pytest.mark.parametrize(
    ("title", "group", "found"),
    [
        ("The USA and us", "word-abroad", "usa"),
        ("Give us time", "word-abroad", None),
        ("US time", "word-abroad", "us"),
        ("He said again", "word-ai", None),
        ("AIs agree", "word-ai", "ai"),
        ("华为AI芯片", "word-ai", "ai"),
        ("芯片", "word-tech", "芯片"),
        ("晶片與雷軍", "word-diplomacy", None),
    ],
)
def test_words(title, group, found):
    """Latin words count whole and with a plural s, some only as written."""
    words = words_in(read_document(title).fields, BEAT.words)

    assert words.get(group, (0, None))[1] == found


def test_a_word_of_the_summary_counts_half():
    """The title decides; what only the summary says weighs less."""
    words = words_in(read_document("Blue", "A chip of China").fields, BEAT.words)

    assert words["word-tech"] == (0.5, "chip")
    assert words["word-china"] == (0.5, "china")


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("36kr-newsflash", "source-china-tech"),
        ("https://www.arstechnica.com/feed", "source-foreign-tech"),
        ("scmp-tech", "source-china-tech"),
        ("scmp-business", "source-china-press"),
        ("South China Morning Post", "source-china-press"),
        ("hn-frontpage", "source-links"),
        ("hnb", ""),
        ("", ""),
    ],
)
def test_source(source, kind):
    """A source is known by the longest name that it begins with, as whole words."""
    assert kind_of_source(source, BEAT.sources) == kind


def test_a_platform_on_its_own_hot_list():
    """What a platform's own list calls after the platform is seldom news of it."""
    by_another = tag_text(TAGGER, title="抖音热点记忆", source="toutiao")
    by_itself = tag_text(TAGGER, title="抖音热点记忆", source="douyin")

    assert by_itself["relevance"] < by_another["relevance"]
    assert not by_itself["on_beat"]


@pytest.mark.parametrize(
    ("title", "is_told"),
    [
        ("官方调查外卖平台市场竞争状况", True),
        ("US weighs curbs on Chinese drones, officials say", True),
        ("Berlin fines a phone maker of Oslo over data", False),
        ("分析人士：平台竞争状况", False),
    ],
)
def test_a_measure_of_home_or_against_it_is_evidence(title, is_told):
    """Whoever is named; between others it is none."""
    told = {each.evidence for each in explain(TAGGER, title).beat.evidence}

    assert ("measure-home" in told) == is_told
    if is_told:
        assert tag_text(TAGGER, title=title)["on_beat"]


ABROAD = """
[home]
abroad = ["CN"]
sectors = ["semiconductor"]
[company.arc]
name = "Arcsilicon"
sector = "semiconductor"
country = "US"
[company.dom]
name = "Domsilicon"
sector = "semiconductor"
[company.shop]
name = "Shopwave"
country = "US"
[topic.memory]
name = "Memory"
terms = ["DRAM"]
"""
KINDS = '[firms]\nrival = { home = false, sectors = ["semiconductor"] }'
ANOTHER = """
[decision]
intercept = -2.0
threshold = 0.5
[evidence]
home-subject = { weight = 3.0, expected = 3.0, says = "a maker abroad is the subject" }
rival-subject = { weight = -1.0, expected = -1.0, says = "a maker in China is the subject" }
foreign-subject = { weight = -0.5, expected = -0.5, says = "another firm is the subject" }
"topic memory" = { weight = 0.7, expected = 0.7, says = "it treats memory" }
"""


@pytest.mark.parametrize(
    ("title", "evidence"),
    [
        ("Arcsilicon unveils DRAM", {"home-subject", "topic memory"}),
        ("Domsilicon unveils a product", {"rival-subject"}),
        ("Shopwave unveils a product", {"foreign-subject"}),
    ],
)
def test_another_beat_has_its_own_home_kinds_of_firms_and_topics(title, evidence):
    """Home is what its watchlist says; firms count apart, and a topic, as its files say."""
    weights = read_weights(ANOTHER, read_kinds(KINDS))
    rules = BEAT.tagging._replace(weights=weights)
    tagger = compile_tagger(parse_watchlist(ABROAD), rules)

    told = explain(tagger, title).beat

    assert {each.evidence for each in told.evidence} == evidence


@pytest.mark.parametrize("weight", ["1000000000", "nan", "-inf", '"much"'])
def test_an_absurd_weight_is_refused(weight):
    """One that would decide alone is a slip, and NaN would leave every score undecided."""
    with pytest.raises(ValueError, match="wind"):
        read_weights(WEIGHTS.replace("weight = 3.0", f"weight = {weight}"), BEAT.kinds)
