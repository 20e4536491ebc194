"""Weights of signs for each basis and modality: ``weights.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple, get_args

Basis = Literal["none", "unnamed", "company", "official", "filing", "data", "media"]
Modality = Literal[
    "happened", "announced", "planned", "may", "denied", "confirmed", "withdrawn"
]
BASES: tuple[Basis, ...] = get_args(Basis)
MODALITIES: tuple[Modality, ...] = get_args(Modality)
_MODALITY = len(BASES)
_COLUMNS: Mapping[str, int] = {name: n for n, name in enumerate((*BASES, *MODALITIES))}


class ClaimWeights(NamedTuple):
    """What each sign adds to a basis or modality, by column; ``start`` counts always."""

    start: tuple[float, ...]
    signs: Mapping[str, tuple[tuple[int, float], ...]]

    def decide(self, signs: Iterable[str]) -> tuple[Basis, Modality]:
        """Return the basis and the modality with the greatest sums."""
        sums = list(self.start)
        for sign in signs:
            for column, weight in self.signs.get(sign, ()):
                sums[column] += weight
        basis, modality = sums[:_MODALITY], sums[_MODALITY:]
        return BASES[basis.index(max(basis))], MODALITIES[modality.index(max(modality))]


@cache
def claim_weights() -> ClaimWeights:
    """Return the weights of ``weights.toml``."""
    return read_weights(weights_source())


@cache
def weights_source() -> str:
    """Return the text of ``weights.toml``."""
    return (files(__package__) / "weights.toml").read_text(encoding="utf-8")


def read_weights(text: str) -> ClaimWeights:
    """Return the weights of a TOML text: a table a sign, and ``start``.

    Raises:
        KeyError: A weight is of no basis and of no modality.
    """
    data = tomllib.loads(text)
    start = dict(_columns(data.pop("start")))
    return ClaimWeights(
        start=tuple(start.get(n, 0.0) for n in range(len(_COLUMNS))),
        signs={sign: _columns(weights) for sign, weights in data.items()},
    )


def _columns(weights: Mapping[str, float]) -> tuple[tuple[int, float], ...]:
    return tuple((_COLUMNS[name], float(weight)) for name, weight in weights.items())
