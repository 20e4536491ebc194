"""Measures: acts of states on technology, as headlines tell of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

# Who may act, or be acted against.
SIDES = ("cn", "us", "eu", "jp", "kr", "tw", "nl", "uk", "in", "other")


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
