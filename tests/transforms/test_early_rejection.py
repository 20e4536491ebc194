"""What is off the beat whatever it treats is hardly read, and nothing on it is lost."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from itertools import islice

import pytest
from builders import (
    NOON,
    ROOT,
    article,
    shipped_beat,
    shipped_tagger,
    shipped_watchlist,
    tagger_of,
)
from hypothesis import given
from hypothesis import strategies as st

from transforms.headlines.digests import is_digest
from transforms.models.verdicts import Verdict
from transforms.names.match.topics import tags_in, topics_possible
from transforms.names.rules.file import parse_watchlist
from transforms.names.tagging import compile_tagger, tag_article, tag_document
from transforms.relevance.score import (
    BeatWeights,
    EvidenceKinds,
    EvidencePart,
    EvidenceTerm,
    may_be_on_beat,
    read_weights,
    score,
)

HEADLINES = ROOT.parent / "shared" / "corpus" / "headlines"
OFF = "Dutch court hears a lawsuit over robots in a school"
KINDS = EvidenceKinds(
    home="cn",
    firms={},
    place="",
    town="",
    any_of={},
    places=frozenset("ab"),
    nouns=frozenset("cd"),
)
NAMES = st.sampled_from("abcdefg")
PARTS = st.lists(
    st.builds(EvidencePart, NAMES, st.booleans()), max_size=3, unique_by=lambda p: p.name
)


@st.composite
def weights(draw):
    """Draw weights of both signs, of products with present and absent parts, with caps."""
    terms = []
    for number, others in enumerate(draw(st.lists(PARTS, min_size=1, max_size=12))):
        first = EvidencePart(draw(NAMES), is_absent=False)
        weight = draw(st.floats(-4, 4))
        cap = draw(st.sampled_from(["", "places", "nouns"])) if weight > 0 else ""
        parts = (first, *others)
        terms.append(EvidenceTerm(str(number), parts, tuple(others), weight, 0.0, "", cap))
    needing = {}
    for term in terms:
        needing.setdefault(term.parts[0].name, []).append(term)
    return BeatWeights(
        intercept=draw(st.floats(-4, 4)),
        threshold=draw(st.floats(0.05, 0.95)),
        terms=tuple(terms),
        needing=needing,
        caps={"places": draw(st.floats(0, 3)), "nouns": draw(st.floats(0, 3))},
        uncapped=frozenset(draw(st.sets(NAMES, max_size=2))),
        kinds=KINDS,
        control_topics=frozenset(),
        control_events=frozenset(),
    )


EVIDENCE = st.dictionaries(NAMES, st.sampled_from([0.25, 0.5, 1.0]))


@given(by=weights(), least=EVIDENCE, more=EVIDENCE, has=st.sets(NAMES))
def test_the_bound_misses_nothing(by, least, more, has):
    """Whatever part of the evidence that there may be is there, and whatever it weighs."""
    most = {k: max(least.get(k, 0.0), more.get(k, 0.0)) for k in least | more}
    there = {k: most[k] if k in has else least.get(k, 0.0) for k in most}

    def told(values):
        return {k: (v, k) for k, v in values.items() if v}

    if score(told(there), by).is_on_beat:
        assert may_be_on_beat(told(least), told(most), by)


def real_texts(count):
    """Return texts of each source in turn."""
    files = sorted(HEADLINES.glob("*.jsonl.gz"))
    if not files:
        pytest.skip("there is no ../shared/corpus/headlines")
    texts = []
    for file in files:
        with gzip.open(file) as lines:
            rows = map(json.loads, islice(lines, count // len(files) + 1))
            texts += [
                (r["title"], (r.get("summary") or "")[:300], r["source"]) for r in rows
            ]
    return texts[:count]


def both(tagger, title, summary="", source=""):
    """Return what is found without and with early rejection, the rules' version apart."""
    document = tagger.read(title, summary)
    how = {"is_digest": is_digest(title), "sources": (source,), "on": NOON.date()}
    return (
        tag_document(document, tagger, "a1", **how),
        tag_document(document, tagger, "a1", **how, rejects=True),
    )


def differing(tagger, texts):
    """Return the texts of which anything but what is left out differs, and the rejected."""
    wrong, rejected = [], 0
    for text in texts:
        whole, early = both(tagger, *text)
        rejected += early.rejected
        left_out = early.rejected and not (whole.beat.is_on_beat or whole.mentions)
        if not left_out and whole != early:
            wrong.append((text, whole, early))
    return wrong, rejected


def test_real_texts_on_the_beat_are_tagged_the_same():
    """To the byte; most of those that name nobody are rejected."""
    texts = real_texts(4_000)
    wrong, rejected = differing(shipped_tagger(), texts)

    assert wrong == []
    assert rejected > len(texts) / 4


def turned(by):
    """Return the shipped weights, with others of these names."""
    beat = shipped_beat()
    lines = beat.texts["weights.toml"].splitlines()
    lines = [line for line in lines if line.split(" = {")[0].strip('"') not in by]
    for name, weight in by.items():
        lines.append(f'"{name}" = {{ weight = {weight}, expected = 0, says = "" }}')
    return read_weights("\n".join(lines), beat.weights.kinds)


@pytest.mark.parametrize(
    "by",
    [
        {"topic-technology": -2.0, "topic-event": -1.5, "topic-china-policy": 3.0},
        {"topic robotics": -3.0, "event lawsuit": 6.0, "state-control": -4.0},
        {"word-china & topic-technology": -2.0, "technology": -1.0, "word-show": 2.0},
    ],
    ids=["topics", "one topic, one event", "products"],
)
def test_weights_that_turned_are_granted_by_their_sign(by):
    """By a refit a topic may speak against the beat, and a word for it."""
    rules = shipped_beat().tagging._replace(weights=turned(by))
    tagger = compile_tagger(shipped_watchlist(), rules)

    assert tagger.beat.weights.terms != shipped_tagger().beat.weights.terms
    assert differing(tagger, real_texts(700))[0] == []
    whole, early = both(tagger, OFF)
    assert (whole.beat.is_on_beat, early.rejected) in {(True, False), (False, True)}


@pytest.mark.parametrize(
    "text",
    [
        "",
        '[topic.rain]\nname = "Rain"\nterms = ["rain", "re:wet .*"]\n',
        (
            '[topic.any]\nname = "Any"\nterms = ["re:[0-9]+"]\nthreshold = -1\n'
            '[event.none]\nname = "None"\nnot = ["court"]\nthreshold = -2\n'
        ),
        "".join(
            f'[company.firm-{n}]\nname = "Firm{n} Works"\ncountry = "CN"\n'
            'kind = "company"\nsector = "ai"\n'
            for n in range(5_000)
        ),
    ],
    ids=["nothing", "one topic", "thresholds below nothing", "5,000 firms"],
)
def test_watchlists_of_any_size(text):
    """Of none, of one topic, of topics that every text has, of thousands of firms."""
    tagger = tagger_of(parse_watchlist(text))
    texts = [(OFF, "", ""), ("Rain in 2026: wet streets", "a court", ""), *real_texts(200)]

    assert differing(tagger, texts)[0] == []


def test_what_is_possible_holds_what_is_found():
    """Also an event of a summary, and a topic that an event implies."""
    tagger = shipped_tagger()
    for title, summary, _ in real_texts(400):
        document = tagger.read(title, summary)
        found = {(t.kind, t.topic_id) for t in tags_in(document, (), tagger.topics)}
        possible = topics_possible(document, tagger.topics)
        assert found <= {(t.kind, t.topic_id) for t in possible}


def test_a_rejected_article_keeps_what_was_read():
    """No topic and no event; its relevance is that of its words."""
    tagger = shipped_tagger()
    whole, early = both(tagger, OFF)

    assert early.rejected
    assert whole.tags
    assert early.tags == early.mentions == []
    assert not early.beat.is_on_beat
    assert early.beat.reason
    assert not whole.rejected


def test_names_verdicts_and_pages_have_everything_looked_for():
    """A company, a person, a reader's word on it, or a page that may tell more."""
    tagger = shipped_tagger()
    said = Verdict(7, "a1", "not-topic", "robotics")
    texts = article(title=OFF)

    def rejected(**how):
        return tag_article(texts, tagger, rejects=True, **how).rejected

    assert rejected()
    assert not rejected(verdicts=[said])
    assert not rejected(page="Robots in a school. " * 20)
    assert not both(tagger, f"{OFF}, says Lenovo")[1].rejected
    assert not both(tagger, f"{OFF}, says Ma Huateng")[1].rejected
    texts = replace(texts, content="Lenovo builds them")
    assert not rejected()


def test_other_weights_change_the_bound():
    """The signs are those of the weights as they are now."""
    tagger = shipped_tagger()
    document = tagger.read(OFF, "")
    possible = {t.topic_id for t in topics_possible(document, tagger.topics)}
    least, most = (
        {},
        {f"topic-{n}": (1.0, n) for n in possible} | {"topic-event": (1.0, "")},
    )
    by = tagger.beat.weights

    assert not may_be_on_beat(least, most, by)
    assert may_be_on_beat(least, most, turned({"topic-event": 6.0}))
    assert not may_be_on_beat(least, most, turned({"topic-event": -6.0}))
