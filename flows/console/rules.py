"""``--scope rule`` of a verdict: words that the home's watchlist excludes from now on."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from flows.console import output
from flows.console.output import Console, note, say
from flows.steps.rejections import (
    MOST_TRIED,
    RuleChange,
    exclude_from_topic,
    exclude_hits,
    hits_in,
)
from transforms.beat_files import WATCHLIST
from transforms.models.verdicts import GivenVerdict
from transforms.names.edit.exclusions import WrongHit
from transforms.names.verdict_effects import topic_of
from warehouse.news import findings as finding_store


def change_rule(console: Console, given: GivenVerdict) -> bool:
    """Exclude in the home's watchlist what a verdict says of one article; print the effect.

    Returns whether words were found that do.
    """
    with console.published() as con:
        change = _exclude_hits if given.kind == "not-about" else _exclude_from_topic
        changes = change(con, console, given)
    for each in changes:
        _print(each)
    return any(each.exclusion for each in changes)


def _exclude_hits(
    con: duckdb.DuckDBPyConnection, console: Console, given: GivenVerdict
) -> list[RuleChange]:
    hits = _hits(con, console, given.subject_id, given.value)
    return exclude_hits(con, console.config, hits, report=note)


def _exclude_from_topic(
    con: duckdb.DuckDBPyConnection, console: Console, given: GivenVerdict
) -> list[RuleChange]:
    article_id = given.subject_id
    key = topic_of(given.value, console.config.watchlist)
    change = exclude_from_topic(con, console.config, article_id, key, report=note)
    if change is None:
        raise output.RequestError(
            f"article {article_id!r} does not have the {key[0]} {key[1]!r}, "
            f"or {MOST_TRIED:,} newer articles have it; "
            f"see: sinowire watchlist why {article_id}"
        )
    return [change]


def _hits(
    con: duckdb.DuckDBPyConnection, console: Console, article_id: str, company_id: str
) -> Sequence[WrongHit]:
    words = finding_store.words_of(con, article_id)
    if company_id not in words["companies"]:
        named = ", ".join(sorted(words["companies"])) or "no company"
        raise output.RequestError(
            f"article {article_id!r} does not mention {company_id!r}; it names {named}"
        )
    hits = hits_in(console.config, words, company_id)
    if not hits:
        raise output.WorkError(
            f"the current watchlist no longer finds {company_id!r} in article "
            f"{article_id!r}; run: sinowire retag"
        )
    tickers = [hit.alias.text for hit in hits if hit.alias.kind == "ticker"]
    if tickers:
        raise output.WorkError(
            f"{tickers[0]} is a ticker of {company_id!r} and knows no exceptions; "
            f"take it out of tickers in {WATCHLIST}"
        )
    return hits


def _print(change: RuleChange) -> None:
    say(f"rule       {change.rule}")
    if not change.exclusion:
        say("exclusion  none: the words here also stand where the rule is right")
        return
    say(f"exclusion  {change.exclusion} (added)")
    say(f"effect     {change.removed} of {change.tried} that are stored would go, such as")
    for title in change.examples:
        say(f"           {title}")
    if change.kept_examples:
        say(f"           {change.tried - change.removed} would stay, such as")
    for title in change.kept_examples:
        say(f"           {title}")
