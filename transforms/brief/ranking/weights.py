"""The weights of ``weights.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words of headlines that raise or lower a story."""

    name: str
    weight: float
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Affairs:
    """When stories are one affair; see ``weights.toml``."""

    alike: float
    alike_of_one: float
    once: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingWeights:
    """What each trait of an affair adds to its score."""

    affairs: Affairs
    spread: Mapping[str, float]
    act: Mapping[str, float]
    second: float
    reported: float
    measures: frozenset[str]
    actor: Mapping[str, float]
    large: frozenset[str]
    states: frozenset[str]
    words: tuple[Words, ...]


@cache
def weights() -> RankingWeights:
    """Return the weights as they come with sinowire."""
    text = (files("transforms.brief.ranking") / "weights.toml").read_text(encoding="utf-8")
    raw = tomllib.loads(text)
    act = dict(raw["act"])
    return RankingWeights(
        affairs=Affairs(**raw["affairs"] | {"once": frozenset(raw["affairs"]["once"])}),
        spread=raw["spread"],
        second=act.pop("second"),
        reported=act.pop("reported"),
        measures=frozenset(act.pop("measures")),
        act=act,
        actor=raw["actor"],
        large=frozenset(raw["firms"]["large"]),
        states=frozenset(raw["firms"]["states"]),
        words=tuple(
            Words(
                name=entry["name"],
                weight=entry["weight"],
                pattern=re.compile(entry["pattern"], re.IGNORECASE),
            )
            for entry in raw["words"]
        ),
    )
