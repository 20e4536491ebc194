"""Read a home's settings: environment first, then its ``sinowire.toml``, then defaults."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from flows.settings.settings import PREFIX, Settings
from transforms.config import ConfigError, ConfigText, decode_text
from transforms.config.secrets import resolve
from transforms.config.table import ConfigTable
from warehouse.lake.address import holds_password

FILE = "sinowire.toml"
# A secret stands in no file that is backed up, shared and committed.
NOT_IN_FILE = {"home", "translate_api_key", "web_token"}
# Former settings that nobody set, and what holds in their place.
RETIRED = {
    "per_host": "two fetches are in flight to one host at one time",
    "entries_per_poll": "a poll takes 2,000 new entries, the next ones the rest",
    "shard_size": "at most 1,000 feeds are committed together",
}


def load_settings(home: Path | None = None) -> Settings:
    """Return the settings of *home* (else ``SINOWIRE_HOME``, else this folder).

    Raises:
        ConfigError: A setting is unknown or out of range; names file or variable.
    """
    folder = home or Path(os.environ.get(f"{PREFIX}HOME") or ".")
    config = ConfigText(read_file(folder / FILE) or "", FILE)
    known = set(Settings.model_fields) - NOT_IN_FILE
    config.check_keys(config.data, known | RETIRED.keys(), ())
    given = {key: value for key, value in _resolved(config).items() if key in known}
    try:
        # The environment has the last word on everything but the home asked for.
        found = Settings(**given).model_copy(update={"home": folder})
    except ValidationError as exc:
        raise _config_error(config, exc) from exc
    if (found.warehouse is None) != (found.lake is None):
        name, other = ("warehouse", "lake") if found.lake is None else ("lake", "warehouse")
        raise config.error(
            (name,), f"stands alone: a lake needs {other} too", f"set {other}"
        )
    return found


def retired_settings(home: Path) -> Iterator[str]:
    """Yield a sentence for each former setting that file or environment still sets."""
    config = ConfigText(read_file(home / FILE) or "", FILE)
    for name, instead in RETIRED.items():
        if name in config.data:
            yield f"{FILE}:{config.line(name)}: {name} has no effect: {instead}"
        if (variable := f"{PREFIX}{name}".upper()) in os.environ:
            yield f"{variable} has no effect: {instead}"


def _resolved(config: ConfigText) -> dict[str, Any]:
    """Return what stands in the file, with the lake's catalog from its variable."""
    raw = config.data.get("warehouse")
    if raw is None:
        return config.data
    table = ConfigTable(config, (), config.data)
    if isinstance(raw, str) and holds_password(raw):
        raise table.error(
            "warehouse",
            "holds a literal secret",
            'keep it in a variable, warehouse = { env = "NAME" }, or in the file of '
            "PGPASSFILE",
        )
    return config.data | {"warehouse": resolve(table, "warehouse", raw, os.environ)}


def read_file(path: Path) -> str | None:
    """Return the text of a file that people edit, None where there is none.

    Raises:
        ConfigError: It cannot be read, or is not UTF-8 text; names the line.
    """
    try:
        return decode_text(path.read_bytes(), str(path))
    except FileNotFoundError:
        return None
    except IsADirectoryError as exc:
        raise ConfigError(
            str(path), "is a folder", "move it aside and save a file of that name"
        ) from exc
    except OSError as exc:
        raise ConfigError(
            str(path), f"cannot be read: {exc.strerror}", "run as its owner"
        ) from exc


def _config_error(config: ConfigText, exc: ValidationError) -> ConfigError:
    problem = exc.errors()[0]
    name = str(problem["loc"][0])
    variable = f"{PREFIX}{name}".upper()
    message = problem["msg"].removeprefix("Value error, ")
    allowed = Settings.model_fields[name].description or ""
    if variable in os.environ:
        return ConfigError(variable, f"environment variable is wrong: {message}", allowed)
    return config.error((name,), f"is wrong: {message}", allowed)
