"""Shape of a file: its values are of the kinds that those of a model are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from transforms.config.table import EXTENDS_KEYS
from transforms.config.text import ConfigText

_KINDS = {bool: "true or false", str: "a text", list: "a list", dict: "a table"}


class _Shape:
    """What values may stand at a place, by models that stand there; each is read once."""

    def __init__(self, models: Iterable[Any]) -> None:
        models = list(models)
        self.kinds = dict.fromkeys(map(_kind, models))
        self._tables = [model for model in models if isinstance(model, dict)]
        self._lists = [model for model in models if isinstance(model, list)]
        self._at: dict[str, _Shape] = {}

    @cached_property
    def items(self) -> _Shape:
        """The shape of what stands in a list here."""
        return _Shape(each for model in self._lists for each in model)

    @cached_property
    def every(self) -> _Shape:
        """The shape of what any key of a table here has."""
        return _Shape(value for table in self._tables for value in table.values())

    def at(self, key: str) -> _Shape:
        """Return the shape at a key of a table here, or that of its neighbours."""
        if key not in self._at:
            known = [table[key] for table in self._tables if key in table]
            self._at[key] = _Shape(known) if known else self.every
        return self._at[key]


def check_shape(config: ConfigText, model: Mapping[str, Any]) -> None:
    """Refuse a value of *config* that is of another kind than in *model*.

    What the model lacks is of a kind that its neighbours are.

    Raises:
        ConfigError: A value is of another kind; names its place and what to write.
    """
    _check(config, (), config.data, _Shape([model]))


def _check(config: ConfigText, path: tuple[str, ...], value: Any, shape: _Shape) -> None:
    if shape.kinds and _kind(value) not in shape.kinds:
        remedy = f"write {' or '.join(shape.kinds)}, as the shipped file does"
        raise config.error(path, f"is {_kind(value)}", remedy)
    if isinstance(value, dict):
        for key, below in value.items():
            if key not in EXTENDS_KEYS:
                _check(config, (*path, key), below, shape.at(key))
    elif isinstance(value, list):
        for each in value:
            _check(config, path, each, shape.items)


def _kind(value: Any) -> str:
    return _KINDS.get(type(value), "a number")
