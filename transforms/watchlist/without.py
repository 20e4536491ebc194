"""Remove references to entries that a home took out of the shipped watchlist.

A later release may add shipped entries that refer to them; the home must keep working.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from transforms.config import ConfigText
from transforms.config.extends import entries_of
from transforms.watchlist.checks import Parts
from transforms.watchlist.entities import Company, Person, Topic

T = TypeVar("T")


def without_dangling(parts: Parts, config: ConfigText) -> Parts:
    """Return *parts* where no shipped entry refers to what is not there.

    Those of *config* itself stay as they are, right or wrong.
    """
    own = entries_of(config.data)

    def shipped(section: str, entries: Mapping[str, T], mend: Callable[[T], T]) -> Any:
        return {k: e if (section, k) in own else mend(e) for k, e in entries.items()}

    return replace(
        parts,
        companies=shipped("company", parts.companies, lambda c: _company(c, parts)),
        people=shipped("person", parts.people, lambda p: _person(p, parts)),
        topics=shipped("topic", parts.topics, lambda t: _topic(t, parts.topics)),
        events=shipped("event", parts.events, lambda t: _topic(t, parts.events)),
        priors=_priors(parts, own),
    )


def _company(company: Company, parts: Parts) -> Company:
    parents = tuple(p for p in company.parents if p.company_id in parts.companies)
    return company if parents == company.parents else replace(company, parents=parents)


def _person(person: Person, parts: Parts) -> Person:
    is_whole = not person.company_id or person.company_id in parts.companies
    return person if is_whole else replace(person, company_id="")


def _topic(topic: Topic, topics: Mapping[str, Topic]) -> Topic:
    is_whole = topic.parent_id is None or topic.parent_id in topics
    return topic if is_whole else replace(topic, parent_id=None)


def _priors(parts: Parts, own: Container[tuple[str, str]]) -> dict[str, dict[str, float]]:
    sectors = (c.sector for c in parts.companies.values())
    speakers = {*parts.companies, *sectors, *parts.events}
    mended = {}
    for key, prior in parts.priors.items():
        if ("prior", key) in own:
            mended[key] = prior
        elif key in speakers:
            mended[key] = {t: value for t, value in prior.items() if t in parts.topics}
    return mended
