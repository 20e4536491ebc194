"""Rejections: wrong matches and topics, added to the home's watchlist."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import duckdb

from flows.home import Config
from flows.settings import read_file
from flows.steps.edits import edit_text
from transforms.beats import WATCHLIST
from transforms.config import ConfigError
from transforms.config.extends import EXTENDING
from transforms.names.edit.exclusions import (
    REACH,
    MatchContext,
    TaggedText,
    TopicExclusion,
    TopicKey,
    WrongHit,
    is_same_name,
    propose_exclusion,
    propose_words,
    wrong_hits,
)
from transforms.names.explain.explain import why_not
from transforms.names.rules.watchlist import Watchlist
from transforms.names.tagging import Tagger, compile_tagger
from transforms.text.fold import fold
from warehouse.news import findings as finding_store
from warehouse.queries import Row

MOST_EXAMPLES = 5
# The newest articles with the topic on which a proposal is tried; a second or two.
MOST_TRIED = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """Rule learned by one alias: it removes *removed* of its stored *matches*.

    *examples* are headlines of those that go, *kept_examples* of those that stay.
    """

    alias: str
    field: str
    sentence: str
    exclusion: str
    matches: int
    removed: int
    examples: tuple[str, ...]
    kept_examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedTopic:
    """Rule learned by a topic or event: *removed* of *tried* articles lose it."""

    kind: str
    topic_id: str
    term: str
    sentence: str
    exclusion: tuple[str, ...]
    tried: int
    removed: int
    examples: tuple[str, ...]
    kept_examples: tuple[str, ...]


def reject(
    con: duckdb.DuckDBPyConnection,
    config: Config,
    hits: Iterable[WrongHit],
    *,
    apply: bool,
    report: Callable[[str], None],
) -> tuple[list[Rejected], bool]:
    """Add each hit's sentence as a negative example; with *apply*, exclude its words.

    Returns what was learned, and whether the company is named in one of the sentences
    even so. The file is replaced only by one that says the same of everything else.

    Raises:
        ConfigError: The file is wrong, or the change would break it.
    """
    # tomlkit takes a while to import, and no other command edits this file.
    from transforms.names.edit.entries import add_counter_example  # noqa: PLC0415

    lessons = [(hit, _learned(con, hit)) for hit in hits]
    company_id = lessons[0][0].alias.company_id
    watchlists: list[Watchlist] = []

    def change(before: str | None) -> str:
        text = before = before or EXTENDING
        for hit, learned in lessons:
            text = add_counter_example(
                text,
                hit.alias,
                hit.sentence,
                exclusion=learned.exclusion if apply else "",
                default=config.beat.texts[WATCHLIST],
            )
        watchlists.append(_checked(config, text, before, company_id))
        return text

    edit_text(config.settings, WATCHLIST, change, command="watchlist reject", report=report)
    rejected = [learned for _, learned in lessons]
    return rejected, _is_named(config, watchlists[0], rejected, company_id)


def hits_in(config: Config, words: Row, company_id: str) -> list[WrongHit]:
    """Return the matches of the company in an article's *words*, by today's rules."""
    hits = wrong_hits(
        config.tagger,
        company_id,
        title=words["title"],
        summary=words["summary"],
        content=words["content"],
    )
    story_id = words["story_id"]
    return [replace(hit, window=replace(hit.window, story_id=story_id)) for hit in hits]


def _learned(con: duckdb.DuckDBPyConnection, hit: WrongHit) -> Rejected:
    history = list(_history(con, hit))
    exclusion = propose_exclusion(hit, history)
    removed = exclusion.removed if exclusion else ()
    return Rejected(
        alias=hit.alias.text,
        field=hit.field,
        sentence=hit.sentence,
        exclusion=exclusion.pattern if exclusion else "",
        matches=len(history),
        removed=len(removed),
        examples=_titles(removed),
        kept_examples=_titles(exclusion.kept if exclusion else ()),
    )


def _history(con: duckdb.DuckDBPyConnection, hit: WrongHit) -> Iterator[MatchContext]:
    company_id = hit.alias.company_id
    names = [
        name
        for name in finding_store.names_of(con, company_id)
        if is_same_name(name, hit.alias)
    ]
    for row in finding_store.windows(con, company_id, names, reach=REACH):
        sides = {key: fold(row[key]).text for key in ("before", "hit", "after")}
        yield MatchContext(**{**row, **sides})


def _checked(config: Config, text: str, before: str, company_id: str) -> Watchlist:
    """Return the new watchlist, which may differ in that one company only."""
    watchlist, old = config.watchlist_of(text), config.watchlist_of(before)
    if _without(watchlist, company_id) != _without(old, company_id):
        raise ConfigError(
            WATCHLIST,
            f"cannot be changed safely at [company.{company_id}]",
            "add the example by hand",
        )
    return watchlist


def _without(watchlist: Watchlist, company_id: str) -> Watchlist:
    others = tuple(c for c in watchlist.companies if c.company_id != company_id)
    return replace(watchlist, companies=others, rules_version="")


def _is_named(
    config: Config, made: Watchlist, rejected: Iterable[Rejected], company_id: str
) -> bool:
    tagger = compile_tagger(made, config.beat.tagging)
    return any(why_not(tagger, one.sentence, "", company_id).named for one in rejected)


def _titles(examples: Iterable[MatchContext | TaggedText]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.title for each in examples))[:MOST_EXAMPLES]


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
        default = config.beat.texts[WATCHLIST]
        return add_topic_exclusion(
            text or EXTENDING, kind, topic_id, words, sentence, default=default
        )

    def excluding(words: Sequence[str]) -> Tagger:
        text = added(read_file(config.settings.home / WATCHLIST), words)
        return compile_tagger(config.watchlist_of(text), config.beat.tagging)

    proposal = propose_words(wrong, key, term, history, excluding)
    if proposal and apply:
        words = proposal.words
        edit_text(
            config.settings,
            WATCHLIST,
            lambda text: added(text, words),
            command="tags reject",
            report=report,
        )
    return _rejected_topic(key, term, wrong, proposal, tried=len(history))


def _rejected_topic(
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
