"""Tag stored articles, many at once: in processes of their own, since it is all CPU."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any

import orjson

from connectors.process import follow
from transforms.articles.normalize import content_hash, headline_of
from transforms.articles.reader import EntryReader, keys_of
from transforms.headlines.digests import is_digest as tells_many
from transforms.headlines.facts import read_headline
from transforms.models import HeadlineFact, Mention, Tag
from transforms.tagging import Tagger, read_lead, tag_document
from transforms.text.fold import search_text
from transforms.watchlist import Watchlist
from warehouse.upkeep.retag import BEAT_FIELDS, TITLE_FIELDS, Columns, StagedFindings

# A process takes half a second to start, which tags two thousand articles right here.
FEWEST = 5_000
MOST_PROCESSES = 8
# Chunks in hand beyond one a process: enough that nobody waits, few enough for memory.
_SPARE = 2

Rows = Sequence[tuple[Any, ...]]
_readers: list[EntryReader] = []


def tag_chunks(
    watchlist: Watchlist, chunks: Iterable[Rows], *, total: int
) -> Iterator[StagedFindings]:
    """Yield what is found in each chunk of articles, in order.

    *chunks* is only read in this process and thread, as it is asked for.
    """
    processes = min(MOST_PROCESSES, os.cpu_count() or 1)
    if total < FEWEST or processes == 1:
        tagger = EntryReader(watchlist).tagger
        yield from (_found(tagger, rows) for rows in chunks)
        return
    with ProcessPoolExecutor(
        processes,
        # Not fork: DuckDB has threads and locks, which a forked child has half of.
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(EntryReader(watchlist), os.getpid()),
    ) as pool:
        yield from _in_order(pool, chunks, ahead=processes + _SPARE)


def _in_order(
    pool: ProcessPoolExecutor, chunks: Iterable[Rows], *, ahead: int
) -> Iterator[StagedFindings]:
    waiting: deque[Future[StagedFindings]] = deque()
    try:
        for rows in chunks:
            waiting.append(pool.submit(_find, rows))
            if len(waiting) >= ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()


def _begin(reader: EntryReader, parent: int) -> None:
    # Ctrl-C reaches the whole process group; the parent decides what that means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A parent that was killed says nothing; its worker would wait for ever.
    follow(parent)
    _readers.append(reader)


def _find(rows: Rows) -> StagedFindings:
    return _found(_readers[0].tagger, rows)


def _found(tagger: Tagger, rows: Rows) -> StagedFindings:
    mentions: list[Mention] = []
    tags: list[Tag] = []
    facts: list[HeadlineFact] = []
    beats: list[tuple[Any, ...]] = []
    titles: list[tuple[Any, ...]] = []
    for article_id, stored, summary, content, page, was_digest, *sources, day in rows:
        title = headline_of(stored, (sources[-1],))
        is_digest = tells_many(title)
        tagged = tag_document(
            tagger.read(title, summary, page or content),
            tagger,
            article_id,
            is_digest=is_digest,
            on=day,
            sources=tuple(sources),
            lead=read_lead(tagger, title, summary, page) if page else None,
        )
        mentions += tagged.mentions
        tags += tagged.tags
        facts += read_headline(article_id, title, is_digest=is_digest)
        beats.append((article_id, *tagged.beat))
        if (title, is_digest) != (stored, was_digest):
            titles.append(
                (
                    *(article_id, title, is_digest, content_hash(title, summary)),
                    search_text(title, summary),
                    list(keys_of(title, tagged.mentions)),
                )
            )
    return StagedFindings(
        articles=len(rows),
        mentions=_columns(mentions, Mention._fields),
        tags=_columns(tags, Tag._fields),
        facts=_columns(facts, HeadlineFact._fields),
        beats=_columns(beats, BEAT_FIELDS),
        titles=_columns(titles, TITLE_FIELDS),
    )


def _columns(records: Sequence[tuple[Any, ...]], names: Sequence[str]) -> Columns:
    """Return each field of *records* as JSON: one text crosses over, not many objects."""
    columns = zip(*records, strict=True) if records else ((),) * len(names)
    return {
        name: orjson.dumps(column).decode()
        for name, column in zip(names, columns, strict=True)
    }
