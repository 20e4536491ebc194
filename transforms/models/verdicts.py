"""Verdicts of readers, and their kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from transforms.models.measures import SIDES, STATUSES

Scope = Literal["article", "rule"]
# What a kind is said of, and what its value is.
_Subject = Literal["article", "story", "alert", "measure", "claim"]
_Value = Literal["", "company", "topic", "article", "choice"]
UNDO = "undo"
# What is told of firms can rest on these, and end so.
BASES = ("unnamed", "company", "official", "filing", "data", "media", "none")
OUTCOMES = ("open", "confirmed", "denied", "withdrawn", "overtaken", "silent")


class Verdict(NamedTuple):
    """A verdict in force on an article or alert.

    ``value`` is a company, a topic (``event:ID`` or ``topic:ID`` where both have the id),
    another article or one of the kind's choices; empty if the kind needs none.
    """

    verdict_id: int
    subject_id: str
    kind: str
    value: str


class KindOfVerdict(NamedTuple):
    """A kind of verdict: its subject, its value or choices, and the contrary kind."""

    subject: _Subject
    value: _Value = ""
    contrary: str = ""
    choices: tuple[str, ...] = ()


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
    "side": KindOfVerdict("measure", "choice", choices=SIDES),
    "status": KindOfVerdict("measure", "choice", choices=STATUSES),
    "not-measure": KindOfVerdict("measure"),
    "basis": KindOfVerdict("claim", "choice", choices=BASES),
    "outcome": KindOfVerdict("claim", "choice", choices=OUTCOMES),
}


class VerdictError(ValueError):
    """A verdict is invalid; the message says why, and lists valid ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenVerdict:
    """A verdict as submitted: ids as then seen, ``by`` as stated.

    ``source`` is its place for errors, such as a line of a file. ``made_at`` is the time of
    a verdict from the queue.
    """

    subject_id: str
    kind: str
    value: str = ""
    by: str = ""
    why: str = ""
    scope: str = "article"
    source: str = ""
    made_at: datetime | None = None
