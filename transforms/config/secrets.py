"""Values from the environment: optional for settings, mandatory for secrets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from transforms.config.table import ConfigTable
from transforms.config.text import ConfigError

Env = Mapping[str, str]
# Headers that hold a secret by their nature; files are shared and committed.
SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie"})
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


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
