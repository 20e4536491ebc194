"""A name counts once in a headline, however long it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from builders import shipped_beat

from transforms.models import StoryMember, TitleName
from transforms.stories.cluster import Recent, assign_stories
from transforms.stories.features import features, places_of, story_keys
from transforms.stories.pairs.demands import JOIN
from transforms.stories.pairs.similarity import StoryText, compare

LEXICON = shipped_beat().concepts
NOON = datetime(2026, 8, 4, 12, tzinfo=UTC)
NAME = "石头科技"
SHARES = "石头科技股价盘中涨逾9%，机构上调海外销量预期"
PLAN = "北京发布机器人出海行动方案，石头科技等20家企业参与"


@pytest.mark.parametrize(
    ("plain", "names", "places"),
    [
        pytest.param("石头科技的海外收入", [NAME], ((0, 4),), id="one"),
        pytest.param("石头科技：石头科技没有停产", [NAME], ((0, 4), (5, 9)), id="twice"),
        pytest.param("收购石头科技", ["石头", NAME], ((2, 6),), id="the longer one"),
        pytest.param("石头科技股价", ["石頭科技"], ((0, 4),), id="other script"),
        pytest.param("苹果ceo将卸任", ["苹果CEO"], ((0, 2),), id="its Chinese part"),
        pytest.param("gpt与豆包", ["GPT", "豆包", "滴"], ((4, 6),), id="Latin, one sign"),
    ],
)
def test_places(plain, names, places):
    """Each name has its place; no place is inside another."""
    assert places_of(plain, names) == places


def test_a_name_counts_as_one_word():
    """It is the pair that it begins with, so that 阿里 and 阿里巴巴 are one."""
    named = features("石头科技海外收入增长", LEXICON, (NAME,))
    alone = features("石头科技海外收入增长", LEXICON)

    assert named.words == {"石头", "海外", "外收", "收入", "入增", "增长"}
    assert named.weight == len(named.words)
    assert alone.words == alone.grams == named.grams
    assert {"头科", "科技", "技海"} <= alone.words
    assert named.lead == {"石头", "海外"}


def test_a_name_alone_makes_no_story():
    """A share price and a plan of the state were one story, both named one firm."""
    firm = frozenset({"roborock"})
    later = NOON + timedelta(hours=1)
    read = [
        compare(
            StoryText(title=SHARES, published_at=NOON, companies=firm, names=names),
            StoryText(title=PLAN, published_at=later, companies=firm, names=names),
            LEXICON,
        ).score
        for names in ((), (NAME,))
    ]

    assert read[1] < JOIN
    assert read[1] < read[0] - 0.05


@pytest.mark.parametrize("is_known", [False, True])
def test_stories_are_told_the_names(make_article, is_known):
    """Of headlines of this batch and of earlier ones."""
    firm = frozenset({"roborock"})
    one, other = (
        make_article(
            article_id=number,
            title=title,
            story_keys=story_keys(title),
            publisher=f"Outlet {number}",
            published_at=NOON,
        )
        for number, title in (("a1", SHARES), ("a2", PLAN))
    )
    named = (TitleName(NAME, "roborock"),)
    known = StoryMember(
        article_id="a1",
        story_id="sa1",
        title=SHARES,
        language="zh-hans",
        published_at=NOON,
        publisher="Outlet a1",
        companies=("roborock",),
        names=named,
    )
    recent = Recent(heads={1: known}, met_by={"a2": [1]}) if is_known else Recent()
    new = [other] if is_known else [one, other]

    made = assign_stories(
        new,
        {article.article_id: firm for article in new},
        {article.article_id: named for article in new},
        recent,
        LEXICON,
    )

    assert made.stories["a2"] == "sa2"
