"""Turn the full copies of a home into files that extend the shipped ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flows.edits import edit_text, set_aside
from flows.home import EXTENDING, Config, default_text, starter_text
from flows.settings import read_file
from transforms.config import ConfigError, ConfigText
from transforms.config.copies import CopyComparison, compare
from transforms.config.shrink import shrink
from transforms.text.plural import counted


def shrink_home(config: Config, *, report: Callable[[str], None]) -> list[str]:
    """Shrink each copy of a shipped file and keep the former beside it; tell of each.

    What the files mean stays the same; that is tried before anything is written.

    Raises:
        ConfigError: A file is wrong, or would mean something else.
    """
    config.check()
    return [_shrink(config, name, report) for name in EXTENDING]


def compare_home(config: Config, name: str) -> CopyComparison | None:
    """Compare the home's file with the shipped one; None where the home has none.

    Raises:
        ConfigError: It cannot be read.
    """
    text = read_file(config.settings.home / name)
    if text is None:
        return None
    own = ConfigText(text, name).data
    shipped = ConfigText(default_text(name), name, is_shipped=True).data
    return compare(own, shipped)


def _shrink(config: Config, name: str, report: Callable[[str], None]) -> str:
    found = compare_home(config, name)
    if found is None:
        return f"{name} is not here: the shipped one counts"
    if found.extends:
        return f"{name} extends the shipped one already"
    if not found.is_copy:
        return (
            f"{name} has {found.shared} of the {found.shipped} shipped entries: it is your "
            "own, and stays as it is"
        )
    kept = _replace(config, name, report)
    own = counted(len(found.own), "entry", "entries")
    return (
        f"{name} extends the shipped one now: {own} of your own, "
        f"{len(found.changed)} changed, {len(found.missing)} left out; "
        f"the former file is {kept}"
    )


def _replace(config: Config, name: str, report: Callable[[str], None]) -> Path:
    kept: list[Path] = []

    def change(before: str | None) -> str:
        text = before or ""
        made = shrink(text, default_text(name), starter=starter_text(name))
        _refuse_change(config, name, text, made)
        kept.append(set_aside(config.settings.home / name))
        return made

    edit_text(config.settings, name, change, command="init --shrink", report=report)
    return kept[0]


def _refuse_change(config: Config, name: str, before: str, after: str) -> None:
    read = config.watchlist_of if name == "watchlist.toml" else config.alerts_of
    if read(after) != read(before):
        problem = "cannot be shrunk without a change of what it means"
        raise ConfigError(name, problem, "keep it, or begin anew with sinowire init")
