"""Read ``[channel.<id>]``: where alerts go."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from transforms.config import ConfigText
from transforms.models import Channel
from transforms.watchlist.values import Table, tables

Env = Mapping[str, str]
Kind = Literal["console", "file", "webhook", "apprise"]

# What each type may say besides its type and a note; the first is its address.
_KEYS: Mapping[str, tuple[str, ...]] = {
    "console": (),
    "file": ("path",),
    "webhook": ("url", "headers", "private"),
    "apprise": ("url",),
}
# Ids stand in messages, tables and commands.
ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie"})
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# What a channel says itself about what it sends.
_OURS = frozenset({"content-type", "content-length", "host", "idempotency-key"})


def read_channels(config: ConfigText, env: Env) -> dict[str, Channel]:
    """Return the channels of the file by id.

    Raises:
        ConfigError: A channel is wrong, or the variable that it names is not set.
    """
    return {key: _channel(key, table, env) for key, table in tables(config, "channel")}


def _channel(channel_id: str, table: Table, env: Env) -> Channel:
    check_id(table, channel_id)
    kind = _kind(table)
    table.only("type", "note", *_KEYS[kind])
    table.string("note")
    return Channel(
        channel_id=channel_id,
        type=kind,
        address=_address(kind, table, env),
        headers=tuple(_headers(table, env)),
        private=table.flag("private"),
    )


def check_id(table: Table, key: str) -> None:
    """Refuse an id that would not read well in a command."""
    if not ID.fullmatch(key):
        raise table.config.error(
            table.path,
            f"has the id {key!r}",
            "use small letters, digits, - and _, 64 at most",
        )


def _kind(table: Table) -> Kind:
    known: tuple[Kind, ...] = get_args(Kind)
    value = table.required("type")
    for kind in known:
        if value == kind:
            return kind
    raise table.error("type", f"is {value!r}", f"choose one of {', '.join(known)}")


def _address(kind: Kind, table: Table, env: Env) -> str:
    if not (keys := _KEYS[kind]):
        return ""
    key = keys[0]
    if key not in table.values:
        raise table.error(
            key, "is missing", f'add {key} = "…" or {key} = {{ env = "NAME" }}'
        )
    address = _value(table, key, table.values[key], env)
    if kind == "webhook" and not _is_web(address):
        raise table.error(
            key, "is not an http(s) address", "write https://host/path, or the variable"
        )
    return address


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _headers(table: Table, env: Env) -> Iterator[tuple[str, str]]:
    headers = table.values.get("headers", {})
    if not isinstance(headers, dict):
        raise table.error("headers", "is not a table", 'write { "X-Name" = "…" }')
    for name, raw in headers.items():
        if not _HEADER_NAME.fullmatch(name) or name.lower() in _OURS:
            raise table.error("headers", f"cannot send {name!r}", "remove it")
        if isinstance(raw, str) and name.lower() in _SECRET_HEADERS:
            raise table.error(
                "headers",
                f"holds a literal {name}",
                f'keep the secret in a variable: "{name}" = {{ env = "NAME" }}',
            )
        yield name, _value(table, "headers", raw, env)


def _value(table: Table, key: str, raw: Any, env: Env) -> str:
    """Return a literal, or what the variable that *raw* names holds."""
    name = raw.get("env") if isinstance(raw, dict) and raw.keys() == {"env"} else None
    if isinstance(name, str) and name:
        value, what = env.get(name, ""), f"the variable {name}"
        if not value:
            raise table.error(
                key, f"names {what}, which is not set", f"set {name} in the environment"
            )
    elif isinstance(raw, str) and raw.strip():
        value, what = raw, "it"
    else:
        raise table.error(
            key, "is neither a text nor a variable", 'write "…" or { env = "NAME" }'
        )
    if not value.isprintable():
        raise table.error(
            key, f"cannot be used: {what} holds control characters", "mend it"
        )
    return value.strip()
