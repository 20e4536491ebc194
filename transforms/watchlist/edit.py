"""Change ``watchlist.toml`` without touching what people wrote around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import tomlkit

from transforms.config import ConfigError, ConfigText
from transforms.config.pieces import find_table
from transforms.text.fold import fold
from transforms.watchlist.entities import Alias


def add_counter_example(
    text: str, alias: Alias, sentence: str, *, exclusion: str = "", default: str = ""
) -> str:
    """Return *text* with *sentence* as a negative example of *alias*, and *exclusion*.

    To a company that only the shipped *default* has this one alias is added, and all else
    of it follows each update. The same example twice is one.

    Raises:
        ConfigError: Neither text has a table for the company.
    """
    text = _with_company(text, alias.company_id, default)
    # A small piece is edited at once, and the rest of the file cannot change.
    where = find_table(text, "company", alias.company_id) or slice(0, len(text))

    def change(entry: Any) -> None:
        _append(entry, "examples", f"not: {sentence}")
        if exclusion:
            _append(entry, "not", exclusion)

    return text[: where.start] + _edited(text[where], alias, change) + text[where.stop :]


def _with_company(text: str, company_id: str, default: str) -> str:
    if company_id in ConfigText(text, "watchlist.toml").data.get("company", {}):
        return text
    where = find_table(default, "company", company_id)
    if where is None:
        raise ConfigError(
            "watchlist.toml", f"has no [company.{company_id}]", "write that table first"
        )
    added = f'[company.{company_id}]\nextends = "default"\n'
    return f"{text.rstrip()}\n\n{added}".lstrip()


def _edited(piece: str, alias: Alias, change: Callable[[Any], None]) -> str:
    document: Any = tomlkit.parse(piece)
    company = document["company"][alias.company_id]
    if "aliases" not in company:
        company["aliases"] = tomlkit.array()
    change(_entry(company["aliases"], alias))
    return tomlkit.dumps(document)


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
