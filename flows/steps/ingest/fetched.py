"""Documents that were fetched and are not committed yet, for the next run to read.

Each run has a list of them beside the raw documents, which it empties with each commit. A
list that nobody holds is of a run that was refused or killed.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.feeds.fetch.document import Document
from connectors.feeds.fetch.politeness import FetchOptions
from connectors.feeds.poll.kept import KeptDocument, poll_kept
from connectors.feeds.poll.record import Polled
from connectors.feeds.poll.standing import public_url
from flows.steps.ingest.plan import PollPlan
from flows.steps.retention import read_document
from flows.steps.summary import Summary
from transforms.models import Feed
from transforms.text.lengths import counted
from transforms.urls.canonical import redact_target
from warehouse import feeds as feed_store
from warehouse.errors import WarehouseError
from warehouse.file.lock import PRIVATE_FILE, naming, private_folder

if TYPE_CHECKING:
    from pydantic import TypeAdapter

FOLDER = "fetched"
_SUFFIX = ".jsonl"
log = logging.getLogger("sinowire.polls")
Commit = Callable[[PollPlan, list[Polled]], Awaitable[Summary]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A line of a list: a poll's document, without its body, which lies in ``raw``."""

    feed_id: str
    url: str
    run_id: str
    polled_at: datetime
    body_hash: str
    document: Document


@cache
def _form() -> TypeAdapter[Fetched]:
    from pydantic import TypeAdapter  # noqa: PLC0415  in a quiet pass nothing is fetched

    return TypeAdapter(Fetched)


class FetchedList:
    """The list of one run, locked as long as its process lives."""

    def __init__(self, data: Path, run_id: str) -> None:
        self._path = _folder(data) / f"{run_id}{_SUFFIX}"
        self._file: int | None = None

    def add(self, polled: Polled) -> None:
        """Note the document of *polled*, which is kept already."""
        if polled.document is None:
            return
        line = Fetched(
            feed_id=polled.feed.feed_id,
            url=public_url(polled.feed.url),
            run_id=polled.poll.run_id,
            polled_at=polled.poll.polled_at,
            body_hash=polled.body_hash,
            document=_public(polled.document, polled.feed),
        )
        with naming(self._path):
            os.write(self._opened(), _form().dump_json(line) + b"\n")

    def clear(self) -> None:
        """Empty the list, as all that is on it is committed."""
        if self._file is not None:
            os.ftruncate(self._file, 0)

    def close(self) -> None:
        """Leave the list to the next run, or remove it if it is empty."""
        if self._file is None:
            return
        if not os.fstat(self._file).st_size:
            self._path.unlink(missing_ok=True)
        os.close(self._file)
        self._file = None

    def _opened(self) -> int:
        if self._file is None:
            private_folder(self._path.parent.parent)
            private_folder(self._path.parent)
            how = os.O_WRONLY | os.O_CREAT | os.O_APPEND
            self._file = os.open(self._path, how, PRIVATE_FILE)
            fcntl.flock(self._file, fcntl.LOCK_EX)
        return self._file


def left_over(data: Path) -> list[Path]:
    """Return all lists, oldest first; those of running processes are among them."""
    return sorted(_folder(data).glob(f"*{_SUFFIX}"))


@contextmanager
def taken_over(path: Path) -> Iterator[list[Fetched]]:
    """Yield the lines of a list, or none of one that a living process holds.

    The list is gone after the block, unless it raises an error that passes. One that no run
    can read is set aside, since it would end all of them; nothing of it is lost.
    """
    file = _locked(path)
    try:
        yield [] if file is None else list(_lines(path.read_bytes()))
    except (WarehouseError, OSError):
        raise
    except Exception:
        if file is not None:
            aside = path.rename(path.with_suffix(".unread"))
            log.warning(
                "no run can store what %s lists; delete it when that is mended", aside
            )
        raise
    else:
        _remove(path, file)
    finally:
        if file is not None:
            os.close(file)


def _locked(path: Path) -> int | None:
    try:
        file = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return None
    # Who had it until now may have read and removed it.
    if os.fstat(file).st_nlink:
        return file
    os.close(file)
    return None


def _remove(path: Path, file: int | None) -> None:
    if file is not None:
        path.unlink(missing_ok=True)


def kept_documents(
    data: Path, lines: Iterable[Fetched], feeds: Iterable[Feed]
) -> Iterator[KeptDocument]:
    """Yield the documents of *lines* that are still kept, of feeds that are still read."""
    by_id: Mapping[str, Feed] = {feed.feed_id: feed for feed in feeds}
    for line in lines:
        feed = by_id.get(line.feed_id)
        if feed is None or public_url(feed.url) != line.url:
            continue
        # Its retention is over, or the disk lost a part of it.
        with suppress(OSError, EOFError, ValueError):
            body = read_document(data, line.body_hash)
            document = replace(line.document, body=body, url=line.document.url or feed.url)
            yield KeptDocument(
                feed=feed,
                document=document,
                run_id=line.run_id,
                polled_at=line.polled_at,
            )


def _public(document: Document, feed: Feed) -> Document:
    """Return *document* without addresses that hold secrets: feeds.toml has them."""
    shown = (document.url, *(target for _, target in document.redirects))
    if all(redact_target(address, feed.url) == address for address in shown):
        return document
    return replace(document, url="", redirects=())


def _lines(text: bytes) -> Iterator[Fetched]:
    for line in text.splitlines():
        # The last one is cut where its process was killed.
        with suppress(ValueError):
            yield _form().validate_json(line)


def _folder(data: Path) -> Path:
    return data / "raw" / FOLDER


async def recover(
    plan: PollPlan, commit: Commit, summary: Summary, options: FetchOptions
) -> PollPlan:
    """Store what earlier runs fetched and did not; return *plan* with its cursors.

    As a poll of its time, once: a poll that is on record is not stored again, and of one
    that a later poll of the feed has overtaken only what nobody has seen.
    """
    for path in left_over(plan.config.settings.data):
        with taken_over(path) as lines:
            if lines:
                plan = await _store(plan, commit, summary, options, lines)
    return plan


async def _store(
    plan: PollPlan,
    commit: Commit,
    summary: Summary,
    options: FetchOptions,
    lines: list[Fetched],
) -> PollPlan:
    config, run_id = plan.config, lines[0].run_id
    with plan.turns.open(config.settings, "run", plan.report) as con:
        done = feed_store.polled_in(con, run_id)
        cursors, standings = feed_store.cursors(con), feed_store.standings(con)
        states = feed_store.poll_state(con)
    left = [line for line in lines if line.feed_id not in done]
    kept = kept_documents(config.settings.data, left, config.feeds)
    found = await poll_kept(kept, cursors, standings, options=options, reader=config.reader)
    last = {key: state.polled_at for key, state in states.items()}
    polls = [
        replace(p, is_late=last.get(p.feed.feed_id, p.poll.polled_at) > p.poll.polled_at)
        for p in found
    ]
    if polls:
        part = await commit(plan, polls)
        summary.add([replace(part, outcomes=Counter(), errors=Counter())])
        plan.report(
            f"read {counted(len(polls), 'document')} that run {run_id} had fetched and "
            "could not store"
        )
    stored = [polled for polled in polls if not polled.is_late]
    cursors |= {p.feed.feed_id: p.cursor for p in stored if p.cursor}
    standings |= {p.feed.feed_id: p.standing for p in stored if p.standing}
    return replace(plan, cursors=cursors, standings=standings)
