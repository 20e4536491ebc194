"""Topics, event types, scoring and the small sections of a watchlist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields
from typing import Any

from transforms.config import ConfigTable, ConfigText, did_you_mean, tables
from transforms.models import TopicKind
from transforms.models.measures import SIDES
from transforms.names.rules.companies import check_pattern, patterns_at
from transforms.names.rules.patterns import expand
from transforms.names.rules.watchlist import THEME, Clause, Scoring, Topic

REGEX = "re:"  # how a term says that it is a regular expression
COMPANY, REGULATOR = "@company", "@regulator"
_NAMED = (COMPANY, REGULATOR)  # who the watchlist names, in a clause
_TOPIC_KEYS = (
    "name",
    "zh",
    "parent",
    "terms",
    "weak",
    "not",
    "clauses",
    "threshold",
    "examples",
    "boards",
    "weight",
    "once",
    "measure",
    "sides",
)
_CLAUSE_KEYS = ("actor", "act", "object", "others", "not", "weak")
_WHOLE_NUMBERS = ("cap", "long_text", "long_cap")
_BOARDS: Mapping[TopicKind, tuple[str, ...]] = {
    "topic": (
        "crackdown",
        "overseas",
        "policy",
        "policy-china",
        "policy-us-eu",
    ),
    "event": ("crackdown", "money", "policy", "top-stories"),
}


def read_patterns(config: ConfigText, section: str) -> dict[str, str]:
    """Return the ``pattern`` of each table of a section: macros, credit lines."""
    found = {}
    for key, table in tables(config, section):
        table.only("pattern")
        found[key] = table.required("pattern")
        check_pattern(table, "pattern", found[key].replace("{A}", "A"))
    return found


def read_scoring(config: ConfigText, base: Scoring) -> Scoring:
    """Return *base*, overridden by the values of ``[scoring]`` in the file."""
    table = ConfigTable(config, (), config.data).inner("scoring", "write [scoring]")
    table.only(*(f.name for f in fields(Scoring)))
    said: dict[str, Any] = {key: table.number(key) for key in table.values}
    for key in _WHOLE_NUMBERS:
        if key in said:
            said[key] = _whole(table, key, said[key])
    return Scoring(**asdict(base) | said)


def read_topic(
    topic_id: str, kind: TopicKind, table: ConfigTable, macros: Mapping[str, str]
) -> Topic:
    """Return the topic, or the event type, of a ``[topic.<id>]`` or ``[event.<id>]``."""
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
        clauses=tuple(_clauses(table, macros)),
        threshold=table.number("threshold"),
        boards=_read_boards(table, kind),
        examples=table.strings("examples"),
        weight=table.weight("weight"),
        once=table.flag("once"),
        measure=table.flag("measure"),
        sides=_read_sides(table, kind),
    )


def _clauses(topic: ConfigTable, macros: Mapping[str, str]) -> Iterator[Clause]:
    for table in topic.inner_list("clauses", 'write [{ actor = "…", act = "…" }]'):
        yield _clause(table, macros)


def _clause(table: ConfigTable, macros: Mapping[str, str]) -> Clause:
    table.only(*_CLAUSE_KEYS)
    clause = Clause(
        actor=_part(table, "actor", macros),
        act=_part(table, "act", macros),
        object=_part(table, "object", macros),
        others=_part(table, "others", macros),
        excludes=patterns_at(table, "not", macros),
        weak=table.flag("weak"),
    )
    if not clause.act:
        raise table.error("act", "is missing", 'add act = ["…"]: what is done')
    if set(clause.act) & set(_NAMED):
        raise table.error(
            "act", "names who, not what is done", "move it to actor or object"
        )
    if clause.others and not clause.actor:
        raise table.error("others", "stands without an actor", 'add actor = ["…"]')
    return clause


def _part(table: ConfigTable, key: str, macros: Mapping[str, str]) -> tuple[str, ...]:
    """Return a part of a clause: patterns, macros, and who the watchlist names."""
    for source in table.strings(key):
        if source in _NAMED:
            continue
        if source.startswith("@"):
            remedy = did_you_mean(source, _NAMED) or f"write {' or '.join(_NAMED)}"
            raise table.error(key, f"names {source!r}, which does not exist", remedy)
        check_pattern(table, key, expand(source, macros))
    return table.strings(key)


def _terms(table: ConfigTable, key: str) -> tuple[str, ...]:
    terms = table.strings(key)
    for term in terms:
        if term.startswith(REGEX):
            check_pattern(table, key, term.removeprefix(REGEX))
    return terms


def _whole(table: ConfigTable, key: str, value: float) -> int:
    if value < 1 or value != int(value):
        raise table.error(key, f"is {value:g}", "write a whole number, 1 or more")
    return int(value)


def _read_boards(table: ConfigTable, kind: TopicKind) -> tuple[str, ...]:
    """Return the boards at ``boards``, in order and each once.

    Raises:
        ConfigError: A topic, or an event type, has no such board.
    """
    boards = table.strings("boards")
    for board in boards:
        # Themes are a beat's.
        is_theme = kind == "topic" and board.startswith(THEME)
        if not is_theme and board not in _BOARDS[kind]:
            known = f"the boards of {kind}s are {', '.join(_BOARDS[kind])}"
            remedy = did_you_mean(board, _BOARDS[kind]) or known
            raise table.error("boards", f"names {board!r}, which is not a board", remedy)
    return tuple(sorted(set(boards)))


def _read_sides(table: ConfigTable, kind: TopicKind) -> tuple[str, ...]:
    """Return the sides at ``sides``, each once.

    Raises:
        ConfigError: No act is read as of such a side, or it is an event type's.
    """
    sides = table.strings("sides")
    if sides and kind != "topic":
        raise table.error("sides", "is of topics", "remove it")
    for side in sides:
        if side not in SIDES:
            remedy = f"the sides are {', '.join(SIDES)}"
            raise table.error("sides", f"names {side!r}, which is not a side", remedy)
    return tuple(dict.fromkeys(sides))
