"""``/companies/ID``, ``/topics/ID``, ``/people/ID``: coverage by day, outlet and topic."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any

from flows.web.errors import Moved, NotFound
from flows.web.page import Page, PageView, Reading, hindsight
from flows.web.pages.subject_asked import FILTERS, KEPT, Asked, read_asked
from flows.web.pages.subject_parts import PARTS
from flows.web.pages.subjects import SubjectList
from transforms.names.match.people import names_pattern
from transforms.pages.words import Link, address_of
from transforms.search.named import NEAR_NAMES, NearName, near_params
from transforms.text.fold import search_text
from warehouse.queries import covered

KNOWN = frozenset({*FILTERS, *KEPT, "sort", "page", "as_of"})
NEAR = 12


def company_page(reading: Reading) -> PageView:
    """Return a company or body, with its brands and subsidiaries."""
    company_id = reading.ask.place["id"]
    if company_id not in reading.publication.entities:
        raise _absent(reading, reading.publication.entities, "company")
    ids = reading.publication.members(company_id)
    return _page(reading, "companies", company_id, "company", {"ids": ids})


def topic_page(reading: Reading) -> PageView:
    """Return a topic or event type."""
    topic_id = reading.ask.place["id"]
    kind = reading.publication.kinds.get(topic_id)
    if topic_id in reading.publication.twins:
        kind = reading.ask.one_of("kind", "topic", "event") or kind
    if kind is None:
        raise _absent(reading, reading.publication.kinds, "topic", "event")
    return _page(reading, "topics", topic_id, kind, {"id": topic_id, "kind": kind})


def person_page(reading: Reading) -> PageView:
    """Return a person of the watchlist: what is told of them beside their company."""
    person_id = reading.ask.place["id"]
    person = reading.publication.people.get(person_id)
    if person is None:
        raise _absent(reading, reading.publication.people, "person")
    whose = {
        "ids": [person.company_id],
        "company": person.company_id,
        "spelled": names_pattern(person),
    }
    return _page(reading, "people", person_id, "person", whose)


def _absent(reading: Reading, known: Container[str], *kinds: str) -> NotFound | Moved:
    """Return what to raise for an id that is not known, or known in small letters."""
    asked = reading.ask.place["id"]
    if asked.lower() in known:
        return Moved(address_of(kinds[0], asked.lower()))
    said = reading.words.word(f"none.{kinds[0]}", id=asked)
    texts = Link(
        text=reading.words.word("none.search_texts", q=asked),
        href=reading.words.href("/search", q=asked),
    )
    return NotFound(said, [*near_links(reading, *kinds), texts])


def near_names(reading: Reading, asked: Iterable[str]) -> list[NearName]:
    """Return the names that are, begin with or nearly are what was *asked*."""
    people = {key: each.names for key, each in reading.publication.people.items()}
    return reading.rows(NEAR_NAMES, **near_params(asked, people, NEAR))


def near_links(reading: Reading, *kinds: str) -> list[Link]:
    """Return links to subjects of some kinds with names like the requested one."""
    asked = search_text(reading.ask.place["id"])
    return [
        Link(
            text=reading.words.name(each.subject_id),
            href=address_of(each.kind, each.subject_id),
        )
        for each in near_names(reading, [asked])
        if each.kind in kinds
    ]


def _page(
    reading: Reading,
    section: SubjectList,
    subject_id: str,
    kind: str,
    whose: Mapping[str, Any],
) -> PageView:
    asked = read_asked(reading, section, subject_id, kind, whose)
    with reading.as_seen(hindsight(reading, asked.period.first, asked.period.last)):
        return _seen(asked)


def _seen(asked: Asked) -> PageView:
    con, name = asked.reading.con, asked.reading.words.name(asked.subject_id)
    with covered(con, asked.of, asked.params):
        parts = [part(asked) for part in PARTS]
    return PageView(
        template="subject.html.j2",
        title=name,
        section=asked.section,
        given={key: value for part in parts for key, value in part.given.items()},
        tables=[table for part in parts for table in part.tables],
        feed=[story for part in parts for story in part.feed],
        feed_title=name,
    )


PAGES = (
    Page(
        path="/companies/{id}",
        view=company_page,
        known=KNOWN,
        forms=("json", "csv", "atom"),
    ),
    Page(
        path="/people/{id}",
        view=person_page,
        # People stand on the pages of their companies.
        entry="/companies",
        known=KNOWN,
        forms=("json", "csv", "atom"),
    ),
    Page(path="/topics/{id}", view=topic_page, known=KNOWN, forms=("json", "csv", "atom")),
)
