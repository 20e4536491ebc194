"""Keys that an entry without them takes from the shipped entry of the same id.

They were added after people had copied entries: a copy without them is still a copy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from transforms.config.extends import entries_of

_KEYS = {"topic": "boards", "event": "boards"}


def is_silent(own: Mapping[str, Any]) -> bool:
    """Tell whether an entry of a parsed file leaves such a key out."""
    return next(_silent(own), None) is not None


def inherited(own: Mapping[str, Any], shipped: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parsed file *own* with what its entries take from those of *shipped*."""
    theirs = entries_of(shipped)
    filled = dict(own)
    for section, key in _silent(own):
        name = _KEYS[section]
        if name in theirs.get((section, key), {}):
            entry = own[section][key] | {name: theirs[section, key][name]}
            filled[section] = filled[section] | {key: entry}
    return filled


def _silent(own: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for (section, key), entry in entries_of(own).items():
        if section in _KEYS and _KEYS[section] not in entry:
            yield section, key
