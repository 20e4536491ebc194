"""Files of a beat laid over those of the beat that it extends, entry by entry."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Container, Iterator, Mapping
from typing import Any

from transforms.config.table import EXTENDS_KEYS, ConfigTable, extends_default
from transforms.config.text import ConfigText, did_you_mean
from transforms.names.rules.watchlist import THEME
from transforms.text.fold import fold

_KEY = "extends"
_BARE = re.compile(r"[\w-]+", re.ASCII)
_Path = tuple[str, ...]


def laid_over(own: str, base: str, source: str) -> str:
    """Return *own* merged into *base* if it says ``extends = "default"``, else *own*.

    Tables are merged by key, and an entry that says ``extends = "default"`` too adds its
    lists to those below. ``without`` takes out ``section`` or ``section.entry``.

    Raises:
        ConfigError: It is not TOML, extends anything else, or takes out what is not there.
    """
    config = ConfigText(own, source)
    return "".join(_lines(_merged(config, base))) if extends_default(config) else own


def watchlist_over(own: str, base: str, source: str, boards: Container[str]) -> str:
    """Return a watchlist laid over *base* as :func:`laid_over` does, ``[home]`` as a whole.

    Entries of *base* go on without what is no longer there: an entry that *own* took out,
    or a board of a theme that is none of *boards*. What *own* says itself stays, right or
    wrong.
    """
    config = ConfigText(own, source)
    if not extends_default(config):
        return own
    merged = _merged(config, base)
    home = config.data.get("home")
    if isinstance(home, dict) and not _extends(home):
        merged["home"] = home
    leave_out_lost(merged, config.data, boards)
    return "".join(_lines(merged))


def added(below: Any, own: Any) -> Any:
    """Return the list *below* with the new items of *own*; *own* if that is no list."""
    if not isinstance(own, list):
        return own
    before = below if isinstance(below, list) else [below] if below else []
    known = {item for item in before if isinstance(item, str)}
    return [
        *before,
        *(i for i in own if (i not in known if isinstance(i, str) else i not in before)),
    ]


def over(below: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry that extends the one *below*."""
    entry = dict(below)
    for key, value in own.items():
        if key == _KEY:
            continue
        if key == "aliases" and isinstance(value, list):
            entry[key] = _with_aliases(entry.get(key, []), value)
        else:
            entry[key] = added(entry.get(key), value)
    return entry


def _merged(config: ConfigText, base: str) -> dict[str, Any]:
    below = tomllib.loads(base)
    for name in ConfigTable(config, (), config.data).strings("without"):
        _take_out(config, below, name)
    above = {k: v for k, v in config.data.items() if k not in EXTENDS_KEYS}
    return below | {key: _over(below.get(key), value) for key, value in above.items()}


def _with_aliases(shipped: list[Any], own: list[Any]) -> list[Any]:
    aliases = list(shipped)
    for alias in own:
        at = next((n for n, a in enumerate(aliases) if _text(a) == _text(alias)), None)
        if at is None:
            aliases.append(alias)
        elif isinstance(alias, dict):
            before = aliases[at] if isinstance(aliases[at], dict) else {"text": aliases[at]}
            aliases[at] = before | {k: added(before.get(k), v) for k, v in alias.items()}
    return aliases


def _text(alias: Any) -> Any:
    """Return what an alias is told apart by; what is none is told by the reader."""
    text = alias.get("text", "") if isinstance(alias, dict) else alias
    return fold(text).text.lower() if isinstance(text, str) else text


def _over(below: Any, own: Any) -> Any:
    if not isinstance(own, dict):
        return own
    if own.get(_KEY) == "default":
        return over(below if isinstance(below, dict) else {}, own)
    if not isinstance(below, dict):
        return {key: _over(None, value) for key, value in own.items()}
    return below | {
        key: _over(below.get(key), value) if _extends(value) else value
        for key, value in own.items()
    }


def _extends(value: Any) -> bool:
    return isinstance(value, dict) and value.get(_KEY) == "default"


def _take_out(config: ConfigText, below: dict[str, Any], name: str) -> None:
    section, _, key = name.partition(".")
    table = below.get(section)
    known = [
        *below,
        *(f"{s}.{k}" for s, t in below.items() if isinstance(t, dict) for k in t),
    ]
    if name not in known:
        remedy = did_you_mean(name, known) or "remove it"
        raise config.error(("without",), f"names {name!r}, which is not below", remedy)
    if key and isinstance(table, dict):
        del table[key]
        return
    # Of a section that is taken out, what an own entry extends is left for it.
    own = config.data.get(section)
    extending = {k for k, v in own.items() if _extends(v)} if isinstance(own, dict) else ()
    below[section] = {k: v for k, v in below[section].items() if k in extending}
    if not below[section]:
        del below[section]


def _lines(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield TOML: a table a section, and one an entry, as people write them."""
    yield from _plain(data)
    for section, table in _tables(data):
        if len(plain := list(_plain(table))) or not table:
            yield from (f"\n[{_name(section)}]\n", *plain)
        for key, entry in _tables(table):
            yield f"\n[{_name(section)}.{_name(key)}]\n"
            yield from (f"{_name(k)} = {_value(v)}\n" for k, v in entry.items())


def _plain(table: Mapping[str, Any]) -> Iterator[str]:
    for key, value in table.items():
        if not isinstance(value, dict):
            yield f"{_name(key)} = {_value(value)}\n"


def _tables(table: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield from ((key, value) for key, value in table.items() if isinstance(value, dict))


def _name(key: str) -> str:
    return key if _BARE.fullmatch(key) else json.dumps(key, ensure_ascii=False)


def _value(value: Any) -> str:
    if isinstance(value, dict):
        inside = ", ".join(f"{_name(k)} = {_value(v)}" for k, v in value.items())
        return f"{{ {inside} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, str | bool):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def forget_lost(
    below: dict[str, Any], above: Mapping[str, Any], own: Mapping[str, Any]
) -> None:
    """Remove references to missing entries from what stands *below* and is not *above*.

    Entries *above* lose those that they have from below, and keep what *own* says.
    """
    sections = ("company", "person", "topic", "event", "prior")
    merged = {s: _table(below, s) | _table(above, s) for s in sections}
    merged["home"] = _table(above if "home" in above else below, "home")
    leave_out_lost(merged, own)
    priors = merged["prior"].items()
    below["prior"] = {k: prior for k, prior in priors if k not in _table(above, "prior")}


def leave_out_lost(
    merged: dict[str, Any], own: Mapping[str, Any], boards: Container[str] | None = None
) -> None:
    """Remove from *merged* each reference to a missing entry, unless *own* makes it.

    So are boards of themes that are none of *boards*, if these are known.
    """
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
        if boards is not None:
            leave_out(
                ("topic", topic_id), "boards", lambda b: not _is_theme(b) or b in boards
            )
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
