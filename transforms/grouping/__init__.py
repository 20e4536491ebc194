"""Grouping by a key, in the order in which the keys come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TypeVar

K = TypeVar("K")
T = TypeVar("T")


def grouped(items: Iterable[T], key: Callable[[T], K]) -> defaultdict[K, list[T]]:
    """Return *items* by their *key*, in order."""
    return grouped_pairs((key(item), item) for item in items)


def grouped_pairs(pairs: Iterable[tuple[K, T]]) -> defaultdict[K, list[T]]:
    """Return the values of *pairs* by their keys, in order."""
    groups: defaultdict[K, list[T]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups


def first_of_pairs(pairs: Iterable[tuple[K, T]]) -> dict[K, T]:
    """Return the first value of each key of *pairs*, in order of the keys."""
    found: dict[K, T] = {}
    for key, value in pairs:
        found.setdefault(key, value)
    return found
