"""Hits of the automaton, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from transforms.mentions.compile import AliasRule
from transforms.mentions.documents import Field

Gate = Literal[
    "boundary",
    "brackets",
    "cut",
    "case",
    "swallowed",
    "excluded",
    "no_context",
    "certain",
    "not_excluded",
    "co_alias",
    "context",
]
_PASSING = frozenset({"certain", "not_excluded", "co_alias", "context"})


class Hit(NamedTuple):
    """A place in a field's folded text, and the rules that may accept it."""

    field: Field
    start: int
    end: int
    rules: Sequence[AliasRule]


class Judgement(NamedTuple):
    """A hit under one rule, and the gate that decided it.

    *detail* is the pattern or the longer alias that the decision hung on.
    """

    field: Field
    start: int
    end: int
    rule: AliasRule
    gate: Gate
    detail: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the hit names the company."""
        return self.gate in _PASSING
