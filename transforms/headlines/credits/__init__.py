"""Cut off what portals glue to headlines: a shelf in front, outlet and age behind.

It is not part of what happened: an age makes two headlines of one, and an outlet that
belongs to a company names it where nobody does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from transforms.headlines.credits.data import credits_data
from transforms.headlines.credits.outlets import without_outlets

__all__ = ["without_labels", "without_outlets"]

# What is left below this length is no headline: then the label was one.
_LEAST = 4
_AGED = ("前", "刚刚", "昨天", "前天")
_AGE = r"(?:\d{1,2}\s?(?:秒|分钟|小时|天)前|刚刚)"
_BETWEEN = r"[\s·|｜丨_-]*"


def without_labels(title: str, outlets: Iterable[str] = ()) -> str:
    """Return the headline alone; *outlets* are known besides those of ``credits.toml``.

    An age counts behind a hyphen or a known outlet: "地震发生3小时前" ends in words.
    """
    if title.isascii():
        return title
    return _without_shelves(_without_age(title, outlets))


def _without_age(title: str, outlets: Iterable[str]) -> str:
    if not title.endswith(_AGED):
        return title
    own = "|".join(re.escape(name) for name in outlets if name)
    for pattern in (_credit(own), _HYPHEN):
        found = pattern.search(title)
        if found and found.start() >= _LEAST:
            return title[: found.start()]
    return title


# Behind a digit a hyphen is part of a span: "提前2-3小时前".
_HYPHEN = re.compile(rf"(?<!\d)\s?[-–—－](?:{_AGE}|昨天|前天)$")


@cache
def _credit(own: str) -> re.Pattern[str]:
    # Of names that begin at different places the search finds the longest by itself.
    names = "|".join(map(re.escape, credits_data()["outlets"]["names"]))
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
    data = credits_data()
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
