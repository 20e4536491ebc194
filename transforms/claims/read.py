"""Reading of what an article tells of a firm: on what ground, and in which mode.

The title decides first, the summary adds what the title leaves open. A round-up is read by
its first item.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from transforms.claims.cues import (
    FIRM,
    STATE,
    Basis,
    Cue,
    Modality,
    claim_weights,
    cue_words,
    is_staff,
)
from transforms.claims.signs import GROUNDS, summary_signs, title_signs
from transforms.models import Mention
from transforms.names.match.document import ArticleText, Field
from transforms.names.match.people import PersonFound
from transforms.names.rules.watchlist import Company, Watchlist
from transforms.text.fold import fold, lowered, places_in

_BODIES = frozenset({"exchange", "gov", "org", "regulator"})
# A summary's first sentence or two: what follows is background.
_LEAD = 200
_SENTENCE = re.compile(".+?(?:[。!?;]|[.] |$)")
_WORD = re.compile(r"(?=(\b[a-z]{4,}|[\u4e00-\u9fff]{2}))")
_ITEM_ENDS = re.compile(";| / ")
_COLUMN = re.compile(r"[^|丨]{2,8}[|丨]")
# Which cue shows a basis, the first that there is.
_SHOWN_BY: Mapping[Basis, tuple[str, ...]] = {
    "unnamed": ("sources", "told", "exposed", "leaks", "reports", "report", "hint"),
    "company": ("answers", "announces", "says", "results", "clarifies", "filing", "plans"),
    "official": ("state-act", "refusal", STATE),
    "filing": ("filing", "round"),
    "data": ("data",),
    "media": ("exclusive", "outlet"),
    "none": ("may", "plans", "withdraws"),
}
_SHOWS: Mapping[str, Mapping[str, int]] = {
    basis: {group: rank for rank, group in enumerate(groups)}
    for basis, groups in _SHOWN_BY.items()
}
# As possible a thing is told by words of its own, but where the voice makes it news.
_POSSIBLE: Mapping[str, int] = {"may": 0}
_VOICES = frozenset({"media", "unnamed"})
# As possible, in essays too, but where it stands right behind a firm or its product.
_TO_BE_DONE = frozenset({"或在", "或将", "或于", "或被"})
_PRODUCT = re.compile("[a-z0-9 .+-]{0,16}")
# Between a fact and that it got out: 参数首次曝光.
_HOW = "全再大已意外提前正式次疑被遭面首似"
_IS = ("", "is", "are")
_AND = (" and", "&", "和", "与", "、", ",")
_OPENING = re.compile(r"(?:after|amid|as|despite|while)\b[^,]+, ")
_OWNS = ("'s ", "’s ")
_OF_ANOTHER = ("-backed ", "-funded ", "-owned ")
# Orders firms: those of the title, whom it is about, as they stand.
_NOBODY = (True, True, True, sys.maxsize, "")
_SETTLED = frozenset({"denied", "confirmed", "withdrawn"})


class Claim(NamedTuple):
    """A claim on a firm: its basis and modality, and the words that show them.

    ``subject`` is the company's id, empty if the watchlist does not know the firm.
    """

    basis: Basis
    modality: Modality
    cue: str
    subject: str


class Told(NamedTuple):
    """Signs of a text, with the cues of its title up to *end*, and of its summary."""

    signs: set[str]
    title: Field
    cues: Sequence[Cue]
    settled: Cue | None
    summary: Field | None
    beyond: Sequence[Cue]
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class ClaimReader:
    """A watchlist's companies, as claims ask for them: bodies, and names of each."""

    bodies: frozenset[str]
    names: Mapping[str, tuple[str, ...]]

    def read(
        self,
        document: ArticleText,
        mentions: Sequence[Mention],
        people: Sequence[PersonFound],
        *,
        is_digest: bool,
    ) -> Claim | None:
        """Return what a text tells of a firm; None if it tells nothing of the kind."""
        told = self.told(document, mentions, people, is_digest=is_digest)
        if not told:
            return None
        basis, modality = claim_weights().decide(told.signs)
        subject = self._subject(told, mentions, people)
        return Claim(basis, modality, _cue(told, basis, modality), subject)

    def told(
        self,
        document: ArticleText,
        mentions: Sequence[Mention],
        people: Sequence[PersonFound],
        *,
        is_digest: bool,
    ) -> Told | None:
        """Return the signs in a text that decide on its claim."""
        title, summary = _headline(document)
        if not title:
            return None
        text, lower = title.folded.text, title.lower
        if title.text is not text:
            # Credit lines are blanked there, and tell who found it out.
            lower = lowered(text)
        firms = self._firms(lower, mentions, people) if mentions or people else []
        words = cue_words()
        if not firms and not words.tell(lower):
            return None
        end = _end(lower, is_digest=is_digest)
        cues = _in_order(lower, words.find(lower), firms, end)
        signs, settled = title_signs(lower, text, cues)
        if not firms:
            signs.add("no-firm")
        beyond: Sequence[Cue] = ()
        if summary and signs.isdisjoint(GROUNDS):
            beyond = words.find(summary.lower[:_LEAD])
            if any(cue.group == "sources" for cue in beyond):
                lead = summary.lower[:_LEAD]
                beyond = self._beyond(beyond, lower, firms, lead, mentions)
            signs |= summary_signs(beyond)
        return Told(signs, title, cues, settled, summary, beyond, end)

    def _firms(
        self, lower: str, mentions: Iterable[Mention], people: Iterable[PersonFound]
    ) -> list[Cue]:
        """Return where firms, bodies and managers stand in a title."""
        found = [
            Cue(FIRM, p.start, p.start + p.length) for p in people if p.field == "title"
        ]
        for mention in mentions:
            if mention.field == "title" and mention.via == "alias":
                company_id, start = mention.company_id, mention.start
                group = STATE if company_id in self.bodies else FIRM
                found.append(Cue(group, start, start + mention.length))
                for name in self.names[company_id]:
                    if name in lower:
                        found += [Cue(group, *span) for span in places_in(lower, name)]
        return found

    def _beyond(
        self,
        cues: Sequence[Cue],
        title: str,
        firms: Iterable[Cue],
        text: str,
        mentions: Iterable[Mention],
    ) -> list[Cue]:
        """Return a summary's cues, of voices those whose sentence tells the title's act."""
        own = [
            Cue(FIRM, m.start, m.start + m.length)
            for m in mentions
            if m.field == "summary" and m.company_id not in self.bodies
        ]
        names = [
            *(title[firm.start : firm.end] for firm in firms),
            *(text[firm.start : firm.end] for firm in own),
        ]
        about = {*_WORD.findall(title)}.difference(_WORD.findall(" ".join(names)))
        return [
            cue
            for cue in _in_order(text, cues, own, len(text))
            if cue.group != "sources"
            or any(
                sentence.end() > cue.start >= sentence.start()
                and not about.isdisjoint(_WORD.findall(sentence[0]))
                for sentence in _SENTENCE.finditer(text)
            )
        ]

    def _subject(
        self, told: Told, mentions: Iterable[Mention], people: Iterable[PersonFound]
    ) -> str:
        """Return the firm that a claim is about: of the title first, whom it is about."""
        best, lower = _NOBODY, told.title.lower
        opening = _OPENING.match(lower)
        first, passed = opening.end() if opening else 0, set[str]()
        for m in mentions:
            if m.field == "content" or m.company_id in self.bodies or m.via == "person":
                continue
            end, aside = m.start + m.length, m.field != "title" or m.start >= told.end
            apart = aside or not _is_told_of(told, m.start, end)
            if m.field == "title" and (
                m.start < first or lower.startswith(_OF_ANOTHER, end)
            ):
                if "sources" in told.signs:
                    passed.add(m.company_id)  # what is told is told of another
                aside = True
            if m.company_id not in passed:
                best = min(best, (aside, apart, not m.is_about, m.start, m.company_id))
        for person in people if best[0] else ():
            owns = lower.startswith(_OWNS, person.start + person.length)
            if (
                person.field == "title"
                and not owns
                and (company_id := person.person.company_id)
            ):
                best = min(best, (False, True, True, person.start, company_id))
        return best[-1]


def _is_told_of(told: Told, start: int, end: int) -> bool:
    """Tell whether "(is) reportedly" or 据悉 stands right behind a firm, of it alone."""
    lower = told.title.lower
    return not lower[:start].rstrip().endswith(_AND) and any(
        cue.group == "sources" and lower[end : cue.start].strip() in _IS
        for cue in told.cues
        if cue.start >= end
    )


def compile_claims(watchlist: Watchlist) -> ClaimReader:
    """Return a reader of claims for the companies of *watchlist*."""
    return ClaimReader(
        bodies=frozenset(c.company_id for c in watchlist.companies if c.kind in _BODIES),
        names={c.company_id: _names(c) for c in watchlist.companies},
    )


def _headline(document: ArticleText) -> tuple[Field | None, Field | None]:
    fields = {field.name: field for field in document.fields}
    return fields.get("title"), fields.get("summary")


def _end(lower: str, *, is_digest: bool) -> int:
    """Return where the first item of a round-up ends, else the end of the title."""
    if (is_digest or _COLUMN.match(lower)) and (found := _ITEM_ENDS.search(lower)):
        return found.start()
    return len(lower)


def _names(company: Company) -> tuple[str, ...]:
    """Return the Chinese names by which a firm that is named may be called again."""
    folded = {lowered(fold(name).text) for name in (company.name, company.name_zh)}
    return tuple(sorted(name for name in folded if len(name) > 1 and not name.isascii()))


def _in_order(text: str, cues: Sequence[Cue], firms: Sequence[Cue], end: int) -> list[Cue]:
    """Return cues and firms in reading order; words within a firm's name are no cues.

    What a firm's own people say, it says.
    """
    ordered: list[Cue] = []
    named_to = 0
    for firm, cue in _beside(cues, firms):
        if cue.start >= end:
            break
        if firm:
            named_to = max(named_to, cue.end)
        if firm or cue.start >= named_to:
            ordered.append(
                cue._replace(group="says")
                if ordered and is_staff(text, ordered[-1], cue)
                else cue
            )
    return ordered


def _beside(cues: Sequence[Cue], firms: Sequence[Cue]) -> Iterator[tuple[bool, Cue]]:
    """Yield both in reading order, each with whether it is a firm, which comes first."""
    both = [(firm.start, False, firm) for firm in firms]
    both += [(cue.start, True, cue) for cue in cues]
    both.sort(key=itemgetter(0, 1))
    return ((not is_cue, each) for _, is_cue, each in both)


def _cue(told: Told, basis: Basis, modality: Modality) -> str:
    """Return the words that show a claim's modality, else its basis: of the title first."""
    if modality in _SETTLED and told.settled:
        return _written(told.title, told.settled)
    shows = _SHOWS[basis]
    if modality == "may" and basis not in _VOICES and _shown(told.cues, _POSSIBLE):
        shows = _POSSIBLE
    cue, field = _shown(told.cues, shows), told.title
    if cue and shows is _POSSIBLE:
        cue = _with_actor(told, cue)
    elif cue and cue.group == "exposed":
        cue = _with_fact(told.title.lower, cue)
    if not cue and told.summary:
        cue, field = _shown(told.beyond, shows), told.summary
    return _written(field, cue) if cue else ""


def _with_actor(told: Told, cue: Cue) -> Cue:
    """Return what is possible with the firm that is to do it."""
    lower = told.title.lower
    firms = [last for last in told.cues if last.group == FIRM and last.end <= cue.start]
    if (
        firms
        and lower[cue.start : cue.end] in _TO_BE_DONE
        and _PRODUCT.fullmatch(lower, firms[-1].end, cue.start)
    ):
        return Cue(cue.group, firms[-1].start, cue.end)
    return cue


def _with_fact(lower: str, cue: Cue) -> Cue:
    """Return what got out with the fact that it is, if it is more than a picture."""
    before = lower[: cue.start].rstrip(_HOW)
    for fact in cue_words().facts:
        if before.endswith(fact):
            return Cue(cue.group, len(before) - len(fact), cue.end)
    return cue


def _shown(cues: Iterable[Cue], ranks: Mapping[str, int]) -> Cue | None:
    best, rank = None, len(ranks)
    for cue in cues:
        if ranks.get(cue.group, rank) < rank:
            best, rank = cue, ranks[cue.group]
    return best


def _written(field: Field, cue: Cue) -> str:
    return field.written(cue.start, cue.end)[0]
