"""Digests of the product's own code: what was found by other code is found anew."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

import transforms
from transforms.release import READERS


@cache
def code_of(*places: Path) -> str:
    """Return a digest of the code and lists in these files and folders."""
    digest = hashlib.sha256()
    for place in places:
        for path in sorted(place.rglob("*")) if place.is_dir() else (place,):
            if path.suffix in (".py", ".toml"):
                digest.update(path.read_bytes())
    return digest.hexdigest()


def code_of_readers() -> str:
    """Return a digest of the code and lists by which stored articles are read."""
    folder = Path(str(files(transforms)))
    return code_of(*(folder / name for name in READERS))
