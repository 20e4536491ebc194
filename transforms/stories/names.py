"""Where a headline names companies and products, so that a name counts once.

A Chinese name of four characters is three pairs: two headlines that share it and nothing
else would share much.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from transforms.text.fold import fold

Places = tuple[tuple[int, int], ...]
"""Start and end of each name, in order, none inside another."""

NOWHERE: Places = ()
# What a name counts as is the pair that it begins with: 阿里 and 阿里巴巴 are one, and so
# are a name that was recognised and one that was not.
BEGINNING = 2
_HAN_NAME = re.compile(f"[\u3400-\u9fff\uf900-\ufaff]{{{BEGINNING},}}")


def places_of(plain: str, names: Iterable[str]) -> Places:
    """Return where a folded, lower-case headline has the Chinese part of *names*."""
    found = sorted(
        (at.start(), -at.end())
        for name in names
        if (part := _han_part(name))
        for at in re.finditer(part, plain)
    )
    places: list[tuple[int, int]] = []
    done = 0
    for start, end in found:
        if start >= done:
            places.append((start, -end))
            done = -end
    return tuple(places)


@lru_cache(maxsize=1 << 12)
def _han_part(name: str) -> str:
    found = _HAN_NAME.search(fold(name).text)
    return found[0] if found else ""
