"""The weights of ``weights.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighedWords:
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
    lasting: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingWeights:
    """What each trait of an affair adds to its score."""

    affairs: Affairs
    light: float
    spread: Mapping[str, float]
    act: Mapping[str, float]
    second: float
    reported: float
    measures: frozenset[str]
    nobody: float
    of_firms: frozenset[str]
    actor: Mapping[str, float]
    known: float
    large: frozenset[str]
    states: frozenset[str]
    games: frozenset[str]
    words: tuple[WeighedWords, ...]


@cache
def weights() -> RankingWeights:
    """Return the weights as they come with sinowire."""
    text = (files("transforms.brief.ranking") / "weights.toml").read_text(encoding="utf-8")
    raw = tomllib.loads(text)
    act = dict(raw["act"])
    return RankingWeights(
        affairs=Affairs(
            alike=raw["affairs"]["alike"],
            alike_of_one=raw["affairs"]["alike_of_one"],
            once=frozenset(raw["affairs"]["once"]),
            lasting=frozenset(raw["affairs"]["lasting"]),
        ),
        light=raw["light"]["below"],
        spread=raw["spread"],
        second=act.pop("second"),
        reported=act.pop("reported"),
        measures=frozenset(act.pop("measures")),
        nobody=act.pop("nobody"),
        of_firms=frozenset(act.pop("of_firms")),
        act=act,
        actor=raw["actor"],
        known=raw["known"]["left"],
        large=frozenset(raw["firms"]["large"]),
        states=frozenset(raw["firms"]["states"]),
        games=frozenset(raw["firms"]["games"]),
        words=tuple(
            WeighedWords(
                name=entry["name"],
                weight=entry["weight"],
                pattern=re.compile(entry["pattern"], re.IGNORECASE),
            )
            for entry in raw["words"]
        ),
    )
