"""Verification of citations: what a file says beside all that we ever held.

Words, outlet, address and day are compared, and the hash beside them: a hash alone would
let the words be changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal

from transforms.citations.citation import Cited, NumberRows, day_in, words
from transforms.dates.zones import is_zone
from transforms.models import StoryOf
from transforms.text.lengths import cut
from transforms.words import say

State = Literal["same", "rewritten", "gone", "differs", "absent", "withdrawn", "unknown"]
# Of a headline or an address in a sentence on it.
_SHOWN = 80
_NAMED = frozenset({"what", "kind"})


@dataclass(frozen=True, slots=True)
class Wording:
    """A headline of an article, its first moment, and its and the whole wording's hash.

    A release may have the hash of a headline alone.
    """

    seen_at: datetime
    title_hash: str
    content_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(StoryOf):
    """An article with every wording, outlet and address that we hold of it.

    ``title`` is the newest headline, or None if it is not given away. ``gone_at`` is
    when its page was found to be no more.
    """

    title: str | None
    published_at: datetime
    wordings: Sequence[Wording]
    outlets: frozenset[str]
    urls: frozenset[str]
    gone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CitationReason:
    """A phrase, and what fills it in: of ``what`` and ``kind`` the word for it."""

    key: str
    parts: Mapping[str, object]

    def told(self, language: str) -> str:
        """Return it in a language of the pages."""
        parts = {
            name: say(f"cite.{name}.{part}", language) if name in _NAMED else part
            for name, part in self.parts.items()
        }
        return say(f"cite.why.{self.key}", language, **parts)


def headline_hash(title: str) -> str:
    """Return what tells whether two headlines are of the same words: SHA-256, in hex."""
    return sha256(words(title).encode("utf-8", "surrogatepass")).hexdigest()


def reason(key: str, **parts: object) -> CitationReason:
    """Return the reason that is called so in the phrases."""
    return CitationReason(key, parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What became of a citation: its state, since when, and why.

    ``now`` is the id that it has today, where that is another.
    """

    state: State
    reasons: tuple[CitationReason, ...] = ()
    since: datetime | None = None
    now: str = ""

    @property
    def why(self) -> str:
        """Why in a sentence, as programs read it."""
        return self.told("en")

    def told(self, language: str) -> str:
        """Return why in a sentence."""
        end = "；" if language == "zh" else "; "
        return end.join(each.told(language) for each in self.reasons)


def verify(cited: Cited, held: Held, zone: str) -> Verified:
    """Return whether an article stands as it was cited; days are of *zone* by default."""
    wrong = _differences(cited, held, zone) or _wrong_hash(cited, held)
    if wrong:
        return Verified(state="differs", reasons=tuple(wrong))
    later = _rewritten(cited, held)
    if held.gone_at:
        why = reason("gone", day=_day(held.gone_at))
        return Verified(state="gone", reasons=(why,), since=held.gone_at)
    if later is None:
        return Verified(state="same")
    day = _day(later.seen_at)
    now = reason("rewritten-once", day=day)
    if held.title is not None:
        now = reason("rewritten", day=day, title=_shown(held.title))
    return Verified(state="rewritten", reasons=(now,), since=later.seen_at)


def verify_number(cited: Cited, text: str, result: NumberRows, rules: str) -> Verified:
    """Return whether a cited number comes out the same; *rules* is today's version."""
    wrong = []
    if cited.title != text:
        wrong.append(reason("number", known=_shown(text), said=_shown(cited.title)))
    told = cited.facts.get("result", ""), cited.facts.get("result-hash")
    if told != (words(result.shown), result.digest):
        if result.shown:
            wrong.append(reason("result", result=_shown(result.shown)))
        else:
            wrong.append(reason("result.rows", rows=f"{result.rows:,}"))
        if (were := cited.facts.get("rules", "")) != rules:
            wrong.append(reason("rules", were=_shown(were), rules=rules))
    return Verified(state="differs" if wrong else "same", reasons=tuple(wrong))


def _differences(cited: Cited, held: Held, zone: str) -> list[CitationReason]:
    own = cited.facts.get("zone", "")
    day = day_in(held.published_at, own if own and is_zone(own) else zone).isoformat()
    compared = (
        ("outlet", words(cited.outlet), set(map(words, held.outlets))),
        ("address", words(cited.url), set(map(words, held.urls))),
    )
    wrong = [
        _difference(what, said, min(known, default=""))
        for what, said, known in compared
        if said not in known
    ]
    if headline_hash(cited.title) not in {each.title_hash for each in held.wordings}:
        wrong.insert(0, _difference("headline", words(cited.title), held.title))
    is_day = bool(cited.day) and f"{day}-".startswith(f"{cited.day}-")
    return wrong if is_day else [*wrong, _difference("day", cited.day, day)]


def _difference(what: str, said: str, known: str | None) -> CitationReason:
    if not said:
        return reason("lacks", what=what)
    if known is None:
        return reason("no-version", what=what, said=_shown(said))
    return reason("differs", what=what, said=_shown(said), known=_shown(known))


def _wrong_hash(cited: Cited, held: Held) -> list[CitationReason]:
    told = cited.facts.get("content-hash")
    if not told:
        return []
    known = {each.title_hash for each in held.wordings if each.content_hash == told}
    if not known:
        return [reason("hash", said=_shown(told))]
    return [] if headline_hash(cited.title) in known else [reason("hash-of-another")]


def _rewritten(cited: Cited, held: Held) -> Wording | None:
    """Return the first wording after the one cited that has another headline."""
    said = headline_hash(cited.title)
    last = max(n for n, each in enumerate(held.wordings) if each.title_hash == said)
    return held.wordings[last + 1] if last + 1 < len(held.wordings) else None


def _shown(text: str) -> str:
    return f"“{cut(words(text), _SHOWN)}”"


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"
