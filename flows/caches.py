"""Caches of a home: its parsed watchlist, and the weights learnt from verdicts.

They are in the data folder, readable by its owner alone. The cached watchlist is valid only
while its files, and the code that reads them, are the same to the byte; unpickling yields
nothing but the entries of a watchlist. The learnt weights are cached so that no command has
to open the warehouse for them.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import orjson

import transforms
from transforms.config import ConfigError
from transforms.models.verdicts import Taught, TaughtWeight
from transforms.names.rules import watchlist
from transforms.names.rules.watchlist import Watchlist
from warehouse.file.lock import private_folder

_FOLDER, _WATCHLIST = "cache", "watchlist"
# Whatever decides what a watchlist of the same text is.
_CODE = ("config", "names/rules", "text")
_DIGEST = hashlib.sha256().digest_size
_ENTRIES = frozenset(
    name
    for name, value in vars(watchlist).items()
    if isinstance(value, type) and value.__module__ == watchlist.__name__
)
_TAUGHT = "warehouse.taught"


def remembered(
    data: Path, texts: tuple[str, ...], read: Callable[[], Watchlist]
) -> Watchlist:
    """Return the cached watchlist of *texts*; call *read* where none is cached.

    It is kept in *data*, if that is there and can be written.
    """
    key = _key(texts)
    path = data / _FOLDER / _WATCHLIST
    if (known := _known(path, key)) is not None:
        return known
    watchlist = read()
    if data.is_dir():
        with suppress(OSError):  # a home that cannot be written to is read each time
            _keep(path, key, watchlist)
    return watchlist


def _known(path: Path, key: bytes) -> Watchlist | None:
    try:
        cached = path.read_bytes()
    except OSError:
        return None
    packed = cached[2 * _DIGEST :]
    if cached[: 2 * _DIGEST] != key + hashlib.sha256(packed).digest():
        return None
    try:
        watchlist_read = _Unpickler(io.BytesIO(packed)).load()
    except pickle.UnpicklingError:
        return None
    return watchlist_read if isinstance(watchlist_read, Watchlist) else None


def _keep(path: Path, key: bytes, watchlist: Watchlist) -> None:
    packed = pickle.dumps(watchlist, pickle.HIGHEST_PROTOCOL)
    private_folder(path.parent)
    part = path.with_name(f"{_WATCHLIST}.{os.getpid()}.part")
    part.write_bytes(key + hashlib.sha256(packed).digest() + packed)
    part.replace(path)


def _key(texts: tuple[str, ...]) -> bytes:
    digest = hashlib.sha256(_code())
    for text in texts:
        digest.update(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
    return digest.digest()


@cache
def _code() -> bytes:
    """Return a fingerprint of the code: files by name, size and time, and Python."""
    root = Path(transforms.__file__).parent
    files = [path for room in _CODE for path in sorted((root / room).glob("*.*"))]
    stats = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return repr((sys.version, stats)).encode()


class _Unpickler(pickle.Unpickler):
    """Unpickles nothing but the entries of a watchlist."""

    def find_class(self, module: str, name: str) -> Any:
        if module == watchlist.__name__ and name in _ENTRIES:
            return getattr(watchlist, name)
        if (module, name) == ("datetime", "date"):
            return date
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a watchlist")


def read_taught(data: Path) -> Taught:
    """Return the weights learnt from verdicts, as of the last write.

    Raises:
        ConfigError: The file holds something else.
    """
    try:
        text = (data / _TAUGHT).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        # The writer reports the obstacle.
        return ()
    try:
        return tuple(TaughtWeight(*each) for each in orjson.loads(text))
    except (orjson.JSONDecodeError, TypeError) as exc:
        raise ConfigError(
            str(data / _TAUGHT),
            "cannot be read",
            "delete it: whatever writes next makes it anew",
        ) from exc


def write_taught(data: Path, taught: Taught) -> None:
    """Cache the weights learnt from verdicts atomically; remove the file without any."""
    path = data / _TAUGHT
    if not taught:
        path.unlink(missing_ok=True)
        return
    text = orjson.dumps(list(map(list, taught)))
    if path.exists() and path.read_bytes() == text:
        return
    part = path.with_name(f"{_TAUGHT}.{os.getpid()}")
    part.write_bytes(text)
    part.chmod(0o600)
    part.replace(path)
