"""A person says that a topic or event is wrong: words that exclude it, for the home."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import duckdb

from flows.edits import edit_text
from flows.home import Config, default_text
from flows.settings import read_file
from flows.steps.edits.reject import FILE, MOST_EXAMPLES
from transforms.config.extends import EXTENDING
from transforms.names.edit.exclusions import (
    TaggedText,
    TopicExclusion,
    TopicKey,
    propose_words,
)
from transforms.names.rules.file import parse_watchlist
from transforms.names.tagging import Tagger, compile_tagger
from warehouse.news import findings as finding_store

# The newest articles with the topic on which a proposal is tried; a second or two.
MOST_TRIED = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedTopic:
    """What a topic or event learned: of *tried* stored articles *removed* lose it."""

    kind: str
    topic_id: str
    term: str
    sentence: str
    exclusion: tuple[str, ...]
    tried: int
    removed: int
    examples: tuple[str, ...]
    kept_examples: tuple[str, ...]


def reject_topic(
    con: duckdb.DuckDBPyConnection,
    config: Config,
    article_id: str,
    key: TopicKey,
    *,
    apply: bool,
    report: Callable[[str], None],
) -> RejectedTopic | None:
    """Propose words that exclude the topic from the article; with *apply*, write them.

    None where the article does not have it.

    Raises:
        ConfigError: The file is wrong, or the change would break it.
    """
    # tomlkit takes a while to import, and no other command edits this file.
    from transforms.names.edit.entries import add_topic_exclusion  # noqa: PLC0415

    term = finding_store.term_of(con, article_id, *key)
    if term is None:
        return None
    rows = finding_store.tagged(con, *key, most=MOST_TRIED)
    history = [TaggedText(**row) for row in rows]
    wrong = next((t for t in history if t.article_id == article_id), None)
    if wrong is None:
        return None

    def added(text: str | None, words: Sequence[str]) -> str:
        kind, topic_id = key
        sentence = " ".join(wrong.title.split())
        default = default_text(FILE)
        return add_topic_exclusion(
            text or EXTENDING, kind, topic_id, words, sentence, default=default
        )

    def excluding(words: Sequence[str]) -> Tagger:
        text = added(read_file(config.settings.home / FILE), words)
        return compile_tagger(parse_watchlist(text, default=default_text(FILE)))

    found = propose_words(wrong, key, term, history, excluding)
    if found and apply:
        words = found.words
        edit_text(
            config.settings,
            FILE,
            lambda text: added(text, words),
            command="tags reject",
            report=report,
        )
    return _rejected(key, term, wrong, found, tried=len(history))


def _rejected(
    key: TopicKey, term: str, wrong: TaggedText, found: TopicExclusion | None, *, tried: int
) -> RejectedTopic:
    return RejectedTopic(
        kind=key[0],
        topic_id=key[1],
        term=term,
        sentence=wrong.title,
        exclusion=found.words if found else (),
        tried=tried,
        removed=len(found.removed) if found else 0,
        examples=_titles(found.removed if found else ()),
        kept_examples=_titles(found.kept if found else ()),
    )


def _titles(texts: tuple[TaggedText, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.title for text in texts))[:MOST_EXAMPLES]
