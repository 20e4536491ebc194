"""What would exclude a match that a person called wrong."""

from __future__ import annotations

import pytest
from builders import tagger_of

from transforms.names.edit.exclusions import (
    MatchContext,
    is_same_name,
    propose_exclusion,
    wrong_hits,
)
from transforms.names.rules.file import parse_watchlist

TAGGER = tagger_of(
    parse_watchlist('[company.xiaomi]\nname = "Mi"\nzh = "小米"\naliases = ["Redmi"]')
)


def hit(title, summary="", content=None):
    """Return the one wrong hit of a text."""
    (found,) = wrong_hits(TAGGER, "xiaomi", title=title, summary=summary, content=content)
    return found


def windows(*texts, sure=False, name="小米"):
    """Return stored matches, each of its own story."""
    return [
        MatchContext(
            before=text.partition(name)[0],
            hit=name,
            after=text.partition(name)[2],
            story_id=text,
            title=text,
            is_sure=sure,
        )
        for text in texts
    ]


def test_the_sentence_of_a_hit():
    """A headline is the example whole, of a longer text the sentence."""
    assert hit("早餐：小米粥怎么煮。好吃").sentence == "早餐：小米粥怎么煮。好吃"
    found = hit("早餐", "先洗米。再煮小米粥！然后吃。")
    assert (found.field, found.sentence) == ("summary", "再煮小米粥！")
    assert hit("Food", "", "One. Two\n Mi goreng\nThree").sentence == "Mi goreng"
    assert (
        len(wrong_hits(TAGGER, "xiaomi", title="小米 Redmi", summary="", content=None)) == 2
    )
    assert not wrong_hits(TAGGER, "xiaomi", title="nothing", summary="", content=None)


@pytest.mark.parametrize(
    ("title", "history", "pattern"),
    [
        ("小米粥怎么煮", [], "{A}粥怎"),
        ("小米粥怎么煮", [f"小米发布{n}" for n in range(30)], "{A}粥"),
        ("今天煮小米，好", ["小米发布新车"], "天煮{A}"),
        ("煮小米，好", [f"小米发布{n}" for n in range(30)], "煮{A}"),
        ("Try Mi goreng now", [], r"(?i){A} goreng\b"),
        ("Eat Nasi, Mi: good", [], r"(?i)\bgood\b"),
        ("Do Re Mi", [], r"(?i)\bRe {A}"),
        ("Nasi goreng? Mi.", [], r"(?i)\bgoreng\b"),
        ("派早报:小米 L9 正式发布", [], "(?i){A} L9"),
        ("派早报:小米L9正式发布", [], "(?i){A}L9"),
    ],
)
def test_the_shortest_words_beside_it(title, history, pattern):
    """One character where history is long enough to tell, else two, or a word."""
    found = propose_exclusion(hit(title), windows(*history))

    assert found.pattern == pattern
    assert found.removed == ()


def test_what_stands_beside_true_matches_is_no_exclusion():
    """A match that the article confirms by another alias may never go."""
    sure = windows("小米发布会", sure=True)
    found = propose_exclusion(hit("小米发布面膜"), sure)
    name = windows("Mi says no", sure=True, name="Mi")

    assert found.pattern == "布面"
    assert propose_exclusion(hit("Mi says yes"), name).pattern == r"(?i){A} says yes\b"
    assert propose_exclusion(hit("Mi says"), name) is None


def test_the_same_news_elsewhere_is_as_wrong():
    """Other articles of the story are no evidence for the words, and go too."""
    wrong = windows("小米粥怎么煮？")
    story = [
        MatchContext(
            **{f: getattr(wrong[0], f) for f in wrong[0].__slots__} | {"story_id": ""}
        )
    ]

    found = propose_exclusion(hit("小米粥怎么煮"), story)

    assert found.removed == tuple(story)


def test_a_name_in_either_script():
    """Full-width, case and Traditional characters make no other name."""
    (alias, *_) = TAGGER.watchlist.aliases
    assert is_same_name("ＲＥＤＭＩ", alias)
    assert not is_same_name("Mi", alias)


@pytest.mark.parametrize(
    "title",
    [
        "The Mi of the",
        "小米的",
        "在小米",
        "小米将",
        "A Mi in",
        "Mi says",
        "小米发布",
        "小米股价",
    ],
)
def test_no_function_word_and_nothing_said_of_any_firm_is_proposed(title):
    """Whoever excluded it would not find the name in the plainest news any more."""
    assert propose_exclusion(hit(title), []) is None


def test_what_stays_is_told_beside_what_goes():
    """Every stored match is one that the exclusion takes, or leaves."""
    wrong = windows("小米粥真好喝", "小米发布新车", "喝小米粥怎么样")
    found = propose_exclusion(hit("小米粥怎么煮"), wrong)

    assert found.pattern
    assert {*found.removed} | {*found.kept} == {*wrong}
    assert wrong[1] in found.kept
