"""Change ``watchlist.toml`` without touching what people wrote around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import tomlkit

from transforms.config import ConfigError, ConfigText
from transforms.text import fold
from transforms.watchlist.entities import Alias

EXTENDING = 'extends = "default"\n'
_HEADER = re.compile(r"^[ \t]*+\[++([^\[\]\n]+)\]++[ \t]*+(?:#.*)?$", re.MULTILINE)


def add_counter_example(
    text: str, alias: Alias, sentence: str, *, exclusion: str = "", default: str = ""
) -> str:
    """Return *text* where *sentence* must not count for *alias*, nor what *exclusion* has.

    A company that only the shipped *default* has is copied from there first: an entry
    is overridden as a whole. The same example twice is one.

    Raises:
        ConfigError: Neither text has a table for the company.
    """
    text = _with_company(text, alias.company_id, default)
    start, end = _section(text, alias.company_id) or (0, len(text))

    def change(entry: Any) -> None:
        _append(entry, "examples", f"not: {sentence}")
        if exclusion:
            _append(entry, "not", exclusion)

    return text[:start] + _edited(text[start:end], alias, change) + text[end:]


def _with_company(text: str, company_id: str, default: str) -> str:
    if company_id in ConfigText(text, "watchlist.toml").data.get("company", {}):
        return text
    found = _section(default, company_id)
    if found is None:
        raise ConfigError(
            "watchlist.toml", f"has no [company.{company_id}]", "write that table first"
        )
    table = _without_end_comments(default[slice(*found)])
    return f"{text.rstrip()}\n\n{table}\n".lstrip()


def _section(text: str, company_id: str) -> tuple[int, int] | None:
    """Return where the company's table begins and ends; None if it has no header.

    A small piece is edited at once, and the rest of the file cannot change.
    """
    headers = [(h.start(), _names(h[1])) for h in _HEADER.finditer(text)]
    path = ["company", company_id]
    own = [n for n, (_, names) in enumerate(headers) if names[:2] == path]
    if not own or headers[own[0]][1] != path:
        return None
    after = own[-1] + 1
    return headers[own[0]][0], headers[after][0] if after < len(headers) else len(text)


def _without_end_comments(piece: str) -> str:
    """Return *piece* without the comments at its end, which are of the next table."""
    lines = piece.splitlines()
    while lines and lines[-1].lstrip()[:1] in ("", "#"):
        lines.pop()
    return "\n".join(lines)


def _names(path: str) -> list[str]:
    return [part.strip().strip("\"'") for part in path.split(".")]


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
