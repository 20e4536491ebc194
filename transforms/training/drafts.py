"""Draft of a beat made of labelled headlines: who is at home, words, topics and weights."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

from transforms.grouping import grouped
from transforms.headlines.digests import is_digest
from transforms.names.rules.watchlist import TRADES, Home, Watchlist
from transforms.names.tagging import Tagger, TaggingRules, tag_document
from transforms.relevance.evidence import (
    BeatMatcher,
    TextFindings,
    compile_beat,
    gather,
    learnable,
    read_words,
)
from transforms.relevance.score import BeatReport, BeatWeights, read_weights, report, score
from transforms.training.fit import Labelled, folds
from transforms.training.labels import Accuracy, Example, Label, accuracy, fit
from transforms.training.telling import TellingWord, telling_words, words_of

T = TypeVar("T")
# A company is at home where so many headlines on the beat name it, and such a share of all.
_NAMED, _MOSTLY = 2, 0.5
# A topic is weighed by itself where so many headlines have it.
_TAGGED = 4
# So many pieces of evidence are told of a label that is judged otherwise.
_HEAVIEST = 3
_GROUPS = {(True, True): "subject", (True, False): "likely"} | {
    (False, True): "aside",
    (False, False): "unlikely",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatDraft:
    """What the labels say of a beat, and how well it tells them apart, cross-validated."""

    home: tuple[str, ...]
    words: Mapping[str, tuple[TellingWord, ...]]
    weights: BeatWeights
    text: str
    accuracy: Mapping[str, Accuracy]


def findings_of(labels: Iterable[Label], tagger: Tagger) -> list[TextFindings]:
    """Return the findings of each headline; they do not depend on ``[home]``."""
    return [_findings(label, tagger) for label in labels]


def draft(
    labels: Sequence[Label],
    findings: Sequence[TextFindings],
    watchlist: Watchlist,
    rules: TaggingRules,
    template: str,
) -> BeatDraft:
    """Return the beat that fits the labels, with the words and sources of *rules* added.

    *template* is a file of weights; topics that the labels have are added to it. Words,
    companies and topics are chosen in each fold anew, so that the figures are honest.
    """
    titles = [label.title for label in labels]
    words = dict(zip(titles, words_of(titles), strict=True))
    made = _Maker(watchlist, rules, template, words)
    both = list(zip(labels, findings, strict=True))
    made_of_all = made.draft(both)
    relevance = _apart(both, lambda known: _judge(made.draft(known), made))
    return replace(made_of_all, accuracy=_figures(labels, relevance, made_of_all.weights))


def refit(
    labels: Sequence[Label], tagger: Tagger
) -> tuple[BeatWeights, Mapping[str, Accuracy]]:
    """Return the weights of a beat as it stands, fitted anew, and its accuracy."""
    findings = findings_of(labels, tagger)
    both, weights = list(zip(labels, findings, strict=True)), tagger.beat.weights

    def fit_to(known: Sequence[_Read]) -> BeatWeights:
        return fit([_example(each, tagger.beat) for each in known], weights)

    def judge(known: Sequence[_Read]) -> Callable[[_Read], float]:
        made = fit_to(known)
        return lambda read: score(gather(read[1], tagger.beat), made).relevance

    figures = _figures(labels, _apart(both, judge), weights)
    return fit_to(both), figures


class Misjudged(NamedTuple):
    """A label that a beat judges differently, with its relevance and heaviest evidence."""

    label: Label
    relevance: float
    because: str


class LabelReport(NamedTuple):
    """How well a beat tells labels apart, and those that it gets wrong, the worst first."""

    accuracy: Mapping[str, Accuracy]
    wrong: Sequence[Misjudged]


def as_it_stands(labels: Sequence[Label], tagger: Tagger) -> LabelReport:
    """Return how a beat judges the labels."""
    weights = tagger.beat.weights
    evidence = [gather(found, tagger.beat) for found in findings_of(labels, tagger)]
    reports = [report(each, weights) for each in evidence]
    relevance = [each.relevance for each in reports]
    wrong = [
        Misjudged(label, each.relevance, _because(each))
        for label, each in zip(labels, reports, strict=True)
        if label.is_on != each.on_beat
    ]
    wrong.sort(key=lambda each: -abs(each.relevance - each.label.is_on))
    return LabelReport(_figures(labels, relevance, weights), wrong)


def _because(of: BeatReport) -> str:
    """Return the heaviest evidence of a headline, each with what it adds."""
    heaviest = (
        f"{each.evidence} {each.adds:+.2f}" + (f" ({each.what})" if each.what else "")
        for each in of.evidence[:_HEAVIEST]
    )
    return ", ".join(heaviest) or "no evidence"


def with_weights(text: str, weights: BeatWeights) -> str:
    """Return the *text* of a file of weights with those that were fitted.

    Raises:
        ValueError: A term does not stand on one line of its own.
    """
    text = re.sub(r"(?m)^intercept = [-\d.]+", f"intercept = {weights.intercept:.2f}", text)
    for term in weights.terms:
        name = re.escape(term.name if " " not in term.name else f'"{term.name}"')
        pattern = rf"(?m)^({name} = {{ weight = )[-\d.]+"
        text, count = re.subn(pattern, rf"\g<1>{term.weight:.2f}", text)
        if count != 1:
            raise ValueError(f"{term.name} does not stand on one line of its own")
    return text


_Read = tuple[Label, TextFindings]


class _Maker(NamedTuple):
    watchlist: Watchlist
    rules: TaggingRules
    template: str
    of_title: Mapping[str, Collection[str]]

    def draft(self, known: Sequence[_Read]) -> BeatDraft:
        """Return the draft of *known*, its weights fitted to what others chose for each.

        What was chosen by a headline holds for it as a matter of course, and would be
        weighed too much.
        """
        made = self.chosen(known)

        def judge(others: Sequence[_Read]) -> Callable[[_Read], Example]:
            matcher = self.matcher(self.chosen(others))
            return lambda each: _example(each, matcher)

        examples = _apart(known, judge)
        return replace(made, weights=fit(examples, made.weights))

    def chosen(self, known: Sequence[_Read]) -> BeatDraft:
        headlines = [self.of_title[label.title] for label, _ in known]
        telling = telling_words(headlines, [label.is_on for label, _ in known])
        words = grouped(telling, lambda word: _GROUPS[word.is_for, word.is_sure])
        made = BeatDraft(
            home=tuple(_at_home(known, self.watchlist)),
            words={group: tuple(found) for group, found in words.items()},
            weights=self.rules.weights,
            text=self.template + "".join(_topic_lines(known)),
            accuracy={},
        )
        return replace(made, weights=read_weights(made.text, self.rules.weights.kinds))

    def matcher(self, made: BeatDraft) -> BeatMatcher:
        home = Home(countries=(), companies=made.home)
        companies = tuple(
            replace(each, is_home=home.holds(each)) for each in self.watchlist.companies
        )
        watchlist = replace(self.watchlist, companies=companies)
        words = read_words(f"{self.rules.words.text}\n{words_text(made.words)}")
        return compile_beat(watchlist, words, self.rules.sources, made.weights)


def words_text(words: Mapping[str, Sequence[TellingWord]]) -> str:
    """Return the groups of *words* as tables of a file of words."""
    lines = []
    for group, found in words.items():
        listed = ", ".join(json.dumps(each.word, ensure_ascii=False) for each in found)
        lines.append(f"[{group}]\nwords = [{listed}]\n")
    return "\n".join(lines)


def _findings(label: Label, tagger: Tagger) -> TextFindings:
    document = tagger.read(label.title, label.summary)
    digest, sources = is_digest(label.title), (label.source,)
    tagged = tag_document(document, tagger, is_digest=digest, sources=sources)
    return TextFindings(
        document, tagged.mentions, tagged.tags, sources, digest, tagged.measure
    )


def _example(read: _Read, matcher: BeatMatcher) -> Example:
    label, findings = read
    return Example(label.title, gather(findings, matcher), label.is_on)


def _at_home(known: Iterable[_Read], watchlist: Watchlist) -> Iterator[str]:
    """Yield the companies that mostly headlines on the beat name, bodies left out."""
    named: Counter[str] = Counter()
    on: Counter[str] = Counter()
    for label, findings in known:
        companies = {m.company_id for m in findings.mentions if m.field != "content"}
        named.update(companies)
        on.update(companies if label.is_on else ())
    for company_id, times in sorted(on.items()):
        is_firm = watchlist.company(company_id).kind in TRADES
        if is_firm and times >= _NAMED and times >= _MOSTLY * named[company_id]:
            yield company_id


def _topic_lines(known: Iterable[_Read]) -> Iterator[str]:
    borne = Counter(
        name
        for _, findings in known
        for name in {n for n in learnable(findings) if n.startswith(("topic ", "event "))}
    )
    for name, times in sorted(borne.items()):
        if times >= _TAGGED:
            kind, _, topic_id = name.partition(" ")
            says = f"it has the {kind} {topic_id}"
            yield f'"{name}" = {{ weight = 0.00, expected = 0.00, says = "{says}" }}\n'


def _judge(made: BeatDraft, maker: _Maker) -> Callable[[_Read], float]:
    matcher = maker.matcher(made)
    return lambda read: score(gather(read[1], matcher), made.weights).relevance


def _apart(
    both: Sequence[_Read], made_of: Callable[[Sequence[_Read]], Callable[[_Read], T]]
) -> list[T]:
    """Return something of each headline, by what is made of the other folds."""
    by_title = {read[0].title: read for read in both}
    rows = [Labelled({}, float(label.is_on), label.title) for label, _ in both]
    found: dict[int, T] = {}
    made = folds(rows, lambda known: made_of([by_title[row.group] for row in known]))
    for of_one, unseen in made:
        found |= {n: of_one(both[n]) for n in unseen}
    return [found[n] for n in range(len(both))]


def _figures(
    labels: Sequence[Label], relevance: Sequence[float], weights: BeatWeights
) -> Mapping[str, Accuracy]:
    """Return the accuracy of all labels, and of those of each language."""
    told = list(zip(labels, relevance, strict=True))
    languages = grouped(told, lambda each: each[0].language or _script(each[0].title))
    kinds = {"all": told, **languages}
    return {
        kind: accuracy(
            [Example(label.title, {}, label.is_on) for label, _ in some],
            [r for _, r in some],
            weights.threshold,
        )
        for kind, some in kinds.items()
    }


def _script(title: str) -> str:
    return "zh" if re.search("[\u4e00-\u9fff]{2}", title) else "en"
