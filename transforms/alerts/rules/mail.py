"""Read the keys of a channel that writes e-mail."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import parseaddr
from typing import get_args

from transforms.config import ConfigTable
from transforms.config.secrets import Env, read_secret, read_value
from transforms.models import Mail, Security

MAIL_KEYS = ("host", "port", "security", "user", "password", "from", "to")
_PORTS: Mapping[Security, int] = {"starttls": 587, "tls": 465, "none": 25}
_HIGHEST_PORT = 65_535


def read_mail(table: ConfigTable, env: Env) -> Mail:
    """Return the server and the addresses of the channel at *table*.

    Raises:
        ConfigError: A key is missing or wrong.
    """
    security = _security(table)
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
        port=_port(table, security),
        security=security,
        user=user,
        password=password,
        sender=_address(table, "from", table.required("from")),
        to=_to(table),
    )


def _security(table: ConfigTable) -> Security:
    known: tuple[Security, ...] = get_args(Security)
    value = table.choice("security", known, "starttls")
    return next(each for each in known if each == value)


def _host(table: ConfigTable, env: Env) -> str:
    if "host" not in table.values:
        raise table.error("host", "is missing", 'add host = "smtp.example.com"')
    host = read_value(table, "host", env)
    if not host.isascii() or any(sign in host for sign in "/@ "):
        raise table.error("host", "is not the name of a server", "write smtp.example.com")
    return host


def _port(table: ConfigTable, security: Security) -> int:
    port = table.number("port")
    if port is None:
        return _PORTS[security]
    if not port.is_integer() or not 0 < port <= _HIGHEST_PORT:
        raise table.error("port", f"is {port:g}", "write one such as 587")
    return int(port)


def _to(table: ConfigTable) -> tuple[str, ...]:
    listed = table.strings("to")
    if not listed:
        raise table.error("to", "is missing", 'add to = ["desk@example.com"]')
    return tuple(dict.fromkeys(_address(table, "to", text) for text in listed))


def _address(table: ConfigTable, key: str, text: str) -> str:
    """Return an address, with its name, as it can stand in a header."""
    name, spec = parseaddr(text)
    if text.isprintable() and spec.isascii() and "@" in spec:
        with suppress(ValueError, IndexError, MessageError):
            return str(Address(display_name=name, addr_spec=spec))
    raise table.error(key, f"is not an address: {text!r}", 'write "desk@example.com"')
