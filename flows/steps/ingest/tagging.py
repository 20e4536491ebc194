"""Tag stored articles, many at once: in processes of their own, since it is all CPU."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from flows.steps.processes import at_hand, in_processes
from transforms.articles.normalize import content_hash, headline_of
from transforms.articles.reader import EntryReader, keys_of
from transforms.headlines.digests import is_digest as tells_many
from transforms.headlines.facts import read_headline
from transforms.models import HeadlineFact, Mention, Tag
from transforms.models.verdicts import Verdict
from transforms.names.rules.watchlist import Watchlist
from transforms.names.tagging import Tagger, read_lead, tag_document
from transforms.search.signature import signature
from transforms.text.fold import search_text
from warehouse.upkeep.retag import (
    BEAT_FIELDS,
    KEY_FIELDS,
    MENTION_FIELDS,
    SIGN_FIELDS,
    TITLE_FIELDS,
    Columns,
    StagedFindings,
)

# A process takes half a second to start, which tags two thousand articles right here.
FEWEST = 5_000

Rows = Sequence[tuple[Any, ...]]
Verdicts = Mapping[str, Sequence[Verdict]]
_readers: list[tuple[EntryReader, Verdicts]] = []


def tag_chunks(
    watchlist: Watchlist, chunks: Iterable[Rows], verdicts: Verdicts, *, total: int
) -> Iterator[StagedFindings]:
    """Yield what is found in each chunk of articles, in order; *verdicts* on them hold.

    *chunks* is only read in this process and thread, as it is asked for.
    """
    if total < FEWEST or at_hand() == 1:
        tagger = EntryReader(watchlist).tagger
        yield from (_found(tagger, rows, verdicts) for rows in chunks)
        return
    given = (EntryReader(watchlist), verdicts)
    yield from in_processes(_find, chunks, begin=_begin, given=given)


def _begin(reader: EntryReader, verdicts: Verdicts) -> None:
    _readers.append((reader, verdicts))


def _find(rows: Rows) -> StagedFindings:
    [(reader, verdicts)] = _readers
    return _found(reader.tagger, rows, verdicts)


def _found(tagger: Tagger, rows: Rows, verdicts: Verdicts) -> StagedFindings:
    mentions: list[tuple[Any, ...]] = []
    tags: list[Tag] = []
    facts: list[HeadlineFact] = []
    beats: list[tuple[Any, ...]] = []
    titles: list[tuple[Any, ...]] = []
    keys: list[tuple[Any, ...]] = []
    signs: list[tuple[Any, ...]] = []
    for seq, words, held, article_id, stored, summary, content, page, *rest in rows:
        language, was_digest, *sources, day = rest
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
            verdicts=verdicts.get(article_id, ()),
        )
        mentions += _marked(tagged.mentions)
        tags += tagged.tags
        facts += read_headline(article_id, title, is_digest=is_digest)
        beats.append((article_id, *tagged.beat, tagged.headline_weight))
        found_by = keys_of(
            title, tagged.mentions, language=language, is_on_beat=tagged.beat.is_on_beat
        )
        if orjson.dumps(found_by).decode() != held:
            keys.append((seq, found_by))
        searched = words
        if (title, is_digest) != (stored, was_digest):
            searched = search_text(title, summary)
            hashed = content_hash(title, summary)
            titles.append((article_id, title, is_digest, hashed, searched))
        if words is not None:
            signs.append((seq, signature(searched)))
    return StagedFindings(
        articles=len(rows),
        mentions=_columns(mentions, MENTION_FIELDS),
        tags=_columns(tags, Tag._fields),
        facts=_columns(facts, HeadlineFact._fields),
        beats=_columns(beats, BEAT_FIELDS),
        titles=_columns(titles, TITLE_FIELDS),
        keys=_columns(keys, KEY_FIELDS),
        signs=_columns(signs, SIGN_FIELDS),
    )


def _marked(mentions: Sequence[Mention]) -> Iterator[tuple[Any, ...]]:
    """Yield the mentions of one article, each with whether its summary repeats a name."""
    in_title = {mention.company_id for mention in mentions if mention.field == "title"}
    for each in mentions:
        yield *each, each.field == "summary" and each.company_id in in_title


def _columns(records: Sequence[tuple[Any, ...]], names: Sequence[str]) -> Columns:
    """Return each field of *records* as JSON: one text crosses over, not many objects."""
    columns = zip(*records, strict=True) if records else ((),) * len(names)
    return {
        name: orjson.dumps(column).decode()
        for name, column in zip(names, columns, strict=True)
    }
