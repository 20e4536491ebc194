"""Connections to each new publication, for a long-running process.

DuckDB caches one instance per path and process while any connection uses it, which would
hide a new publication. So each is opened under a fresh name, a hard link beside it, which
is removed once it is open.
"""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path
from typing import NamedTuple

from warehouse.errors import NotPublished, WarehouseError
from warehouse.file.connect import open_published
from warehouse.processes import is_alive
from warehouse.queries import Connection

LINK = ".link"
_numbers = count()


class PublicationMark(NamedTuple):
    """Identity of a publication: no two share it."""

    inode: int
    modified_ns: int
    size: int


def mark_of(path: Path) -> PublicationMark | None:
    """Return the mark of the publication at *path*; None without one."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return PublicationMark(found.st_ino, found.st_mtime_ns, found.st_size)


def open_publication(
    path: Path,
    *,
    memory: str | None = None,
    threads: int | None = None,
    is_sealed: bool = True,
) -> tuple[PublicationMark, Connection]:
    """Open the current publication at *path*; return its mark and a connection.

    Raises:
        NotPublished: There is no such file.
        WarehouseError: No link can be made beside it.
    """
    link = path.with_name(f".{path.name}.{os.getpid()}.{next(_numbers)}{LINK}")
    try:
        os.link(path, link)
    except FileNotFoundError as exc:
        raise NotPublished(path) from exc
    except OSError as exc:
        raise WarehouseError(
            f"{path} cannot be linked beside itself: {exc.strerror}; "
            "run as its owner, on a file system that has hard links"
        ) from exc
    try:
        mark = mark_of(link)
        con = open_published(
            path, memory=memory, threads=threads, link=link, is_sealed=is_sealed
        )
    finally:
        link.unlink(missing_ok=True)
    if mark is None:
        raise NotPublished(path)
    return mark, con


def remove_links(path: Path) -> None:
    """Remove the links of processes killed while they opened *path*."""
    for link in path.parent.glob(f".{path.name}.*{LINK}"):
        pid = link.name.removeprefix(f".{path.name}.").partition(".")[0]
        if pid.isdigit() and not is_alive(int(pid)):
            link.unlink(missing_ok=True)
