"""Names that headlines have and the watchlist has not, each with what speaks for it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from transforms.mentions import judge
from transforms.suggestions.chinese import chinese_names
from transforms.suggestions.english import english_names
from transforms.suggestions.model import FoundName, StoredHeadline
from transforms.tagging.tag import Tagger
from transforms.text.fold import fold, lowered

_HAN = re.compile("[\u3400-\u9fff]")
_BRACKETS = str.maketrans("“”", "「」")


@dataclass(slots=True)
class Candidate:
    """A name with its spellings, and how often which pattern found it.

    *near* counts the headlines that name nobody whom we follow, so that they tell of it.
    """

    spellings: Counter[str] = field(default_factory=Counter)
    whys: Counter[str] = field(default_factory=Counter)
    strength: int = 0
    stem: str = ""
    owner: str = ""
    ticker: str = ""
    near: int = 0

    @property
    def name(self) -> str:
        """The name as most write it."""
        return self.spellings.most_common(1)[0][0]

    @property
    def hits(self) -> int:
        """How often a pattern found it."""
        return self.spellings.total()

    def add(self, found: FoundName, *, owner: str, is_near: bool) -> None:
        """Count one more place."""
        self.spellings[found.name] += 1
        self.whys[found.why] += 1
        self.strength = max(self.strength, found.strength)
        self.stem = self.stem or found.stem
        self.owner = self.owner or owner
        self.ticker = self.ticker or found.ticker
        self.near += is_near


def readable(title: str) -> str:
    """Return the folded title; curly quotes still say which side they open."""
    return fold(title.translate(_BRACKETS)).text


def find_candidates(
    tagger: Tagger, headlines: Sequence[StoredHeadline], texts: Sequence[str]
) -> list[Candidate]:
    """Return the unknown names of recent headlines on the beat, of readable *texts*."""
    found: dict[str, Candidate] = defaultdict(Candidate)
    nobody = {lowered(fold(h.publisher).text) for h in headlines}
    nobody |= {lowered(fold(n).text) for p in tagger.watchlist.people for n in p.names}
    for headline, text in zip(headlines, texts, strict=True):
        if headline.is_recent and headline.is_on_beat:
            for one, owner, is_near in _unknown(tagger, text):
                if (key := lowered(one.name)) not in nobody:
                    found[key].add(one, owner=owner, is_near=is_near)
    return list(found.values())


def _unknown(tagger: Tagger, text: str) -> Iterator[tuple[FoundName, str, bool]]:
    """Yield the names that no alias covers, each place once, with their owner's id.

    Also whether the headline names nobody else.
    """
    names = chinese_names(text) if _HAN.search(text) else english_names(text)
    found = list(names)
    if not found:
        return
    judged = judge(tagger.read(text, ""), tagger.mentions)
    owners = {j.end: j.rule.alias.company_id for j in judged if j.accepted}
    is_near = not owners
    taken = [(j.start, j.end) for j in judged if j.gate != "boundary"]
    for one in found:
        if not any(one.start < end and start < one.end for start, end in taken):
            taken.append((one.start, one.end))
            yield one, owners.get(one.owner_end, ""), is_near
