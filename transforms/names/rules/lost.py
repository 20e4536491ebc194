"""References that a watchlist lost by what a beat over it took out or replaced."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from typing import Any

from transforms.names.rules.topics import THEME

_Path = tuple[str, ...]


def leave_out_lost(
    merged: dict[str, Any], own: Mapping[str, Any], boards: Container[str]
) -> None:
    """Remove from *merged* each reference to a missing entry, unless *own* makes it."""
    companies, topics, events = (
        _table(merged, section) for section in ("company", "topic", "event")
    )

    def leave_out(path: _Path, key: str, is_known: Callable[[Any], bool]) -> None:
        _leave_out(_table(merged, *path), _table(own, *path), key, is_known)

    for company_id in companies:
        leave_out(("company", company_id), "parent", lambda p: _id(p) in companies)
    for person_id in _table(merged, "person"):
        leave_out(("person", person_id), "company", lambda c: c in companies)
    for event_id in events:
        leave_out(("event", event_id), "parent", lambda e: e in events)
    for topic_id in topics:
        leave_out(("topic", topic_id), "parent", lambda t: t in topics)
        leave_out(("topic", topic_id), "boards", lambda b: not _is_theme(b) or b in boards)
    leave_out(("home",), "companies", lambda c: c in companies)
    sectors = {str(_table(companies, key).get("sector")) for key in companies}
    _leave_out_priors(merged, own, {*companies, *sectors, *events})


def _leave_out_priors(
    merged: Mapping[str, Any], own: Mapping[str, Any], speakers: Container[str]
) -> None:
    priors, topics = _table(merged, "prior"), _table(merged, "topic")
    for key in [*priors]:
        said = _table(own, "prior", key)
        if not said and key not in speakers:
            del priors[key]
            continue
        for topic_id in [*_table(priors, key)]:
            if topic_id not in topics and topic_id not in said:
                del priors[key][topic_id]


def _leave_out(
    entry: dict[str, Any], own: Mapping[str, Any], key: str, is_known: Callable[[Any], bool]
) -> None:
    value, said = entry.get(key), [*_items(own.get(key))]
    kept = [item for item in _items(value) if item in said or is_known(item)]
    if len(kept) == len([*_items(value)]):
        return
    if kept:
        entry[key] = kept
    else:
        del entry[key]


def _items(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        yield from value
    elif value is not None:
        yield value


def _id(parent: Any) -> str:
    return str(parent.get("id") if isinstance(parent, dict) else parent)


def _is_theme(board: Any) -> bool:
    return isinstance(board, str) and board.startswith(THEME)


def _table(data: Mapping[str, Any], *path: str) -> dict[str, Any]:
    """Return the table at *path*; an empty one where there is none."""
    found: Any = data
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}
