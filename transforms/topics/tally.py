"""Find the terms that stand in a field."""

from __future__ import annotations

from collections.abc import Iterable

from transforms.documents import Document, Field
from transforms.text import LATIN
from transforms.topics.model import Form, Pattern, Term, TopicMatcher, Vote


class _Tally:
    """The votes so far, and whose they are: each term has but one.

    *doubts* are patterns against a topic, which are tried last, and only where anything
    speaks for it.
    """

    __slots__ = ("counted", "doubts", "settled", "votes")

    def __init__(self) -> None:
        self.votes: list[Vote] = []
        self.settled: set[int] = set()
        self.counted: set[Term] = set()
        self.doubts: list[tuple[Term, Pattern, Field, int]] = []


def tally(
    document: Document, matcher: TopicMatcher, priors: Iterable[Vote] = ()
) -> list[Vote]:
    """Return the votes of the terms that stand in title or summary.

    They come in the order of their places, since sums of floats depend on it; what
    patterns say against a topic that they, or *priors*, speak for comes last.
    """
    so_far = _Tally()
    for field in document.fields:
        if field.name != "content":
            _tally(field, matcher, so_far)
    if so_far.doubts:
        _add_doubts(so_far, priors)
    return so_far.votes


def _tally(text: Field, matcher: TopicMatcher, so_far: _Tally) -> None:
    side = 0 if text.name == "title" else 1
    votes, settled = so_far.votes, so_far.settled
    lower, forms = text.lower, matcher.forms
    trying = dict(matcher.always)
    for number, start, end in matcher.automaton.find_matches_as_indexes(
        lower, overlapping=True
    ):
        if number in settled:
            continue
        form = forms[number]
        if form.patterns:
            trying.update(form.patterns)
        begins = not start or lower[start - 1] not in LATIN
        if begins and form.begun:
            trying.update(form.begun)
        if form.whole_word and not (begins and _ends(lower, end)):
            continue
        if form.plain:
            settled.add(number)
            votes += form.votes[side]
        elif form.terms:
            _count(form, text.text[start:end], side, so_far)
    for pattern, term in trying.items():
        if term.votes[0].value < 0:
            so_far.doubts.append((term, pattern, text, side))
        else:
            _try(term, pattern, text, side, so_far)


def _ends(lower: str, end: int) -> bool:
    return end == len(lower) or lower[end] not in LATIN


def _add_doubts(so_far: _Tally, priors: Iterable[Vote]) -> None:
    spoken_for = {vote.topic for vote in (*so_far.votes, *priors)}
    for term, pattern, text, side in so_far.doubts:
        if term.votes[0].topic in spoken_for:
            _try(term, pattern, text, side, so_far)


def _try(term: Term, pattern: Pattern, text: Field, side: int, so_far: _Tally) -> None:
    if term not in so_far.counted and _matches(pattern, text):
        so_far.counted.add(term)
        so_far.votes.append(term.votes[side])


def _count(form: Form, written: str, side: int, so_far: _Tally) -> None:
    for term in form.terms:
        if term not in so_far.counted and (not term.exact or term.text == written):
            so_far.counted.add(term)
            so_far.votes.append(term.votes[side])


def _matches(pattern: Pattern, text: Field) -> bool:
    lower = text.lower
    for need in pattern.needs:
        for literal in need:
            if literal in lower:
                break
        else:
            return False
    return pattern.search(lower if pattern.in_lower else text.text) is not None
