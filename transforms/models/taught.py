"""What verdicts taught: weights in place of the shipped ones, by the part that weighs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NamedTuple


class TaughtWeight(NamedTuple):
    """What something weighs in a part: alerts, beat, or a kind of pairs of headlines."""

    part: str
    name: str
    weight: float


Taught = tuple[TaughtWeight, ...]


def of_part(taught: Iterable[TaughtWeight], part: str) -> dict[str, float]:
    """Return the weights of one part by their names."""
    return {each.name: each.weight for each in taught if each.part == part}


def taught_version(rules_version: str, taught: Taught) -> str:
    """Return the version of rules by which something taught is judged too."""
    text = "\n".join((rules_version, *(repr(tuple(each)) for each in sorted(taught))))
    return f"w{hashlib.sha256(text.encode()).hexdigest()[:10]}"
