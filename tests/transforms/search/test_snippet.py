"""What an article says beneath its headline, in two lines."""

from __future__ import annotations

import pytest

from transforms.models import SearchNames
from transforms.search.query import read_search
from transforms.search.snippet import WIDTH, snippet, sought

TITLE = "Baidu opens a robot lab in Beijing"
LEAD = "The company hired its first staff in spring."
NUMBERS = "Some 200 engineers will move in by March, and 3 billion yuan are set aside."
PAID = "The U.S. firm Foo Inc. pays for half of it."
ALIASES = {"baidu": ("baidu",), "百度": ("baidu",), "阿里巴巴": ("alibaba",)}


def text_of(title, summary, *words):
    """Return the words of a snippet, and which of them are marked."""
    found = snippet(title, summary, "en", words)
    return found and (found.text, list(found.pieces[1::2]))


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        (TITLE, ""),
        (TITLE, TITLE),
        (TITLE, f"{TITLE} Reuters"),
        (TITLE, "Baidu opens robot lab in Beijing, Baidu says."),
        (TITLE, "Read more at the outlet's own site."),
        (TITLE, "Continue reading this interesting story about robots…"),
        (TITLE, "The post Baidu opens a robot lab appeared first on Some Blog."),
        (TITLE, "Comments on Hacker News | Source"),
        (
            TITLE,
            "https://a.example/b Comments URL: https://d.example/f Points: 5 # Comments: 8",
        ),
        (TITLE, "© 2026 Some Outlet. All rights reserved. For personal use only."),
        (TITLE, "Robots"),
        ("百度在北京开设机器人实验室", "百度在北京开设机器人实验室"),
        ("百度在北京开设机器人实验室", "百度在北京開設機器人實驗室。點擊查看全文"),
        ("百度在北京开设机器人实验室", "点击阅读全文，了解更多精彩内容。"),
        ("百度在北京开设机器人实验室", "本文来自微信公众号：某某，作者：某某，编辑：某某"),
    ],
)
def test_what_says_nothing_is_no_sentence(title, summary):
    """The headline again, in another script too, stock phrases, labels."""
    assert text_of(title, summary) is None


def test_of_names_that_overlap_the_longest_is_marked():
    """阿里 is a name, but 阿里巴巴 is what was said."""
    words = ("阿里", "阿里巴巴", "巴巴")
    found = text_of("Qwen 4", "阿里巴巴今日宣布，助手将进入淘宝首页。", *words)

    assert found[1] == ["阿里巴巴"]


@pytest.mark.parametrize(
    ("summary", "said"),
    [
        (f"{TITLE}. {LEAD}", LEAD),
        (f"{LEAD} {NUMBERS}", NUMBERS),
        (f"{LEAD} Sign up for our newsletter.", LEAD),
        (f"2026.08.04 12:39{LEAD}", LEAD),
        (f"{PAID} Bar", PAID),
        ("Its new hall has room for more [...]", "Its new hall has room for more…"),
        ("摘要：实验室将招聘两百名工程师。", "实验室将招聘两百名工程师。"),
        ("A \u202eplan\u202c\x1b of\u200b <b>3</b> years", "A plan of <b>3</b> years"),
    ],
)  # fmt: skip
def test_the_sentence_that_tells_most_is_said(summary, said):
    """Without labels, stock, cuts of feeds and what nobody sees."""
    assert text_of(TITLE, summary) == (said, [])


def test_what_is_looked_for_is_said_and_marked():
    """In whatever script and case; words of Latin letters are whole ones."""
    assert text_of(TITLE, f"{NUMBERS} {LEAD}", "staff") == (LEAD, ["staff"])
    assert text_of(TITLE, f"{LEAD} The lab's labour costs are high.", "lab")[1] == ["lab"]
    assert text_of("", "他們在石頭科技的新實驗室工作。", "石头科技")[1] == ["石頭科技"]
    assert text_of(TITLE, LEAD, "robots") == (LEAD, [])


def test_it_begins_near_a_late_mark_and_ends_between_words():
    """About two lines in either script, and never half a word or character."""
    latin = (
        f"The plan, {'which nobody had expected so early, ' * 6}names Zhipu as a partner"
    )
    text, marked = text_of(TITLE, latin, "zhipu")
    assert marked == ["Zhipu"]
    assert text.startswith("…")
    assert text.endswith("names Zhipu as a partner")
    for cut in (
        text_of(TITLE, f"{latin} {latin}")[0],
        text_of("", "实验室将招聘工程师，" * 30)[0],
    ):
        width = sum(2 if char > "\u2e80" else 1 for char in cut)
        assert WIDTH * 0.8 < width <= WIDTH
        assert cut.endswith("…")
    assert cut[:-1].replace("实验室将招聘工程师，", "") in "实验室将招聘工程师，"


def test_a_company_is_looked_for_by_all_its_names():
    """A search for one of them marks the others."""
    names = SearchNames(aliases=ALIASES)
    assert sought(read_search("Baidu robot", names), names) == ("baidu", "百度", "robot")
