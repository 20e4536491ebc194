"""Tables of a configuration file: each key read by its type, or refused with a remedy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from transforms.config.text import ConfigError, ConfigText

_HEAVIEST = 100.0


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

    def choice(self, key: str, allowed: Iterable[str], default: str) -> str:
        """Return the text at *key*, one of *allowed*."""
        value = self.string(key, default)
        if value not in allowed:
            listed = ", ".join(allowed)
            raise self.error(key, f"is {value!r}", f"choose one of {listed}")
        return value


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
