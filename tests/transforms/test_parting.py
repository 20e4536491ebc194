"""Readers' pairs part and join stories, and what they do not touch stays as it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

from transforms.stories.settling import EventPair, Member, regroup

START = datetime(2026, 8, 4, tzinfo=UTC)


def stories(*told):
    """Return members: each text is the articles of a story, which the first began."""
    return [
        Member(START + timedelta(hours=ord(name)), name, f"s{of_story[0]}")
        for of_story in told
        for name in of_story
    ]


def said(*pairs):
    """Return pairs as written: ``a=b`` is one event, ``a/b`` is not."""
    return [EventPair(n, p[0], p[2], p[1] == "=") for n, p in enumerate(pairs, 1)]


def made(members, pairs, like=()):
    """Return the stories as texts by their ids, and what is overruled."""
    found = regroup(members, pairs, lambda a, b: float({a, b} in map(set, like)))
    told = {}
    for name, story_id in sorted(found.stories.items()):
        told[story_id] = told.get(story_id, "") + name
    return told, found.overruled


def test_nothing_said_changes_nothing():
    """Nor does a pair of which one is not here."""
    members = stories("abc", "de")
    assert made(members, []) == ({"sa": "abc", "sd": "de"}, ())
    assert made(members, said("a/x", "x=d")) == ({"sa": "abc", "sd": "de"}, ())


def test_one_event_makes_whole_stories_one():
    """The oldest keeps its id, and what is tied chains."""
    members = stories("abc", "de", "f")
    assert made(members, said("e=b")) == ({"sa": "abcde", "sf": "f"}, ())
    assert made(members, said("e=b", "f=d")) == ({"sa": "abcdef"}, ())


def test_not_one_event_parts_and_others_go_with_what_they_are_like():
    """What is like neither goes with the nearer in time; the first keeps the story's id."""
    members = stories("abcde")
    told, over = made(members, said("b/a"), like=("bd", "ac"))
    assert (told, over) == ({"sa": "ac", "sb": "bde"}, ())
    told, over = made(members, said("a/b", "d=e"), like=("bd", "ac"))
    assert told == {"sa": "ac", "sb": "bde"}


def test_three_that_are_apart():
    """Two that nobody parted stay together."""
    members = stories("abc")
    assert made(members, said("a/b", "a/c"))[0] == {"sa": "a", "sb": "bc"}
    assert made(members, said("a/b", "a/c", "b/c"))[0] == {"sa": "a", "sb": "b", "sc": "c"}


def test_the_later_word_stands():
    """A chain that contradicts a later word loses its oldest tie, and that is told."""
    members = stories("a", "b", "c")
    told, over = made(members, said("a=b", "b=c", "a/c"))
    assert (told, over) == ({"sa": "a", "sb": "bc"}, (1,))
    assert made(members, said("a/b", "a=b")) == ({"sa": "ab", "sc": "c"}, (1,))
    assert made(members, said("a=b", "a/b")) == ({"sa": "a", "sb": "b", "sc": "c"}, (1,))


def test_order_of_articles_and_pairs_does_not_matter():
    """What is made depends on what was said and when, and on nothing else."""
    members, pairs = stories("abcd", "ef"), said("a/b", "e=c", "f/d", "a=d")
    expected = made(members, pairs, like=("bc", "cd"))
    for order in permutations(members, 6):
        assert made(order, pairs[::-1], like=("bc", "cd")) == expected
    taken = dict(regroup(members, pairs, lambda *_: 0.0).stories)
    assert taken["a"] == taken["d"] != taken["b"]
    assert taken["e"] == taken["c"] != taken["d"] or taken["f"] != taken["d"]


def test_a_story_whose_first_article_is_gone_keeps_its_id():
    """It stays with the part that has most of its articles."""
    members = [m for m in stories("abcd") if m.article_id != "a"]
    assert made(members, said("b/c"), like=("cd",))[0] == {"sb": "b", "sa": "cd"}
