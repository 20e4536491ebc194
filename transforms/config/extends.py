"""Home files that extend the shipped ones, and their text cut into tables."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from transforms.config.table import ConfigTable
from transforms.config.text import ConfigError, ConfigText, did_you_mean

EXTENDING = 'extends = "default"\n'
# What a file that may extend the shipped one says beside its sections.
EXTENDS_KEYS = ("extends", "without")
_HEADER = re.compile(r"[ \t]*+\[++([^\[\]\n]++)\]++[ \t]*+(?:#.*)?$")


def read_base(config: ConfigText, default: str | None, *, name: str) -> ConfigText | None:
    """Return the shipped text that *config* extends; None if it stands alone.

    It is *default* without the entries listed in ``without`` of *config*, as
    ``section.id``.

    Raises:
        ConfigError: No text to extend, or no entry of that name.
    """
    if not extends_default(config):
        if "without" in config.data:
            remedy = 'write extends = "default" above it, or remove it'
            raise config.error(("without",), "has nothing to take out", remedy)
        return None
    if default is None:
        raise config.error(
            ("extends",), "has nothing to extend here", "leave it out in this file"
        )
    base = ConfigText(default, f"the shipped {name}", is_shipped=True)
    _take_out(config, base)
    return base


def extends_default(config: ConfigText) -> bool:
    """Tell whether *config* extends the shipped file.

    Raises:
        ConfigError: It says that it extends anything else.
    """
    extends = config.data.get("extends")
    if extends not in (None, "default"):
        raise config.error(
            ("extends",), f"is {extends!r}", 'write extends = "default" or leave it out'
        )
    return extends is not None


def entries_of(data: Mapping[str, Any]) -> dict[tuple[str, str], Any]:
    """Return the tables ``[section.id]`` of a file by section and id."""
    return {
        (section, key): entry
        for section, entries in data.items()
        if isinstance(entries, dict)
        for key, entry in entries.items()
        if isinstance(entry, dict)
    }


def _take_out(config: ConfigText, base: ConfigText) -> None:
    known = {f"{section}.{key}": (section, key) for section, key in entries_of(base.data)}
    for name in dict.fromkeys(ConfigTable(config, (), config.data).strings("without")):
        if name not in known:
            raise ConfigError(
                config.source,
                f"[without] names {name!r}, which the shipped file does not have",
                did_you_mean(name, list(known)) or "remove it",
                line=config.line_of(name, "without"),
            )
        section, key = known[name]
        del base.data[section][key]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Source text of a table; the path is empty before the first table.

    *lead* are the blank lines and comments above it, *text* ends with its last line of
    content.
    """

    path: tuple[str, ...]
    lead: str
    text: str


def cut(text: str) -> Iterator[Piece]:
    """Yield the tables of a valid TOML text in order.

    Text after the last table is the lead of a final piece without a text.
    """
    lead = ""
    for table in _tables(text.splitlines(keepends=True)):
        end = _end(table)
        yield Piece(path=_path(table), lead=lead, text="".join(table[:end]))
        lead = "".join(table[end:])
    yield Piece(path=(), lead=lead, text="")


def find_table(text: str, *path: str) -> slice | None:
    """Return the slice of the table at *path* with its subtables; None if missing."""
    at, found = 0, None
    for piece in cut(text):
        start, at = at + len(piece.lead), at + len(piece.lead) + len(piece.text)
        if piece.path == path or (found and piece.path[: len(path)] == path):
            found = slice(found.start if found else start, at)
    return found


def _tables(lines: list[str]) -> Iterator[list[str]]:
    """Yield the lines from each header to the next.

    A line inside a multi-line value may look like a header; it is not one, since the lines
    before it are not valid TOML.
    """
    table: list[str] = []
    for line in lines:
        if _HEADER.match(line) and _is_whole("".join(table)):
            yield table
            table = []
        table.append(line)
    yield table


def _is_whole(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _end(table: list[str]) -> int:
    """Return the number of lines up to the last that is neither blank nor a comment."""
    said = (
        n
        for n, line in enumerate(table, 1)
        if not line.lstrip().startswith("#") and not line.isspace()
    )
    return max(said, default=0)


def _path(table: list[str]) -> tuple[str, ...]:
    found = _HEADER.match(table[0]) if table else None
    return tuple(part.strip().strip("\"'") for part in found[1].split(".")) if found else ()
