"""What goes by a name like one that is not there."""

from __future__ import annotations

from flows.web.errors import Near
from flows.web.reading import Reading
from transforms.config.text import nearest

NEAR = 5


def near_names(reading: Reading, room: str) -> list[Near]:
    """Return what goes by a name like the one asked for."""
    publication, words = reading.publication, reading.words
    asked = reading.ask.place["id"].strip().lower()
    ids = publication.entities if room == "companies" else publication.kinds
    known: dict[str, str] = {}
    for each in ids:
        known[each] = each
        for name in publication.names.get(each, ()):
            known.setdefault(name.lower(), each)
    found: dict[str, str] = {}
    for _ in range(NEAR):
        near = nearest(asked, known.keys() - found.keys())
        if not near:
            break
        found[near] = known[near]
    return [
        Near(path=f"/{room}/{each}", text=words.name(each))
        for each in dict.fromkeys(found.values())
    ]
