"""Rejections: what a wrong match or topic teaches the home's watchlist."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import duckdb

from flows.home import Config
from flows.settings import read_file
from flows.steps.edits import edit_text
from transforms.beat_files import WATCHLIST
from transforms.config import ConfigError
from transforms.config.table import EXTENDING
from transforms.names.edit.exclusions import (
    REACH,
    Exclusion,
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
from transforms.names.rules.watchlist import Watchlist
from transforms.names.tagging import Tagger, compile_tagger
from transforms.text.fold import fold
from warehouse.news import findings as finding_store
from warehouse.queries import Row

MOST_EXAMPLES = 5
# Who edits, as others that wait for the file are told.
COMMAND = "verdicts add"
# The newest articles with the topic on which a proposal is tried; a second or two.
MOST_TRIED = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """What a rule excludes from now on: *removed* of the *tried* that are stored.

    ``exclusion`` is as the watchlist has it, "" if no words were found. *examples* are
    headlines of those that go, *kept_examples* of those that stay.
    """

    rule: str
    exclusion: str
    tried: int
    removed: int
    examples: tuple[str, ...]
    kept_examples: tuple[str, ...]


def exclude_hits(
    con: duckdb.DuckDBPyConnection,
    config: Config,
    hits: Iterable[WrongHit],
    *,
    report: Callable[[str], None],
) -> list[RuleChange]:
    """Add each hit's sentence as a negative example, and exclude words beside it.

    The file is replaced only by one that says the same of everything else.

    Raises:
        ConfigError: The file is wrong, or the change would break it.
    """
    # tomlkit takes a while to import, and no other command edits this file.
    from transforms.names.edit.entries import add_counter_example  # noqa: PLC0415

    lessons = []
    for hit in hits:
        history = list(_history(con, hit))
        lessons.append((hit, propose_exclusion(hit, history), len(history)))

    def change(before: str | None) -> str:
        text = before = before or EXTENDING
        for hit, found, _ in lessons:
            text = add_counter_example(
                text,
                hit.alias,
                hit.sentence,
                exclusion=found.pattern if found else "",
                default=config.beat.texts[WATCHLIST],
            )
        _check(config, text, before, lessons[0][0].alias.company_id)
        return text

    edit_text(config.settings, WATCHLIST, change, command=COMMAND, report=report)
    return [
        _changed(
            f"{hit.alias.text} (in the {hit.field})",
            f"not = '{found.pattern}'" if found else "",
            found,
            tried,
        )
        for hit, found, tried in lessons
    ]


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


def _check(config: Config, text: str, before: str, company_id: str) -> None:
    """Refuse a new watchlist that differs in more than that one company."""
    watchlist, old = config.watchlist_of(text), config.watchlist_of(before)
    if _without(watchlist, company_id) != _without(old, company_id):
        raise ConfigError(
            WATCHLIST,
            f"cannot be changed safely at [company.{company_id}]",
            "add the example by hand",
        )


def _without(watchlist: Watchlist, company_id: str) -> Watchlist:
    others = tuple(c for c in watchlist.companies if c.company_id != company_id)
    return replace(watchlist, companies=others, rules_version="")


def _titles(examples: Iterable[MatchContext | TaggedText]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.title for each in examples))[:MOST_EXAMPLES]


def exclude_from_topic(
    con: duckdb.DuckDBPyConnection,
    config: Config,
    article_id: str,
    key: TopicKey,
    *,
    report: Callable[[str], None],
) -> RuleChange | None:
    """Exclude words of the article from the topic, where few others lose it with them.

    None if the article does not have it, or is not among the newest that do.

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
    if proposal:
        words = proposal.words
        edit_text(
            config.settings,
            WATCHLIST,
            lambda text: added(text, words),
            command=COMMAND,
            report=report,
        )
    said = f"not = {list(proposal.words)}" if proposal else ""
    return _changed(
        f"{key[0]} {key[1]}, for which {term!r} spoke", said, proposal, len(history)
    )


def _changed(
    rule: str, exclusion: str, found: Exclusion | TopicExclusion | None, tried: int
) -> RuleChange:
    return RuleChange(
        rule=rule,
        exclusion=exclusion,
        tried=tried,
        removed=len(found.removed) if found else 0,
        examples=_titles(found.removed if found else ()),
        kept_examples=_titles(found.kept if found else ()),
    )
