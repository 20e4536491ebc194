"""Release of a span of days: tables and what describes them, in a folder of its own."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from flows.home import Config
from transforms.dataset.package import render_croissant, render_package
from transforms.dataset.prose import render_citation, render_dictionary, render_read_me
from transforms.dataset.register import register_of
from transforms.models.dataset import Dataset
from transforms.release import VERSION
from warehouse.errors import NoRelease
from warehouse.file.publish import put_in_place
from warehouse.processes import is_alive
from warehouse.upkeep.export import explained, sha256
from warehouse.upkeep.release import write_tables

SUMS = "SHA256SUMS"
_PART = ".part"
_TEXTS: dict[str, Callable[[Dataset], str]] = {
    "README.md": render_read_me,
    "data-dictionary.md": render_dictionary,
    "datapackage.json": render_package,
    "croissant.json": render_croissant,
    "CITATION.cff": render_citation,
}


def make_release(
    config: Config,
    folder: Path,
    *,
    since: date | None,
    until: date | None,
    titles: bool,
    hosts: bool = False,
    authors: tuple[str, ...],
    license_id: str,
    progress: Callable[[str], object],
) -> Dataset:
    """Write a release into the new *folder*, whole or not at all; return what it says.

    Raises:
        NoRelease: There is something in *folder*, or no article in the span.
        TransferError: It could not be written; nothing is left.
    """
    target = _target(folder)
    register = register_of(config.watchlist)
    with explained(folder), _put_in_place(target) as part:
        read = write_tables(
            config.settings.data,
            part,
            register,
            since=since,
            until=until,
            titles=titles,
            hosts=hosts,
            progress=progress,
        )
        dataset = Dataset(
            beat_id=config.beat.beat_id,
            beat=config.beat.name(),
            read=read,
            made_by=f"sinowire {VERSION}",
            has_titles=titles,
            authors=authors,
            license=license_id,
        )
        for name, render in _TEXTS.items():
            (part / name).write_text(render(dataset), encoding="utf-8")
        _write_sums(part)
    return dataset


def _target(folder: Path) -> Path:
    """Return where *folder* is to be, if nothing is there or it is empty."""
    target = folder.resolve()
    if target.is_dir() and target == Path.cwd():
        raise NoRelease(f"{folder} is the folder that you are in: name a new folder")
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise NoRelease(f"{folder} is not an empty folder: name a new one")
    return target


@contextmanager
def _put_in_place(target: Path) -> Iterator[Path]:
    """Yield a folder beside *target* that takes its place in the end, or is removed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    _remove_left_overs(target)
    part = target.with_name(f".{target.name}.{os.getpid()}{_PART}")
    part.mkdir()
    try:
        yield part
        _rename(part, target)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def _rename(part: Path, target: Path) -> None:
    try:
        put_in_place(part, target)
    except OSError as exc:
        if exc.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
            raise
        raise NoRelease(
            f"something was put into {target} while the release was made: name a new folder"
        ) from exc


def _remove_left_overs(target: Path) -> None:
    """Remove what releases into *target* left that were killed."""
    for part in target.parent.glob(f".{target.name}.*{_PART}"):
        pid = part.name.removeprefix(f".{target.name}.").removesuffix(_PART)
        if pid.isdigit() and not is_alive(int(pid)):
            shutil.rmtree(part, ignore_errors=True)


def _write_sums(folder: Path) -> None:
    """Write the checksum of every file, as ``sha256sum -c`` reads them."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = (f"{sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in files)
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")
