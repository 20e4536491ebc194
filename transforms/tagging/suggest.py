"""Find names in headlines that look like companies and that no alias covers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from transforms.mentions import judge
from transforms.tagging.tag import Tagger
from transforms.text import fold

# A name of two to four characters, after a break, before what firms call themselves.
_CHINESE = re.compile(
    r"(?:^|[\s,:;、|\"'「『《【(!?。])(?P<name>[\u4e00-\u9fff]{2,4}?"
    r"(?:科技|集团|智能|半导体|机器人|汽车|航天|生物|微电子|动力|股份|网络))"
)
# What such a name looks like by chance: 新能源汽车, 中国科技, 日本升级半导体.
_GENERIC = re.compile(
    "^(?:人工|新能源|智能|中国|美|日本|韩国|欧|全球|大型|国产|车型)|[到在的型以]"
)
_NAME = r"(?P<name>[A-Z][\w&.-]*[\w](?: [A-Z][\w&.-]*[\w])?)"
_ENGLISH = (
    re.compile(
        r"\b(?:[A-Z][a-z]+-based|Chinese|China's)(?: [\w-]+){0,2}"
        rf" (?:start-?up|company|firm|giant|\w*maker|brand|unicorn) {_NAME}"
    ),
    re.compile(
        r"\b(?P<name>[A-Z][\w&.-]+ (?:Technolog(?:y|ies)|Robotics|Semiconductors?|"
        r"Motors?|Group|Intelligence|Electronics|Biotech|Aerospace|Holdings))\b"
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A name that may deserve an entry, how many texts have it, and one of them."""

    name: str
    count: int
    example: str


def suggest(tagger: Tagger, titles: Iterable[str]) -> list[Suggestion]:
    """Return the names that *titles* have and the watchlist has not, oftenest first."""
    examples: dict[str, list[str]] = {}
    for title in titles:
        for name in dict.fromkeys(_unknown_names(tagger, title)):
            examples.setdefault(name, []).append(title)
    found = [
        Suggestion(name=name, count=len(having), example=having[0])
        for name, having in examples.items()
    ]
    return sorted(found, key=lambda s: (-s.count, s.name))


def _unknown_names(tagger: Tagger, title: str) -> Iterator[str]:
    text = fold(title).text
    named = [m.span("name") for p in (_CHINESE, *_ENGLISH) for m in p.finditer(text)]
    if not named:
        return
    judged = judge(tagger.read(title, ""), tagger.mentions)
    known = [(j.start, j.end) for j in judged if j.gate != "boundary"]
    for start, end in named:
        name = text[start:end]
        covered = any(start < e and s < end for s, e in known)
        if not covered and not _GENERIC.search(name):
            yield name
