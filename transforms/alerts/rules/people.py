"""Find people by name, in both scripts and as outlets order and join it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from transforms.alerts.rules.terms import any_of, folded, guarded

# "Xiaopeng", "Xiao-peng", "Xiao Peng": a syllable ends in a vowel, n or g, and the
# next one begins with a consonant that has a vowel after it.
_SYLLABLES = re.compile("(?<=[aeioung])(?=[bcdfghjklmnpqrstwxyz]h?[aeiou])")
_JOINTS = re.compile("[-' ]+")
_JOINT = "[-' ]?"


@lru_cache(maxsize=512)
def people_finder(names: frozenset[str], others: frozenset[str]) -> re.Pattern[str]:
    """Return the pattern of any of *names* in folded text.

    A name that is a part of one of the *others* does not count there: 王兴 is not
    named in 王兴兴.
    """
    longer = frozenset(map(folded, others))
    wanted = sorted({folded(name) for name in names} - {""}, key=lambda n: (-len(n), n))
    return any_of(pattern for name in wanted for pattern in _patterns(name, longer))


def literals_of(name: str) -> tuple[str, ...]:
    """Return a text that stands in every text which names the person by *name*."""
    words = folded(name).split()
    if not "".join(words).isascii():
        return (" ".join(words),)
    return (
        ()
        if not words
        else (max((part for word in words for part in _parts(word)), key=len),)
    )


def _patterns(name: str, longer: Iterable[str]) -> Iterator[str]:
    if not name.isascii():
        around = "".join(_not_within(name, other) for other in sorted(longer))
        yield f"{around}{guarded(name, re.escape(name))}"
        return
    for order in _orders(name.split()):
        body = r"[\s,]+".join(map(_joined, order))
        yield guarded(name, body)


def _orders(words: list[str]) -> list[list[str]]:
    """Return the words with the family name first, and last."""
    turned = [words, [*words[1:], words[0]], [words[-1], *words[:-1]]]
    return [order for n, order in enumerate(turned) if order not in turned[:n]]


def _joined(word: str) -> str:
    return _JOINT.join(map(re.escape, _parts(word)))


def _parts(word: str) -> list[str]:
    return [p for piece in _JOINTS.split(word) for p in _SYLLABLES.split(piece) if p]


def _not_within(name: str, other: str) -> str:
    """Return a guard against *name* where it is a part of *other*."""
    at = other.find(name)
    if at < 0 or other == name:
        return ""
    before, after = re.escape(other[:at]), re.escape(other[at:])
    return f"(?!(?<={before}){after})"
