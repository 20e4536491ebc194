"""Lay an entry of a home over the shipped one: ``extends = "default"`` within an entry.

What it does not say is as shipped, and follows each update; its lists are added to the
shipped ones, and an alias of a text that is listed is added to that alias.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from transforms.config import ConfigText
from transforms.config.extends import entries_of
from transforms.text.fold import fold

Entry = Mapping[str, Any]

_KEY = "extends"
_SECTIONS = ("company", "topic", "event")
_ALIASES = "aliases"


def adds(own: Entry) -> bool:
    """Tell whether an entry of a parsed file is laid over the shipped one."""
    return next(_adding(own), None) is not None


def laid_over(config: ConfigText, shipped: Entry) -> dict[str, Any]:
    """Return the parsed file with each such entry whole.

    Raises:
        ConfigError: An entry extends what is not there.
    """
    theirs = entries_of(shipped)
    filled = dict(config.data)
    for section, key in _adding(config.data):
        entry = config.data[section][key]
        path = (section, key, _KEY)
        if entry[_KEY] != "default":
            raise config.error(
                path, f"is {entry[_KEY]!r}", 'write extends = "default" or leave it out'
            )
        if (section, key) not in theirs:
            raise config.error(
                path, "has no shipped entry to extend", "leave it out, and write it whole"
            )
        whole = _over(theirs[section, key], entry)
        filled[section] = filled[section] | {key: whole}
    return filled


def _adding(own: Entry) -> Iterator[tuple[str, str]]:
    for (section, key), entry in entries_of(own).items():
        if section in _SECTIONS and _KEY in entry:
            yield section, key


def _over(shipped: Entry, own: Entry) -> dict[str, Any]:
    made = dict(shipped)
    for key, value in own.items():
        if key == _KEY:
            continue
        if key == _ALIASES and isinstance(value, list):
            made[key] = _with_aliases(made.get(key, []), value)
        else:
            made[key] = _added(made.get(key), value)
    return made


def _added(shipped: Any, own: Any) -> Any:
    """Return a list with what is new in *own*; of anything else *own* counts."""
    if not isinstance(own, list):
        return own
    before = shipped if isinstance(shipped, list) else [shipped] if shipped else []
    return [*before, *(item for item in own if item not in before)]


def _with_aliases(shipped: list[Any], own: list[Any]) -> list[Any]:
    made = list(shipped)
    for alias in own:
        at = next((n for n, a in enumerate(made) if _text(a) == _text(alias)), None)
        if at is None:
            made.append(alias)
        elif isinstance(alias, dict):
            before = made[at] if isinstance(made[at], dict) else {"text": made[at]}
            made[at] = before | {k: _added(before.get(k), v) for k, v in alias.items()}
    return made


def _text(alias: Any) -> Any:
    """Return what an alias is told apart by; what is none is told by the reader."""
    text = alias.get("text", "") if isinstance(alias, dict) else alias
    return fold(text).text.lower() if isinstance(text, str) else text
