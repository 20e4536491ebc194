"""Measures: acts of states on technology, as headlines tell of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

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
    target_class: str = ""
    target_side: str = ""
    thing: str = ""
    effective_on: date | None = None
    amount: float | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureFilter:
    """What is asked of the act of a state that an article tells of; empty is no matter.

    ``targets`` are company ids, already widened to brands and subsidiaries unless the
    condition is exact; it is enough to hit one of them or one of ``target_sides``.
    """

    sides: frozenset[str] = frozenset()
    instruments: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    things: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()
    target_sides: frozenset[str] = frozenset()
