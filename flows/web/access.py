"""Access beyond reading: tokens of writers, signed forms, and permission to run SQL.

Reading from this machine needs no token; writing always does, also for its other users.

A link on a foreign page must not run a statement here through a reader's browser. Browsers
send the origin of a request in ``Sec-Fetch-Site``, but not to a host reached by plain HTTP
under a number or a name. There the editor's form carries a signature, which no other page
can read.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import secrets
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from starlette.datastructures import Headers

from flows.settings import Settings
from flows.web.asked import DeskAsk
from flows.web.connections import Reader
from transforms.config import ConfigError
from warehouse.file.lock import OURS_ALONE, PRIVATE_FILE

NAME = "web-token"
# Letters of a token: less is guessed, at however few tries a second.
LEAST_TOKEN = 16
LONGER = "make a longer one with: openssl rand -hex 16"
HOUR = 3600


def token_of(settings: Settings) -> str:
    """Return the token that readers need, "" where reading is open."""
    return settings.web_token.get_secret_value() if settings.web_token else ""


def is_short(settings: Settings) -> bool:
    """Tell whether the token is too short to be safe."""
    return 0 < len(token_of(settings)) < LEAST_TOKEN


def name_and_password(given: str) -> tuple[bytes, bytes]:
    """Return user and password of a Basic header, both empty if it is malformed."""
    try:
        pair = base64.b64decode(given.strip(), validate=True)
    except (binascii.Error, ValueError):
        return b"", b""
    name, _, password = pair.partition(b":")
    return name, password


def writing_token(
    settings: Settings, report: Callable[[str], None] = lambda _: None
) -> str | None:
    """Return the writers' token, made on first use; None where writing is off.

    *report* is told of a new one, and why there is none.

    Raises:
        ConfigError: The file that holds it is another's, or no token.
    """
    if token := token_of(settings):
        if len(token) >= LEAST_TOKEN:
            return token
        report(f"SINOWIRE_WEB_TOKEN has fewer than {LEAST_TOKEN} characters: {LONGER}")
        report("until then nothing can be corrected at the desk")
        return None
    path = settings.data / NAME
    try:
        _make(path, report)
        return _read(path)
    except OSError as exc:
        report(f"nothing can be corrected at the desk: {path}: {exc.strerror}")
        return None


def _make(path: Path, report: Callable[[str], None]) -> None:
    """Create a token atomically where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_symlink() or path.exists():
        return
    part = path.with_name(f".{NAME}.{secrets.token_hex(8)}")
    file = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    try:
        with os.fdopen(file, "w", encoding="ascii") as made:
            made.write(f"{secrets.token_urlsafe(24)}\n")
        with suppress(FileExistsError):
            os.link(part, path)
            report(f"to correct what you see, the desk asks for a password: see {path}")
    finally:
        part.unlink()


def _read(path: Path) -> str:
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), encoding="utf-8") as file:
        status = os.fstat(file.fileno())
        token = file.read(1_000).strip() if stat.S_ISREG(status.st_mode) else ""
    if status.st_uid != os.geteuid() or status.st_mode & OURS_ALONE:
        raise ConfigError(
            str(path),
            "others may have read or changed it",
            "delete it; the next start of the desk makes a new one",
        )
    if len(token) < LEAST_TOKEN:
        raise ConfigError(str(path), f"it has fewer than {LEAST_TOKEN} characters", LONGER)
    return token


class Stamps:
    """Signs forms with a secret of the process, for a reader, a subject and an hour."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def stamp(self, reader: Reader, subject: str = "", *, ago: int = 0) -> str:
        """Return the signature for a form about *subject*, valid this hour and the next."""
        hour = int(time.time() // HOUR) - ago
        said = f"{hour} {reader.address} {subject}".encode()
        return hmac.digest(self._key, said, "sha256")[:16].hex()

    def knows(self, stamp: str, reader: Reader, subject: str = "") -> bool:
        """Tell whether *stamp* was signed in this hour or the one before."""
        return any(
            hmac.compare_digest(
                stamp.encode(), self.stamp(reader, subject, ago=ago).encode()
            )
            for ago in (0, 1)
        )


def statement_ask(
    ask: DeskAsk, headers: Headers, reader: Reader, stamps: Stamps
) -> DeskAsk:
    """Return the request of the SQL page, with whether its statement may run."""
    may = may_run(stamps, headers, reader, ask.text("run") or "")
    tells = "sec-fetch-site" in headers
    return replace(
        ask,
        query={name: value for name, value in ask.query.items() if name != "run"},
        runs=may and ask.text("q") is not None,
        stamp="" if tells or reader.is_sealed else stamps.stamp(reader),
    )


def may_run(stamps: Stamps, headers: Headers, reader: Reader, stamp: str) -> bool:
    """Tell whether a request may run its statement.

    A foreign page can send no ``Authorization: Bearer``: it would have to ask first.
    """
    if headers.get("authorization", "").lower().startswith("bearer "):
        return True
    if site := headers.get("sec-fetch-site"):
        return site == "same-origin"
    is_program = not any(
        name == "origin" or name.startswith("sec-fetch-") for name in headers
    )
    return (reader.is_sealed and is_program) or stamps.knows(stamp, reader)
