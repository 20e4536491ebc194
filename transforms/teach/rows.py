"""Training rows: articles and pairs with their evidence and their labels by verdicts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from transforms.articles.reader import EntryReader, companies_of, title_names
from transforms.models import Article
from transforms.models.verdicts import KINDS, Verdict
from transforms.names.tagging import tag_document
from transforms.relevance.evidence import Evidence, TextFindings, gather, learnable
from transforms.relevance.score import score, weighed
from transforms.relevance.weights import BeatWeights, taught_weights
from transforms.stories.pairs.compared import Side
from transforms.stories.pairs.similarity import (
    FIELDS,
    SAME,
    PairKind,
    StoryText,
    may_be_one_event,
    pair_evidence,
    pair_kind,
    side_of,
    weights_of,
)
from transforms.teach.fit import Labelled, Weights, chance

# What readers said nothing of counts together as much as so many verdicts.
_SILENT = 30.0
# Of what readers said nothing of so much is looked at.
MOST_BESIDE = 300
_YES = frozenset({"wanted", "on-beat", "one-event"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAgain:
    """An article with its evidence for the beat and its side for comparisons."""

    article: Article
    evidence: Mapping[str, Evidence]
    side: Side


def read_again(
    article: Article, reader: EntryReader, verdicts: Sequence[Verdict]
) -> ReadAgain:
    """Return a stored article, tagged by the current rules and verdicts."""
    tagger = reader.tagger
    document = tagger.read(article.title, article.summary, article.content)
    sources = (article.feed_id, article.publisher)
    tagged = tag_document(
        document,
        tagger,
        article.article_id,
        is_digest=article.is_digest,
        on=article.published_at.date(),
        sources=sources,
        verdicts=verdicts,
    )
    findings = TextFindings(
        document,
        tagged.mentions,
        tagged.tags,
        sources,
        article.is_digest,
        tagged.measure,
    )
    text = StoryText(
        title=article.title,
        language=article.language,
        publisher=article.publisher,
        published_at=article.published_at,
        companies=companies_of(tagged.mentions),
        names=tuple(name.alias for name in title_names(tagged.mentions)),
    )
    return ReadAgain(
        article=article,
        # Evidence that is known wins: what verdicts may teach is beside it.
        evidence=learnable(findings) | gather(findings, tagger.beat),
        side=side_of(text, reader.rules.concepts),
    )


def last_words(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Return the last verdict on each alert, article's beat and pair of articles."""
    last: dict[object, Verdict] = {}
    for verdict in sorted(verdicts):
        kind = KINDS[verdict.kind]
        if kind.contrary and kind.value in ("", "article"):
            about = min(verdict.kind, kind.contrary)
            last[about, frozenset((verdict.subject_id, verdict.value))] = verdict
    return sorted(last.values())


def truth_of(verdict: Verdict) -> float:
    """Return the label of a verdict, 0 or 1."""
    return float(verdict.kind in _YES)


def beat_rows(
    judged: Iterable[tuple[ReadAgain, float]], weights: BeatWeights
) -> list[Labelled]:
    """Return judged articles as training rows of the beat with these *weights*."""
    return [_beat_row(read, truth, 1.0, weights) for read, truth in judged]


def silent_rows(silent: Sequence[ReadAgain], weights: BeatWeights) -> list[Labelled]:
    """Return articles without verdicts as rows labelled by the beat's *weights*."""
    share = _SILENT / max(len(silent), 1)
    return [
        _beat_row(read, score(read.evidence, weights).relevance, min(share, 1.0), weights)
        for read in silent
    ]


def beat_prior(weights: BeatWeights) -> dict[str, float]:
    """Return the beat's *weights* by name."""
    return {term.name: term.weight for term in weights.terms}


def beat_judge(
    read: Mapping[str, ReadAgain], shipped: BeatWeights
) -> Callable[[Weights], Callable[[Labelled], bool]]:
    """Return a function that decides the beat by weights, with caps as in a run."""

    def judge(weights: Weights) -> Callable[[Labelled], bool]:
        by = taught_weights(shipped, weights)
        return lambda row: score(read[row.group].evidence, by).is_on_beat

    return judge


def _beat_row(
    read: ReadAgain, truth: float, count: float, weights: BeatWeights
) -> Labelled:
    values = {w.term.name: w.value for w in weighed(read.evidence, weights)}
    named = {term.name for term in weights.terms}
    new = {k: v for k, (v, _) in read.evidence.items() if k.split(" ")[0] in _NEW}
    values |= {k: v for k, v in new.items() if k not in named}
    group = read.article.article_id
    return Labelled(values, truth, group, weights.intercept, count)


# The first words of what :func:`transforms.relevance.learnable` names.
_NEW = frozenset({"from", "company", "topic", "event"})


def pair_rows(
    judged: Iterable[tuple[ReadAgain, ReadAgain, float]],
) -> dict[PairKind, list[Labelled]]:
    """Return judged pairs of articles as training rows, by kind of pair.

    Pairs without shared evidence are left out: no weight could join them.
    """
    found: dict[PairKind, list[Labelled]] = defaultdict(list)
    for one, other, truth in judged:
        a, b = one.side, other.side
        if may_be_one_event(a, b):
            kind = pair_kind(a, b)
            found[kind].append(_pair_row(kind, a, b, truth, _pair_id(one, other)))
    return found


def silent_pairs(
    pairs: Iterable[tuple[ReadAgain, ReadAgain]], kind: PairKind
) -> list[Labelled]:
    """Return pairs without verdicts as rows labelled by the shipped weights."""
    weights = pair_prior(kind)
    rows = pair_rows((a, b, 0.0) for a, b in pairs)[kind][:MOST_BESIDE]
    share = min(1.0, _SILENT / max(len(rows), 1))
    return [row._replace(truth=chance(row.total(weights)), times=share) for row in rows]


def pair_prior(kind: PairKind) -> dict[str, float]:
    """Return the shipped weights of a kind of pair."""
    return dict(zip(FIELDS[kind], weights_of(kind).weights, strict=True))


def pair_judge(kind: PairKind) -> Callable[[Weights], Callable[[Labelled], bool]]:
    """Return a function that decides pairs by weights."""

    def judge(weights: Weights) -> Callable[[Labelled], bool]:
        by = pair_prior(kind) | dict(weights)
        return lambda row: chance(row.total(by)) >= SAME[kind]

    return judge


def neighbours(read: Sequence[ReadAgain]) -> Iterator[tuple[ReadAgain, ReadAgain]]:
    """Yield pairs of articles that a run compares: of one story or one company.

    Each article is paired with the next in time, as distant ones are seldom one event.
    """
    groups: dict[str, list[ReadAgain]] = defaultdict(list)
    for each in sorted(read, key=lambda r: r.article.published_at):
        groups[each.article.story_id].append(each)
        for company in each.side.companies:
            groups[f"company {company}"].append(each)
    seen: set[str] = set()
    for members in groups.values():
        for one, other in pairwise(members):
            if (key := _pair_id(one, other)) not in seen:
                seen.add(key)
                yield one, other


def _pair_id(one: ReadAgain, other: ReadAgain) -> str:
    return " ".join(sorted((one.article.article_id, other.article.article_id)))


def _pair_row(kind: PairKind, a: Side, b: Side, truth: float, group: str) -> Labelled:
    values = dict(zip(FIELDS[kind], pair_evidence(a, b), strict=True))
    values = {name: value for name, value in values.items() if value}
    return Labelled(values, truth, group, weights_of(kind).bias)
