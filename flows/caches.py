"""Caches of a home: its parsed watchlist, and its patterns' literals.

They are in the data folder, readable by its owner alone. The cached watchlist is valid only
while its files, and the code that reads them, are the same to the byte; unpickling yields
nothing but the entries of a watchlist. What patterns need to match is kept pattern by
pattern, as JSON, for as long as the code is the same.
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
from typing import TYPE_CHECKING, Any

import orjson

import transforms
from transforms.names.rules import watchlist
from transforms.names.rules.watchlist import Watchlist
from warehouse.file.lock import private_folder

if TYPE_CHECKING:
    from transforms.articles.reader import ReadingBeat
    from transforms.names.tagging import Tagger

_FOLDER, _WATCHLIST, _LITERALS = "cache", "watchlist", "literals"
# Whatever decides what a watchlist of the same text is.
_CODE = ("config", "names/rules", "text")
_DIGEST = hashlib.sha256().digest_size
_ENTRIES = frozenset(
    name
    for name, value in vars(watchlist).items()
    if isinstance(value, type) and value.__module__ == watchlist.__name__
)


def remembered(
    data: Path, texts: tuple[str, ...], read: Callable[[], Watchlist]
) -> Watchlist:
    """Return the cached watchlist of *texts*; call *read* where none is cached.

    It is kept in *data*, if that is there and can be written.
    """
    key = _key(texts)
    path = data / _FOLDER / _WATCHLIST
    if (packed := _kept(path, key)) and (known := _unpacked(packed)) is not None:
        return known
    watchlist = read()
    _keep(path, key, pickle.dumps(watchlist, pickle.HIGHEST_PROTOCOL))
    return watchlist


def compiled(data: Path, watchlist: Watchlist, beat: ReadingBeat) -> Tagger:
    """Compile *watchlist*, with the literals of its patterns from *data* if they are there.

    To find these anew takes longer than all the rest.
    """
    from transforms.articles import reader  # noqa: PLC0415  few commands tag
    from transforms.names.rules import literals  # noqa: PLC0415

    path, key = data / _FOLDER / _LITERALS, _key(())
    if packed := _kept(path, key):
        with suppress(ValueError, TypeError, AttributeError):  # of another hand
            literals.recall(orjson.loads(packed))
    before = literals.count_read()
    tagger = reader.compiled(watchlist, beat)
    tagger.topics.wordings.places("")  # those of clauses are found with the first text
    if literals.count_read() > before:
        _keep(path, key, orjson.dumps(literals.readings()))
    return tagger


def _kept(path: Path, key: bytes) -> bytes | None:
    """Return what was kept in the file under *key*, undamaged."""
    try:
        cached = path.read_bytes()
    except OSError:
        return None
    packed = cached[2 * _DIGEST :]
    is_whole = cached[: 2 * _DIGEST] == key + hashlib.sha256(packed).digest()
    return packed if is_whole else None


def _keep(path: Path, key: bytes, packed: bytes) -> None:
    """Keep *packed* under *key* at once, if the data folder is there and can be written."""
    if not path.parent.parent.is_dir():
        return
    with suppress(OSError):  # a home that cannot be written to is read each time
        private_folder(path.parent)
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        part.write_bytes(key + hashlib.sha256(packed).digest() + packed)
        part.replace(path)


def _unpacked(packed: bytes) -> Watchlist | None:
    try:
        watchlist_read = _Unpickler(io.BytesIO(packed)).load()
    except pickle.UnpicklingError:
        return None
    return watchlist_read if isinstance(watchlist_read, Watchlist) else None


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
