"""Findings in articles, and the watchlist as the warehouse keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from transforms.models.articles import Script

TextField = Literal["title", "summary", "content"]
TopicKind = Literal["topic", "event"]
# What a company is to an article, the closest first.
Role = Literal["subject", "named", "aside", "place", "byline"]
Via = Literal["alias", "person", "verdict"]


# Tuples: of these there are several an article, and they cross between processes.
class Mention(NamedTuple):
    """A company named in one field of an article: its first alias there.

    ``start`` and ``length`` count characters of the field as stored. ``role`` says what
    the company is to the article and ``is_about`` that it is the subject; they are the
    same in all fields, and None where an earlier release tagged the article. With ``via``
    "person" a manager is named who stands for the company; with "verdict" a reader said
    that the article is about it, and nothing need stand there.
    """

    article_id: str
    company_id: str
    field: TextField
    alias: str
    start: int
    length: int
    rules_version: str
    is_about: bool | None = None
    role: Role | None = None
    via: Via = "alias"


class Tag(NamedTuple):
    """A topic or event type of an article, with the heaviest term that spoke for it.

    ``event_object`` is whom or what an event is done to, where the headline says so: the
    id of a company that it names, else its words.
    """

    article_id: str
    topic_id: str
    kind: TopicKind
    term: str
    score: float
    rules_version: str
    event_object: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyRow:
    """An entity of the watchlist as the warehouse keeps it."""

    company_id: str
    name: str
    name_zh: str
    kind: str
    sector: str
    parent_id: str | None
    tickers: tuple[str, ...]
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasRow:
    """A way to write a company's name; ``rule`` says in words when it counts."""

    company_id: str
    alias: str
    script: Script
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRow:
    """A topic or event type of the watchlist as the warehouse keeps it."""

    topic_id: str
    kind: TopicKind
    name: str
    name_zh: str
    parent_id: str | None
    boards: tuple[str, ...]
