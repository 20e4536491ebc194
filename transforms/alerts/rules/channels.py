"""Read ``[channel.<id>]``: where alerts go."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlsplit

from transforms.alerts.rules.mail import MAIL_KEYS, read_mail
from transforms.alerts.rules.timing import (
    SCHEDULE_KEYS,
    read_rate,
    read_schedule,
    read_zone,
)
from transforms.config import ConfigTable, ConfigText, tables
from transforms.config.secrets import (
    HEADER_NAME,
    SECRET_HEADERS,
    Env,
    VariableNotSet,
    read_secret,
    read_value,
    resolve,
)
from transforms.models import Channel, Schedule

__all__ = ["ChannelKeys", "Env", "check_id", "is_web", "read_channels"]

# What every channel may say: whom it speaks to, and when.
_COMMON = ("type", "note", "language", "once", "rate", *SCHEDULE_KEYS)
_LANGUAGES: tuple[Literal["en", "zh"], ...] = ("en", "zh")
# Ids appear in messages, tables and commands.
ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
# Keys that every channel may have, about what it sends.
_OURS = frozenset(
    {"content-type", "content-length", "host", "idempotency-key", "sinowire-signature"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelKeys:
    """What channels of one type may say in alerts.toml.

    ``address`` is the key of where they lead, "" where they lead nowhere else; an address
    that does not fit is told what is ``wrong`` with it, and an ``example``. ``secret`` is
    the key of a secret that they need, ``options`` are their other keys; a secret that
    they may do without is called just that.
    """

    address: str = ""
    secret: str = ""
    options: tuple[str, ...] = ()
    fits: Callable[[str], bool] | None = None
    wrong: str = ""
    example: str = ""


Types = Mapping[str, ChannelKeys]


def read_channels(config: ConfigText, types: Types, env: Env) -> dict[str, Channel]:
    """Return the channels of the file by id; *types* are those that there are, by name.

    One that names a variable which is not set lacks it, and costs nothing else.

    Raises:
        ConfigError: A channel is wrong.
    """
    return {
        key: _channel(key, table, types, env) for key, table in tables(config, "channel")
    }


def _channel(channel_id: str, table: ConfigTable, types: Types, env: Env) -> Channel:
    check_id(table, channel_id)
    kind = _kind(table, types)
    keys = types[kind]
    table.only(*_COMMON, *filter(None, (keys.address, keys.secret, *keys.options)))
    table.string("note")
    channel = Channel(
        channel_id=channel_id,
        type=kind,
        public=_public(table) if "url" in keys.options else "",
        private=table.flag("private"),
        language=_language(table),
        zone=read_zone(table),
        schedule=read_schedule(table) or Schedule(),
        rate=read_rate(table),
        once=table.flag("once"),
    )
    try:
        return replace(
            channel,
            address=_address(kind, keys, table, env),
            headers=tuple(_headers(table, env)),
            secret=_secret(keys, table, env),
            mail=read_mail(table, env) if keys.options == MAIL_KEYS else None,
            proxy=_proxy(table, env),
        )
    except VariableNotSet as exc:
        return replace(channel, lacks=str(exc))


def check_id(table: ConfigTable, key: str) -> None:
    """Refuse an id that would not read well in a command."""
    if not ID.fullmatch(key):
        raise table.config.error(
            table.path,
            f"has the id {key!r}",
            "use small letters, digits, - and _, 64 at most",
        )


def is_web(address: str) -> bool:
    """Tell whether *address* is one of the web."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _kind(table: ConfigTable, types: Types) -> str:
    value = table.required("type")
    if value not in types:
        raise table.error("type", f"is {value!r}", f"choose one of {', '.join(types)}")
    return value


def _language(table: ConfigTable) -> Literal["en", "zh"]:
    value = table.choice("language", _LANGUAGES, "en")
    return next(each for each in _LANGUAGES if each == value)


def _address(kind: str, keys: ChannelKeys, table: ConfigTable, env: Env) -> str:
    key = keys.address
    if not key:
        return ""
    if key not in table.values:
        raise table.error(
            key, "is missing", f'add {key} = "…" or {key} = {{ env = "NAME" }}'
        )
    address = read_value(table, key, env)
    if keys.fits and not keys.fits(address):
        wrong = keys.wrong or f"is not an address of {kind}"
        raise table.error(key, wrong, f"write {keys.example}")
    return address


def _secret(keys: ChannelKeys, table: ConfigTable, env: Env) -> str:
    if keys.secret and keys.secret not in table.values:
        remedy = f'add {keys.secret} = {{ env = "NAME" }}'
        raise table.error(keys.secret, "is missing", remedy)
    return read_secret(table, keys.secret or "secret", env)


def _public(table: ConfigTable) -> str:
    url = table.string("url")
    if url and not is_web(url):
        raise table.error("url", "is not an http(s) address", "write https://host/folder")
    return url


def _proxy(table: ConfigTable, env: Env) -> str:
    if "proxy" not in table.values:
        return ""
    proxy = read_value(table, "proxy", env)
    if not is_web(proxy):
        raise table.error("proxy", "is not an http(s) proxy", "write http://host:port")
    return proxy


def _headers(table: ConfigTable, env: Env) -> Iterator[tuple[str, str]]:
    headers = table.values.get("headers", {})
    if not isinstance(headers, dict):
        raise table.error("headers", "is not a table", 'write { "X-Name" = "…" }')
    for name, raw in headers.items():
        if not HEADER_NAME.fullmatch(name) or name.lower() in _OURS:
            raise table.error("headers", f"cannot send {name!r}", "remove it")
        if isinstance(raw, str) and name.lower() in SECRET_HEADERS:
            raise table.error(
                "headers",
                f"holds a literal {name}",
                f'keep the secret in a variable: "{name}" = {{ env = "NAME" }}',
            )
        yield name, resolve(table, "headers", raw, env)
