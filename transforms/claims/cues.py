"""Cues of claims in a text: words of ``cues.toml``, found by one automaton.

And what a verb comes to in its clause: a denial or a refusal, who confirms, who reports;
and how much each sign weighs for a basis and a modality (``weights.toml``).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple, get_args

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from transforms.text.fold import LATIN

FIRM = "firm"
STATE = "state"
ENDS = frozenset({"stop", "asks", "colon"})
CLOSE = 2
_OPENS = frozenset(" ,;:|!?。丨[(「《…")
_CLOSES = frozenset(" ,;:|!?。丨、")
_BEFORE = (",", ":", "-")
_TELLS_OTHERS = frozenset({"rumour", "report", "reports", "falsehood"})
_UNDENIED = frozenset({"not", "lacks", "denial", "sources", *_TELLS_OTHERS})
# So many cues behind a confirmation, "not" is of what is confirmed.
_NEAR = 3
# Between a firm and its people there may be a place: 百度济南人士称.
_PLACE = 6
# "Nvidia hires a lobbyist to …" has its verb; "TSMC to invest" has not.
_FINITE = re.compile(r"(?<!')\b[a-z]{2,}(?:(?<!s)(?<!u)s|ed)\b")
# Words of this group keep shorter ones within them from counting.
_NOTHING = "nothing"
# Groups that tell something of a firm where the watchlist knows none in the title.
_TELLING = frozenset(
    {"denial", "rejects", "dismisses", "clarifies", "confirms", "admits", "sources", "told"}
    | {"exposed", "leaks", "answers", "filing", "exclusive"}
)


Basis = Literal["none", "unnamed", "company", "official", "filing", "data", "media"]
Modality = Literal[
    "happened", "announced", "planned", "may", "denied", "confirmed", "withdrawn"
]
BASES: tuple[Basis, ...] = get_args(Basis)
MODALITIES: tuple[Modality, ...] = get_args(Modality)
_MODALITY = len(BASES)
_COLUMNS: Mapping[str, int] = {name: n for n, name in enumerate((*BASES, *MODALITIES))}


def is_told(text: str, cue: Cue) -> bool:
    """Tell whether 曝 or 传 begins a clause, or 曝光 ends one; "sources" end a title."""
    if text[cue.start : cue.end].isascii():
        return text[: cue.start].rstrip()[-1:] in _BEFORE and not text[cue.end :].strip()
    if not cue.start or text[cue.start - 1] in _OPENS:
        return True
    after = text[cue.end : cue.end + 1]
    return cue.group == "exposed" and (not after or after in _CLOSES)


def is_verbless(original: str, at: int) -> bool:
    """Tell whether a name stands before "to", and no verb before that."""
    word = original[original.rfind(" ", 0, max(0, at - 1)) + 1 : at]
    if not word[:1].isupper() and not word[:1].isdigit():
        return False
    start = max(original.rfind(mark, 0, at) for mark in (",", ":", ";")) + 1
    return not _FINITE.search(original[start:at].lower())


def is_staff(text: str, firm: Cue, cue: Cue) -> bool:
    """Tell whether a voice without a name is of the firm right before it: 百度人士称."""
    return (
        firm.group == FIRM
        and text.startswith("人士", cue.start)
        and cue.start - firm.end <= _PLACE
        and not text[: firm.start].endswith(("接近", "熟悉", "靠近"))
    )


def reporting(text: str, cues: Sequence[Cue], number: int) -> str:
    """Return the kind of a report: an outlet's, one without a source, or a mere word."""
    cue, last = cues[number], cues[number - 1] if number else None
    by_outlet = last and last.group == "outlet" and cue.start - last.end <= CLOSE
    if by_outlet and cue.group != "report":
        return "outlet-says"
    if cue.group == "says":
        return "says"
    at_end = last and last.group in ENDS and not text[cue.end :].strip()
    if at_end and last and cue.group == "reports" and text[last.end : cue.start].strip():
        return "outlet-says"  # of an outlet that is not known: "…, Harbour Wire reports"
    return "sources" if at_end or not cue.start else "rumour"


def denial(text: str, cues: Sequence[Cue], number: int, actor: str) -> str:
    """Return what is denied: a claim about somebody, or a request."""
    cue, behind = cues[number], set(_behind(cues, number))
    told = not behind.isdisjoint(_TELLS_OTHERS)
    if cue.group == "clarifies":
        others = {c.group for c in (*cues[:number], *cues[number + 1 :])}
        return "clarifies" if others.isdisjoint(_UNDENIED) else "denies"
    if cue.group == "denial":
        asked = actor == STATE or (actor != FIRM and "refused" in behind)
        is_refusal = asked and not told and text[cue.start].isascii()
    else:
        told |= cue.group == "dismisses" and actor == FIRM and "refused" not in behind
        is_refusal = actor == STATE or not told
    if is_refusal:
        return "refuses"
    return f"{actor}-denies" if actor in (STATE, "people") else "denies"


def confirmation(cues: Sequence[Cue], number: int, actor: str) -> str:
    """Tell who confirms; "confirms" with a negation denies, "admits" with one does not."""
    behind = list(_behind(cues, number))[:_NEAR]
    if cues[number].group == "confirms" and "not" in behind:
        return "confirms-not"
    return f"{actor}-confirms" if actor in (STATE, "people", "sources") else "confirms"


def _behind(cues: Sequence[Cue], number: int) -> Iterator[str]:
    """Yield the groups of the cues behind one in its clause."""
    for cue in cues[number + 1 :]:
        if cue.group in ("stop", "asks"):
            return
        yield cue.group


class Cue(NamedTuple):
    """A cue of a *group* at [start, end) of a text."""

    group: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class CueWords:
    """The words of all groups as one automaton: the longest of the first counts."""

    automaton: AhoCorasick
    telling: tuple[AhoCorasick, AhoCorasick]
    words: tuple[tuple[str, bool, bool], ...]
    facts: tuple[str, ...]

    def find(self, lower: str) -> list[Cue]:
        """Return the cues of a lower-case text in reading order."""
        found = []
        for number, start, end in self.automaton.find_matches_as_indexes(lower):
            group, latin_start, latin_end = self.words[number]
            if group == _NOTHING:
                continue
            if latin_start and start and lower[start - 1] in LATIN:
                continue
            if latin_end and lower[end : end + 1] in LATIN:
                continue
            found.append(Cue(group, start, end))
        return found

    def tell(self, lower: str) -> bool:
        """Tell whether a text may tell something of a firm, by a glance."""
        by_script = self.telling[lower.isascii()]
        return bool(by_script.find_matches_as_indexes(lower))


@cache
def cue_words() -> CueWords:
    """Return the words of ``cues.toml``."""
    groups = tomllib.loads(source_of("cues.toml"))
    words = {word: group for group, section in groups.items() for word in section["words"]}
    return CueWords(
        AhoCorasick(
            list(words),
            matchkind=MatchKind.LeftmostLongest,
            implementation=Implementation.ContiguousNFA,
        ),
        (_telling(words, is_ascii=False), _telling(words, is_ascii=True)),
        tuple(
            (group, word[0] in LATIN, word[-1] in LATIN) for word, group in words.items()
        ),
        tuple(groups["exposed"]["facts"]),
    )


def _telling(words: Mapping[str, str], *, is_ascii: bool) -> AhoCorasick:
    """Return the telling words of a script."""
    told = [word for word, group in words.items() if group in _TELLING]
    return AhoCorasick([word for word in told if word.isascii() == is_ascii])


class ClaimWeights(NamedTuple):
    """What each sign adds to a basis or modality, by column; ``start`` counts always."""

    start: tuple[float, ...]
    signs: Mapping[str, tuple[tuple[int, float], ...]]

    def decide(self, signs: Iterable[str]) -> tuple[Basis, Modality]:
        """Return the basis and the modality with the greatest sums."""
        sums = list(self.start)
        for sign in signs:
            for column, weight in self.signs.get(sign, ()):
                sums[column] += weight
        basis, modality = sums[:_MODALITY], sums[_MODALITY:]
        return BASES[basis.index(max(basis))], MODALITIES[modality.index(max(modality))]


@cache
def claim_weights() -> ClaimWeights:
    """Return the weights of ``weights.toml``."""
    return read_weights(source_of("weights.toml"))


def source_of(name: str) -> str:
    """Return the text of ``cues.toml`` or ``weights.toml``."""
    return (files(__package__) / name).read_text(encoding="utf-8")


def read_weights(text: str) -> ClaimWeights:
    """Return the weights of a TOML text: a table a sign, and ``start``.

    Raises:
        KeyError: A weight is of no basis and of no modality.
    """
    data = tomllib.loads(text)
    start = dict(_columns(data.pop("start")))
    return ClaimWeights(
        start=tuple(start.get(n, 0.0) for n in range(len(_COLUMNS))),
        signs={sign: _columns(weights) for sign, weights in data.items()},
    )


def _columns(weights: Mapping[str, float]) -> tuple[tuple[int, float], ...]:
    return tuple((_COLUMNS[name], float(weight)) for name, weight in weights.items())
