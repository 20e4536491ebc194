"""Verdicts of readers, applied to stored and published data: the only entry point.

checked ─▶ ids as they are today ─▶ row appended ─▶ articles and stories found anew
                                    one transaction of one turn, then published

All callers with verdicts use :func:`apply_verdicts`, for one or for thousands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import duckdb

from flows.home import Config
from flows.steps.matters import TakenVerdict, UndoneVerdict, given_of, numbered, undone
from flows.steps.rederive import find_anew, refresh_heads
from flows.steps.regroup import EVENTS, obey_pairs
from flows.steps.warehouse import open_writer, publish
from transforms.models.verdicts import KINDS, GivenVerdict, VerdictError
from transforms.names.rules.watchlist import Watchlist
from transforms.names.verdict_effects import checked, worded
from warehouse.appends import batches
from warehouse.file.connect import REWRITING, transaction
from warehouse.news import verdicts as verdict_store
from warehouse.news.verdicts import SubjectNow, Tellers

# Articles that are found anew at once, in some hundred megabytes.
_PART = 1_000
_LISTED = {
    "article": "sinowire search WORDS",
    "alert": "sinowire alerts list",
    "measure": "sinowire sql 'from measures'",
    "claim": "sinowire sql 'from claims'",
}
# What the ledger tells of is said of the stories that tell of it.
_LEDGER = ("measure", "claim")


def apply_verdicts(
    config: Config,
    given: Sequence[GivenVerdict],
    *,
    command: str = "verdicts add",
    report: Callable[[str], None] = lambda _: None,
) -> list[TakenVerdict]:
    """Store all of *given* or none, apply them, and publish.

    Waits for the turn to write, and *report* hears of it; killed anywhere, all of it is
    done or nothing.

    Raises:
        VerdictError: One of them cannot be taken; says which, and why.
        WarehouseBusy: Another writer kept the warehouse for too long.
    """
    read = _each(given, lambda one: [checked(one, config.watchlist)])
    turn = open_writer(config.settings, command, report, memory=REWRITING)
    with turn as con, transaction(con):
        taken = numbered(con, config.watchlist, _resolved(con, read))
        fresh = [each.given for each in taken if each.is_new]
        verdict_store.append(con, fresh, datetime.now(UTC))
        overruled = _apply(con, config, fresh)
    publish(config.settings)
    return [_overruling(each, overruled) for each in taken]


def undo_verdicts(
    config: Config,
    verdict_ids: Iterable[int],
    said: GivenVerdict,
    *,
    report: Callable[[str], None] = lambda _: None,
) -> list[UndoneVerdict]:
    """Undo verdicts, those beside them that say the same, and their effects: all or none.

    *said* tells by whom and why. Publishes; returns the verdicts.

    Raises:
        VerdictError: There is no such verdict, or it was taken back.
        WarehouseBusy: Another writer kept the warehouse for too long.
    """
    words = worded(said)
    turn = open_writer(config.settings, "verdicts undo", report, memory=REWRITING)
    with turn as con, transaction(con):
        verdicts = [
            _taken_back(con, config.watchlist, number, words) for number in verdict_ids
        ]
        found = [each for each in verdicts if each]
        _apply(con, config, [each.given for each in found])
    publish(config.settings)
    return found


def _taken_back(
    con: duckdb.DuckDBPyConnection,
    watchlist: Watchlist,
    verdict_id: int,
    words: GivenVerdict,
) -> UndoneVerdict | None:
    """Undo a verdict; None where an interrupted run had undone it already."""
    row = verdict_store.one(con, verdict_id)
    if row is None:
        raise VerdictError(f"no verdict {verdict_id}; see: sinowire verdicts list")
    if (at := row["undone_at"]) and at == words.made_at:
        return None
    if at:
        raise VerdictError(
            f"verdict {verdict_id} was taken back on {at.astimezone(UTC):%Y-%m-%d}; to "
            "give it again: sinowire verdicts add"
        )
    found = undone(con, watchlist, verdict_id, given_of(row))
    verdict_store.take_back(con, [verdict_id, *found.alike], words, datetime.now(UTC))
    return found


def preview(
    con: duckdb.DuckDBPyConnection, watchlist: Watchlist, given: Sequence[GivenVerdict]
) -> list[TakenVerdict]:
    """Return the verdicts that :func:`apply_verdicts` would store; writes nothing."""
    read = _each(given, lambda one: [checked(one, watchlist)])
    return numbered(con, watchlist, _resolved(con, read))


def _resolved(
    con: duckdb.DuckDBPyConnection, given: Sequence[GivenVerdict]
) -> list[GivenVerdict]:
    """Return verdicts with current ids, those on stories by the lead article.

    One on a measure that several stories tell of becomes one on each.

    Raises:
        VerdictError: An id is of nothing here, or of something else.
    """
    ids = {id_ for one in given for id_ in (one.subject_id, one.value) if id_}
    known = verdict_store.subjects(con, ids)
    of_ledger = {one.subject_id for one in given if KINDS[one.kind].subject in _LEDGER}
    at = [known[id_].now_id for id_ in of_ledger if id_ in known]
    tellers = verdict_store.tellers(con, at) if at else {}
    return _each(given, lambda one: _as_of_today(one, known, tellers))


def _each(
    given: Sequence[GivenVerdict], read: Callable[[GivenVerdict], list[GivenVerdict]]
) -> list[GivenVerdict]:
    """Return the results of *read* on each; an error names the verdict's source."""
    verdicts = []
    for one in given:
        try:
            verdicts += read(one)
        except VerdictError as exc:
            if not one.source:
                raise
            raise VerdictError(f"{one.source}: {exc}; nothing was imported") from exc
    return verdicts


def _as_of_today(
    one: GivenVerdict, known: Mapping[str, SubjectNow], tellers: Tellers
) -> list[GivenVerdict]:
    kind = KINDS[one.kind]
    wanted = "alert" if kind.subject == "alert" else "article"
    subject_id, value = _id_of(one.subject_id, known, wanted), one.value
    if kind.value == "article":
        value = _id_of(value, known, wanted)
        if value == subject_id:
            raise VerdictError(
                f"{one.kind} needs two articles, and both ids are of {value}; name another"
            )
    if kind.subject not in _LEDGER:
        return [replace(one, subject_id=subject_id, value=value)]
    telling = tellers.get((subject_id, kind.subject), [])
    if not telling:
        raise VerdictError(
            f"{one.subject_id!r} reports no {kind.subject}; see: {_LISTED[kind.subject]}"
        )
    is_whole = known[one.subject_id].kind == "measure"
    return [
        replace(one, subject_id=each) for each in (telling if is_whole else telling[:1])
    ]


def _id_of(id_: str, known: Mapping[str, SubjectNow], wanted: str) -> str:
    subject = known.get(id_)
    if subject is None:
        what = "alert" if wanted == "alert" else "article or story"
        raise VerdictError(
            f"no {what} {id_!r} in this home; see: {_LISTED[wanted]}; ids that "
            "only another home has are unknown here"
        )
    is_alert = subject.kind == "alert"
    if is_alert != (wanted == "alert"):
        article = "an" if subject.kind != "story" else "a"
        needed = "an alert" if wanted == "alert" else "an article or a story"
        raise VerdictError(
            f"{id_!r} is {article} {subject.kind}, but this verdict needs {needed}; "
            f"see: {_LISTED[wanted]}"
        )
    return subject.now_id


def _overruling(taken: TakenVerdict, overruled: Sequence[int]) -> TakenVerdict:
    """Return a verdict on events with the earlier ones that a chain overrules."""
    if not taken.is_new or taken.given.kind not in EVENTS:
        return taken
    earlier = {number for number in overruled if number < taken.verdict_id}
    return replace(taken, over=tuple(sorted({*taken.over, *earlier})))


def _apply(
    con: duckdb.DuckDBPyConnection, config: Config, said: Iterable[GivenVerdict]
) -> Sequence[int]:
    """Apply the standing verdicts on these subjects to the stored data.

    Returns verdicts on their events that later ones overrule.
    """
    given = list(said)
    ids = {id_ for one in given for id_ in (one.subject_id, one.value)}
    known = verdict_store.subjects(con, ids)
    of_articles = [
        known[one.subject_id].now_id
        for one in given
        if KINDS[one.kind].subject == "article" and one.subject_id in known
    ]
    for batch in batches(dict.fromkeys(of_articles), _PART):
        find_anew(con, config, batch)
    shown = [one.subject_id for one in given if one.kind == "headline"]
    refresh_heads(con, config, [known[id_].now_id for id_ in shown if id_ in known])
    paired = [
        id_ for one in given if one.kind in EVENTS for id_ in (one.subject_id, one.value)
    ]
    if not paired:
        return ()
    return obey_pairs(con, config, [known[id_].now_id for id_ in paired if id_ in known])
