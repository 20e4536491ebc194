"""Lay a home's file over the shipped one: ``extends = "default"`` and ``without``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from transforms.config.table import ConfigTable
from transforms.config.text import ConfigError, ConfigText, did_you_mean

EXTENDING = 'extends = "default"\n'
# What a file that may extend the shipped one says beside its sections.
EXTENDS_KEYS = ("extends", "without")


def read_base(config: ConfigText, default: str | None, *, name: str) -> ConfigText | None:
    """Return the shipped text that *config* extends, None where it stands alone.

    It is *default* less the entries that *config* names in ``without``, each as
    ``section.id``.

    Raises:
        ConfigError: There is nothing to extend, or no entry of such a name.
    """
    if not _extends(config):
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


def entries_of(data: Mapping[str, Any]) -> dict[tuple[str, str], Any]:
    """Return the tables ``[section.id]`` of a file by section and id."""
    return {
        (section, key): entry
        for section, entries in data.items()
        if isinstance(entries, dict)
        for key, entry in entries.items()
        if isinstance(entry, dict)
    }


def _extends(config: ConfigText) -> bool:
    extends = config.data.get("extends")
    if extends not in (None, "default"):
        raise config.error(
            ("extends",), f"is {extends!r}", 'write extends = "default" or leave it out'
        )
    return extends is not None


def _take_out(config: ConfigText, base: ConfigText) -> None:
    known = {f"{section}.{key}": (section, key) for section, key in entries_of(base.data)}
    for name in dict.fromkeys(ConfigTable(config, (), config.data).strings("without")):
        if name not in known:
            raise _unknown(config, name, list(known))
        section, key = known[name]
        del base.data[section][key]


def _unknown(config: ConfigText, name: str, known: list[str]) -> ConfigError:
    return ConfigError(
        config.source,
        f"[without] names {name!r}, which the shipped file does not have",
        did_you_mean(name, known) or "remove it",
        line=config.line_of(name, "without"),
    )
