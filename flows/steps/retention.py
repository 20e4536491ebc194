"""Retention of files such as backups: the last few are kept, in the order of making.

Files are called NAME-NUMBER-DAY. The number gives the order, so a wrong clock cannot make
a file seem older or newer than it is. DAY is for people; a second file of the same day
replaces the first.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

KEPT_BACKUPS = 7


def place(folder: Path, name: str, suffix: str, day: date) -> Path:
    """Return where the file of *day* goes: that of today again, or the next number."""
    made = in_order(folder, name, suffix)
    stamp = f"{day:%Y%m%d}"
    if made and made[-1].stem.endswith(f"-{stamp}"):
        return made[-1]
    number = _order(made[-1])[0] + 1 if made else 1
    return folder / f"{name}-{number:06}-{stamp}{suffix}"


def in_order(folder: Path, name: str, suffix: str) -> list[Path]:
    """Return the files of that name, the oldest first."""
    return sorted(filter(_is_numbered, folder.glob(f"{name}-*{suffix}")), key=_order)


def beyond(files: list[Path], keep: int) -> list[Path]:
    """Return those of *files*, oldest first, that are not among the last *keep*."""
    return files[: max(0, len(files) - keep)]


# Files without a number come from earlier releases, so they are the oldest.
_STEM = re.compile(r".*?-(?:(\d+)-)?(\d{8})")


def _is_numbered(file: Path) -> bool:
    return _STEM.fullmatch(file.stem) is not None


def _order(file: Path) -> tuple[int, str]:
    found = _STEM.fullmatch(file.stem)
    return (int(found[1] or 0), found[2]) if found else (0, "")
