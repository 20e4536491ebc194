"""Which articles a change of the rules may find otherwise, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import duckdb

from flows.home import Config
from transforms.release import VERSION
from transforms.text.fold import search_text
from transforms.text.lengths import counted
from warehouse.news import articles as article_store
from warehouse.news import verdicts as verdict_store
from warehouse.upkeep import retag as store

if TYPE_CHECKING:
    from transforms.names.reach import Reach, Reaches

# More words than that, and nearly all articles have one.
_MOST_WORDS = 1_000
# Of more articles than every other one, all are read: that is simpler, and as fast.
_MOST = 0.5
_SAID = 4
_UNKNOWN = "it is not known by which rules they were read"


@dataclass(frozen=True, slots=True)
class Scope:
    """The articles that a retag has to read, up to *last*: None are all of them.

    *stories* are all grouped anew, and *affairs* linked anew, where what changed asks for
    it; *why* says what that is.
    """

    seqs: Sequence[int] | None
    last: int
    why: str
    stories: bool = False
    affairs: bool = False

    @property
    def sentence(self) -> str:
        """How many articles are read, and why."""
        if self.seqs is None:
            return f"{counted(self.last, 'article')} to read: {self.why}"
        if not self.why:
            return (
                "no article to read: nothing that articles are read by has changed; "
                "sinowire retag --all reads all of them"
            )
        return f"{len(self.seqs):,} of {counted(self.last, 'article')} to read: {self.why}"


def rules_of(config: Config) -> str:
    """Return the version of the rules that a retag applies."""
    return f"{VERSION} {config.rules_version}"


def note_rules(con: duckdb.DuckDBPyConnection, config: Config) -> bool:
    """Record what each rule may affect; return whether older articles had other rules."""
    rules = rules_of(config)
    if is_new := not store.are_noted(con, rules):
        reaches = {key: _packed(each) for key, each in config.reaches.items()}
        store.note_rules(con, rules, reaches)
    return is_new


def outstanding(con: duckdb.DuckDBPyConnection, config: Config) -> str:
    """Return what a retag by these rules would read, in a sentence; "" for nothing."""
    scope = scope_of(con, config)
    if not scope.last or not scope.why:
        return ""
    return f"the rules changed; sinowire retag has {scope.sentence}"


def scope_of_all(con: duckdb.DuckDBPyConnection) -> Scope:
    """Return the scope of a retag that reads and groups all, whatever changed."""
    return replace(_whole(con, "as --all says"), stories=True)


def _whole(con: duckdb.DuckDBPyConnection, why: str) -> Scope:
    return Scope(None, article_store.last_place(con), why, affairs=True)


def scope_of(con: duckdb.DuckDBPyConnection, config: Config) -> Scope:
    """Return the scope of a retag by the rules of today.

    Rules that were used in between count: an article may have been read again by them.
    """
    from transforms.names.reach import changes_between  # noqa: PLC0415  see below

    noted, last = store.rules_read(con), article_store.last_place(con)
    if last and (not noted or noted[0][0]):
        return _whole(con, _UNKNOWN)
    states = [_known(reaches) for *_, reaches in noted] + [config.reaches]
    changed: list[Reach] = []
    seqs: set[int] = set()
    affairs, until = False, last
    for number in range(len(noted) - 1, -1, -1):
        after = noted[number][0]
        more, affected = changes_between(*states[number : number + 2])
        changed, affairs = changed + more, affairs or affected
        if after < until and changed:
            if unknown := [each for each in changed if each.everything]:
                return _whole(con, f"changed: {_named(unknown)}")
            seqs.update(_reached(con, changed, after, until))
        until = min(until, after)
    if len(seqs) > _MOST * last:
        return _whole(con, f"most of them name what changed: {_named(changed)}")
    why = f"they name what changed: {_named(changed)}" if changed else ""
    stories = any(each.stories for each in changed)
    return Scope(sorted(seqs), last, why, stories, affairs)


def _known(reaches: Mapping[str, list[Any]]) -> Reaches:
    from transforms.names.reach import Reach  # noqa: PLC0415  see above

    return {key: Reach(*each) for key, each in reaches.items()}


def _packed(reach: Reach) -> tuple[Any, ...]:
    """Return *reach* up to the last field that says anything."""
    said = [number for number, each in enumerate(reach, 1) if each]
    return tuple(reach[: max(said)])


def _named(changed: Iterable[Reach]) -> str:
    says = sorted({each.says for each in changed})
    more = f" and {len(says) - _SAID} more" if len(says) > _SAID else ""
    return ", ".join(says[:_SAID]) + more


def _reached(
    con: duckdb.DuckDBPyConnection, changed: Sequence[Reach], after: int, until: int
) -> Iterable[int]:
    """Return the articles of a range that the *changed* rules may bear on."""
    ids = {
        name: {id_ for each in changed for id_ in getattr(each, name)}
        for name in ("companies", "topics", "publishers")
    }
    # What a reader said of a firm or topic holds once the watchlist has it.
    judged = verdict_store.of_articles(con)
    yield from store.reached(con, after, until, **ids, judged=judged)
    # A credit line is blanked out before anything is found, so what stands on both sides of
    # a space in a rule may be further apart in a text.
    words = [tuple(word.split()) for each in changed for word in each.words]
    if len(words) > _MOST_WORDS or not all(words):
        yield from range(after + 1, until + 1)
    elif words:
        yield from _holding(con, words, after, until)


def _holding(
    con: duckdb.DuckDBPyConnection,
    words: Sequence[tuple[str, ...]],
    after: int,
    until: int,
) -> Iterator[int]:
    """Yield the articles of a range that hold all pieces of one of *words*."""
    longest = {max(parts, key=len) for parts in words}
    pattern = "|".join(map(re.escape, sorted(longest)))
    whole_ones = re.compile(pattern)

    def holds(text: str) -> bool:
        return any(all(part in text for part in parts) for parts in words)

    for seq, text in store.holding(con, after, until, pattern):
        if holds(text):
            yield seq
    for seq, *texts in store.with_pages(con, after, until):
        folded = search_text(*(text or "" for text in texts))
        if whole_ones.search(folded) and holds(folded):
            yield seq
