"""Shape of a file: its values are of the kinds that those of a model are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from transforms.config.extends import EXTENDS_KEYS
from transforms.config.text import ConfigText

_KINDS = {bool: "true or false", str: "a text", list: "a list", dict: "a table"}


def check_shape(config: ConfigText, model: Mapping[str, Any]) -> None:
    """Refuse a value of *config* that is of another kind than in *model*.

    What the model lacks is of a kind that its neighbours are.

    Raises:
        ConfigError: A value is of another kind; names its place and what to write.
    """
    _check(config, (), config.data, [model])


def _check(
    config: ConfigText, path: tuple[str, ...], value: Any, models: list[Any]
) -> None:
    kinds = dict.fromkeys(map(_kind, models))
    if kinds and _kind(value) not in kinds:
        remedy = f"write {' or '.join(kinds)}, as the shipped file does"
        raise config.error(path, f"is {_kind(value)}", remedy)
    if isinstance(value, dict):
        _check_table(config, path, value, [m for m in models if isinstance(m, dict)])
    elif isinstance(value, list):
        inside = [each for model in models if isinstance(model, list) for each in model]
        for each in value:
            _check(config, path, each, inside)


def _check_table(
    config: ConfigText,
    path: tuple[str, ...],
    table: Mapping[str, Any],
    models: list[dict[str, Any]],
) -> None:
    every = [value for model in models for value in model.values()]
    for key, value in table.items():
        if key not in EXTENDS_KEYS:
            known = [model[key] for model in models if key in model]
            _check(config, (*path, key), value, known or every)


def _kind(value: Any) -> str:
    return _KINDS.get(type(value), "a number")
