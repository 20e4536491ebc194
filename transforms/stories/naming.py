"""Give stories that were made anew the ids by which they are known.

A story is called after the article that began it when it came. Made anew, the part that
holds that article keeps the id, so that links and alerts lead to what they told of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from transforms.models import StoredStory


@dataclass(frozen=True, slots=True)
class Named:
    """The id of each group, and the ids that stories of before have from now on."""

    ids: Mapping[str, str]
    moved: Mapping[str, str]


def name_stories(
    groups: Mapping[str, Sequence[str]],
    known: Mapping[str, Iterable[str]],
    stored: Iterable[StoredStory],
) -> Named:
    """Return the ids of *groups* of articles, each in order of publication.

    *known* are the ids of the stories of before that a group goes on; *stored* are the
    stories of which any of these articles were. Of several ids the older one is kept.
    """
    by_id = {story.story_id: story for story in stored}
    freed = _freed(groups, known, by_id)
    by_namer = {story.named_by: story for story in by_id.values()}
    by_first = {s.first_id: s for s in by_id.values() if s.is_named_later}
    named: dict[str, str] = {}
    moved = dict(freed)
    for key, ids in known.items():
        held = [by_id[id_] for id_ in ids if id_ not in freed]
        named[key] = _oldest(held) or min(freed[id_] for id_ in ids)
        moved |= dict.fromkeys(ids, named[key])
    for key in groups.keys() - known.keys():
        members = groups[key]
        ours = _of(by_namer, members) or _of(by_first, members)
        named[key] = _oldest(ours) or f"s{members[0]}"
    return Named(named, {gone: kept for gone, kept in moved.items() if gone != kept})


def _freed(
    groups: Mapping[str, Sequence[str]],
    known: Mapping[str, Iterable[str]],
    by_id: Mapping[str, StoredStory],
) -> dict[str, str]:
    """Return what stories of before are called that lend the id of another's article."""
    group_of = {member: key for key, members in groups.items() for member in members}
    holder = {id_: key for key, ids in known.items() for id_ in ids}
    return {
        story.story_id: f"s{story.first_id}"
        for story in by_id.values()
        if story.is_begun
        and story.named_by in group_of
        and holder.get(story.story_id) != group_of[story.named_by]
    }


def _of(stories: Mapping[str, StoredStory], members: Iterable[str]) -> list[StoredStory]:
    return [stories[member] for member in members if member in stories]


def _oldest(stories: Iterable[StoredStory]) -> str | None:
    return min(((s.began_at, s.story_id) for s in stories), default=(None, None))[1]
