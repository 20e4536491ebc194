"""Finding companies, in both scripts."""

from __future__ import annotations

import random
from dataclasses import replace

import opencc
import pytest
from builders import shipped_beat, shipped_tagger, shipped_watchlist
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.names.match.aliases import compile_mentions
from transforms.names.match.document import read_document
from transforms.names.match.judgement import judge
from transforms.names.rules.file import parse_watchlist
from transforms.names.tagging import mentions_in

WATCHLIST = parse_watchlist(r"""
[company.byd]
name = "BYD"
zh = "比亚迪"
tickers = ["1211.HK", "002594.SZ"]

[company.huawei]
name = "Huawei"
zh = "华为"

[company.huawei-cloud]
name = "Huawei Cloud"
zh = "华为云"
kind = "brand"
parent = "huawei"

[company.alibaba]
name = "Alibaba"
zh = "阿里巴巴"
tickers = ["BABA", "9988.HK"]
aliases = [
  "Qwen",
  { text = "阿里", not = "阿里(山|地区)" },
  { text = "Ali", case = "exact", default = "reject", co_alias = true },
]

[company.li-auto]
name = "Li Auto"
zh = "理想汽车"
tickers = ["LI"]
aliases = [
  { text = "理想", default = "reject", context = ['理想L\d', "{A}的车"], not = '人生理想' },
]

[company.x-corp]
name = "X Corp"
aliases = [{ text = "X", case = "exact", default = "reject", context = "(?i)musk" }]

[company.apple]
name = "Apple"
aliases = [{ text = "Apple", case = "exact", not = "(?i)apple pie" }]

[company.store]
name = "Store Maker"
aliases = [{ text = "Apple Store", case = "exact" }]

[company.saic]
name = "SAIC"
aliases = [{ text = "上汽大众", shared = true }]

[company.volkswagen]
name = "Volkswagen"
aliases = [{ text = "上汽大众", shared = true }]

[company.smic]
name = "SMIC"
tickers = ["688981.SH"]

[company.tsmc]
name = "TSMC"
tickers = ["2330.TW"]

[credit.outlet]
pattern = '（(比亚迪新闻|新浪财经)）\s*$'
""")
MATCHER = compile_mentions(WATCHLIST, shipped_beat().roles)
SHIPPED_WATCHLIST = shipped_watchlist()
SHIPPED_MATCHER = shipped_tagger().mentions
TO_TRADITIONAL = opencc.OpenCC("s2t")
PLAIN = [
    alias.text
    for alias in SHIPPED_WATCHLIST.aliases
    if alias.is_certain and alias.kind != "ticker"
]


def named(text, matcher=MATCHER):
    """Return what a title names: the alias by company."""
    found = mentions_in(read_document(text, credit_lines=matcher.credit_lines), matcher)
    return {m.company_id: m.alias for m in found}


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        pytest.param("BYD opens a plant", {"byd": "BYD"}, id="whole word"),
        pytest.param("byd opens a plant", {"byd": "byd"}, id="any letter case"),
        pytest.param("BYDX opens", {}, id="not inside a word"),
        pytest.param("ABYD opens", {}, id="nor at its end"),
        pytest.param("传比亚迪将涨价", {"byd": "比亚迪"}, id="Chinese has no spaces"),
        pytest.param("传比亞迪將漲價", {"byd": "比亞迪"}, id="Traditional"),
        pytest.param("传BYD将涨价", {"byd": "BYD"}, id="Latin between Chinese"),
        pytest.param("ＢＹＤ发布", {"byd": "ＢＹＤ"}, id="full width"),
        pytest.param("Qwen3 tops a list", {"alibaba": "Qwen"}, id="with a digit"),
        pytest.param("Two Qwens met", {"alibaba": "Qwen"}, id="plural"),
        pytest.param("Qwensday", {}, id="not any s"),
        pytest.param("BYD3 BYDs", {}, id="a short name takes neither"),
        pytest.param("Huawei Cloud grows", {"huawei-cloud": "Huawei Cloud"}, id="longest"),
        pytest.param("华为云增长", {"huawei-cloud": "华为云"}, id="longest in Chinese"),
        pytest.param(
            "Huawei Clouds Huawei",
            {"huawei-cloud": "Huawei Cloud", "huawei": "Huawei"},
            id="both, each in its place",
        ),
        pytest.param("Huawei Cloudy", {"huawei": "Huawei"}, id="a failing longer one"),
        pytest.param("apple Store", {}, id="case of both"),
        pytest.param("Apple store", {"apple": "Apple"}, id="case of the longer one"),
        pytest.param("An Apple pie", {}, id="excluded"),
        pytest.param("阿里山的云", {}, id="excluded in Chinese"),
        pytest.param("Ali shares fall", {}, id="needs another name"),
        pytest.param(
            "Ali, Alibaba's name for itself", {"alibaba": "Ali"}, id="has another name"
        ),
        pytest.param("理想 L8 上市", {"li-auto": "理想"}, id="context without spaces"),
        pytest.param("理想的车", {"li-auto": "理想"}, id="context with the alias in it"),
        pytest.param("理想很丰满", {}, id="no context"),
        pytest.param(
            "谈起人生理想，他说了很久很久很久才说到理想L8",
            {"li-auto": "理想"},
            id="one of two excluded",
        ),
        pytest.param("Musk says X grows", {"x-corp": "X"}, id="context anywhere"),
        pytest.param(
            "上汽大众停产", {"saic": "上汽大众", "volkswagen": "上汽大众"}, id="two owners"
        ),
        pytest.param("股价大涨（新浪财经）", {}, id="no company in a credit"),
        pytest.param("降价（比亚迪新闻）", {}, id="a credit line is blank"),
        pytest.param("", {}, id="empty"),
        pytest.param("🚗🔋", {}, id="emoji"),
    ],
)
def test_title(title, expected):
    """A company is found by any alias, as a word and in the sense that is meant."""
    assert named(title) == expected


@pytest.mark.parametrize(
    ("title", "company"),
    [
        ("Shares (9988.HK) fall", "alibaba"),
        ("9988.HK fell", "alibaba"),
        ("09988.HK fell", "alibaba"),
        ("阿里-W（09988）跌", "alibaba"),
        ("(600000, 01211) fell", "byd"),
        ("09988 fell", None),
        ("BABA fell", None),
        ("$BABA fell", "alibaba"),
        ("NYSE: BABA fell", "alibaba"),
        ("NYSE:BABA fell", "alibaba"),
        ("Nasdaq: LI fell", "li-auto"),
        ("BABA.US fell", "alibaba"),
        ("Alumni (BABA.N) fell", "alibaba"),
        ("Files baba.n here", None),
        ("LI fell", None),
        ("$li", None),
        ("688981.SH rose", "smic"),
        ("688981.SS rose", "smic"),
        ("（688981）涨", "smic"),
        ("[SH:688981]", "smic"),
        ("SH688981 rose", "smic"),
        ("688981 visitors", None),
        ("(raised 688981 yuan)", None),
        ("SZ002594涨停", "byd"),
        ("2330.TW rose", "tsmc"),
    ],
)
def test_tickers(title, company):
    """A dotted ticker counts, a bare one only where it is marked as a ticker."""
    assert set(named(title)) == ({company} if company else set())


def mentions_of(article):
    document = read_document(article.title, article.summary, article.content)
    return mentions_in(document, MATCHER, article.article_id)


def test_each_field_has_its_mention(make_article):
    """A mention a company and field: its first, at its place in the original."""
    article = make_article(
        title="看比亞迪\u200b：BYD",
        summary="BYD, then 比亚迪",
        content="…",
    )

    found = mentions_of(article)

    assert [(m.field, m.alias, m.start, m.length) for m in found] == [
        ("title", "比亞迪", 1, 3),
        ("summary", "BYD", 0, 3),
    ]
    assert {m.article_id for m in found} == {"a1"}
    assert {m.rules_version for m in found} == {WATCHLIST.rules_version}


@pytest.mark.parametrize(
    ("far", "near", "gate"),
    [("Musk", "", "no_context"), ("", "Musk", "context"), ("", "", "no_context")],
)
def test_context_of_a_long_text_stands_near_or_at_its_beginning(far, near, gate):
    """A pattern sees no more than its work is bounded for: of 1,000 characters not all."""
    summary = f"X grows {near} {'and grows ' * 59} {far}"

    judged = judge(read_document("News of the day " * 10, summary), MATCHER)

    assert [each.gate for each in judged] == [gate]


def test_context_may_stand_in_the_other_field(make_article):
    """Title and summary decide together what a name means."""
    article = make_article(title="X grows", summary="Musk is glad")

    assert [m.field for m in mentions_of(article)] == ["title"]


def test_a_full_text_has_mentions_of_its_own(make_article):
    """A name in the content counts there, by what stands near it or in the headline."""
    far = "y " * 200
    article = make_article(
        title="News", content=f"Musk on X. {far} X again. {far} Alibaba, or Ali."
    )

    found = mentions_of(article)

    assert [(m.company_id, m.field, m.alias) for m in found] == [
        ("x-corp", "content", "X"),
        ("alibaba", "content", "Alibaba"),
    ]
    judged = judge(read_document("News", "", article.content), MATCHER)
    assert [j.gate for j in judged if j.rule.text == "X"] == ["context", "no_context"]
    assert [j.gate for j in judged if j.rule.text == "Ali"][-1] == "co_alias"


def test_a_full_text_does_not_decide_for_the_headline(make_article):
    """What only the content says leaves the title as ambiguous as it was."""
    article = make_article(title="Ali and X", content="Alibaba and Musk")

    assert {m.field for m in mentions_of(article)} == {"content"}


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        pytest.param("word " * 20 + "Huawei…", set(), id="cut with an ellipsis"),
        pytest.param("word " * 20 + "Huawei...", set(), id="cut with three dots"),
        pytest.param("word " * 20 + "Huawei [...]", {"huawei"}, id="cut between words"),
        pytest.param("word " * 18 + "with Huawei", {"huawei"}, id="no stop, no cut"),
        pytest.param("word " * 18 + "for Huawei", set(), id="cut at a round length"),
        pytest.param("word " * 20 + "at Huawei.", {"huawei"}, id="a sentence"),
        pytest.param("Hello, Huawei…", {"huawei"}, id="too short to be cut"),
        pytest.param("Hello, Huawei", {"huawei"}, id="short without a stop"),
        pytest.param("他说" * 60 + "（比亚迪财", set(), id="a credit cut in two"),
        pytest.param("他说" * 60 + "比亚迪", {"byd"}, id="no cut in Chinese"),
        pytest.param("他说" * 48 + "见比亚迪", set(), id="cut in Chinese"),
    ],
)
def test_a_cut_summary(summary, expected):
    """What touches the place where a feed cut may be the beginning of another word."""
    found = mentions_in(read_document("News", summary), MATCHER)

    assert {m.company_id for m in found} == expected


@pytest.mark.parametrize("length", [100, 120, 140, 160, 255, 256, 280, 512, 950, 1000])
def test_a_round_length_is_a_cut(length):
    """Those at which feeds cut, and not one more."""
    end = " for Huawei"
    for more, expected in ((0, set()), (4, {"huawei"})):
        summary = ("word " * 220)[: length + more - len(end)] + end
        found = mentions_in(read_document("News", summary), MATCHER)
        assert {m.company_id for m in found} == expected


def test_a_cut_is_no_matter_in_a_title():
    """A long title without a full stop is a title."""
    assert "huawei" in named("word " * 30 + "Huawei")


def test_order_of_the_file_changes_nothing():
    """Shuffled companies and aliases give the same mentions in the same order."""
    companies = list(SHIPPED_WATCHLIST.companies)
    random.Random(7).shuffle(companies)
    shuffled = replace(
        SHIPPED_WATCHLIST,
        companies=tuple(replace(c, aliases=c.aliases[::-1]) for c in companies),
    )
    matcher = compile_mentions(shuffled, shipped_beat().roles)
    text = (
        "阿里云、华米OV、上汽大众与 Vivo vivo OPPO，Apple and Honor phones of JD.com $BABA"
    )

    for title in (text, text[::-1], text.lower()):
        document = read_document(title)
        assert mentions_in(document, matcher) == mentions_in(document, SHIPPED_MATCHER)


@settings(deadline=None)
@given(
    before=st.text(max_size=30), alias=st.sampled_from(PLAIN), after=st.text(max_size=30)
)
def test_an_inserted_alias_is_found_where_it_stands(before, alias, after):
    """Whatever surrounds it, the mention points at the alias in the original."""
    title = f"{before} {alias} {after}"

    for mention in mentions_in(read_document(title), SHIPPED_MATCHER):
        end = mention.start + mention.length
        assert title[mention.start : end] == mention.alias
    judged = judge(read_document(title), SHIPPED_MATCHER)
    assert any(j.accepted or j.gate in ("swallowed", "case") for j in judged)


@settings(deadline=None)
@given(st.lists(st.sampled_from([p for p in PLAIN if not p.isascii()]), max_size=4))
def test_both_scripts_name_the_same(aliases):
    """A Traditional text names what its Simplified form names, in the same places."""
    text = "，".join(aliases)
    traditional = TO_TRADITIONAL.convert(text)

    found = named(text, SHIPPED_MATCHER)

    assert named(traditional, SHIPPED_MATCHER).keys() == found.keys()


@settings(deadline=None)
@given(title=st.text(), summary=st.text(), content=st.text())
def test_no_text_is_too_strange(title, summary, content):
    """Any text at all is read, and every mention lies inside its field."""
    document = read_document(title, summary, content)

    for mention in mentions_in(document, SHIPPED_MATCHER):
        text = {"title": title, "summary": summary, "content": content}[mention.field]
        assert text[mention.start : mention.start + mention.length] == mention.alias


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(("华为" + "字" * 98) * 10_000, id="a million characters"),
        pytest.param("a" * 1_000_000, id="one word"),
        pytest.param("…" * 100_000, id="dots"),
        pytest.param("שלום Huawei مرحبا \u202eBYD\u202c", id="both directions"),
        pytest.param("👩\u200d👩\u200d👧 华为", id="joined emoji"),
        pytest.param("\x00华为\ud83d", id="controls and halves"),
    ],
)
def test_hostile_texts(text):
    """Size and direction do not matter; a million characters take moments, not minutes."""
    assert ("huawei" in named(text)) == ("华为" in text or "Huawei" in text)


@pytest.mark.parametrize(
    ("title", "company_ids"),
    [
        pytest.param("Amapá state sells oil", set(), id="a letter with an accent goes on"),
        pytest.param("éBYD", set(), id="or comes before"),
        pytest.param("Amap adds a map of Amapá", {"alibaba"}, id="the name itself"),
        pytest.param("工信部门发布通知", set(), id="any office of that kind"),
        pytest.param("工信部发布通知", {"miit"}, id="the ministry"),
        pytest.param("公安部門提醒市民", set(), id="Traditional"),
        pytest.param("何小鹏试驾小鹏GX", {"xpeng"}, id="an exclusion has its own place"),
        pytest.param("何小鹏回应质疑", set(), id="and still excludes there"),
        pytest.param("Man Loses Arm After Shark Bite", set(), id="all words have capitals"),
        pytest.param(
            "Arm Unveils Its Own Server Chips", {"arm"}, id="unless context tells"
        ),
        pytest.param("Loose Threads Found in Old Letters", set(), id="as of Threads"),
        pytest.param(
            "Arm says it will not sell", {"arm"}, id="a capital among small letters"
        ),
        pytest.param("US Treasury yields rise", set(), id="bonds are no ministry"),
        pytest.param(
            "US Treasury sanctions a bank", {"us-treasury"}, id="the ministry acts"
        ),
        pytest.param(
            "Peru's Congress ousts a president, Trump says", set(), id="elsewhere"
        ),
        pytest.param("Moonshot unveils its largest yet", {"moonshot-ai"}, id="an act"),
        pytest.param("GLM 5.2 tops the list", {"zhipu"}, id="a version"),
        pytest.param("Kimi-K3 arrives", {"moonshot-ai"}, id="a version behind a dash"),
        pytest.param(
            "Kimi 3 years later wins a race", set(), id="a number that is no version"
        ),
    ],
)
def test_names_that_break(title, company_ids):
    """Borders, places and versions that the words around a name cannot tell."""
    assert set(named(title, SHIPPED_MATCHER)) == company_ids


def test_the_end_of_a_summary_without_a_stop_counts():
    """Most feeds cut with an ellipsis, or at a round length."""
    found = mentions_in(read_document("News", "word " * 25 + "as told by Huawei"), MATCHER)

    assert {m.company_id for m in found} == {"huawei"}
