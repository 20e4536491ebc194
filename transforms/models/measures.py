"""Measures: acts of states on technology, as headlines tell of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, NamedTuple, get_args, get_type_hints

# Who may act, or be acted against.
SIDES = ("cn", "us", "eu", "jp", "kr", "tw", "nl", "uk", "in", "other")
INSTRUMENTS = (
    *("export-control", "entity-list", "tariff", "investment-limit", "ban", "penalty"),
    *("investigation", "approval-or-licence", "rule-or-standard", "plan-or-support"),
    *("procurement", "court-ruling", "other"),
)
STATUSES = ("rumoured", "proposed", "decided", "in-force", "stayed", "eased", "answered")
# Of those whom a measure hits: wherever they are at home.
EVERYWHERE = "all"
# What a headline says in its own words: assistants get it as quoted.
Words = Annotated[str, "of an outlet"]
# Sides of which two may be two states, or one none; and things of which two may be one.
_NOBODY = {"", EVERYWHERE, "other"}
_UNTOLD = {"", "other"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """An act of a state, or a proposed or reported one; what is not told is empty.

    ``side`` is whose measure it is, ``actor`` who acts: a body's id, else its name as the
    headline has it. ``targets`` are company ids, ``target_class`` the words for those whom
    the measure hits, ``target_side`` where they are at home ("all": everywhere).
    """

    side: str
    actor: str
    instrument: str
    status: str
    direction: str
    targets: tuple[str, ...] = ()
    target_class: Words = ""
    target_side: str = ""
    thing: str = ""
    effective_on: date | None = None
    amount: float | None = None
    currency: str = ""


def said_of_measures(*, in_words: bool) -> tuple[str, ...]:
    """Return the fields of a measure that are the words of an outlet, or the others."""
    hints = get_type_hints(Measure, include_extras=True)
    return tuple(
        name
        for name, hint in hints.items()
        if (Words in (hint, *get_args(hint))) == in_words
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleMeasure(Measure):
    """A measure as an article tells of it: a row of ``article_measures``."""

    article_id: str
    rules_version: str

    @property
    def act(self) -> StateAct | None:
        """The act of one state on another, if it is one."""
        return act_on_another(
            *(self.side, self.target_side, self.direction, self.instrument),
            *(self.status, self.thing, self.targets),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureFilter:
    """Conditions on the act of a state that an article reports; an empty one always holds.

    ``targets`` are company ids, already widened to brands and subsidiaries unless the
    condition is exact; it is enough to hit one of them or one of ``target_sides``.
    """

    sides: frozenset[str] = frozenset()
    instruments: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    things: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()
    target_sides: frozenset[str] = frozenset()


class StateAct(NamedTuple):
    """What one state does to another one's firms or goods, as a headline tells it."""

    side: str
    target_side: str
    direction: str
    instrument: str
    thing: str
    targets: tuple[str, ...]

    def may_be(self, other: StateAct) -> bool:
        """Tell whether another headline may tell of it: all that both tell agrees."""
        if self[:4] != other[:4]:
            return False
        if self.targets and other.targets and set(self.targets).isdisjoint(other.targets):
            return False
        return self.thing == other.thing or bool({self.thing, other.thing} & _UNTOLD)


def act_on_another(
    side: str,
    target_side: str,
    direction: str,
    instrument: str,
    status: str,
    thing: str,
    targets: Sequence[str],
) -> StateAct | None:
    """Return the act of one state on another that a measure is; None if it is none.

    What states do at home comes in dozens a day, and an answer is told with what it
    answers.
    """
    if status == "answered" or side == target_side or {side, target_side} & _NOBODY:
        return None
    return StateAct(side, target_side, direction, instrument, thing, tuple(targets))
