"""The sign-in to a Prefect server of our own. Who has it can run code as we do."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.channels import SENT
from transforms.config import ConfigError
from warehouse.file.private import PRIVATE_FILE

FILE = "sign-in"
# What the server asks for, and what clients send: ``user:password``, in one piece.
ASKED = "PREFECT_SERVER_API_AUTH_STRING"
_BYTES = 32


@contextmanager
def kept_sign_in(folder: Path) -> Iterator[str]:
    """Yield the sign-in for one start of a server whose data is in *folder*.

    One that the environment gives is used as it is, and written nowhere. Else it is made
    anew and is in a file, for its owner alone, for as long as the server runs.

    Raises:
        ConfigError: The environment's is one that Prefect cannot compare.
    """
    if name := _given():
        yield _comparable(name, os.environ[name])
        return
    made = f"sinowire:{secrets.token_urlsafe(_BYTES)}"
    file = folder / FILE
    # Whoever left one there may have left it open.
    file.unlink(missing_ok=True)
    file.touch(PRIVATE_FILE, exist_ok=False)
    file.write_text(f"{made}\n", encoding="utf-8")
    try:
        yield made
    finally:
        file.unlink(missing_ok=True)


def how_to_sign_in(folder: Path, sign_in: str, *, is_terminal: bool) -> str:
    """Return what to tell of the sign-in; the secret itself to a terminal alone."""
    if name := _given():
        return f"sign in with what {name} holds"
    if is_terminal:
        return f"sign in with: {sign_in}"
    return f"sign in with what is in {folder / FILE}, which its owner alone can read"


def _comparable(name: str, sign_in: str) -> str:
    if not sign_in.isascii():
        problem = "holds other characters than ASCII's, which Prefect cannot compare"
        raise ConfigError(name, problem, "choose another user:password")
    return sign_in


def _given() -> str | None:
    """Return the name of the variable that gives the sign-in, None where none does."""
    return next((name for name in (ASKED, SENT) if os.environ.get(name)), None)
