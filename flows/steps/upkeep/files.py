"""Check the files of a home and its data folder: what they say, whether there is room."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from flows.home import load_config
from flows.refusals import refusal
from flows.settings import Settings, retired_settings
from flows.steps.room import LEAST_BYTES, not_writable
from flows.steps.upkeep.finding import Finding
from transforms.config import ConfigError
from transforms.text.plural import counted

# A publication needs the room of a second warehouse; below this nothing else works well.
LOW_SPACE_BYTES = 1_000_000_000


def look_at_files(settings: Settings) -> Iterator[Finding]:
    """Find whether the files are right, and whether the data folder can be written."""
    for sentence in retired_settings(settings.home):
        yield Finding(
            what="settings",
            state="warn",
            detail=sentence,
            remedy="remove it: a later version refuses it",
        )
    yield from _files(settings)
    yield _space(settings)
    yield _folder(settings)


def _files(settings: Settings) -> Iterator[Finding]:
    config = load_config(settings)
    try:
        config.check()
    except ConfigError as exc:
        yield Finding(what="files", state="bad", detail=str(exc), remedy="correct the file")
        return
    enabled = sum(feed.enabled for feed in config.feeds)
    yield Finding(
        what="files",
        state="good",
        detail=f"{enabled} of {counted(len(config.feeds), 'feed')} enabled, "
        f"{counted(len(config.watchlist.companies), 'company', 'companies')}, "
        f"{counted(len(config.alerts.rules), 'alert rule')}, "
        f"{counted(len(config.searches), 'named search', 'named searches')}",
    )
    for channel_id, sentence in config.alerts.lacking.items():
        yield Finding(
            what=f"channel {channel_id}",
            state="warn",
            detail=sentence,
            remedy="set it where sinowire runs; what waits goes out with the next pass",
        )


def _space(settings: Settings) -> Finding:
    folder = settings.data if settings.data.is_dir() else settings.home
    free = shutil.disk_usage(folder).free
    detail = f"{free / 1e9:.2f} GB free at {folder}"
    if free < LEAST_BYTES:
        remedy = "make room on that disk: no run can write there"
        return Finding(what="disk", state="bad", detail=detail, remedy=remedy)
    low = free < LOW_SPACE_BYTES
    return Finding(
        what="disk",
        state="warn" if low else "good",
        detail=detail,
        remedy="free some space: a publication copies the warehouse" if low else "",
    )


def _folder(settings: Settings) -> Finding:
    data = settings.data
    if data.exists() and not data.is_dir():
        return Finding(
            what="data",
            state="bad",
            detail=f"{data} is a file, not a folder",
            remedy="move it aside",
        )
    folder = data if data.is_dir() else settings.home
    why_not = not_writable(folder)
    if why_not is None:
        return Finding(what="data", state="good", detail=f"{folder} can be written")
    detail = f"{folder} cannot be written: {why_not.strerror}"
    return Finding(what="data", state="bad", detail=detail, remedy=refusal(why_not))
