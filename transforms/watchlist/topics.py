"""Read ``[topic.<id>]``, ``[event.<id>]``, ``[scoring]`` and the small sections."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from transforms.config import ConfigText, Table, tables
from transforms.models import TopicKind
from transforms.watchlist.boards import read_boards
from transforms.watchlist.entities import Scoring, Topic
from transforms.watchlist.patterns import check_pattern

REGEX = "re:"  # how a term says that it is a regular expression
_TOPIC_KEYS = ("name", "zh", "parent", "terms", "weak", "not", "threshold", "boards")
_WHOLE_NUMBERS = ("cap", "long_text", "long_cap")


def read_topics(config: ConfigText, kind: TopicKind) -> dict[str, Topic]:
    """Return the topics, or the event types, of the file by id."""
    return {key: _topic(key, kind, table) for key, table in tables(config, kind)}


def read_patterns(config: ConfigText, section: str) -> dict[str, str]:
    """Return the ``pattern`` of each table of a section: macros, credit lines."""
    found = {}
    for key, table in tables(config, section):
        table.only("pattern")
        found[key] = table.required("pattern")
        check_pattern(table, "pattern", found[key].replace("{A}", "A"))
    return found


def read_priors(config: ConfigText) -> dict[str, dict[str, float]]:
    """Return by sector or company how much it speaks for which topics."""
    return {
        key: {topic_id: table.number(topic_id) or 0.0 for topic_id in table.values}
        for key, table in tables(config, "prior")
    }


def read_scoring(config: ConfigText, base: Scoring) -> Scoring:
    """Return *base* with what the file says differently."""
    values = config.data.get("scoring", {})
    if not isinstance(values, dict):
        raise config.error(("scoring",), "is not a table", "write [scoring]")
    table = Table(config, ("scoring",), values)
    table.only(*(f.name for f in fields(Scoring)))
    said: dict[str, Any] = {key: table.number(key) for key in values}
    for key in _WHOLE_NUMBERS:
        if key in said:
            said[key] = _whole(table, key, said[key])
    return Scoring(**asdict(base) | said)


def _topic(topic_id: str, kind: TopicKind, table: Table) -> Topic:
    table.only(*_TOPIC_KEYS)
    return Topic(
        topic_id=topic_id,
        kind=kind,
        name=table.required("name"),
        name_zh=table.string("zh"),
        parent_id=table.string("parent") or None,
        terms=_terms(table, "terms"),
        weak=_terms(table, "weak"),
        excludes=_terms(table, "not"),
        threshold=table.number("threshold"),
        boards=read_boards(table, kind),
    )


def _terms(table: Table, key: str) -> tuple[str, ...]:
    terms = table.strings(key)
    for term in terms:
        if term.startswith(REGEX):
            check_pattern(table, key, term.removeprefix(REGEX))
    return terms


def _whole(table: Table, key: str, value: float) -> int:
    if value < 1 or value != int(value):
        raise table.error(key, f"is {value:g}", "write a whole number, 1 or more")
    return int(value)
