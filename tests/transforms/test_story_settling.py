"""Stored stories become those of today, but for what is a close call."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from builders import shipped_beat

from transforms.models import Regrouped, StoryMember
from transforms.stories.features import features
from transforms.stories.pairs.compared import Side
from transforms.stories.pairs.similarity import match
from transforms.stories.settling import (
    become_one,
    linked,
    links_within,
    parted,
    settle,
    stay_one,
)

LEXICON = shipped_beat().concepts
NOON = datetime(2026, 8, 4, 12, tzinfo=UTC)
BRIDGE = "青河大桥今晨通车", "青河大桥通车 全长12公里"
TOLL = "青河暴雨已致12人失联", "青河暴雨致15人失联"
RUMOUR = "网警打谣：李某编造人造面粉谣言被罚", "网警依法打击人造面粉谣言"
FLOOD = (
    "Storm floods Lumo's plant in Porto",
    "Porto plant of Lumo is under water after storm",
)


def sides(titles, *, hours=2, publishers=("one", "two")):
    """Return two headlines, the second so many hours later."""
    moments = NOON, NOON + timedelta(hours=hours)
    rows = zip(titles, moments, publishers, strict=True)
    return [
        Side(features(t, LEXICON), frozenset(), at, publisher) for t, at, publisher in rows
    ]


@pytest.mark.parametrize("titles", [BRIDGE, TOLL, RUMOUR, FLOOD])
def test_two_of_a_story_stay_where_nothing_tells_against_it(titles):
    """Whether or not they would be joined today."""
    assert stay_one(*sides(titles))


@pytest.mark.parametrize(
    ("titles", "hours"),
    [
        (("Baidu opens a robot lab in Shenzhen", "Roborock recalls 4,200 vacuums"), 2),
        (("Slate 14 发布", "Slate 15 发布"), 2),
        (TOLL, 30),
        (BRIDGE, 80),
    ],
)
def test_two_of_a_story_part_where_what_they_tell_differs(titles, hours):
    """Other things, another version, another count a day later, or days between."""
    assert not stay_one(*sides(titles, hours=hours))


def test_one_outlets_other_count_is_another_filling_of_its_mould():
    """Two outlets' are a toll that rises."""
    assert not stay_one(*sides(TOLL, publishers=("one", "one")))


@pytest.mark.parametrize(
    ("titles", "hours", "expected"),
    [(FLOOD, 2, True), (FLOOD, 13, False), (RUMOUR, 2, False), (BRIDGE, 2, False)],
)
def test_two_stories_become_one_where_little_is_in_doubt(titles, hours, expected):
    """Soon after each other, with no act that differs, and by more than the bar."""
    one, other = sides(titles, hours=hours)
    assert become_one(one, other, match(one, other)) is expected
    if titles != BRIDGE:
        assert match(one, other) > 0


def rows(*stories):
    """Return articles a, b, c … with their stories of today and stored ones."""
    return [
        Regrouped(seq, "abcdefgh"[seq], made, stored)
        for seq, (made, stored) in enumerate(stories)
    ]


def member(article_id, title, story_id="s"):
    return StoryMember(
        article_id=article_id,
        story_id=story_id,
        title=title,
        language="en",
        published_at=NOON,
        publisher=article_id,
    )


def test_parts_of_a_stored_story_are_held_together_by_what_they_tell():
    """Of three that today are three stories two are of one event."""
    told = rows(("s1", "s"), ("s2", "s"), ("s3", "s"), ("s4", "other"))
    titles = zip("abc", (*FLOOD, "Baidu opens a robot lab in Shenzhen"), strict=True)

    assert parted(told) == [0, 1, 2]
    kept = list(links_within([member(*row) for row in titles], told, LEXICON))
    assert kept == [("a", "b")]
    assert settle(told, kept, [], [], LEXICON) == {
        ("s1", "s"): "sa",
        ("s2", "s"): "sa",
        ("s3", "s"): "sc",
        ("s4", "other"): "sd",
    }


def test_what_today_is_one_joins_only_where_half_of_each_agrees():
    """One headline of four that is like another story's joins nothing."""
    told = rows(*[("sa", "sa")] * 4, ("sa", "se"))
    titles = [FLOOD[0], "Lumo opens a shop", "Lumo hires a chief", "Lumo sells bikes"]
    voters = [member(*row) for row in zip("abcd", titles, strict=True)]
    voters.append(member("e", FLOOD[1], "se"))
    sure = [("e", "a")]

    assert linked(told, sure) == [4, 0]
    assert settle(told, [], sure, voters, LEXICON) == {("sa", "se"): "se"}
    assert settle(told, [], sure, [voters[0], voters[4]], LEXICON) == {}


def test_what_is_settled_is_settled():
    """The same articles, stored as they came out, come out the same."""
    told = rows(("x", "s"), ("y", "s"), ("y", "t"), ("z", "t"), ("z", "u"))
    kept, sure = [("a", "b")], [("c", "b"), ("e", "d")]
    voters = [member(key, FLOOD[0]) for key in "abc"]
    named = settle(told, kept, sure, voters, LEXICON)
    again = [
        row._replace(stored=named.get((row.made, row.stored), row.made)) for row in told
    ]

    assert [row.stored for row in again] == ["sa", "sa", "sa", "sd", "se"]
    once_more = settle(again, kept, sure, voters, LEXICON)
    assert {once_more.get((row.made, row.stored), row.made) for row in again[:3]} == {"sa"}
