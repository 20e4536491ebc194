"""Tables of a configuration file: each key read by its type, or refused with a remedy.

A file of the home may extend the shipped one, and its text is cut into tables. Values may
be those of variables of the environment; secrets have to be.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from transforms.config.text import ConfigError, ConfigText, did_you_mean

L = TypeVar("L", bound=str)
_HEAVIEST = 100.0
EXTENDING = 'extends = "default"\n'
# What a file that may extend the shipped one says beside its sections.
EXTENDS_KEYS = ("extends", "without")
_HEADER = re.compile(r"[ \t]*+\[++([^\[\]\n]++)\]++[ \t]*+(?:#.*)?$")
Env = Mapping[str, str]
# Headers that hold a secret by their nature; files are shared and committed.
SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie"})
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


@dataclass(frozen=True, slots=True)
class ConfigTable:
    """A table of the file with its path."""

    config: ConfigText
    path: tuple[str, ...]
    values: Mapping[str, Any]

    def only(self, *allowed: str) -> None:
        """Refuse any key that is not *allowed*."""
        if not self.values.keys() <= set(allowed):
            self.config.check_keys(self.values, allowed, self.path)

    def error(self, key: str, problem: str, remedy: str) -> ConfigError:
        """Return the error on *key*, with its line."""
        return self.config.error((*self.path, key), problem, remedy)

    def string(self, key: str, default: str = "") -> str:
        """Return the text at *key*."""
        value = self.values.get(key, default)
        if not isinstance(value, str):
            raise self.error(key, f"is {_kind(value)}", "write a text in quotes")
        return value

    def required(self, key: str) -> str:
        """Return the non-empty text at *key*."""
        value = self.string(key)
        if not value.strip():
            raise self.error(key, "is missing", f'add {key} = "…"')
        return value

    def strings(self, key: str) -> tuple[str, ...]:
        """Return the texts at *key*; a single text is a list of one."""
        value = self.values.get(key, [])
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(v, str) for v in listed):
            raise self.error(key, f"is {_kind(value)}", 'write a list of texts, ["…", "…"]')
        if not all(map(str.strip, listed)):
            raise self.error(key, "holds an empty text", "remove it")
        return tuple(listed)

    def number(self, key: str) -> float | None:
        """Return the number at *key*; None without one."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.error(key, f"is {_kind(value)}", "write a number")
        return float(value)

    def weight(self, key: str) -> float | None:
        """Return the number at *key*, if a weight may be it; None without one."""
        value = self.number(key)
        try:
            return None if value is None else weight_of(key, value)
        except ValueError as exc:
            raise self.error(key, f"is {value:g}", "write one within ±100") from exc

    def count(self, key: str, default: int, *, most: int | None = None) -> int:
        """Return the whole number at *key*, at least 1."""
        value = self.values.get(key, default)
        if not _is_count(value) or (most is not None and value > most):
            upto = f" to {most}" if most is not None else ""
            raise self.error(
                key, f"is {_kind(value)}", f"write a whole number from 1{upto}"
            )
        return int(value)

    def counts(self, key: str, *, least: int = 1) -> tuple[int, ...]:
        """Return the whole numbers at *key*, none below *least*; empty without any."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(_is_count(n, least) for n in value):
            remedy = f"write whole numbers from {least}, such as [5, 10]"
            raise self.error(key, f"is {value!r}", remedy)
        return tuple(value)

    def flag(self, key: str) -> bool:
        """Return the Boolean at *key*; False without one."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise self.error(key, f"is {_kind(value)}", "write true or false")
        return value

    def choice(self, key: str, allowed: Collection[L], default: L) -> L:
        """Return the text at *key*, one of *allowed*."""
        value = self.string(key, default)
        for each in allowed:
            if each == value:
                return each
        raise self.error(key, f"is {value!r}", f"choose one of {', '.join(allowed)}")

    def inner(self, key: str, write: str) -> ConfigTable:
        """Return the table at *key*, an empty one without it; *write* is the remedy."""
        values = self.values.get(key, {})
        if not isinstance(values, dict):
            raise self.error(key, "is not a table", write)
        return ConfigTable(self.config, (*self.path, key), values)

    def inner_list(self, key: str, write: str) -> list[ConfigTable]:
        """Return the tables of the list at *key*; *write* is the remedy."""
        listed = self.values.get(key, [])
        if not isinstance(listed, list) or not all(isinstance(v, dict) for v in listed):
            raise self.error(key, "is not a list of tables", write)
        return [ConfigTable(self.config, (*self.path, key), values) for values in listed]


def weight_of(name: str, value: object) -> float:
    """Return a *value* that a weight may be; beyond ±100 one would decide alone.

    Raises:
        ValueError: It is beyond, or no number.
    """
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not -_HEAVIEST <= value <= _HEAVIEST:  # type: ignore[operator]
        raise ValueError(f"{name} is {value!r}, which is no number within ±100")
    return float(value)  # type: ignore[arg-type]


def tables(config: ConfigText, section: str) -> Iterable[tuple[str, ConfigTable]]:
    """Yield the tables ``[section.<id>]``.

    Raises:
        ConfigError: The section, or an entry of it, is not a table.
    """
    entries = config.data.get(section, {})
    if not isinstance(entries, dict):
        raise config.error((section,), f"is {_kind(entries)}", f"write [{section}.<id>]")
    for key, values in entries.items():
        if not isinstance(values, dict):
            raise config.error(
                (section, key), f"is {_kind(values)}", f"write [{section}.{key}]"
            )
        yield key, ConfigTable(config, (section, key), values)


def _is_count(value: Any, least: int = 1) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _kind(value: Any) -> str:
    names = {str: "a text", list: "a list", dict: "a table", bool: "true or false"}
    return names.get(type(value), f"{value!r}")


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


class VariableNotSet(ConfigError):  # noqa: N818
    """A valid file names an environment variable that is not set."""


def read_value(table: ConfigTable, key: str, env: Env) -> str:
    """Return the text at *key*, or the value of the variable that it names.

    Raises:
        ConfigError: It is neither.
        VariableNotSet: The variable is not set.
    """
    return resolve(table, key, table.values.get(key), env)


def read_secret(table: ConfigTable, key: str, env: Env) -> str:
    """Return the value of the variable at *key*; "" without that key.

    Raises:
        ConfigError: The file contains the secret itself.
        VariableNotSet: The variable is not set.
    """
    if key not in table.values:
        return ""
    if isinstance(table.values[key], str):
        raise table.error(
            key,
            "is a literal secret",
            f'keep it in a variable: {key} = {{ env = "NAME" }}',
        )
    return read_value(table, key, env)


def resolve(table: ConfigTable, key: str, raw: Any, env: Env) -> str:
    """Return a literal, or the value of the variable that *raw* names.

    Raises:
        ConfigError: It is neither, or cannot be used; the value is not repeated.
        VariableNotSet: The variable is not set.
    """
    if name := variable_of(raw):
        value, what = env.get(name, ""), f"the variable {name}"
        if not value:
            wrong = table.error(
                key, f"names {what}, which is not set", f"set {name} in the environment"
            )
            raise VariableNotSet(wrong.source, wrong.problem, wrong.remedy, line=wrong.line)
    elif isinstance(raw, str) and raw.strip():
        value, what = raw, "it"
    else:
        raise table.error(
            key, "is neither a text nor a variable", 'write "…" or { env = "NAME" }'
        )
    if not value.isprintable():
        raise table.error(
            key, f"cannot be used: {what} holds control characters", "correct it"
        )
    return value.strip()


def variable_of(raw: Any) -> str:
    """Return the variable's name in ``{ env = "NAME" }``, else ""."""
    name = raw.get("env") if isinstance(raw, dict) and raw.keys() == {"env"} else None
    return name if isinstance(name, str) else ""
