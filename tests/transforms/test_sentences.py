"""Sentences of our own: who is named in them, who is not, and what they are about.

A line of ``tests/data/tagging_sentences.jsonl`` has a text, its language, the companies
that must be found, those that must not, and topics and types of event that must be
among ours. *core* ones must name the right companies; of the others nearly all.
"""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import opencc
import pytest
from builders import shipped_beat, shipped_tagger, shipped_watchlist, tagger_of
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.names.match.aliases import compile_mentions
from transforms.names.match.document import read_document
from transforms.names.match.judgement import judge
from transforms.names.rules.watchlist import Alias
from transforms.names.tagging import mentions_in, tag_text
from transforms.text.fold import fold

ROOT = Path(__file__).parents[2]
WATCHLIST = shipped_watchlist()
TAGGER = shipped_tagger()
LINES = (ROOT / "tests/data/tagging_sentences.jsonl").read_text(encoding="utf-8")
SENTENCES = [json.loads(line) for line in LINES.splitlines()]
COMPANIES_FLOOR = 0.98
TOPICS_FLOOR = 0.97
EVENTS_FLOOR = 0.9
# Characters that a page may hold between two names.
ODD = st.sampled_from(
    ["\u200b", "\u00ad", "\u202e", "\ufeff", "🚀", "ﷺ", "ß", "İ", "①", " "]
)


def ids(text, kind, key):
    """Return the ids of one kind that a text is tagged with."""
    return {entry[key] for entry in tag_text(TAGGER, title=text)[kind]}


def companies(text):
    """Return the companies that a text names."""
    return ids(text, "companies", "company_id")


def names_the_right_ones(sentence):
    """Whether all that must be named are, and none that must not be."""
    ours = companies(sentence["text"])
    return ours.issuperset(sentence["companies"]) and ours.isdisjoint(sentence["forbid"])


def recall(kind):
    """Return the share of the expected topics or events that are found."""
    wanted = [(s["text"], topic_id) for s in SENTENCES for topic_id in s[kind]]
    missed = [w for w in wanted if w[1] not in ids(w[0], kind, "topic_id")]
    return 1 - len(missed) / len(wanted), missed


def test_there_are_enough_of_both_languages():
    """Half of the sentences are Chinese, and there are more than two hundred."""
    chinese = sum(s["lang"] == "zh" for s in SENTENCES)

    assert len(SENTENCES) >= 220
    assert 0.4 <= chinese / len(SENTENCES) <= 0.6
    assert len({s["text"] for s in SENTENCES}) == len(SENTENCES)


@pytest.mark.parametrize(
    "sentence", [s for s in SENTENCES if s["core"]], ids=lambda s: s["text"]
)
def test_core(sentence):
    """Plain names in every spelling, and words that only look like one."""
    assert names_the_right_ones(sentence)


def test_companies():
    """Nearly all sentences name the companies that they should."""
    failed = [s["text"] for s in SENTENCES if not names_the_right_ones(s)]

    assert 1 - len(failed) / len(SENTENCES) >= COMPANIES_FLOOR, failed


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("Moonshot AI eyes $2 billion in maiden fundraising", "funding"),
        ("WeChat passes 1.4 billion monthly active users", "sales-milestone"),
        ("Nio reports 12% drop in August deliveries", "sales-milestone"),
        ("SMIC sales come in below analysts' expectations", "earnings"),
        ("FTC widens its probe into TikTok", "regulation-penalty"),
        ("五部门部署“人工智能+制造”行动", "policy-support"),
        ("五部门部署整治网络乱象", None),
    ],
)
def test_figures_and_acts_as_nouns(text, event):
    """What is told by a noun, or with a word between the figure and what it counts."""
    assert ids(text, "events", "topic_id") == ({event} if event else set())


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("CATL breaks ground on second battery plant in Fujian", {"new-capacity"}),
        ("BYD opens its first car factory in Brazil", {"new-capacity", "market-entry"}),
        ("BYD Hungary plant to start production in 2027", {"new-capacity", "market-entry"}),
        ("宁德时代德阳基地正式投产", {"new-capacity"}),
        ("中芯国际扩建深圳晶圆厂", {"new-capacity"}),
        ("比亚迪将在匈牙利建厂", {"new-capacity", "market-entry"}),
        (
            "Alibaba to invest $1.2 billion in Malaysia data centers",
            {"new-capacity", "market-entry"},
        ),
        ("Xiaomi launches 4,000 jobs at its car plant", set()),
        ("BYD names suppliers for its new battery system", set()),
        ("宁德时代关闭一座工厂", set()),
    ],
)
def test_a_plant_is_an_event_of_its_own(text, events):
    """A plant or line that comes; abroad it enters a market; jobs launch nothing."""
    assert ids(text, "events", "topic_id") == events


@pytest.mark.parametrize(
    "text",
    [
        "通义千问发布半年，大模型已不是唯一主角",
        "字节跳动旗下游戏平台上线三年停止运营",
        "宁德时代开启大手笔回购，最高30亿元",
        "北斗曾被断供，此后中国开启自研系统之路",
        "双11预售，日系化妆品暴跌",
        "iOS 26.5有必要升级吗",
        "“开源”人工智能模型，可能有坑？",
        "BYD unveils auto revamp plan",
        "Shenzhen is rolling out the red carpet for founders",
        "10个月筹备，200名核心用户内测30天",
        "李想建议所有公司不裁人",
        "全球最强CPU一夜易主",
        "丰田将在华召回超56万辆汽车后道歉，后院起火",
        "GPT-4正确率仅6%，北大完成首个多轮任务基准",
    ],
)
def test_words_of_an_event_that_tell_of_none(text):
    """Ages, questions, spending, metaphors and other subjects of a verb are no event."""
    told = ids(text, "events", "topic_id")
    assert not told & {"product-launch", "sales-milestone", "layoffs", "m-and-a", "funding"}


@pytest.mark.parametrize(
    ("text", "event", "named"),
    [
        ("Tencent buys a stake in Kuaishou", "m-and-a", "kuaishou"),
        ("大疆起诉影石已立案", "lawsuit", "insta360"),
        ("Baidu unveils the ERNIE 6 chatbot", "product-launch", "ERNIE 6 chatbot"),
        ("华为推出乾崑智驾操作系统", "product-launch", "乾崑智驾操作系统"),
        ("小米一季度净利润60.72亿", "earnings", None),
    ],
)
def test_an_event_has_an_object(text, event, named):
    """The company that something is done to, or the thing in the headline's own words."""
    [found] = [e for e in tag_text(TAGGER, title=text)["events"] if e["topic_id"] == event]

    assert found["event_object"] == named


@pytest.mark.parametrize(
    ("kind", "floor"), [("topics", TOPICS_FLOOR), ("events", EVENTS_FLOOR)]
)
def test_topics(kind, floor):
    """Nearly all topics and types of event are found."""
    reached, missed = recall(kind)

    assert reached >= floor, missed


def test_everyday_news_is_about_none_of_our_topics():
    """Sport, weather, crime and families have no topic here."""
    everyday = [
        s["text"]
        for s in SENTENCES
        if not (s["companies"] or s["forbid"] or s["topics"] or s["events"])
    ]

    alarms = [
        text for text in everyday if ids(text, "topics", "topic_id") or companies(text)
    ]

    assert len(everyday) >= 20
    assert alarms == []


@pytest.mark.parametrize("standard", ["s2t", "s2twp", "s2hk"])
def test_both_scripts_are_tagged_the_same(standard):
    """A sentence in Traditional characters names whom the Simplified one names.

    Words that Taiwan has its own for may change the topics; characters may not.
    """
    traditional = opencc.OpenCC(standard)
    differing = [
        s["text"]
        for s in SENTENCES
        if s["lang"] == "zh"
        and fold(traditional.convert(s["text"])).text == fold(s["text"]).text
        if tag_text(TAGGER, title=s["text"])["topics"]
        != tag_text(TAGGER, title=traditional.convert(s["text"]))["topics"]
        or companies(s["text"]) != companies(traditional.convert(s["text"]))
    ]

    assert differing == []


@given(st.lists(st.sampled_from([s["text"] for s in SENTENCES]) | ODD, max_size=4))
def test_every_mention_is_what_stands_there(parts):
    """Places point into the text as it was, whatever folding did to it."""
    title = "".join(parts)
    for entry in tag_text(TAGGER, title=title)["companies"]:
        start, length = entry["start"], entry["length"]
        assert title[start : start + length] == entry["alias"]
        assert length > 0


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_an_alias_more_takes_nothing_but_what_it_swallows(data):
    """A name added to one company leaves the others' mentions, but for longer names."""
    sentence = data.draw(
        st.sampled_from([s["text"] for s in SENTENCES if len(s["text"]) > 4])
    )
    start = data.draw(st.integers(0, len(sentence) - 2))
    text = sentence[start : start + data.draw(st.integers(2, 8))].strip()
    if not fold(text).text.strip():
        return
    owner, *others = WATCHLIST.companies
    alias = Alias(company_id=owner.company_id, text=text)
    wider = replace(
        WATCHLIST, companies=(replace(owner, aliases=(*owner.aliases, alias)), *others)
    )

    document = read_document(sentence)
    before = {m.company_id for m in mentions_in(document, TAGGER.mentions)}
    judged = judge(document, compile_mentions(wider, shipped_beat().roles))

    named = {j.rule.alias.company_id for j in judged if j.accepted}
    swallowed = {j.rule.alias.company_id for j in judged if j.gate == "swallowed"}
    assert before <= named | swallowed


def test_the_order_of_the_watchlist_changes_nothing():
    """Companies and topics may stand in any order."""
    companies, topics = list(WATCHLIST.companies), list(WATCHLIST.topics)
    random.Random(3).shuffle(companies)
    random.Random(4).shuffle(topics)
    shuffled = tagger_of(
        replace(WATCHLIST, companies=tuple(companies), topics=tuple(topics))
    )

    for sentence in SENTENCES:
        ours = tag_text(TAGGER, title=sentence["text"])
        assert tag_text(shuffled, title=sentence["text"]) == ours


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("🚀🔥👩‍👩‍👧" * 50, id="emoji"),
        pytest.param("阿里巴巴 Alibaba " * 60_000, id="a megabyte of names"),
        pytest.param(
            "China chip export ban on Huawei by the EU. " * 2_400, id="100 kB of news"
        ),
        pytest.param("بايدو \u202eBaidu\u202c 百度 שלום " * 500, id="mixed directions"),
        pytest.param("中" * 350_000, id="a megabyte of one character"),
    ],
)
def test_no_text_is_too_strange(text):
    """None raises or takes more than some seconds; the runner's timeout is the judge."""
    found = tag_text(TAGGER, title=text, summary=text[:1000])

    assert {"companies", "people", "topics", "events"} < set(found)
    assert 0 <= found["relevance"] <= 1
