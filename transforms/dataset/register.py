"""Register: companies, bodies, people and topics of a watchlist, as rows for others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from transforms.models.dataset import (
    Register,
    RegisterExample,
    RegisterName,
    RegisterRow,
)
from transforms.names.explain.lint import COUNTER_EXAMPLE
from transforms.names.rules.watchlist import Company, Person, Topic, Watchlist
from transforms.text.fold import script_of

_ALWAYS, _BESIDE = "always", "beside the company or a word such as founder"


def register_of(watchlist: Watchlist) -> Register:
    """Return the register of *watchlist*, without the clauses and weights of topics."""
    return Register(
        rows=(
            *map(_company, watchlist.companies),
            *map(_person, watchlist.people),
            *map(_topic, watchlist.topics),
        ),
        names=(
            *(
                _name("company", alias.company_id, alias.text, alias.rule)
                for alias in watchlist.aliases
            ),
            *(
                _name(
                    "person", person.person_id, name, _BESIDE if person.common else _ALWAYS
                )
                for person in watchlist.people
                for name in person.names
            ),
            *(
                _name(topic.kind, topic.topic_id, term, rule)
                for topic in watchlist.topics
                for rule, terms in ((_ALWAYS, topic.terms), ("weak", topic.weak))
                for term in terms
            ),
        ),
        examples=(
            *(
                example
                for alias in watchlist.aliases
                for example in _examples(
                    "company", alias.company_id, alias.text, alias.examples
                )
            ),
            *(
                example
                for topic in watchlist.topics
                for example in _examples(topic.kind, topic.topic_id, "", topic.examples)
            ),
        ),
    )


def _company(company: Company) -> RegisterRow:
    return RegisterRow(
        kind="company",
        subject_id=company.company_id,
        name=company.name,
        name_zh=company.name_zh,
        company_kind=company.stored_kind,
        sector=company.sector,
        country=company.country,
        parent_id=company.parent_id,
        tickers=company.tickers,
        wikidata=company.wikidata,
    )


def _person(person: Person) -> RegisterRow:
    return RegisterRow(
        kind="person",
        subject_id=person.person_id,
        name=person.name,
        name_zh=person.name_zh,
        role=person.role,
        parent_id=person.company_id or None,
        since=person.since,
        until=person.until,
    )


def _topic(topic: Topic) -> RegisterRow:
    return RegisterRow(
        kind=topic.kind,
        subject_id=topic.topic_id,
        name=topic.name,
        name_zh=topic.name_zh,
        parent_id=topic.parent_id,
    )


def _name(kind: str, subject_id: str, name: str, rule: str) -> RegisterName:
    return RegisterName(
        kind=kind, subject_id=subject_id, name=name, script=script_of(name), rule=rule
    )


def _examples(
    kind: str, subject_id: str, name: str, examples: Iterable[str]
) -> Iterator[RegisterExample]:
    for example in examples:
        yield RegisterExample(
            kind=kind,
            subject_id=subject_id,
            name=name,
            example=example.removeprefix(COUNTER_EXAMPLE),
            counts=not example.startswith(COUNTER_EXAMPLE),
        )
