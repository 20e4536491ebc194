"""Address of a lake: its catalog in PostgreSQL and its folder or bucket."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

SCHEME = "s3://"
_FORM = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[\w!.*'()/-]*)?")
# Where no other is named: that of Amazon's own, and servers elsewhere take any.
_REGION = "us-east-1"
PREFIX = "ducklake:postgres:"
# A pair of libpq's: key = value, quoted where the value holds a space.
_PAIR = re.compile(r"\s*(\w+)\s*=\s*('(?:[^'\\]|\\.)*'|[^\s']*)\s*")
_SECRET = re.compile(r"(password\s*=\s*)('(?:[^'\\]|\\.)*'|\S+)")
_HIDDEN = "…"
_LONGEST_STATEMENT = 600
# What libpq takes where no port is named.
_USUAL_PORT = "5432"
# Heartbeats per timeout of the lock.
_WORDS = 10
# Keepalives after ten idle seconds, then three probes: both sides notice a cut within 25 s,
# and the server releases the lock.
_KEPT_ALIVE = {"idle": 10, "interval": 5, "count": 3}
# TCP would retransmit for a quarter of an hour without this timeout.
_UNHEARD_MS = 30_000
# The lock's holder is idle in a transaction: a server's timeout for these would release the
# lock unnoticed. Statements over millions of rows may take minutes, but not longer, and
# waits for other sessions' locks are limited. DuckLake quotes text as in standard SQL.
_SET = {
    "standard_conforming_strings": "on",
    "idle_in_transaction_session_timeout": "0",
    "idle_session_timeout": "0",
    "statement_timeout": f"{_LONGEST_STATEMENT}s",
    "lock_timeout": "60s",
}
# Since version 17; a former server refuses words that it does not know.
SINCE_17 = {"transaction_timeout": "0"}
# PostgreSQL keeps no longer name of a connection.
LONGEST_NAME = 63


@dataclass(frozen=True, slots=True)
class BucketKeys:
    """Endpoint and credentials of the bucket; the repr shows no secret."""

    key_id: str = ""
    secret: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    region: str = _REGION
    endpoint: str = ""


def check_bucket(text: str) -> str:
    """Return a bucket's address without a trailing slash.

    Raises:
        ValueError: It is no such address.
    """
    if not _FORM.fullmatch(text):
        raise ValueError(f"{text!r} is not s3://bucket/prefix")
    return text.rstrip("/")


def keys_of(environment: Mapping[str, str]) -> BucketKeys:
    """Return the bucket's endpoint and credentials from the *environment*.

    Raises:
        ValueError: Its endpoint is no address.
    """

    def first(*names: str) -> str:
        return next((environment[name] for name in names if environment.get(name)), "")

    endpoint = first("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
    if endpoint and not re.match(r"https?://[^/@]+/?$", endpoint):
        raise ValueError("AWS_ENDPOINT_URL is not http://host:port or https://host:port")
    return BucketKeys(
        key_id=first("AWS_ACCESS_KEY_ID"),
        secret=first("AWS_SECRET_ACCESS_KEY"),
        token=first("AWS_SESSION_TOKEN"),
        region=first("AWS_REGION", "AWS_DEFAULT_REGION") or _REGION,
        endpoint=endpoint,
    )


@dataclass(frozen=True, slots=True)
class LakeAddress:
    """Address of a lake; ``str()`` of it shows no secret.

    A lock holder without a heartbeat for *silent_seconds* loses the lock. So long, too, an
    answer of its PostgreSQL is waited for.
    """

    catalog: str = field(repr=False)
    folder: Path | str
    keys: BucketKeys | None = None
    silent_seconds: float = 300.0

    def __str__(self) -> str:
        pairs = dict(pairs_of(self.catalog))
        host = pairs.get("host", "this machine")
        return f"the lake {pairs.get('dbname', '')} on {host}".replace("  ", " ")

    @property
    def word_seconds(self) -> float:
        """Interval in seconds between heartbeats of the lock's holder."""
        return self.silent_seconds / _WORDS

    @property
    def answer_seconds(self) -> float:
        """Timeout in seconds of an answer, asked for within an interval of heartbeats."""
        return self.silent_seconds - self.word_seconds

    @property
    def ports(self) -> frozenset[int]:
        """Ports of its PostgreSQL; several if several hosts are named."""
        named = dict(pairs_of(self.catalog)).get("port") or os.environ.get("PGPORT", "")
        ports = (port.strip() or _USUAL_PORT for port in named.split(","))
        return frozenset(int(port) for port in ports if port.isdigit())

    def connection(self, name: str, more: Mapping[str, str] | None = None) -> str:
        """Return the libpq connection string of a connection *name* with keepalives.

        *more* are further settings of the server for this connection.
        """
        ours = "".join(f" keepalives_{k}={v}" for k, v in _KEPT_ALIVE.items())
        kept_alive = {f"tcp_keepalives_{k}": str(v) for k, v in _KEPT_ALIVE.items()}
        asked = {**kept_alive, **_SET, **(more or {})}
        theirs = " ".join(f"-c {k}={v}" for k, v in asked.items())
        called = f"application_name='{plain_name(name)}'"
        # Of two words for one thing libpq takes the later: what was set wins.
        words = (
            f"{called} connect_timeout=10{ours} tcp_user_timeout={_UNHEARD_MS} "
            f"client_encoding=UTF8 options='{theirs}' {self.catalog}"
        )
        if "application_name" in dict(pairs_of(self.catalog)):
            # But for the name, by which others find whose connections these are.
            words += f" {called}"
        if own := dict(pairs_of(self.catalog)).get("options"):
            # They are one word of libpq's; within it the server takes the later.
            both = f"{theirs} {own}".replace("\\", r"\\").replace("'", r"\'")
            words += f" options='{both}'"
        return words

    def hide(self, text: str) -> str:
        """Return *text* without passwords and keys."""
        text = _SECRET.sub(rf"\1{_HIDDEN}", text)
        secret = dict(pairs_of(self.catalog)).get("password", "")
        ours = (secret, self.keys.secret, self.keys.token) if self.keys else (secret,)
        for each in filter(None, ours):
            text = text.replace(each, _HIDDEN)
        return text


def plain_name(name: str) -> str:
    """Return *name* in the form that PostgreSQL keeps: printable ASCII, no quotes."""
    plain = (c for c in name if c.isascii() and c.isprintable() and c not in "'\\")
    return "".join(plain)[:LONGEST_NAME]


def check_catalog(text: str) -> str:
    """Return the text after ``ducklake:postgres:`` in a setting.

    Raises:
        ValueError: It is another form; the text, which may hold a secret, is not repeated.
    """
    catalog = text.removeprefix(PREFIX)
    if catalog == text:
        raise ValueError(f"it does not begin with {PREFIX}")
    if "dbname" not in dict(pairs_of(catalog)):
        raise ValueError(
            "after ducklake:postgres: stand pairs such as dbname=sinowire host=db"
        )
    return catalog.strip()


def holds_password(text: str) -> bool:
    """Tell whether a catalog's address contains a password."""
    return _SECRET.search(text) is not None


def pairs_of(catalog: str) -> list[tuple[str, str]]:
    """Return libpq's key-value pairs in *catalog*; empty for another format."""
    found, at = [], 0
    while at < len(catalog):
        pair = _PAIR.match(catalog, at)
        if pair is None:
            return []
        found.append((pair[1], _plain(pair[2])))
        at = pair.end()
    return found


def _plain(value: str) -> str:
    if value.startswith("'"):
        return re.sub(r"\\(.)", r"\1", value[1:-1])
    return value
