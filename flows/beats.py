"""Beats that are shipped, and those of a home: folders of files over another beat's."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NamedTuple

from flows.settings import read_file
from transforms.beat_files import HEAD, PARTS, THEMES, WATCHLIST, Beat, theme_boards
from transforms.config import ConfigError, ConfigText, did_you_mean
from transforms.config.shape import check_shape
from transforms.config.table import EXTENDING, ConfigTable, read_base
from transforms.names.rules.overlay import laid_over, watchlist_over
from warehouse.file.reading import read_regular

DEFAULT_BEAT = "china-tech"
FEEDS, ALERTS = "feeds.toml", "alerts.toml"
# What a beat has of its own stands in a folder of these files; the first has no default.
FILES = (HEAD, WATCHLIST, FEEDS, ALERTS, *PARTS)
# What a beat could say once, and nothing reads any more.
NOT_READ = "frames.toml"
# Where a home keeps the beats that it made.
FOLDER = "beats"


class BeatFolder(NamedTuple):
    """A folder of a beat: its ``name`` in settings, and who owns it."""

    name: str
    folder: Traversable
    is_shipped: bool

    @property
    def source(self) -> str:
        """What messages call it."""
        return f"{FOLDER}/{self.name}" if self.is_shipped else str(self.folder)


def default_text(name: str) -> str:
    """Return the shipped text of an editable file, or of a page of the docs."""
    return _shipped(name).read_text(encoding="utf-8")


def beat_folders(home: Path) -> Iterator[BeatFolder]:
    """Yield the shipped beats, and then those of *home*, but what is called like one."""
    shipped = {each.name: each for each in _shipped(FOLDER).iterdir()}
    for name, folder in sorted(shipped.items()):
        if (folder / HEAD).is_file():
            yield BeatFolder(name, folder, is_shipped=True)
    own = home / FOLDER
    for path in sorted(own.iterdir()) if own.is_dir() else ():
        if (path / HEAD).is_file() and path.name not in shipped:
            yield BeatFolder(path.name, path, is_shipped=False)


def find_beat(home: Path, name: str, source: str = "the setting `beat`") -> BeatFolder:
    """Return the beat of that name: one of *home*, a shipped one, or a folder by path.

    *source* is where it is named.

    Raises:
        ConfigError: There is none.
    """
    known = {each.name: each for each in beat_folders(home)}
    if name in known:
        return known[name]
    path = home / name
    if (path / HEAD).is_file():
        return BeatFolder(name, path, is_shipped=False)
    remedy = did_you_mean(name, known) or f"there are {', '.join(known)}"
    raise ConfigError(source, f"{name!r} is no beat, and no folder with {HEAD}", remedy)


def load_beat(name: str = DEFAULT_BEAT, home: Path = Path()) -> Beat:
    """Return the beat of that name, its files laid over those of the beat it extends.

    Raises:
        ConfigError: It lacks a file, extends in a circle, or is not there.
    """
    found = find_beat(home, name)
    texts = _texts(home, found, ())
    if found.name == DEFAULT_BEAT:
        return Beat(source=found.source, texts=texts)
    shipped = _texts(home, find_beat(home, DEFAULT_BEAT), ())
    changed = frozenset(part for part in PARTS if texts[part] != shipped[part])
    return Beat(source=found.source, texts=texts, changed=changed, own=dict(_own(found)))


def unread_files(home: Path, name: str) -> Iterator[str]:
    """Yield a sentence on each file of a home's own beat that is not read any more."""
    beat = find_beat(home, name)
    if not beat.is_shipped and (beat.folder / NOT_READ).is_file():
        yield (
            f"{beat.source}/{NOT_READ} is not read any more, since opposite wordings of "
            "headlines are not counted any more; delete it"
        )


def read_part(beat: BeatFolder, name: str) -> str | None:
    """Return the text of a file of a beat, None if it has none of that name.

    Raises:
        ConfigError: It cannot be read.
    """
    file = beat.folder / name
    if isinstance(file, Path):
        return read_file(file, read_regular)
    return file.read_text(encoding="utf-8") if file.is_file() else None


def _texts(home: Path, beat: BeatFolder, above: Sequence[BeatFolder]) -> dict[str, str]:
    """Return the texts of a beat by file, those that it lacks of the beat below."""
    way = (*above, beat)
    if beat in above:
        circle = " → ".join(each.name for each in way)
        raise ConfigError(
            f"{above[-1].source}/{HEAD}",
            f"extends in a circle: {circle}",
            "take one of these out",
        )
    own = dict(_own(beat))
    if not beat.is_shipped:
        _check_shapes(own, beat.source)
    base = _extended(own[HEAD], beat)
    if not base:
        for name in FILES:
            if name not in own:
                raise ConfigError(
                    f"{beat.source}/{name}",
                    "is not there",
                    f'add it, or extend a beat in {HEAD}: extends = "{DEFAULT_BEAT}"',
                )
        for name in PARTS if not beat.is_shipped else ():
            read_base(ConfigText(own[name], f"{beat.source}/{name}"), None, name=name)
        return own
    below = _texts(home, find_beat(home, base, f"{beat.source}/{HEAD}"), way)
    return below | dict(_over_below(own, below, beat.source))


def _over_below(
    own: Mapping[str, str], below: Mapping[str, str], source: str
) -> Iterator[tuple[str, str]]:
    yield HEAD, own[HEAD]
    for name in own.keys() - {HEAD, WATCHLIST}:
        yield name, laid_over(own[name], below[name], f"{source}/{name}")
    if own.keys().isdisjoint((WATCHLIST, THEMES)):
        return
    text = laid_over(own.get(THEMES, EXTENDING), below[THEMES], f"{source}/{THEMES}")
    boards = theme_boards(ConfigText(text, f"{source}/{THEMES}").data)
    said = own.get(WATCHLIST, EXTENDING)
    yield WATCHLIST, watchlist_over(said, below[WATCHLIST], f"{source}/{WATCHLIST}", boards)


def _own(beat: BeatFolder) -> Iterator[tuple[str, str]]:
    for name in FILES:
        if (text := read_part(beat, name)) is not None:
            yield name, text
    if beat.is_shipped and beat.name == DEFAULT_BEAT:
        # They stand where people look for them.
        yield from ((name, default_text(name)) for name in (WATCHLIST, FEEDS, ALERTS))


def _check_shapes(own: Mapping[str, str], source: str) -> None:
    """Refuse values of another kind than those of the shipped files."""
    for name in own.keys() & set(PARTS):
        model = tomllib.loads(default_text(f"{FOLDER}/{DEFAULT_BEAT}/{name}"))
        check_shape(ConfigText(own[name], f"{source}/{name}"), model)


def _extended(head: str, beat: BeatFolder) -> str:
    config = ConfigText(head, f"{beat.source}/{HEAD}")
    return ConfigTable(config, (), config.data).string("extends")


def _shipped(name: str) -> Traversable:
    packaged = files("flows") / "defaults" / name
    if packaged.is_file() or packaged.is_dir():
        return packaged
    # A checkout has them at its root, where people read and edit them.
    return Path(__file__).parents[1] / name
