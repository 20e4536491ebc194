"""Verdicts as lines: those in force, and those in the queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from transforms.models.verdicts import KINDS, GivenVerdict
from transforms.pages.judging import Judged, ToldVerdict
from transforms.pages.stories import Headline
from transforms.pages.words import Link, PageWords


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictLine:
    """Verdicts of one click, on an article or several of a story.

    Those in the queue have no number and no subject yet; ``refused`` says why one has none.
    """

    said: str
    by: str
    why: str
    made_at: datetime
    articles: int
    refused: str = ""
    verdict_id: int = 0
    did: str = ""
    about: Link | None = None
    undone_at: datetime | None = None


def line(words: PageWords, verdicts: Sequence[ToldVerdict]) -> VerdictLine:
    """Return the line of one click."""
    first = verdicts[0]
    titled = next((each for each in verdicts if each.title), first)
    href = words.href(f"/stories/{titled.story_id}") if titled.story_id else ""
    did = f"judge.did.{first.kind}"
    return VerdictLine(
        verdict_id=first.verdict_id,
        said=_said(words, first.kind, first.value, first.other_title or ""),
        did=words.word("judge.did.overruled" if _is_overruled(first) else did),
        about=Link(text=titled.title or first.subject_id, href=href),
        articles=len(verdicts),
        by=first.by,
        why=first.why,
        made_at=first.made_at,
        undone_at=first.undone_at,
    )


def queued(
    words: PageWords, verdicts: Sequence[GivenVerdict], made_at: datetime, refused: str
) -> VerdictLine:
    """Return the line of a click that is not in a publication yet."""
    first = verdicts[0]
    return VerdictLine(
        said=_said(words, first.kind, first.value, ""),
        by=first.by,
        why=first.why,
        made_at=made_at,
        articles=len(verdicts),
        refused=refused,
    )


def headline(judged: Judged) -> Headline:
    """Return the headline of a form's subject."""
    if judged.own:
        article = judged.shown if len(judged.own) > 1 else judged.own[0]
        return Headline(text=article.title, language=article.language)
    if judged.alert:
        return Headline(text=judged.alert.title, language="")
    first = next((each for each in judged.verdicts if each.title), judged.verdicts[0])
    return Headline(text=first.title or first.subject_id, language=first.language or "")


def topic(words: PageWords, value: str) -> str:
    """Return the name of ``topic:ID`` or ``event:ID``."""
    kind, _, topic_id = value.rpartition(":")
    name = words.name(topic_id)
    return f"{name} ({words.word('kind.event.short')})" if kind == "event" else name


def _is_overruled(verdict: ToldVerdict) -> bool:
    """Tell whether a verdict on two articles stands, and later ones say the contrary."""
    wanted = {"one-event": True, "not-one-event": False}.get(verdict.kind)
    return None not in (wanted, verdict.is_one) and verdict.is_one != wanted


def _said(words: PageWords, kind: str, value: str, other: str) -> str:
    if kind in KINDS and KINDS[kind].choices:
        named = words.label(kind, value)
    elif kind in ("topic", "not-topic"):
        named = topic(words, value)
    else:
        named = words.name(value)
    return words.word(f"judge.said.{kind}", name=other or named)
