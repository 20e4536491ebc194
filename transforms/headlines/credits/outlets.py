"""Cut off the outlet that page titles and aggregators put behind a headline."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from transforms.headlines.credits.data import credits_data

# What is left below this length is no headline: then the name was its part.
_LEAST = 4
_MAX_NAME = 40
# A hyphen glues where spaces or Chinese stand about it: "5G-Advanced" is a word. A dash
# belongs to sentences, so behind one only the outlet's own name is no part of them.
_TAIL = re.compile(
    r"(?P<head>.*\S)(?P<glue>\s+-{1,2}\s*|\s*[|丨｜︱_]\s*|-(?<=[^\x00-\x7f]-)(?=[^\x00-\x7f])"
    rf"|\s*[–—－]{{1,2}}\s*)(?P<name>[^\s|丨｜︱_–—－][^|丨｜︱_–—－]{{1,{_MAX_NAME}}})$"
)
_DASH = re.compile("[–—]")
_DOMAIN = re.compile(r"\.(?:com|net|org|cn|com\.cn|co\.uk|jp|tw|hk|sg)$", re.IGNORECASE)
# "Bloomberg Technology" is Bloomberg; of "China Daily" "China" is no name.
_SHELF = re.compile(
    r"\s(?:news|online|business|technology|tech|markets|world|asia|china|politics|rss|feed"
    r"|english|中文|science|top stories)$"
)


def without_outlets(title: str, own: Iterable[str] = ()) -> str:
    """Return *title* without the names of outlets at its end.

    Those of ``credits.toml`` go whoever published it, its *own* ones in any spelling.
    """
    names = frozenset(name for outlet in own for name in _names(outlet))
    while found := _TAIL.fullmatch(title):
        name, head = found["name"].strip(), found["head"]
        is_known = not _DASH.search(found["glue"]) and _is_known(name)
        if len(head) < _LEAST or not (is_known or _folded(name) in names):
            break
        title = head
    return title


def _is_known(name: str) -> bool:
    if name in _known():
        return True
    stem = _DOMAIN.sub("", name)
    return stem != name and _folded(stem) in _stems()


def _names(outlet: str) -> Iterable[str]:
    """Yield the names that an outlet goes by: its own, and that of the house."""
    name = _folded(outlet)
    while name:
        yield name
        shorter = _SHELF.sub("", name)
        name = shorter if shorter != name else ""


def _folded(name: str) -> str:
    return _DOMAIN.sub("", name.strip()).casefold().removeprefix("the ")


@cache
def _known() -> frozenset[str]:
    outlets = credits_data()["outlets"]
    return frozenset([*outlets["names"], *outlets["behind"]])


@cache
def _stems() -> frozenset[str]:
    """Return how the known are written in their domains: "wsj", "nytimes"."""
    return frozenset(_folded(name).replace(" ", "") for name in _known()) | {
        "nytimes",
        "ft",
    }
