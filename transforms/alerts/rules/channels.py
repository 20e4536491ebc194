"""Channels of alerts.toml: address, secrets, mail server, schedule and rate."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import parseaddr
from typing import get_args
from urllib.parse import urlsplit

from transforms.alerts.rules.values import (
    SCHEDULE_KEYS,
    check_id,
    read_language,
    read_rate,
    read_schedule,
    read_zone,
)
from transforms.config import ConfigTable, ConfigText, tables
from transforms.config.table import (
    HEADER_NAME,
    SECRET_HEADERS,
    Env,
    VariableNotSet,
    read_secret,
    read_value,
    resolve,
)
from transforms.models import Channel, Mail, Schedule, Security

# What every channel may say: whom it speaks to, and when.
_COMMON = ("type", "note", "language", "once", "rate", *SCHEDULE_KEYS)
# Keys that every channel may have, about what it sends.
_OURS = frozenset(
    {"content-type", "content-length", "host", "idempotency-key", "sinowire-signature"}
)
MAIL_KEYS = ("host", "port", "security", "user", "password", "from", "to")
_PORTS: Mapping[Security, int] = {"starttls": 587, "tls": 465, "none": 25}
_HIGHEST_PORT = 65_535

__all__ = ["ChannelKeys", "Env", "is_web", "read_channels"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelKeys:
    """Keys of channels of one type in alerts.toml.

    ``address`` is the key of the address, "" if the type has none; the error on an invalid
    address uses ``wrong`` and ``example``. ``secret`` is the key of a required secret,
    ``options`` are the other keys; an optional secret has the key ``secret`` there.
    """

    address: str = ""
    secret: str = ""
    options: tuple[str, ...] = ()
    fits: Callable[[str], bool] | None = None
    wrong: str = ""
    example: str = ""


Types = Mapping[str, ChannelKeys]


def read_channels(config: ConfigText, types: Types, env: Env) -> dict[str, Channel]:
    """Return the channels of the file by id; *types* are the known types by name.

    A channel that names an unset variable is marked as lacking it; the others work.

    Raises:
        ConfigError: A channel is wrong.
    """
    return {
        key: _channel(key, table, types, env) for key, table in tables(config, "channel")
    }


def _channel(channel_id: str, table: ConfigTable, types: Types, env: Env) -> Channel:
    check_id(table, channel_id)
    kind = table.required("type")
    if kind not in types:
        raise table.error("type", f"is {kind!r}", f"choose one of {', '.join(types)}")
    keys = types[kind]
    table.only(*_COMMON, *filter(None, (keys.address, keys.secret, *keys.options)))
    table.string("note")
    channel = Channel(
        channel_id=channel_id,
        type=kind,
        public=_public(table) if "url" in keys.options else "",
        private=table.flag("private"),
        language=read_language(table),
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


def is_web(address: str) -> bool:
    """Tell whether *address* is an http or https URL with a host."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


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
    headers = table.inner("headers", 'write { "X-Name" = "…" }')
    for name, raw in headers.values.items():
        if not HEADER_NAME.fullmatch(name) or name.lower() in _OURS:
            raise table.error("headers", f"cannot send {name!r}", "remove it")
        if isinstance(raw, str) and name.lower() in SECRET_HEADERS:
            raise table.error(
                "headers",
                f"holds a literal {name}",
                f'keep the secret in a variable: "{name}" = {{ env = "NAME" }}',
            )
        yield name, resolve(table, "headers", raw, env)


def read_mail(table: ConfigTable, env: Env) -> Mail:
    """Return the mail server and addresses of the channel at *table*.

    Raises:
        ConfigError: A key is missing or wrong.
    """
    known: tuple[Security, ...] = get_args(Security)
    security = table.choice("security", known, "starttls")
    user = read_value(table, "user", env) if "user" in table.values else ""
    password = read_secret(table, "password", env)
    if bool(user) != bool(password):
        key, other = ("user", "password") if user else ("password", "user")
        raise table.error(other, f"is missing beside {key}", "add it, or leave out both")
    if password and security == "none":
        raise table.error(
            "security", "would send the password in clear", 'write "starttls" or "tls"'
        )
    return Mail(
        host=_host(table, env),
        port=table.count("port", _PORTS[security], most=_HIGHEST_PORT),
        security=security,
        user=user,
        password=password,
        sender=_mailbox(table, "from", table.required("from")),
        to=_to(table),
    )


def _host(table: ConfigTable, env: Env) -> str:
    if "host" not in table.values:
        raise table.error("host", "is missing", 'add host = "smtp.example.com"')
    host = read_value(table, "host", env)
    if not host.isascii() or any(sign in host for sign in "/@ "):
        raise table.error("host", "is not the name of a server", "write smtp.example.com")
    return host


def _to(table: ConfigTable) -> tuple[str, ...]:
    listed = table.strings("to")
    if not listed:
        raise table.error("to", "is missing", 'add to = ["desk@example.com"]')
    return tuple(dict.fromkeys(_mailbox(table, "to", text) for text in listed))


def _mailbox(table: ConfigTable, key: str, text: str) -> str:
    """Return an address, with its name, as it can stand in a header."""
    name, spec = parseaddr(text)
    if text.isprintable() and spec.isascii() and "@" in spec:
        with suppress(ValueError, IndexError, MessageError):
            return str(Address(display_name=name, addr_spec=spec))
    raise table.error(key, f"is not an address: {text!r}", 'write "desk@example.com"')
