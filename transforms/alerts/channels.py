"""Read ``[channel.<id>]``: where alerts go."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal, get_args
from urllib.parse import urlsplit

from transforms.alerts.mail import MAIL_KEYS, read_mail
from transforms.alerts.services import SERVICES, belongs
from transforms.alerts.timing import SCHEDULE_KEYS, read_rate, read_schedule, read_zone
from transforms.config import ConfigText, Table, tables
from transforms.config.secrets import (
    HEADER_NAME,
    SECRET_HEADERS,
    Env,
    read_secret,
    read_value,
    resolve,
)
from transforms.models import Channel, ChannelType, Schedule

__all__ = ["Env", "check_id", "read_channels"]

# What every channel may say: whom it speaks to, and when.
_COMMON = ("type", "note", "language", "once", "rate", *SCHEDULE_KEYS)
# What each type may say besides; the first is its address.
_KEYS: Mapping[ChannelType, tuple[str, ...]] = {
    "console": (),
    "file": ("path",),
    "feed": ("path", "url"),
    "webhook": ("url", "headers", "secret", "private", "proxy"),
    "email": MAIL_KEYS,
    "slack": ("url", "proxy"),
    "feishu": ("url", "secret", "proxy"),
    "dingtalk": ("url", "secret", "proxy"),
    "wecom": ("url", "proxy"),
    "telegram": ("url", "proxy"),
    "teams": ("url", "proxy"),
    "discord": ("url", "proxy"),
    "ntfy": ("url", "private", "proxy"),
    "apprise": ("url", "private", "proxy"),
    "prefect-block": ("block",),
    "prefect-event": (),
}
_LANGUAGES: tuple[Literal["en", "zh"], ...] = ("en", "zh")
# Ids stand in messages, tables and commands.
ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
# What a channel says itself about what it sends.
_OURS = frozenset(
    {"content-type", "content-length", "host", "idempotency-key", "sinowire-signature"}
)
# A block's type and its name, as Prefect writes them.
_BLOCK = re.compile(r"[a-z0-9-]+/[a-z0-9-]+")


def read_channels(config: ConfigText, env: Env) -> dict[str, Channel]:
    """Return the channels of the file by id.

    Raises:
        ConfigError: A channel is wrong, or the variable that it names is not set.
    """
    return {key: _channel(key, table, env) for key, table in tables(config, "channel")}


def _channel(channel_id: str, table: Table, env: Env) -> Channel:
    check_id(table, channel_id)
    kind = _kind(table)
    table.only(*_COMMON, *_KEYS[kind])
    table.string("note")
    return Channel(
        channel_id=channel_id,
        type=kind,
        address=_address(kind, table, env),
        headers=tuple(_headers(table, env)),
        secret=read_secret(table, "secret", env),
        mail=read_mail(table, env) if kind == "email" else None,
        public=_public(table) if kind == "feed" else "",
        private=table.flag("private"),
        proxy=_proxy(table, env),
        language=_language(table),
        zone=read_zone(table),
        schedule=read_schedule(table) or Schedule(),
        rate=read_rate(table),
        once=table.flag("once"),
    )


def check_id(table: Table, key: str) -> None:
    """Refuse an id that would not read well in a command."""
    if not ID.fullmatch(key):
        raise table.config.error(
            table.path,
            f"has the id {key!r}",
            "use small letters, digits, - and _, 64 at most",
        )


def _kind(table: Table) -> ChannelType:
    known: tuple[ChannelType, ...] = get_args(ChannelType)
    value = table.required("type")
    for kind in known:
        if value == kind:
            return kind
    raise table.error("type", f"is {value!r}", f"choose one of {', '.join(known)}")


def _language(table: Table) -> Literal["en", "zh"]:
    value = table.choice("language", _LANGUAGES, "en")
    return next(each for each in _LANGUAGES if each == value)


def _address(kind: ChannelType, table: Table, env: Env) -> str:
    if kind == "email" or not (keys := _KEYS[kind]):
        return ""
    key = keys[0]
    if key not in table.values:
        raise table.error(
            key, "is missing", f'add {key} = "…" or {key} = {{ env = "NAME" }}'
        )
    address = read_value(table, key, env)
    if kind == "webhook" and not _is_web(address):
        raise table.error(
            key, "is not an http(s) address", "write https://host/path, or the variable"
        )
    if kind in SERVICES and not belongs(kind, address):
        raise table.error(
            key, f"is no address of {kind}", f"write {SERVICES[kind].example}"
        )
    if kind == "apprise" and "://" not in address:
        raise table.error(key, "is no address that Apprise knows", "write service://…")
    if kind == "prefect-block" and not _BLOCK.fullmatch(address):
        raise table.error(key, "names no block", 'write "slack-webhook/my-block"')
    return address


def _public(table: Table) -> str:
    url = table.string("url")
    if url and not _is_web(url):
        raise table.error("url", "is not an http(s) address", "write https://host/folder")
    return url


def _proxy(table: Table, env: Env) -> str:
    if "proxy" not in table.values:
        return ""
    proxy = read_value(table, "proxy", env)
    if not _is_web(proxy):
        raise table.error("proxy", "is no http(s) proxy", "write http://host:port")
    return proxy


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
        if not HEADER_NAME.fullmatch(name) or name.lower() in _OURS:
            raise table.error("headers", f"cannot send {name!r}", "remove it")
        if isinstance(raw, str) and name.lower() in SECRET_HEADERS:
            raise table.error(
                "headers",
                f"holds a literal {name}",
                f'keep the secret in a variable: "{name}" = {{ env = "NAME" }}',
            )
        yield name, resolve(table, "headers", raw, env)
