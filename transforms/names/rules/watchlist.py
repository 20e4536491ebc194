"""Watchlist: companies, people, topics and scoring, parsed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

from transforms.models import AliasRow, CompanyName, CompanyRow, TopicName, TopicRow
from transforms.text.fold import script_of

_FOREIGN = "foreign_company"
TRADES = ("company", "brand", _FOREIGN)
# The board of a theme begins so; what each board is for stands in docs/howto/watchlist.md.
THEME = "theme-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Which companies are at home on the beat: those named, or of countries and sectors.

    No countries, or no sectors, are any; neither, and no country ``abroad``, are none.
    """

    countries: tuple[str, ...] = ("CN", "HK", "MO")
    abroad: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()

    def holds(self, company: Company) -> bool:
        """Tell whether *company* is at home."""
        if company.company_id in self.companies:
            return True
        return bool(
            (self.countries or self.abroad or self.sectors)
            and company.country not in self.abroad
            and (not self.countries or company.country in self.countries)
            and (not self.sectors or company.sector in self.sectors)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """A spelling of a company's name, with the rule for counting it.

    Patterns are regular expressions or names of macros. An alias with
    ``default`` "reject" counts only if its context is found, or (``co_alias``) if another
    alias names the company beyond doubt. A ``common`` alias may match any number of
    articles.
    """

    company_id: str
    text: str
    kind: Literal["name", "alias", "ticker"] = "alias"
    exact: bool = False
    default: Literal["accept", "reject"] = "accept"
    context: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    co_alias: bool = False
    shared: bool = False
    common: bool = False
    examples: tuple[str, ...] = ()
    sense: str = ""

    @property
    def is_certain(self) -> bool:
        """Whether the name counts everywhere."""
        return self.default == "accept" and not self.context and not self.excludes

    @property
    def rule(self) -> str:
        """Rule of the alias in words."""
        if self.kind == "ticker":
            return "ticker: only where it is marked as one"
        parts = ["exact spelling"] if self.exact else []
        if self.default == "reject":
            needs = [*self.context, *(["another name of the company"] * self.co_alias)]
            parts.append(f"needs {' or '.join(needs)}" if needs else "never by itself")
        if self.excludes:
            parts.append(f"not with {' or '.join(self.excludes)}")
        return "; ".join(parts) or "always"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """Parent of a company, with the days of its validity."""

    company_id: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Company(CompanyName):
    """A tracked company, brand or public body."""

    name_zh: str = ""
    kind: str = "company"
    sector: str = ""
    parents: tuple[Parent, ...] = ()
    tickers: tuple[str, ...] = ()
    wikidata: str = ""
    country: str = ""
    aliases: tuple[Alias, ...] = ()
    # Whether it is at home on the beat of its watchlist, whose version has the home.
    is_home: bool = field(default=True, repr=False)
    # For the ranking of stories: no finding depends on it, so no version has it.
    large: bool = field(default=False, repr=False)

    @property
    def stored_kind(self) -> str:
        """The kind as stored: to whoever counts, a company elsewhere is a foreign one."""
        if self.kind not in TRADES or self.is_home == (self.kind != _FOREIGN):
            return self.kind
        return "company" if self.is_home else _FOREIGN

    @property
    def parent_id(self) -> str | None:
        """Current parent: the link without an end."""
        return next((p.company_id for p in self.parents if p.until is None), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """Actor, act and object: an act counts if the nearest named entity is its actor.

    Each part is a list of patterns, names of macros, ``@company`` and ``@regulator``.
    *others* are entities that take the act if they are nearer; an empty part is not
    required. A *weak* clause has the weight of a weak term.
    """

    act: tuple[str, ...]
    actor: tuple[str, ...] = ()
    object: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    weak: bool = False

    @property
    def parts(self) -> tuple[str, ...]:
        """Patterns and macro names of all parts."""
        return (*self.act, *self.actor, *self.object, *self.others, *self.excludes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic(TopicName):
    """A topic or event type, with the terms for and against it."""

    terms: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    clauses: tuple[Clause, ...] = ()
    threshold: float | None = None
    boards: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    # For the ranking of stories, as ``large`` of a company.
    weight: float | None = field(repr=False)
    once: bool = field(repr=False)
    measure: bool = field(repr=False)
    # Whose acts it treats; empty, anybody's.
    sides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person whose name stands for a company, between the given days.

    They stand for it on the day *since* and no longer on the day *until*. A ``common``
    name of two characters or words is borne by many: it counts beside the firm, or
    beside a word such as founder.
    """

    person_id: str
    name: str
    name_zh: str = ""
    company_id: str = ""
    role: str = ""
    aliases: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    common: bool = False

    def stands_on(self, day: date | None) -> bool:
        """Tell whether the person stood for the company on *day*; None is today."""
        if day is None:
            return self.until is None
        return (not self.since or self.since <= day) and (
            not self.until or day < self.until
        )

    @property
    def names(self) -> tuple[str, ...]:
        """All spellings of the person's name."""
        return tuple(n for n in (self.name, self.name_zh, *self.aliases) if n)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """Weights of terms, and limits on topics per article."""

    strong: float = 1.0
    weak: float = 0.5
    clause: float = 2.0
    negative: float = -1.5
    title: float = 1.0
    summary: float = 0.6
    threshold: float = 1.0
    share_of_best: float = 0.35
    cap: int = 4
    long_text: int = 600
    long_cap: int = 8


@dataclass(frozen=True, kw_only=True)
class Watchlist:
    """Contents of one ``watchlist.toml``, in order of id.

    ``priors`` maps a sector or company to likely topics.
    """

    companies: tuple[Company, ...] = ()
    home: Home = field(default_factory=Home)
    topics: tuple[Topic, ...] = ()
    people: tuple[Person, ...] = ()
    macros: Mapping[str, str] = field(default_factory=dict)
    credit_lines: tuple[str, ...] = ()
    scoring: Scoring = field(default_factory=Scoring)
    priors: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    rules_version: str = ""

    @property
    def aliases(self) -> tuple[Alias, ...]:
        """All aliases of all companies, names and tickers included."""
        return tuple(alias for company in self.companies for alias in company.aliases)

    def company(self, company_id: str) -> Company:
        """Return the company of that id; raise KeyError if unknown."""
        return self._companies[company_id]

    def root(self, company_id: str) -> str:
        """Return the top-level parent of a company, or itself."""
        return [company_id, *self.above(company_id)][-1]

    def above(self, company_id: str) -> Iterator[str]:
        """Yield the parents of a company, the nearest first."""
        while parent := self.company(company_id).parent_id:
            yield parent
            company_id = parent

    def descendants(self, company_ids: Iterable[str]) -> frozenset[str]:
        """Return the companies with all brands and subsidiaries."""
        found = set(company_ids)
        waiting = list(found)
        while waiting:
            new = self._children.get(waiting.pop(), set()) - found
            found |= new
            waiting += new
        return frozenset(found)

    def company_rows(self) -> list[CompanyRow]:
        """Return the rows of ``companies``."""
        return [
            CompanyRow(
                company_id=c.company_id,
                name=c.name,
                name_zh=c.name_zh,
                kind=c.stored_kind,
                sector=c.sector,
                parent_id=c.parent_id,
                tickers=c.tickers,
                country=c.country,
            )
            for c in self.companies
        ]

    def alias_rows(self) -> list[AliasRow]:
        """Return the rows of ``aliases``."""
        return [
            AliasRow(
                company_id=a.company_id,
                alias=a.text,
                script=script_of(a.text),
                rule=a.rule,
            )
            for a in self.aliases
        ]

    def topic_rows(self) -> list[TopicRow]:
        """Return the rows of ``topics``."""
        return [
            TopicRow(
                topic_id=t.topic_id,
                kind=t.kind,
                name=t.name,
                name_zh=t.name_zh,
                parent_id=t.parent_id,
                boards=t.boards,
            )
            for t in self.topics
        ]

    @cached_property
    def _companies(self) -> dict[str, Company]:
        return {company.company_id: company for company in self.companies}

    @cached_property
    def _children(self) -> dict[str, set[str]]:
        children: dict[str, set[str]] = {}
        for company in self.companies:
            if company.parent_id:
                children.setdefault(company.parent_id, set()).add(company.company_id)
        return children
