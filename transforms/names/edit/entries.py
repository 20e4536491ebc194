"""Edits of ``watchlist.toml`` that preserve comments and layout."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import tomlkit

from transforms.config import ConfigError, ConfigText
from transforms.config.table import find_table
from transforms.names.rules.watchlist import Alias
from transforms.text.fold import fold


def add_counter_example(
    text: str, alias: Alias, sentence: str, *, exclusion: str = "", default: str = ""
) -> str:
    """Return *text* with *sentence* as a negative example of *alias*, and *exclusion*.

    A company that is only in the shipped *default* gets an entry with this one alias, and
    follows updates otherwise. A duplicate example is added once.

    Raises:
        ConfigError: Neither text has a table for the company.
    """

    def change(company: Any) -> None:
        entry = _entry(company.setdefault("aliases", tomlkit.array()), alias)
        _append(entry, "examples", f"not: {sentence}")
        if exclusion:
            _append(entry, "not", exclusion)

    return _edited(text, "company", alias.company_id, default, change)


def add_topic_exclusion(
    text: str,
    section: str,
    topic_id: str,
    words: Iterable[str],
    sentence: str,
    *,
    default: str = "",
) -> str:
    """Return *text* with *words* in ``not`` of a topic or event, and a negative example.

    Raises:
        ConfigError: Neither text has a table for it.
    """

    def change(topic: Any) -> None:
        for each in words:
            _append(topic, "not", each)
        _append(topic, "examples", f"not: {sentence}")

    return _edited(text, section, topic_id, default, change)


def _with_entry(text: str, section: str, key: str, default: str) -> str:
    """Return *text* with a table for the entry, which adds to the shipped one."""
    if key in ConfigText(text, "watchlist.toml").data.get(section, {}):
        return text
    if find_table(default, section, key) is None:
        raise ConfigError(
            "watchlist.toml", f"has no [{section}.{key}]", "write that table first"
        )
    added = f'[{section}.{key}]\nextends = "default"\n'
    return f"{text.rstrip()}\n\n{added}".lstrip()


def _edited(
    text: str, section: str, key: str, default: str, change: Callable[[Any], None]
) -> str:
    text = _with_entry(text, section, key, default)
    # A small piece is edited at once, and the rest of the file cannot change.
    where = find_table(text, section, key) or slice(0, len(text))
    document: Any = tomlkit.parse(text[where])
    change(document[section][key])
    return text[: where.start] + tomlkit.dumps(document) + text[where.stop :]


def _entry(aliases: Any, alias: Alias) -> Any:
    """Return the table of the alias, made of its text, or of a name not listed."""
    at = next(_places(aliases, alias), None)
    if at is None:
        aliases.append(_inline(alias.text))
        at = len(aliases) - 1
    elif isinstance(aliases[at], str):
        aliases[at] = _inline(str(aliases[at]))
    return aliases[at]


def _places(aliases: Any, alias: Alias) -> Iterator[int]:
    """Yield where the alias is listed, letter for letter first."""
    texts = [a if isinstance(a, str) else a.get("text", "") for a in aliases]
    folded = [fold(text).text.lower() for text in texts]
    wanted = fold(alias.text).text.lower()
    yield from (n for n, text in enumerate(texts) if text == alias.text)
    yield from (n for n, text in enumerate(folded) if text == wanted)


def _inline(text: str) -> Any:
    table = tomlkit.inline_table()
    table["text"] = text
    return table


def _append(entry: Any, key: str, value: str) -> None:
    """Add *value* to a list that may be missing, or be one text."""
    item = tomlkit.string(value, literal="\\" in value and "'" not in value)
    listed = entry.get(key, [])
    if isinstance(listed, str):
        entry[key] = [listed, item]
    elif key not in entry:
        entry[key] = [item]
    elif value not in listed:
        listed.append(item)
