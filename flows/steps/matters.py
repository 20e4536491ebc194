"""What stands on the matters of verdicts: which new ones repeat it, and what undo leaves.

The last verdict on a matter decides. Equal ones in a row are one, however they came:
of a file, of clicks that waited together, or of a store that kept each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count, takewhile

from flows.steps.regroup import EVENTS
from transforms.models.verdicts import KINDS, GivenVerdict
from transforms.names.rules.watchlist import Watchlist
from transforms.names.verdict_effects import matter
from warehouse.news import verdicts as verdict_store
from warehouse.news.verdicts import Moments
from warehouse.queries import Connection, Row

FIELDS = ("subject_id", "kind", "value", "by", "why", "scope")
_SHOWN = "headline"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenVerdict:
    """A standing verdict; ``over`` are the earlier ones that it overrules.

    One that stood already, in the same words, is not ``is_new``.
    """

    verdict_id: int
    given: GivenVerdict
    is_new: bool = True
    over: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoneVerdict:
    """A verdict taken back, with the equal ones; ``stands`` is what its matter has left."""

    verdict_id: int
    given: GivenVerdict
    alike: tuple[int, ...] = ()
    stands: TakenVerdict | None = None


class Matters:
    """The verdicts in force by matter, in order; new ones come behind them."""

    def __init__(
        self, con: Connection, watchlist: Watchlist, given: Iterable[GivenVerdict]
    ) -> None:
        """Read what stands on the matters of *given*."""
        given = list(given)
        shown = {one.subject_id for one in given if one.kind == _SHOWN}
        self._watchlist = watchlist
        self._stories = verdict_store.shown_stories(con, shown) if shown else {}
        self._said: dict[object, list[TakenVerdict]] = {}
        ids = {*self._stories, *(one.subject_id for one in given)}
        for row in verdict_store.of_subjects(con, ids):
            said = given_of(row)
            stands = TakenVerdict(verdict_id=row["verdict_id"], given=said, is_new=False)
            self.of(said).append(stands)

    def of(self, one: GivenVerdict) -> list[TakenVerdict]:
        """Return what stands on the matter of a verdict."""
        return self._said.setdefault(self._key(one), [])

    def forget_headlines(self) -> None:
        """Forget verdicts on headlines, as a verdict on events changes the stories."""
        self._said = {
            key: said
            for key, said in self._said.items()
            if not said or said[0].given.kind != _SHOWN
        }

    def _key(self, one: GivenVerdict) -> object:
        story = self._stories.get(one.subject_id) if one.kind == _SHOWN else None
        return (_SHOWN, story) if story else matter(one, self._watchlist)


def numbered(
    con: Connection, watchlist: Watchlist, given: Sequence[GivenVerdict]
) -> list[TakenVerdict]:
    """Give new verdicts a number; those stored or given before keep theirs.

    A click may be stored already, if its process was killed before it could say so.
    """
    matters = Matters(con, watchlist, given)
    known = verdict_store.given_at(con, {one.made_at for one in given if one.made_at})
    numbers = count(verdict_store.last_id(con) + 1)
    taken = []
    for one in given:
        before = matters.of(one)
        stands = _standing(one, before, known)
        if stands is None:
            over = _overruled(one, before)
            before.append(TakenVerdict(verdict_id=next(numbers), given=one, over=over))
        taken.append(stands or before[-1])
        if stands is None and one.kind in EVENTS:
            matters.forget_headlines()
    return taken


def undone(
    con: Connection, watchlist: Watchlist, verdict_id: int, given: GivenVerdict
) -> UndoneVerdict:
    """Return a verdict in force, its equal neighbours, and what is left without them."""
    said = Matters(con, watchlist, [given]).of(given)
    at = next(n for n, each in enumerate(said) if each.verdict_id == verdict_id)
    run = [*_alike(given, reversed(said[:at])), said[at], *_alike(given, said[at + 1 :])]
    numbers = sorted(each.verdict_id for each in run)
    left = [each for each in said if each.verdict_id not in numbers]
    return UndoneVerdict(
        verdict_id=verdict_id,
        given=given,
        alike=tuple(number for number in numbers if number != verdict_id),
        stands=left[-1] if left else None,
    )


def given_of(row: Row) -> GivenVerdict:
    """Return a stored verdict as it was given."""
    return GivenVerdict(**{name: row[name] for name in FIELDS})


def _standing(
    one: GivenVerdict, before: Sequence[TakenVerdict], known: Moments
) -> TakenVerdict | None:
    """Return the verdict that says the same already."""
    if number := known.get((one.made_at, one.by, one.kind)):
        return TakenVerdict(verdict_id=number, given=one, is_new=False)
    last = before[-1] if before else None
    if last is None or not _is_same(last.given, one) or last.given.scope != one.scope:
        return None
    return replace(last, is_new=False)


def _overruled(one: GivenVerdict, before: Sequence[TakenVerdict]) -> tuple[int, ...]:
    """Return the verdicts since these words were said last."""
    others = takewhile(lambda each: not _is_same(each.given, one), reversed(before))
    return tuple(each.verdict_id for each in others)[::-1]


def _alike(one: GivenVerdict, said: Iterable[TakenVerdict]) -> Iterable[TakenVerdict]:
    return takewhile(lambda each: _is_same(each.given, one), said)


def _is_same(one: GivenVerdict, other: GivenVerdict) -> bool:
    """Tell whether two verdicts on a matter say the same of it."""
    return _words(one) == _words(other)


def _words(given: GivenVerdict) -> tuple[str, str]:
    if given.kind == _SHOWN:
        return given.kind, given.subject_id
    return given.kind, given.value if KINDS[given.kind].choices else ""
