"""Stories that are made anew keep the ids by which they are known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from transforms.models import StoredStory
from transforms.stories.settling import Named, name_stories

BEGAN = datetime(2026, 8, 1, tzinfo=UTC)


def stored(story_id, *, named_by="", first="", day=0, is_begun=False, is_later=False):
    return StoredStory(
        story_id=story_id,
        named_by=named_by or story_id[1:],
        first_id=first or story_id[1:],
        began_at=BEGAN + timedelta(days=day),
        is_begun=is_begun,
        is_named_later=is_later,
    )


def test_a_part_with_the_article_that_named_a_story_keeps_its_id():
    """The others are called after their first."""
    groups = {"sa": ["a", "b"], "sc": ["c"]}

    assert name_stories(groups, {}, [stored("sb")]) == Named({"sa": "sb", "sc": "sc"}, {})


def test_of_several_ids_the_older_one_stays():
    """Be they of the part or of before it, and one of before comes first."""
    groups, both = {"sa": ["a", "b", "c"]}, [stored("sa", day=1), stored("sb")]

    assert name_stories(groups, {}, both).ids == {"sa": "sb"}
    before = [stored("sx", day=2, is_begun=True), stored("sy", day=3, is_begun=True)]
    named = name_stories(groups, {"sa": ["sx", "sy"]}, [*both, *before])
    assert named == Named({"sa": "sx"}, {"sy": "sx"})


def test_an_id_is_lent_until_the_article_that_named_it_comes():
    """It came late, and is of a later month: then the id goes with it."""
    late = stored("sz", first="a", is_later=True)
    assert name_stories({"sa": ["a"]}, {}, [late]).ids == {"sa": "sz"}

    come = stored("sz", first="a", is_begun=True)
    joined = name_stories({"sm": ["z"]}, {"sm": ["sz"]}, [come])
    assert joined == Named({"sm": "sz"}, {})
    apart = name_stories({"sz": ["z"]}, {"sm": ["sz"]}, [come])
    assert apart == Named({"sm": "sa", "sz": "sz"}, {"sz": "sa"})
    long_ago = name_stories({"sz": ["z"]}, {}, [come])
    assert long_ago == Named({"sz": "sz"}, {"sz": "sa"})


def test_another_article_of_a_renamed_one_names_its_story():
    """Ids of articles may be given up for others; the story's stays."""
    groups = {"sa": ["a"], "sb": ["b"]}

    made = name_stories(groups, {}, [stored("sgone", named_by="b", first="a")])
    assert made.ids == {"sa": "sa", "sb": "sgone"}
