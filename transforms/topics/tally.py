"""Find the terms that stand in a field."""

from __future__ import annotations

from transforms.documents import Document, Field
from transforms.text import LATIN
from transforms.topics.model import Form, Pattern, Term, TopicMatcher, Vote


class _Tally:
    """The votes so far, and whose they are: each term has but one."""

    __slots__ = ("counted", "settled", "votes")

    def __init__(self) -> None:
        self.votes: list[Vote] = []
        self.settled: set[int] = set()
        self.counted: set[Term] = set()


def tally(document: Document, matcher: TopicMatcher) -> list[Vote]:
    """Return the votes of the terms that stand in title or summary.

    They come in the order of their places, since sums of floats depend on it.
    """
    so_far = _Tally()
    for field in document.fields:
        if field.name != "content":
            _tally(field, matcher, so_far)
    return so_far.votes


def _tally(text: Field, matcher: TopicMatcher, so_far: _Tally) -> None:
    side = 0 if text.name == "title" else 1
    votes, settled = so_far.votes, so_far.settled
    lower, size, forms = text.lower, len(text.lower), matcher.forms
    trying = dict(matcher.always)
    for number, start, end in matcher.automaton.find_matches_as_indexes(
        lower, overlapping=True
    ):
        if number in settled:
            continue
        form = forms[number]
        if form.patterns:
            trying.update(form.patterns)
        if form.whole_word and (
            (start and lower[start - 1] in LATIN) or (end < size and lower[end] in LATIN)
        ):
            continue
        if form.plain:
            settled.add(number)
            votes += form.votes[side]
        elif form.terms:
            _count(form, text.text[start:end], side, so_far)
    for term, pattern in trying.items():
        if term not in so_far.counted and _matches(pattern, text):
            so_far.counted.add(term)
            votes.append(term.votes[side])


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
