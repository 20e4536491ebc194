"""Removal of credits that portals add to headlines: shelf, outlet and age.

Credits are not part of the event: an age makes two headlines of one, and the name of an
outlet that belongs to a company would count as a mention.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

# What is left below this length is no headline: then the label was one.
_LEAST = 4
_AGED = ("前", "刚刚", "昨天", "前天")
_AGE = r"(?:\d{1,2}\s?(?:秒|分钟|小时|天)前|刚刚)"
_BETWEEN = r"[\s·|｜丨_-]*"
# Behind a digit a hyphen is part of a span: "提前2-3小时前".
_HYPHEN = re.compile(rf"(?<!\d)\s?[-–—－](?:{_AGE}|昨天|前天)$")
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

__all__ = ["without_labels", "without_outlets"]


def without_labels(title: str, outlets: Iterable[str] = ()) -> str:
    """Return the bare headline; *outlets* extend those of ``credits.toml``.

    An age is removed only after a hyphen or a known outlet: "地震发生3小时前" keeps
    its end.
    """
    return title if title.isascii() else _without_shelves(_without_age(title, outlets))


def _without_age(title: str, outlets: Iterable[str]) -> str:
    if not title.endswith(_AGED):
        return title
    own = "|".join(re.escape(name) for name in outlets if name)
    for pattern in (_credit(own), _HYPHEN):
        found = pattern.search(title)
        if found and found.start() >= _LEAST:
            return title[: found.start()]
    return title


@cache
def _credit(own: str) -> re.Pattern[str]:
    # Of names that begin at different places the search finds the longest by itself.
    names = "|".join(map(re.escape, _credits_data()["outlets"]["names"]))
    either = f"{own}|{names}" if own else names
    return re.compile(
        rf"(?<!{_BETWEEN[:-1]}){_BETWEEN}(?:{either})(?:{_BETWEEN}{_AGE}|{_BETWEEN[:-1]}+(?:昨天|前天))$"
    )


def _without_shelves(title: str) -> str:
    rest = title
    while found := _shelves(is_first=rest is title).match(rest):
        if len(rest) - found.end() < _LEAST:
            break
        rest = rest[found.end() :].lstrip()
    return rest


@cache
def _shelves(*, is_first: bool) -> re.Pattern[str]:
    data = _credits_data()
    words = [_word(shelf, is_first=is_first) for shelf in data["shelf"]]
    # "热点精选｜…" is the name of a column, which tells a round-up.
    names = "|".join([*map(re.escape, data["shelves"]), *words])
    return re.compile(f"(?:{names})(?![|｜丨:：])")


def _word(shelf: Mapping[str, Any], *, is_first: bool) -> str:
    name = re.escape(str(shelf["name"]))
    if not is_first:
        return name
    if before := shelf.get("only-before"):
        return f"{name}(?={_any(before)})"
    return f"{name}(?!{_any(shelf['unless'])}|[|｜丨:：·\\s、，。])"


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, words))


def without_outlets(title: str, own: Iterable[str] = ()) -> str:
    """Return *title* without outlet names at its end.

    Names of ``credits.toml`` are removed from every headline, its *own* ones in any
    spelling.
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
    outlets = _credits_data()["outlets"]
    return frozenset([*outlets["names"], *outlets["behind"]])


@cache
def _stems() -> frozenset[str]:
    """Return how the known are written in their domains: "wsj", "nytimes"."""
    return frozenset(_folded(name).replace(" ", "") for name in _known()) | {
        "nytimes",
        "ft",
    }


@cache
def _credits_data() -> Mapping[str, Any]:
    """Return ``credits.toml``."""
    return tomllib.loads((files(__package__) / "credits.toml").read_text(encoding="utf-8"))
