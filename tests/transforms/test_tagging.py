"""The tagger as the commands use it, on the shipped watchlist."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from builders import shipped_tagger, shipped_watchlist, tagger_of

from transforms.names.explain.explain import explain, why_not
from transforms.names.explain.lint import lint, missing_examples
from transforms.names.rules.file import parse_watchlist
from transforms.names.tagging import tag_article, tag_text

ROOT = Path(__file__).parents[2]
DEFAULT = shipped_watchlist()
TAGGER = shipped_tagger()


def companies(title, summary=""):
    """Return the ids of the companies that a text names."""
    tagged = tag_text(TAGGER, title=title, summary=summary)
    return {found["company_id"] for found in tagged["companies"]}


def test_tag_text_prints_what_scripts_read():
    """Companies with their place, topics and events apart, all of it plain JSON."""
    tagged = tag_text(TAGGER, title="阿里雲發布 Qwen 大模型", summary="Alibaba said so")

    assert json.loads(json.dumps(tagged)) == tagged
    assert tagged["companies"] == [
        {
            "company_id": "alibaba-cloud",
            "field": "title",
            "alias": "阿里雲",
            "start": 0,
            "length": 3,
            "role": "subject",
            "about": True,
        },
        {
            "company_id": "alibaba",
            "field": "title",
            "alias": "Qwen",
            "start": 6,
            "length": 4,
            "role": "subject",
            "about": True,
        },
        {
            "company_id": "alibaba",
            "field": "summary",
            "alias": "Alibaba",
            "start": 0,
            "length": 7,
            "role": "subject",
            "about": True,
        },
    ]
    assert {"topic_id": "cloud-datacenter", "score": 1.0} in tagged["topics"]
    assert tagged["events"] == [
        {"topic_id": "product-launch", "score": 2.0, "event_object": "Qwen 大模型"}
    ]


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("腾讯新闻推出短视频应用", {"tencent"}),
        ("法院判赔腾讯科技", {"tencent"}),
        ("腾讯体育拿下转播权", {"tencent"}),
        ("腾讯新闻潜望", set()),
        ("某酒企业绩何时见底腾讯新闻酒韵", set()),
        ("内存条涨价 | 腾讯科技", set()),
        ("据腾讯新闻报道，内存条涨价", set()),
        ("腾讯科技讯 内存条涨价", set()),
        ("腾讯新闻《一线》：内存条涨价", set()),
    ],
)
def test_a_newsroom_that_signs_is_no_news_of_its_owner(title, named):
    """Tencent is named where it does something, not where its journalists write."""
    assert companies(title) == named


@pytest.mark.parametrize(
    ("title", "event", "told"),
    [
        ("Meet Acme's Li Lei, founder of a robot maker", "product-launch", False),
        ("Meet the Xiaomi YU9, an SUV for seven", "product-launch", True),
        ("Unitree soars 80% in Shanghai debut", "product-launch", False),
        ("Chip start-ups in China rush to launch IPOs", "product-launch", False),
        ("公开售卖减少，假酒为何难绝？", "product-launch", False),
        ("小米汽车今日开售", "product-launch", True),
        ("Meet SMIC's Li Lei: the engineer building chips", "research-breakthrough", False),
        ("Chery to make cars at Nissan plant under joint venture", "m-and-a", False),
        ("Geely and Renault to set up joint venture in Brazil", "m-and-a", True),
        ("Dell asks to buy memory from a Chinese supplier", "m-and-a", False),
        ("Tencent to buy chip maker from SoftBank for $2 billion", "m-and-a", True),
        ("“不许降价”，某品牌分销商被罚20万", "price-change", False),
        (
            "TikTok closes child accounts in Indonesia after government curbs",
            "sanction-export-control",
            False,
        ),
        ("PDD opens campus after clash and record fine", "regulation-penalty", False),
        ("Meituan shares slump after record antitrust fine", "regulation-penalty", True),
        ("Meituan vows change after China imposes record fine", "regulation-penalty", True),
        ("Ctrip awaits verdict in antitrust probe by China", "lawsuit", False),
        ("Google settles antitrust probe into its shop", "lawsuit", True),
        ("Baidu no longer seeks $2 billion offshore loan", "funding", False),
    ],
)
def test_what_is_told_of_beside_is_no_event(title, event, told):
    """A portrait, a first day on the exchange, a fine that was: none is the news itself."""
    events = tag_text(TAGGER, title=title)["events"]

    assert (event in {found["topic_id"] for found in events}) is told


def test_an_article_has_companies_in_every_field_and_topics(make_article):
    """One reading of an article finds who is named in each field, and what it is about."""
    article = make_article(
        title="BYD launches an SUV",
        summary="Huawei helped",
        content="Written with CATL batteries.",
    )

    mentions, tags, *_ = tag_article(article, TAGGER)

    assert [(m.company_id, m.field) for m in mentions] == [
        ("byd", "title"),
        ("huawei", "summary"),
        ("catl", "content"),
    ]
    assert [t.topic_id for t in tags] == ["ev-auto", "product-launch"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The most specific wins: TikTok", {"tiktok"}),
        ("4096字节的缓存", set()),
        ("小米粥怎么煮", set()),
        ("一百度的水", set()),
        ("machine learning on a mac", set()),
        ("何小鹏谈智驾", set()),
        ("北京国资委出手", set()),
        ("国家网信办约谈平台", {"cac"}),
        ("石头科技净利下滑", {"roborock"}),
        ("哪吒2票房破纪录", set()),
        ("蔚小理交付量公布", {"nio", "xpeng", "li-auto"}),
        ("上汽大众召回", {"saic", "volkswagen"}),
        ("鸿海與輝達合作", {"foxconn", "nvidia"}),
        ("Roborock outsells iRobot abroad", {"roborock", "irobot"}),
        ("San Francisco 旧金山", set()),
    ],
)
def test_the_shipped_rules(text, expected):
    """Names that are words, parts of words, or people are not companies."""
    assert companies(text) == expected


def test_an_article_on_the_whole_beat(data_dir):
    """A full text gives every company it names and every theme it treats."""
    text = (data_dir / "china_internet.txt").read_text(encoding="utf-8")

    tagged = tag_text(TAGGER, title=text)

    assert {found["company_id"] for found in tagged["companies"]} == {
        "alibaba",
        "tencent",
        "bytedance",
        "baidu",
        "roborock",
        "irobot",
        "cac",
    }
    assert {found["topic_id"] for found in tagged["topics"]} >= {
        "startup-ecosystem",
        "overseas-expansion",
        "cn-platform-regulation",
        "us-export-controls",
        "cn-industrial-policy",
    }
    for found in tagged["companies"]:
        start = found["start"]
        assert text[start : start + found["length"]] == found["alias"]


@pytest.mark.parametrize(
    ("title", "topics", "others"),
    [
        (
            "China targets US rare earth firms with export controls",
            {"cn-countermeasures"},
            {"us-export-controls"},
        ),
        ("中方暂停一项对美出口管制", {"cn-countermeasures"}, {"us-export-controls"}),
        ("US adds ten Chinese chip firms to Entity List", {"us-export-controls"}, set()),
        # The act that is answered is told too.
        (
            "China threatens retaliation against US ban on Chinese robots",
            {"cn-countermeasures", "us-export-controls"},
            set(),
        ),
        # None is found of the side that is read.
        ("台当局称正调查3人将英伟达芯片走私到大陆", {"us-export-controls"}, set()),
    ],
)
def test_a_topic_of_a_side(title, topics, others):
    """Of topics on acts of sides only those of the acting side stay, and `why` says so."""
    found = {tag["topic_id"] for tag in tag_text(TAGGER, title=title)["topics"]}
    said = {each.topic_id: each.why for each in explain(TAGGER, title).topics}

    assert found >= topics
    assert not found & others
    assert {said[other] for other in others} <= {"another side acts"}


@pytest.mark.parametrize(
    ("title", "company_id", "gate", "why"),
    [
        ("News", "jd", None, "none of its"),
        ("Metal prices", "meta", "boundary", "a part of a longer word"),
        ("A meta question", "meta", "case", "only when written Meta"),
        ("阿里云扩张", "alibaba", "swallowed", "the longer name 阿里云"),
        ("JD Vance speaks", "jd", "excluded", r"match what excludes it: JD\.? ?Vance"),
        ("Honor is due", "honor", "no_context", "nothing in title or summary says"),
        ("Visitors: 09988", "alibaba", "brackets", "only in brackets"),
        ("Honor shows a foldable", "honor", "context", "the context matches"),
        ("荣耀与荣耀手机", "honor", "co_alias", "also named beyond doubt"),
        ("Huawei rises", "huawei", "certain", "beyond doubt"),
        ("Alibaba, or Ali", "alibaba", "certain", "beyond doubt"),
        ("腾讯混元", "tencent", "certain", "beyond doubt"),
        ("小米造车", "xiaomi", "not_excluded", "nothing around it excludes it"),
        ("Didi shares", "didi", "not_excluded", "and the context matches"),
    ],
)
def test_why_not(title, company_id, gate, why):
    """The first gate that failed is named; where none did, the one that decided."""
    verdict = why_not(TAGGER, title, "", company_id)

    assert verdict.gate == gate
    assert why in verdict.why
    assert verdict.named == (company_id in companies(title))


def test_why_not_in_a_summary_that_was_cut():
    """A name at the place of a cut may be the beginning of another word."""
    verdict = why_not(TAGGER, "News", "word " * 25 + "and then Audi…", "volkswagen")

    assert verdict.gate == "cut"


def test_why_not_of_a_company_that_we_do_not_follow():
    """The nearest known id is offered."""
    with pytest.raises(LookupError, match="did you mean 'alibaba'"):
        why_not(TAGGER, "News", "", "alibabba")
    with pytest.raises(LookupError, match=r"no company 'q' in the watchlist$"):
        why_not(TAGGER, "News", "", "q")


def test_explain_tells_all():
    """Every hit in reading order, every topic with its terms, heaviest first."""
    explained = explain(TAGGER, "JD Vance on TikTok ban", "ByteDance waits for a court")

    assert [(h.company_id, h.accepted) for h in explained.hits] == [
        ("jd", False),
        ("tiktok", True),
        ("bytedance", True),
    ]
    hit = explained.hits[1]
    assert (hit.field, hit.alias, hit.start, hit.length) == ("title", "TikTok", 12, 6)
    (topic,) = (t for t in explained.topics if t.topic_id == "tiktok-divestiture")
    assert topic.kept
    assert topic.why == "kept"
    assert sum(reason.value for reason in topic.reasons) == pytest.approx(topic.score)
    assert [r.value for r in topic.reasons] == sorted(
        (r.value for r in topic.reasons), reverse=True
    )
    assert {t.why for t in explained.topics} >= {"kept", "below its threshold"}


def test_the_shipped_watchlist_has_few_doubts():
    """Its own examples hold, nothing is listed twice, few short names are left."""
    found = [finding.check for finding in lint(TAGGER)]

    assert set(found) <= {
        "inside another",
        "short name",
        "script missing",
        "common word",
    }
    assert len(found) < 15


def test_every_shipped_rule_is_tried_by_a_sentence_either_way():
    """What must hit does by that alias, not another; what must not at least has it."""
    assert missing_examples(DEFAULT.aliases) == []
    tried = [(a, e) for a in DEFAULT.aliases for e in a.examples if not a.is_certain]

    wrong = [(a.text, example) for a, example in tried if not is_a_trial(a, example)]

    assert len(tried) > 500
    assert wrong == []


def is_a_trial(alias, example):
    sentence = example.removeprefix("not: ")
    verdict = why_not(TAGGER, sentence, "", alias.company_id)
    hits = [hit.accepted for hit in verdict.hits if hit.listed == alias.text]
    if example == sentence:
        return any(hits)
    return bool(hits) and not verdict.named


def test_lint_of_words_and_parts_in_either_script():
    """A word of Chinese counts everywhere; of Latin names only whole words are parts."""
    watchlist = parse_watchlist("""
        [company.a]
        name = "Kingfield"
        zh = "自由"

        [company.b]
        name = "Kingfield Cloud Works"
        zh = "云工坊甲"
        aliases = ["Kingfields"]

        [company.c]
        name = "Cloudy"
        zh = "别的名"
        parent = "b"
    """)

    found = sorted((f.check, f.problem) for f in lint(tagger_of(watchlist)))

    assert found == [
        ("common word", "alias '自由' is a word of the language and counts everywhere"),
        (
            "inside another",
            "alias 'Kingfield' stands inside 'Kingfield Cloud Works' of 'b'",
        ),
    ]


def test_rules_without_examples():
    """A rule needs a sentence that must hit and one that must not; a ticker none."""
    watchlist = parse_watchlist("""
        [company.x]
        name = "Xu"
        tickers = ["XU"]
        aliases = [
          "Plain",
          { text = "A1", not = "b" },
          { text = "B1", not = "b", examples = ["B1"] },
          { text = "C1", default = "reject", context = "d", examples = ["not: C1"] },
          { text = "D1", not = "b", examples = ["D1", "not: D1 b"] },
        ]
    """)

    found = missing_examples(watchlist.aliases)

    assert [f.problem.partition(" a rule but ")[2] for f in found] == [
        "no positive or negative example",
        "no negative example",
        "no positive example",
    ]
    assert {f.check for f in found} == {"untried rule"}


def test_lint():
    """Each kind of doubt is found where it is, with what would settle it."""
    watchlist = parse_watchlist(r"""
        [company.apple]
        name = "Apple"
        zh = "苹果"
        aliases = [
          "AAP", "天地", "Apple Inc", "apple inc",
          { text = "Pie", not = "cow pie", examples = ["Pie", "not: Pie", "not: cow pie"] },
        ]

        [company.pear]
        name = "Pear"
        aliases = ["大苹果树"]

        [company.plum]
        name = "Plumworks"

        [company.abroad]
        name = "Abroad"
        kind = "foreign_company"

        [macro.UNUSED]
        pattern = "x"
    """)

    found = {(f.check, f.entry): f for f in lint(tagger_of(watchlist))}

    assert set(found) == {
        ("unused macro", "macro.UNUSED"),
        ("inside another", "company.apple"),
        ("common word", "company.apple"),
        ("short name", "company.apple"),
        ("duplicate", "company.apple"),
        ("example", "company.apple"),
        ("script missing", "company.plum"),
    }
    example = found["example", "company.apple"].problem
    assert "'not: Pie'" in example
    assert found["inside another", "company.apple"].problem == (
        "alias '苹果' stands inside '大苹果树' of 'pear'"
    )
