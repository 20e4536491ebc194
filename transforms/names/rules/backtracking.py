r"""Objection of regular expressions that would keep the engine busy over one headline."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from transforms.names.rules.automaton import Unbounded, Unknown, automaton_of
from transforms.names.rules.walkers import Endless, work


class Objection(NamedTuple):
    """Why a pattern is refused, and what to write instead."""

    why: str
    remedy: str


NESTED = Objection(
    "could take hours over one headline: a repeat can read the same text in many ways, by"
    " a repeat or alternatives in it",
    "let each turn of a repeat begin with what nothing else in it matches",
)
MANY = Objection(
    "could take too long over one headline: its repeats and alternatives can share out one"
    " text in too many ways",
    "give its repeats an end, {0,40} for *, or write fewer of them",
)
LARGE = Objection(
    "is too large to be checked: each part counts as often as it is repeated",
    "make several patterns of it, or repeat less",
)
UNKNOWN = Objection(
    "refers back to a group, which cannot be checked", "write out what is to stand there"
)
# Without a repeat or a group, a pattern is a list of words.
_CAN_BRANCH = re.compile(r"[*+?({]")
# In units of ten nanoseconds: of the 50 ms that a headline may take, a slow machine needs
# all and a fast one a third.
_MOST_WORK = 5_000_000


@lru_cache(maxsize=4096)
def backtracking(source: str) -> Objection | None:
    """Return why *source* is refused; None if any headline is soon done.

    Raises:
        re.error: It is not a regular expression.
    """
    if not _CAN_BRANCH.search(source):
        return None
    try:
        automaton = automaton_of(source)
        # Most patterns are known to be well at the first look, which is quick.
        looks = (work(automaton, in_groups=grouped) for grouped in (False, True))
        return None if any(each <= _MOST_WORK for each in looks) else MANY
    except Endless:
        return NESTED
    except Unbounded:
        return LARGE
    except Unknown:
        return UNKNOWN
