"""Tags of an article: companies, people, topics, events and relevance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from math import exp
from typing import Any, NamedTuple

from transforms.calendar.read import local_day, read_dates
from transforms.claims.read import Claim, ClaimReader, compile_claims
from transforms.headlines.digests import is_digest
from transforms.headlines.reports import (
    CHINESE,
    REPORT,
    ReportSigns,
    Telling,
    TellingRules,
    pieces_of,
)
from transforms.measures.lexicon import MeasureWords
from transforms.measures.read import as_row, holds_from, read_measure
from transforms.models import Article, Mention, Tag
from transforms.models.calendar import DateAhead
from transforms.models.measures import Measure
from transforms.models.verdicts import Verdict
from transforms.names.match.aliases import MentionMatcher, compile_mentions
from transforms.names.match.document import ArticleText, Roles, read_document
from transforms.names.match.judgement import Judgement, decisions
from transforms.names.match.people import (
    PeopleMatcher,
    PersonFound,
    compile_people,
    people_in,
    person_mentions,
)
from transforms.names.match.salience import salience
from transforms.names.match.terms import TopicMatcher
from transforms.names.match.topic_rules import compile_topics
from transforms.names.match.topics import tags_in, topics_possible
from transforms.names.rules.watchlist import Watchlist
from transforms.names.verdict_effects import obey_beat, obey_mentions, obey_tags
from transforms.relevance.evidence import (
    BeatMatcher,
    Sources,
    TextFindings,
    WordGroups,
    compile_beat,
    gather,
    words_in,
)
from transforms.relevance.score import (
    BeatWeights,
    Evidence,
    Relevance,
    may_be_on_beat,
    score,
)
from transforms.text.lengths import beginning

# A summary of fewer characters is a line that the feed gives with every article.
_TELLING = 40
# Texts that are read at once: what is found in more no longer fits the cache.
_BATCH = 400
# Evidence of a word for what firms and regulators do.
_ACT = "word-act"


class TaggingRules(NamedTuple):
    """Parts of a beat by which articles are tagged."""

    words: WordGroups
    sources: Sources
    weights: BeatWeights
    roles: Roles
    telling: TellingRules
    measures: MeasureWords


class Untagged(NamedTuple):
    """A folded text to be tagged.

    ``on`` is the outlet's day of publication, ``sources`` are the names of the publishers.
    With a ``lead``, its relevance is the article's. Readers' ``verdicts`` take precedence
    over findings.
    """

    document: ArticleText
    article_id: str = ""
    is_digest: bool = False
    on: date | None = None
    sources: tuple[str, ...] = ()
    lead: ArticleText | None = None
    verdicts: Sequence[Verdict] = ()


class Tagged(NamedTuple):
    """Findings of one text.

    One that is ``rejected`` is off the beat whatever it treats, and has not been searched
    for topics and events: it has no tags, and relevance and weight of its headline are
    those of what was read. Only headlines on the beat have a ``report_score``.
    """

    mentions: list[Mention]
    tags: list[Tag]
    people: list[PersonFound]
    beat: Relevance
    headline_weight: int
    measure: Measure | None = None
    claim: Claim | None = None
    rejected: bool = False
    report_score: float | None = None
    dates: tuple[DateAhead, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Tagger:
    """A watchlist compiled for matching."""

    watchlist: Watchlist
    mentions: MentionMatcher
    topics: TopicMatcher
    people: PeopleMatcher
    beat: BeatMatcher
    telling: TellingRules
    measures: MeasureWords
    claims: ClaimReader

    def read(self, title: str, summary: str, content: str | None = None) -> ArticleText:
        """Fold a text once for all matchers."""
        return read_document(
            title, summary, content, credit_lines=self.mentions.credit_lines
        )


def compile_tagger(watchlist: Watchlist, rules: TaggingRules) -> Tagger:
    """Compile *watchlist* for matching by the *rules* of its beat."""
    return Tagger(
        watchlist,
        compile_mentions(watchlist, rules.roles),
        compile_topics(watchlist),
        compile_people(watchlist, rules.roles),
        compile_beat(watchlist, rules.words, rules.sources, rules.weights),
        rules.telling,
        rules.measures,
        compile_claims(watchlist),
    )


def tag_article(
    article: Article,
    tagger: Tagger,
    *,
    page: str = "",
    verdicts: Sequence[Verdict] = (),
    rejects: bool = False,
) -> Tagged:
    """Return the findings of *article*, with its *verdicts* applied.

    *page* is the text of its page, if it was read; *rejects* as in :func:`tag_all`.
    """
    [tagged] = tag_all(
        [untagged(article, tagger, page=page, verdicts=verdicts)], tagger, rejects=rejects
    )
    return tagged


def untagged(
    article: Article, tagger: Tagger, *, page: str = "", verdicts: Sequence[Verdict] = ()
) -> Untagged:
    """Return the folded text of *article*, or of its *page* if that was read."""
    return Untagged(
        tagger.read(article.title, article.summary, page or article.content),
        article.article_id,
        article.is_digest,
        local_day(article.published_at, article.language),
        (article.feed_id, article.publisher),
        read_lead(tagger, article.title, article.summary, page),
        verdicts,
    )


def read_lead(tagger: Tagger, title: str, summary: str, page: str) -> ArticleText | None:
    """Return headline and first sentences of a page; None if the feed's summary suffices.

    It decides the article's relevance only: topics and alerts use the feed's own text.
    """
    if not page or len(summary) >= _TELLING:
        return None
    return tagger.read(title, beginning(page.replace("\n", " ")))


def tag_document(
    document: ArticleText,
    tagger: Tagger,
    article_id: str = "",
    *,
    is_digest: bool = False,
    on: date | None = None,
    sources: tuple[str, ...] = (),
    lead: ArticleText | None = None,
    verdicts: Sequence[Verdict] = (),
    rejects: bool = False,
) -> Tagged:
    """Return the findings of one folded text; for the parameters see :func:`tag_all`."""
    text = Untagged(document, article_id, is_digest, on, sources, lead, verdicts)
    [tagged] = tag_all([text], tagger, rejects=rejects)
    return tagged


def tag_all(
    texts: Iterable[Untagged], tagger: Tagger, *, rejects: bool = False
) -> list[Tagged]:
    """Return the findings of each text.

    With *rejects*, a text that names nobody and is off the beat whatever it treats is not
    searched for topics and events; one with a lead or verdicts always is.
    """
    rest, found = iter(texts), list[Tagged]()
    while batch := list(islice(rest, _BATCH)):
        found += _tag_batch([_Draft(text, tagger) for text in batch], rejects=rejects)
    return found


def _tag_batch(drafts: Sequence[_Draft], *, rejects: bool) -> Iterator[Tagged]:
    """Yield the findings of each text; one reader looks at all before the next begins.

    So its tables stay in the processor's cache.
    """
    for reader in _READERS:
        for draft in drafts:
            reader(draft)
    if rejects:
        for draft in drafts:
            draft.reject()
    searched = [draft for draft in drafts if not draft.tagged]
    for reader in _READERS_OF_THE_BEAT:
        for draft in searched:
            reader(draft)
    return (draft.tagged for draft in drafts if draft.tagged)


class _Draft:
    """A text on its way through the readers, with what they have found."""

    named: list[Mention]
    companies: set[str]
    measure: Measure | None
    people: list[PersonFound]
    claim: Claim | None
    dates: tuple[DateAhead, ...]
    words: Mapping[str, Evidence]
    tags: list[Tag]

    def __init__(self, text: Untagged, tagger: Tagger) -> None:
        self.text, self.tagger = text, tagger
        self.tagged: Tagged | None = None

    def find_names(self) -> None:
        """Find companies by their names, and by readers' word."""
        document, article_id, is_digest, *_ = self.text
        named = mentions_in(document, self.tagger.mentions, article_id, is_digest=is_digest)
        self.named = self._obeyed(named)
        self.companies = {mention.company_id for mention in self.named}

    def find_measure(self) -> None:
        """Find the act of a state."""
        document, _, is_digest, on, *_ = self.text
        watchlist, words = self.tagger.watchlist, self.tagger.measures
        self.measure = read_measure(
            document, self.named, watchlist, words, is_digest=is_digest, on=on
        )

    def find_people(self) -> None:
        """Find people, some of them by the companies."""
        document, _, is_digest, on, *_ = self.text
        self.people = people_in(
            document, self.tagger.people, self.companies, is_digest=is_digest, on=on
        )

    def find_claim(self) -> None:
        """Find what is told of somebody who is named."""
        self.claim = None
        if self.named or self.people:
            self.claim = self.tagger.claims.read(
                self.text.document, self.named, self.people, is_digest=self.text.is_digest
            )

    def find_dates(self) -> None:
        """Find the dates ahead that the headline names, and from when an act holds."""
        document, _, _, on, *_ = self.text
        title = next((field for field in document.fields if field.name == "title"), None)
        self.dates = read_dates(title, self.named, on) if title else ()
        if self.measure and on and not self.dates:
            self.dates = holds_from(self.measure, on)

    def find_words(self) -> None:
        """Find the words that speak for the beat, or against it."""
        self.words = words_in(self.text.document.fields, self.tagger.beat.words)

    def reject(self) -> None:
        """Be done, if nobody is named and no topic could bring the text onto the beat."""
        text = self.text
        if self.named or self.people or text.lead or text.verdicts:
            return
        bare = TextFindings(
            text.document, (), (), text.sources, text.is_digest, self.measure
        )
        if found := _without_topics(bare, self.words, self.tagger):
            self.tagged = found._replace(
                measure=self.measure, claim=self.claim, dates=self.dates
            )

    def find_topics(self) -> None:
        """Find topics and events, some of them by companies and the act of a state."""
        document, article_id, *_, verdicts = self.text
        acting = acting_side(self.measure)
        tags = tags_in(document, self.named, self.tagger.topics, article_id, acting)
        if verdicts:
            tags = obey_tags(tags, verdicts, self.tagger.watchlist, article_id)
        self.tags = tags

    def name_by_people(self) -> None:
        """Let people name their companies."""
        if self.people:
            version = self.tagger.mentions.rules_version
            by_people = person_mentions(
                self.people, self.companies, self.text.article_id, version
            )
            self.named = self._obeyed(self.named + by_people)

    def weigh(self) -> None:
        """Judge relevance and headline: of the lead, if there is one."""
        text = self.text
        if text.lead:
            lead = text._replace(document=text.lead, article_id="", lead=None)
            [tagged] = tag_all([lead], self.tagger)
            self.tagged = tagged._replace(
                mentions=self.named,
                tags=self.tags,
                people=self.people,
                measure=self.measure,
                claim=self.claim,
                dates=self.dates,
            )
            return
        findings = TextFindings(
            text.document, self.named, self.tags, text.sources, text.is_digest, self.measure
        )
        evidence = gather(findings, self.tagger.beat, self.words)
        beat = obey_beat(score(evidence, self.tagger.beat.weights), text.verdicts)
        tagged = Tagged(
            self.named, self.tags, self.people, beat, 0, self.measure, self.claim
        )
        weighed = _weighed(tagged, findings, evidence, self.tagger.telling)
        self.tagged = weighed._replace(dates=self.dates)

    def _obeyed(self, named: list[Mention]) -> list[Mention]:
        _, article_id, *_, verdicts = self.text
        if not verdicts:
            return named
        return obey_mentions(named, verdicts, self.tagger.watchlist, article_id)


# Each uses what those before it found.
_READERS = (
    _Draft.find_names,
    _Draft.find_measure,
    _Draft.find_people,
    _Draft.find_claim,
    _Draft.find_dates,
    _Draft.find_words,
)
_READERS_OF_THE_BEAT = (_Draft.find_topics, _Draft.name_by_people, _Draft.weigh)


def acting_side(measure: Measure | None) -> str:
    """Return the side that acts; "" for an answer, which tells of two sides' acts."""
    return measure.side if measure and measure.status != "answered" else ""


def _without_topics(
    bare: TextFindings, words: Mapping[str, Evidence], tagger: Tagger
) -> Tagged | None:
    """Return the findings of a text without names if no topic brings it onto the beat.

    None if one might, and topics have to be searched for.
    """
    possible = topics_possible(bare.document, tagger.topics)
    evidence = gather(bare, tagger.beat, words)
    if possible:
        most = gather(bare._replace(tags=possible), tagger.beat, words)
        if may_be_on_beat(evidence, most, tagger.beat.weights):
            return None
    beat = score(evidence, tagger.beat.weights)
    tagged = Tagged([], [], [], beat, 0, rejected=bool(possible))
    return _weighed(tagged, bare, evidence, tagger.telling)


def _weighed(
    tagged: Tagged,
    findings: TextFindings,
    evidence: Mapping[str, Evidence],
    rules: TellingRules,
) -> Tagged:
    """Return findings with the weight of their headline, and its score on the beat."""
    telling = telling_of(findings, evidence, rules)
    if not (tagged.beat.is_on_beat and findings.document.fields):
        return tagged._replace(headline_weight=telling.weight)
    signs = report_signs(findings, evidence, telling, tagged)
    return tagged._replace(
        headline_weight=telling.weight, report_score=rules.reports.score(signs)
    )


def telling_of(
    findings: TextFindings, evidence: Mapping[str, Evidence], rules: TellingRules
) -> Telling:
    """Return the informativeness of a text's headline, with its parts."""
    title = next((f.lower for f in findings.document.fields if f.name == "title"), "")
    said, _ = evidence.get(_ACT, (0.0, ""))
    return rules.weigh(
        title,
        findings.sources,
        names_actor=any(mention.field == "title" for mention in findings.mentions),
        tells_act=said == 1 or any(tag.kind == "event" for tag in findings.tags),
    )


def report_signs(
    findings: TextFindings,
    evidence: Mapping[str, Evidence],
    telling: Telling,
    tagged: Tagged,
) -> ReportSigns:
    """Return what speaks for a headline as a report, and against it."""
    found = {name: value for name, (value, _) in evidence.items()}
    found["weight"] = telling.weight - REPORT
    for part in telling.parts:
        found[part.what] = 1.0
    for tag in findings.tags:
        if tag.kind == "event":
            found[f"event {tag.topic_id}"] = 1.0
    if tagged.claim:
        found[f"basis {tagged.claim.basis}"] = 1.0
        found[tagged.claim.modality] = 1.0
    if any(person.field == "title" and not person.start for person in tagged.people):
        found["person first"] = 1.0
    title, is_chinese = findings.document.fields[0].folded, CHINESE in evidence
    return ReportSigns(found, pieces_of(title, findings.mentions, is_chinese=is_chinese))


def tag_text(
    tagger: Tagger,
    *,
    title: str,
    summary: str = "",
    source: str = "",
    on: date | None = None,
) -> dict[str, Any]:
    """Return the output of ``sinowire watchlist tag`` for a text, without its id."""
    document, digest = tagger.read(title, summary), is_digest(title)
    tagged = tag_document(document, tagger, is_digest=digest, on=on, sources=(source,))
    # Of a firm that the watchlist does not know nothing is stored, but told here.
    claim = tagged.claim or tagger.claims.read(document, (), (), is_digest=digest)
    odds = tagged.report_score
    return {
        "companies": [_company(m) for m in tagged.mentions if m.via == "alias"],
        "people": [_person(p) for p in tagged.people],
        "topics": [_scored(t) for t in tagged.tags if t.kind == "topic"],
        "events": [
            {**_scored(t), "event_object": t.event_object}
            for t in tagged.tags
            if t.kind == "event"
        ],
        "on_beat": tagged.beat.is_on_beat,
        "relevance": tagged.beat.relevance,
        "reason": tagged.beat.reason,
        "measure": as_row(tagged.measure),
        "claim": dict(zip(Claim._fields, claim, strict=True)) if claim else None,
        "dates": [each.as_row() for each in tagged.dates],
        "report_score": None if odds is None else round(1 / (1 + exp(-odds)), 3),
    }


def _company(mention: Mention) -> dict[str, Any]:
    return {
        "company_id": mention.company_id,
        "field": mention.field,
        "alias": mention.alias,
        "start": mention.start,
        "length": mention.length,
        "role": mention.role,
        "about": mention.is_about,
    }


def _person(found: PersonFound) -> dict[str, Any]:
    return {
        "person_id": found.person.person_id,
        "name": found.person.name,
        "company_id": found.person.company_id,
        "alias": found.alias,
        "field": found.field,
        "start": found.start,
        "length": found.length,
    }


def _scored(tag: Tag) -> dict[str, Any]:
    return {"topic_id": tag.topic_id, "score": tag.score}


def mentions_in(
    document: ArticleText,
    matcher: MentionMatcher,
    article_id: str = "",
    *,
    is_digest: bool = False,
) -> list[Mention]:
    """Return the mentions in a folded text; in a digest no company is the subject."""
    hits = accepted(document, decisions(document, matcher))
    if not hits:
        return []
    weights = salience(hits, matcher.roles, is_digest=is_digest)
    first: dict[tuple[str, str], Mention] = {}
    for field, start, end, rule, _, _ in hits:
        company_id = rule.alias.company_id
        key = company_id, field.name
        if key not in first:
            # By place: names would take twice as long.
            first[key] = Mention(
                article_id,
                company_id,
                field.name,
                *field.written(start, end),
                matcher.rules_version,
                weights[company_id].is_about,
                weights[company_id].role,
            )
    return list(first.values())


def accepted(document: ArticleText, judged: Iterable[Judgement]) -> list[Judgement]:
    """Return the accepted judgements in reading order."""
    hits = [j for j in judged if j.accepted]
    if len(hits) > 1:
        order = {field.name: n for n, field in enumerate(document.fields)}
        hits.sort(key=lambda j: (order[j.field.name], j.start, j.rule.alias.company_id))
    return hits
