"""Telling what an article is about from what it only names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from builders import shipped_tagger

from transforms.names.explain.explain import explain
from transforms.names.tagging import tag_article, tag_text

TESTS = Path(__file__).parents[1]
FLOOR = 0.9
SENTENCES = [
    json.loads(line)
    for line in (TESTS / "data" / "salience.jsonl").read_text("utf-8").splitlines()
]


@pytest.fixture
def tagger():
    """The shipped watchlist, compiled once."""
    return shipped_tagger()


@pytest.fixture
def judge(tagger):
    """Return the companies of a text: whether it is about them, and the reason."""

    def judged(title, summary=""):
        found = explain(tagger, title, summary).companies
        return {c.company_id: (c.about, c.why) for c in found}

    return judged


def verdicts(tagger, row):
    """Yield whether each company of a labelled text is judged as its label says."""
    tagged = tag_text(tagger, title=row["title"], summary=row["summary"])["companies"]
    ours = {c["company_id"]: c["about"] for c in tagged}
    for company_id in {*row["about"], *ours}:
        yield ours.get(company_id, False) == (company_id in row["about"])


@pytest.mark.parametrize("held_out", [False, True], ids=["tuned", "held out"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_labelled_sentences(tagger, language, held_out):
    """Nine of ten are told right, also of those that no phrase was chosen by."""
    rows = [
        row for row in SENTENCES if (row["lang"], row["held_out"]) == (language, held_out)
    ]

    right = [verdict for row in rows for verdict in verdicts(tagger, row)]

    assert len(rows) >= 25
    assert sum(right) / len(right) >= FLOOR


@pytest.mark.parametrize(
    ("title", "summary", "about", "why"),
    [
        ("Huawei opens a lab", "", True, "the headline names it"),
        (
            "A lab opens",
            "Huawei runs it.",
            True,
            "the headline is about no company, and the summary opens with it",
        ),
        (
            "A lab opens",
            "Reporters asked the mayor whom Huawei hires. He named Huawei.",
            True,
            "the summary names it 2 times",
        ),
        (
            "科技公司新品发布",
            "某科技媒体8月4日消息，华为今日宣布新品。",
            True,
            "the headline is about no company, and the summary opens with it",
        ),
        ("Baidu opens a lab", "Huawei runs it.", False, "only the summary names it"),
        (
            "Baidu opens a lab",
            "Huawei helps. Huawei pays. Huawei says so.",
            True,
            "the summary names it 3 times",
        ),
        ("Former Huawei engineer opens a lab", "", False, "beside the matter: 'former'"),
        ("Reformer Huawei opens a lab", "", True, "the headline names it"),
        ("Lab wants to be the Huawei of Laos", "", False, "'the … of'"),
        ("前华为首席科学家创业", "", False, "beside the matter: '前'"),
        ("目前华为仍在扩招", "", True, "the headline names it"),
        ("华为系统升级", "", True, "the headline names it"),
        ("Baidu, Xiaomi, Huawei and Vivo phones fall", "", False, "among many"),
        ("Huawei up, Baidu down, Xiaomi flat as Nio halts", "", False, "among many"),
        ("Huawei up, Baidu down, Xiaomi flat in a WeChat post", "", True, "headline names"),
        ("Huawei overtakes Baidu, Xiaomi, Apple and Samsung", "", True, "headline names"),
        ("Huawei wins: Huawei, Baidu, Xiaomi, Samsung", "", True, "headline names"),
        ("Morning briefing: Huawei opens a lab", "", False, "a round-up"),
    ],
)
def test_reason(judge, title, summary, about, why):
    """Each verdict says in words what it hangs on."""
    found = judge(title, summary)["huawei"]

    assert found[0] is about
    assert why in found[1]


@pytest.mark.parametrize(
    ("title", "company_id", "cue"),
    [
        ("茶饮店港交所上市", "hkex", "上市"),
        ("Singer apologises in a WeChat post", "wechat", "in a … post"),
        ("Fans of trains (TikTok)", "tiktok", "( … )"),
        ("Court pages in Huawei (China) ruling", "huawei", ""),
        ("文旅局在微信公众号发布提示", "wechat", "在"),
    ],
)
def test_phrase_that_sets_aside(judge, title, company_id, cue):
    """What stands on both sides of a name counts too."""
    about, why = judge(title)[company_id]

    assert about is not bool(cue)
    assert cue in why


def test_what_sets_the_first_of_a_list_aside_does_so_for_all(judge):
    """Rivals such as one and another are both rivals."""
    found = judge("Lab fears rivals such as Huawei and Baidu")

    assert found["huawei"] == found["baidu"]
    assert not found["baidu"][0]


def test_same_in_every_field(tagger, make_article):
    """An article is about a company or is not, wherever it names it."""
    article = make_article(
        title="Huawei opens a lab", summary="It says Huawei.", content="Huawei. Baidu too."
    )

    mentions = tag_article(article, tagger).mentions

    assert [(m.company_id, m.field, m.is_about) for m in mentions] == [
        ("huawei", "title", True),
        ("huawei", "summary", True),
        ("huawei", "content", True),
        ("baidu", "content", False),
    ]


def test_digest_is_about_nobody(tagger, make_article):
    """What the article was taken for when it came decides."""
    article = make_article(title="Huawei opens a lab", is_digest=True)

    [mention] = tag_article(article, tagger).mentions

    assert mention.is_about is False


@pytest.mark.parametrize(
    ("before", "is_about"),
    [
        ("日" * 4, True),
        ("日" * 5, False),
        ("x" * 22 + " ", True),
        ("x" * 23 + " ", False),
    ],
)
def test_who_opens_a_summary_stands_near_its_beginning(judge, before, is_about):
    """Within five characters of Chinese, or two dozen letters."""
    found = judge("Markets were calm", f"{before}华为 told of it")

    assert found["huawei"] == (is_about, found["huawei"][1])
