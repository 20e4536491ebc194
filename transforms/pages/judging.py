"""Verdicts of a form: a reader's judgement of a story, article or alert."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from transforms.brief.sections.sources import AlertRow
from transforms.config.text import nearest
from transforms.models import PublishedHeadline, Query, StoryId, StoryOf
from transforms.models.verdicts import KINDS, UNDO, GivenVerdict

# Of a story of more, a reader corrects the first so many at a time.
MOST = 100
_STORY = re.compile(r"(?:.*/stories/)?([\w-]{1,80})(?:[?#].*)?", re.ASCII | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedArticle(StoryOf, PublishedHeadline):
    """An article of a story with its findings.

    It has a ``side`` and a ``status`` where it tells of an act of a state, and a ``basis``
    where it tells something of a firm.
    """

    is_digest: bool
    is_on_beat: bool
    is_shown: bool
    companies: tuple[str, ...]
    topics: tuple[str, ...]
    side: str | None = None
    status: str | None = None
    basis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LikeStory(StoryId):
    """A story that may cover the same event as another."""

    headline: str
    first_publisher: str
    first_published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldVerdict:
    """A verdict with the title of its subject.

    For a pair of articles ``is_one`` says whether they are now in one story.
    """

    verdict_id: int
    made_at: datetime
    by: str
    subject_id: str
    kind: str
    value: str
    scope: str
    why: str
    undone_at: datetime | None
    title: str | None
    language: str | None
    story_id: str | None
    other_title: str | None
    is_one: bool | None


JUDGED = Query(
    name="pages.judged",
    row=JudgedArticle,
    relations=(
        *("articles", "stories", "named_mentions", "tags"),
        *("article_measures", "article_claims"),
    ),
)


LIKE_STORIES = Query(
    name="pages.like_stories",
    row=LikeStory,
    relations=("stories", "story_companies"),
    counts="how many companies two stories share orders a list alone",
)


JUDGED_ALERT = Query(name="pages.judged_alert", row=AlertRow, relations=("alerts",))


VERDICTS = Query(
    name="pages.verdicts", row=ToldVerdict, relations=("verdicts", "articles", "alerts")
)


class NoVerdict(ValueError):  # noqa: N818  named for what the form lacks
    """A form holds no valid verdict: the key of a phrase, and what it names."""

    def __init__(self, lacks: str, **parts: str) -> None:
        super().__init__(lacks)
        self.parts = parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Subject of a form: ``own`` are its articles, out of their ``story``.

    Other subjects are an alert, or verdicts to retract.
    """

    about: str
    own: tuple[JudgedArticle, ...] = ()
    story: tuple[JudgedArticle, ...] = ()
    alert: AlertRow | None = None
    verdicts: tuple[ToldVerdict, ...] = ()

    @property
    def shown(self) -> JudgedArticle:
        """Article that represents the story."""
        return next((each for each in self.story if each.is_shown), self.story[0])

    @property
    def companies(self) -> tuple[str, ...]:
        """Companies named in the articles, most frequent first."""
        return _frequent([company for each in self.own for company in each.companies])

    @property
    def topics(self) -> tuple[str, ...]:
        """Their topics and events, as ``topic:ID`` and ``event:ID``."""
        return _frequent([topic for each in self.own for topic in each.topics])

    @property
    def act(self) -> JudgedArticle | None:
        """The first of its articles that tells of an act of a state."""
        return next((each for each in self.own if each.side), None)

    @property
    def claim(self) -> JudgedArticle | None:
        """The first of its articles that tells something of a firm."""
        return next((each for each in self.own if each.basis), None)

    @property
    def is_on_beat(self) -> bool:
        """Whether any of its articles is on the beat."""
        return any(each.is_on_beat for each in self.own)


def read_verdicts(
    judged: Judged, fields: Mapping[str, str], ids: Mapping[str, str]
) -> list[GivenVerdict]:
    """Return the verdicts of a form; *ids* are ids of companies and topics by name.

    Raises:
        NoVerdict: It lacks something, or names something unknown.
    """
    kind, _, value = fields.get("verdict", "").partition(" ")
    made = list(_verdicts(judged, kind, value, fields, ids))[:MOST]
    if not made:
        raise NoVerdict("nothing")
    by, why = fields.get("by", ""), fields.get("why", "")
    return [replace(each, by=by, why=why) for each in made]


def _verdicts(
    judged: Judged, kind: str, value: str, fields: Mapping[str, str], ids: Mapping[str, str]
) -> list[GivenVerdict]:
    if kind == UNDO:
        return [
            GivenVerdict(subject_id="", kind=UNDO, value=str(each.verdict_id))
            for each in judged.verdicts
        ]
    if kind in ("wanted", "unwanted") and judged.alert:
        return [GivenVerdict(subject_id=judged.alert.alert_id, kind=kind)]
    if not judged.own:
        return []
    if kind in ("one-event", "not-one-event", "headline"):
        return [_of_story(judged, kind, fields)]
    if KINDS.get(kind) and KINDS[kind].subject in ("measure", "claim"):
        return _of_ledger(judged, kind, fields)
    if kind in ("about", "topic"):
        value = _named(fields.get("company" if kind == "about" else "topic", ""), ids)
    return [
        GivenVerdict(subject_id=each.article_id, kind=kind, value=value)
        for each in judged.own
        if _is_meant(each, kind, value)
    ]


def _of_ledger(judged: Judged, kind: str, fields: Mapping[str, str]) -> list[GivenVerdict]:
    """Return a verdict on the act that the articles tell of, or on their claim."""
    told = judged.act if KINDS[kind].subject == "measure" else judged.claim
    value = fields.get(kind, "") if KINDS[kind].choices else ""
    if KINDS[kind].choices and value not in KINDS[kind].choices:
        raise NoVerdict("unnamed")
    if told is None:
        return []
    subject_id = f"{KINDS[kind].subject[0]}{told.article_id}"
    return [GivenVerdict(subject_id=subject_id, kind=kind, value=value)]


def _is_meant(article: JudgedArticle, kind: str, value: str) -> bool:
    """Tell whether a verdict on a story is one on this article of it."""
    return {
        "not-about": value in article.companies,
        "about": not article.is_digest,
        "not-topic": value in article.topics,
        "topic": not article.is_digest and value not in article.topics,
        "off-beat": article.is_on_beat,
        "on-beat": not article.is_on_beat,
    }.get(kind, False)


def _named(text: str, ids: Mapping[str, str]) -> str:
    if not text.strip():
        raise NoVerdict("unnamed")
    key = text.strip().casefold()
    if key not in ids:
        near = nearest(key, ids)
        raise NoVerdict("unknown.near" if near else "unknown", name=text.strip(), near=near)
    return ids[key]


def _of_story(judged: Judged, kind: str, fields: Mapping[str, str]) -> GivenVerdict:
    if kind == "one-event":
        other = _STORY.fullmatch(fields.get("address") or fields.get("other") or "")
        if other is None:
            raise NoVerdict("other")
        return GivenVerdict(subject_id=judged.shown.article_id, kind=kind, value=other[1])
    member = _member(judged, fields.get("member", ""))
    if kind == "headline":
        return GivenVerdict(subject_id=member.article_id, kind=kind)
    rest = [each for each in (judged.shown, *judged.story) if each != member]
    if not rest:
        raise NoVerdict("alone")
    return GivenVerdict(subject_id=member.article_id, kind=kind, value=rest[0].article_id)


def _member(judged: Judged, article_id: str) -> JudgedArticle:
    if len(judged.own) == 1:
        return judged.own[0]
    for each in judged.story:
        if each.article_id == article_id:
            return each
    raise NoVerdict("member")


def _frequent(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values), key=lambda value: (-values.count(value), value)))
