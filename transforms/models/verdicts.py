"""Verdicts: what a reader said of an article, a story or an alert, and which are kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

VerdictKind = Literal[
    "not-about",
    "about",
    "not-topic",
    "topic",
    "off-beat",
    "on-beat",
    "one-event",
    "not-one-event",
    "headline",
    "wanted",
    "unwanted",
]
Scope = Literal["article", "rule"]
# What a kind is said of, and what its value is.
Subject = Literal["article", "story", "alert"]
Value = Literal["", "company", "topic", "article"]


class Verdict(NamedTuple):
    """A verdict that stands: what was said, of which article or alert.

    ``value`` is a company, a topic (``event:ID`` or ``topic:ID`` where both have the id)
    or another article; empty where the kind says it all.
    """

    verdict_id: int
    subject_id: str
    kind: str
    value: str


class KindOfVerdict(NamedTuple):
    """What a kind is said of, what its value is, and which kind says the contrary."""

    subject: Subject
    value: Value = ""
    contrary: str = ""


KINDS: Mapping[str, KindOfVerdict] = {
    "not-about": KindOfVerdict("article", "company", "about"),
    "about": KindOfVerdict("article", "company", "not-about"),
    "not-topic": KindOfVerdict("article", "topic", "topic"),
    "topic": KindOfVerdict("article", "topic", "not-topic"),
    "off-beat": KindOfVerdict("article", contrary="on-beat"),
    "on-beat": KindOfVerdict("article", contrary="off-beat"),
    "one-event": KindOfVerdict("story", "article", "not-one-event"),
    "not-one-event": KindOfVerdict("story", "article", "one-event"),
    "headline": KindOfVerdict("story"),
    "wanted": KindOfVerdict("alert", contrary="unwanted"),
    "unwanted": KindOfVerdict("alert", contrary="wanted"),
}
UNDO = "undo"


class VerdictError(ValueError):
    """A verdict cannot be taken; the message says why, and what can be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenVerdict:
    """A verdict as somebody gives it: ids as they were seen, ``by`` as said.

    ``source`` is what an error calls it: the line of a file. ``made_at`` is when it was
    said, where it had to wait.
    """

    subject_id: str
    kind: str
    value: str = ""
    by: str = ""
    why: str = ""
    scope: str = "article"
    source: str = ""
    made_at: datetime | None = None
