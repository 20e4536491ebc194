"""Suggestions: names in headlines that the watchlist lacks, best first."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import log2

from ahocorasick_rs import AhoCorasick

from transforms.names.headline_names import FoundName, chinese_names, english_names, words
from transforms.names.match.judgement import judge
from transforms.names.tagging import Tagger
from transforms.text.fold import LATIN, fold, lowered

_HAN = re.compile("[\u3400-\u9fff]")
# A stem met more often without what makes it a name is a word: 现代 of 现代汽车.
_ELSEWHERE = 3
# A name more frequent off the beat is a common word, or outside the beat.
_OFF_BEAT = 2
# A name is more often quoted, or more often the one that acts, than a word is.
_QUOTED, _ACTING = 3, 10
_QUOTES_ONLY = frozenset({"quoted"})
# New and growing names first, but a giant that was always there is no less unknown.
_MOST_GROWTH = 2.0
_BRACKETS = str.maketrans("“”", "「」")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredHeadline:
    """A stored headline as input of suggestions; *is_recent* ones count.

    Names are searched in headlines on the beat.
    """

    title: str
    publisher: str
    story_id: str
    seen_at: datetime
    is_recent: bool = True
    is_on_beat: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A name that may deserve an entry, with its evidence.

    *before* counts the articles of the weeks before, scaled to as many days.
    """

    name: str
    kind: str
    articles: int
    stories: int
    publishers: int
    before: float
    first_seen: datetime
    last_seen: datetime
    example: str
    why: str


@dataclass(slots=True)
class _Coverage:
    """The headlines that a text stands in, of the recent ones those on the beat.

    *as_words* counts those without a capital.
    """

    recent: list[StoredHeadline] = field(default_factory=list)
    off_beat: int = 0
    before: int = 0
    as_words: int = 0

    @property
    def articles(self) -> int:
        return len(self.recent) + self.off_beat + self.before

    def count(self, name: str) -> int:
        """Return how many different stories, or publishers, told of it lately."""
        return len({getattr(headline, name) for headline in self.recent})


def suggest(
    tagger: Tagger, headlines: Sequence[StoredHeadline], *, scale: float = 1.0
) -> list[Suggestion]:
    """Return names in recent *headlines* that the watchlist lacks, best first.

    *scale* makes the number of earlier articles comparable: recent days ÷ days before.
    """
    texts = [_readable(headline.title) for headline in headlines]
    candidates = _find_candidates(tagger, headlines, texts)
    wanted = {lowered(c.name) for c in candidates} | {c.stem for c in candidates if c.stem}
    covered = _coverage(wanted, headlines, texts)
    made = [
        (_weight(c, seen, scale), _suggestion(c, seen, scale))
        for c in candidates
        if (seen := covered[lowered(c.name)]).recent and _is_name(c, covered)
    ]
    return [s for _, s in sorted(made, key=lambda m: (-m[0], m[1].name))]


def _coverage(
    wanted: Iterable[str], headlines: Sequence[StoredHeadline], texts: Sequence[str]
) -> Mapping[str, _Coverage]:
    """Return for each text where it stands, found by a pattern there or not."""
    names = sorted(wanted)
    automaton = AhoCorasick(names)
    covered: dict[str, _Coverage] = defaultdict(_Coverage)
    for headline, text in zip(headlines, texts, strict=True):
        lower = lowered(text)
        places = automaton.find_matches_as_indexes(lower, overlapping=True)
        whole = {n: text[s:e] for n, s, e in places if _is_whole(lower, s, e)}
        for number, written in whole.items():
            _count(covered[names[number]], headline, written)
    return covered


def _is_whole(lower: str, start: int, end: int) -> bool:
    """Tell whether the name is not part of a longer Latin word."""
    if lower[start] in LATIN and start and lower[start - 1] in LATIN:
        return False
    return not (lower[end - 1] in LATIN and end < len(lower) and lower[end] in LATIN)


def _count(seen: _Coverage, headline: StoredHeadline, written: str) -> None:
    seen.as_words += written.isascii() and written.islower()
    if not headline.is_recent:
        seen.before += 1
    elif headline.is_on_beat:
        seen.recent.append(headline)
    else:
        seen.off_beat += 1


def _is_name(candidate: Candidate, covered: Mapping[str, _Coverage]) -> bool:
    """Tell whether it is a name, and neither a common noun nor a person."""
    seen = covered[lowered(candidate.name)]
    if seen.as_words * 2 > seen.articles or seen.off_beat > _OFF_BEAT * len(seen.recent):
        return False
    if candidate.stem:
        alone = covered[candidate.stem].articles - seen.articles
        if alone > _ELSEWHERE * len(seen.recent):
            return False
    if candidate.whys.keys() == _QUOTES_ONLY:
        return candidate.hits * _QUOTED >= len(seen.recent)
    return candidate.strength > 1 or _acts(candidate, seen)


def _acts(candidate: Candidate, seen: _Coverage) -> bool:
    name, hits = candidate.name, candidate.hits
    is_person = _HAN.match(name) is not None and name[0] in words("zh_surnames")
    return hits > 1 and hits * _ACTING >= len(seen.recent) and not is_person


def _weight(candidate: Candidate, seen: _Coverage, scale: float) -> float:
    stories, publishers = seen.count("story_id"), seen.count("publisher")
    near = candidate.near / candidate.hits
    proof = candidate.strength + 0.5 * (len(candidate.whys) - 1)
    growth = min(_MOST_GROWTH, len(seen.recent) / max(1.0, seen.before * scale))
    told = (1 + log2(1 + stories)) * (1 + log2(publishers))
    return proof * (1 + near) * told * max(1.0, growth)


def _suggestion(candidate: Candidate, seen: _Coverage, scale: float) -> Suggestion:
    recent = sorted(seen.recent, key=lambda h: h.seen_at)
    return Suggestion(
        name=candidate.name,
        kind=_kind(candidate),
        articles=len(recent),
        stories=seen.count("story_id"),
        publishers=seen.count("publisher"),
        before=round(seen.before * scale, 1),
        first_seen=recent[0].seen_at,
        last_seen=recent[-1].seen_at,
        example=recent[-1].title,
        why="; ".join(why for why, _ in candidate.whys.most_common(3)),
    )


def _kind(candidate: Candidate) -> str:
    if candidate.owner:
        return f"alias of {candidate.owner}"
    if candidate.name.startswith("$"):
        return "ticker"
    return f"company ({candidate.ticker})" if candidate.ticker else "company"


@dataclass(slots=True)
class Candidate:
    """A candidate name with its spellings and the hits of each pattern.

    *near* counts the headlines without a tracked company, which are likely about it.
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
        """The most frequent spelling."""
        return self.spellings.most_common(1)[0][0]

    @property
    def hits(self) -> int:
        """Number of hits."""
        return self.spellings.total()

    def add(self, found: FoundName, *, owner: str, is_near: bool) -> None:
        """Count one more hit."""
        self.spellings[found.name] += 1
        self.whys[found.why] += 1
        self.strength = max(self.strength, found.strength)
        self.stem = self.stem or found.stem
        self.owner = self.owner or owner
        self.ticker = self.ticker or found.ticker
        self.near += is_near


def _readable(title: str) -> str:
    """Return the folded title; curly quotes still say which side they open."""
    return fold(title.translate(_BRACKETS)).text


def _find_candidates(
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
