"""What verdicts taught, kept beside the warehouse so that no command has to open that."""

from __future__ import annotations

import os
from pathlib import Path

import orjson

from transforms.config import ConfigError
from transforms.models.taught import Taught, TaughtWeight

NAME = "warehouse.taught"


def kept(data: Path) -> Taught:
    """Return what verdicts taught, as the last turn to write found it.

    Raises:
        ConfigError: The file holds something else.
    """
    try:
        text = (data / NAME).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        # Whoever writes there says what is in the way.
        return ()
    try:
        return tuple(TaughtWeight(*each) for each in orjson.loads(text))
    except (orjson.JSONDecodeError, TypeError) as exc:
        raise ConfigError(
            str(data / NAME),
            "cannot be read",
            "delete it: whatever writes next makes it anew",
        ) from exc


def keep(data: Path, taught: Taught) -> None:
    """Keep what verdicts taught, whole or not at all; nothing where that is nothing."""
    path = data / NAME
    if not taught:
        path.unlink(missing_ok=True)
        return
    text = orjson.dumps(list(map(list, taught)))
    if path.exists() and path.read_bytes() == text:
        return
    part = path.with_name(f"{NAME}.{os.getpid()}")
    part.write_bytes(text)
    part.chmod(0o600)
    part.replace(path)
