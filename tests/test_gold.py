"""The tagger against labelled headlines, with our own count of hits and misses."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from builders import shipped_beat, shipped_tagger

from flows.beats import load_beat
from transforms.names.tagging import tag_text
from transforms.relevance.score import score
from transforms.training.labels import accuracy

ROOT = Path(__file__).resolve().parents[1]
GOLD = ROOT.parent / "shared" / "gold"
FLOORS = tomllib.loads((ROOT / "tests/data/gold_floors.toml").read_text(encoding="utf-8"))
NEWER = frozenset(FLOORS["companies"]["newer"]["than-the-labels"])
# Types of events that are told apart since the headlines were labelled.
YOUNGER = frozenset({"new-capacity"})
ID_KEYS = {"companies": "company_id", "topics": "topic_id"}

# Floors of coverage hold without what is not here.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.no_cover,
    pytest.mark.skipif(
        not GOLD.is_dir(), reason="the labelled headlines of ../shared/gold are not here"
    ),
]


@pytest.fixture(scope="module")
def tagger():
    """The shipped watchlist, compiled once."""
    return shipped_tagger()


@pytest.fixture(scope="module")
def tagged(tagger):
    """The labelled headlines, each with what we say of it."""
    return [(row, tag(tagger, row)) for row in read("tagging_dev.jsonl")]


def read(name):
    """Return the objects of a file of JSON lines."""
    with (GOLD / name).open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def tag(tagger, row):
    """Return what ``sinowire watchlist tag`` prints of a labelled text."""
    title = row.get("title", row.get("text", ""))
    tagged = tag_text(tagger, title=title, summary=row.get("summary", ""))
    tagged["companies"] = [c for c in tagged["companies"] if c["company_id"] not in NEWER]
    return {"id": row.get("id"), **tagged}


def ids(ours, kind):
    """Return the ids among our tags of one kind."""
    return {entry[ID_KEYS[kind]] for entry in ours[kind]}


def false(row, ours, kind):
    """Return what we say wrongly; optional labels neither help nor hurt."""
    return ids(ours, kind) - {*row[kind], *row[f"{kind}_optional"]}


def figures(tagged, kind):
    """Return precision and recall of one kind of label."""
    hits = sum(len(ids(ours, kind) & set(row[kind])) for row, ours in tagged)
    wrong = sum(len(false(row, ours, kind)) for row, ours in tagged)
    labels = sum(len(row[kind]) for row, _ in tagged)
    return {"precision": hits / (hits + wrong), "recall": hits / labels}


@pytest.mark.parametrize("kind", ["companies", "topics"])
@pytest.mark.parametrize("group", ["en", "zh", "hard-negative"])
def test_labelled_headlines(tagged, kind, group):
    """Companies and topics of real headlines are found, in each language."""
    chosen = [pair for pair in tagged if group in {pair[0]["lang"], pair[0]["stratum"]}]

    reached = figures(chosen, kind)

    floors = FLOORS[kind][group]
    assert {name: reached[name] for name in floors if reached[name] < floors[name]} == {}


@pytest.mark.parametrize("kind", ["companies", "topics"])
def test_false_alarms(tagged, kind):
    """Headlines that name no company, or are about no topic of ours, stay silent."""
    empty = [(row, ours) for row, ours in tagged if not row[kind]]

    alarms = [row["id"] for row, ours in empty if false(row, ours, kind)]

    assert len(alarms) / len(empty) <= FLOORS["false-alarms"][kind], alarms


@pytest.fixture(scope="module")
def events(tagger):
    """The headlines labelled with events: right ones, wrong ones, and those missed."""
    counted = []
    for row in read("events_dev.jsonl"):
        told = {event["topic_id"] for event in tag(tagger, row)["events"]} - YOUNGER
        labels = set(row["events"])
        wrong = told - labels - {*row["events_optional"]}
        counted.append((row, told & labels, wrong, labels - told))
    return counted


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_events(events, lang):
    """What happened is found in both languages, and what did not is not."""
    chosen = [counted for counted in events if counted[0]["lang"] == lang]
    right, wrong, missed = (sum(len(c[n]) for c in chosen) for n in (1, 2, 3))
    reached = {"precision": right / (right + wrong), "recall": right / (right + missed)}

    floors = FLOORS["events"][lang]
    assert {name: reached[name] for name in floors if reached[name] < floors[name]} == {}


def test_events_where_none_is(events):
    """Headlines that tell of no event stay silent."""
    alarms = [row["id"] for row, _, wrong, _ in events if not row["events"] and wrong]
    silent = [row for row, *_ in events if not row["events"]]

    assert len(alarms) / len(silent) <= FLOORS["false-alarms"]["events"], alarms


def test_ambiguous_names(tagger):
    """Sentences written around one name each: what must be found, what must not."""
    failed = []
    rows = read("ambiguity_dev.jsonl")
    for row in rows:
        ours = ids(tag(tagger, row), "companies")
        if not set(row["expect"]) <= ours or ours & set(row["forbid"]):
            failed.append(row["id"])

    assert 1 - len(failed) / len(rows) >= FLOORS["ambiguity"]["passing"], failed


def test_the_scorer_counts_as_we_do(tagged, tmp_path):
    """The scorer that came with the labels finds the same totals."""
    lines = [json.dumps(ours, ensure_ascii=False) + "\n" for _, ours in tagged]
    (tmp_path / "ours.jsonl").write_text("".join(lines), encoding="utf-8")
    labels = GOLD / "tagging_dev.jsonl"
    command = [sys.executable, GOLD / "score.py", "tags", labels, tmp_path / "ours.jsonl"]

    theirs = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)

    for kind in ID_KEYS:
        reached, scored = figures(tagged, kind), theirs[f"{kind}/all"]
        assert scored["P"] == pytest.approx(reached["precision"], abs=1e-4)
        assert scored["R"] == pytest.approx(reached["recall"], abs=1e-4)


def test_claims(tagger):
    """Basis and modality of what is told of firms, by weights that did not see the row."""
    from claims import WATCHED, cross_validated, scored, signs_of  # noqa: PLC0415

    rows = read("basis_dev.jsonl")
    scores = scored(rows, cross_validated(rows, [signs_of(tagger, row) for row in rows]))
    floors = FLOORS["claims"]

    assert {f: s.macro for f, s in scores.items() if s.macro < floors[f]} == {}
    for field, name in WATCHED:
        precision, recall = scores[field].classes[name]
        assert precision >= floors[name]["precision"], name
        assert recall >= floors[name]["recall"], name


@pytest.fixture(scope="module")
def reports(tagger):
    """The headlines labelled as reports or talk, as the fit reads them."""
    from reports import labelled_rows  # noqa: PLC0415  needs numpy

    return labelled_rows(GOLD.parent, tagger)


@pytest.mark.timeout(1_200)
def test_reports_of_unseen_outlets(tagger, reports):
    """Essays, questions and talk are told from reports where no weight saw the outlet."""
    from reports import curve, names_of, unseen  # noqa: PLC0415

    scores = unseen([row.labelled(row.outlet) for row in reports], names_of(tagger))
    pairs = [*zip(reports, scores, strict=True)]
    reached = {
        lang: curve(*zip(*(p for p in pairs if p[0].row["lang"] == lang), strict=True))
        for lang in FLOORS["reports"]["auc"]
    }

    floors = FLOORS["reports"]["auc"]
    assert {lang: reached[lang] for lang in floors if reached[lang] < floors[lang]} == {}


@pytest.mark.timeout(1_200)
def test_no_outlet_loses_its_reports(tagger, reports):
    """None that is labelled often enough falls silent in alerts that ask for reports."""
    from reports import lost  # noqa: PLC0415

    scores = [tagger.telling.reports.score(row.signs) for row in reports]

    most = FLOORS["reports"]["lost"]
    assert {o: share for o, share in lost(reports, scores).items() if share > most} == {}


@pytest.mark.timeout(1_200)
def test_the_same_labels_make_the_same_weights(tagger, reports):
    """Those that are shipped were fitted to these labels, and nobody edited them."""
    from reports import WEIGHTS, fit, names_of, written  # noqa: PLC0415

    made = fit([row.labelled("") for row in reports], names_of(tagger))

    # Where the threshold stands takes eight fits more, and is no weight.
    signs, shipped = (
        text.partition("findings")[2]
        for text in (written(made, {"zh": 0.0, "en": 0.0}), WEIGHTS.read_text("utf-8"))
    )
    assert signs == shipped


def test_the_seed_article(tagger):
    """The article that set the beat: its companies, and the themes it is about."""
    text = (GOLD / "seed_article.txt").read_text(encoding="utf-8")
    expected = json.loads((GOLD / "seed_article_expected.json").read_text(encoding="utf-8"))

    ours = tag(tagger, {"text": text})

    assert ids(ours, "companies") == set(expected["companies"])
    assert ids(ours, "topics") >= set(expected["topics_main"])


@pytest.fixture(scope="module")
def beat():
    """The figures of what is on the beat, each headline by weights that it did not fit."""
    from beat import GOLD as LABELS  # noqa: PLC0415  needs numpy, which few need
    from beat import examples_of, figures, told_apart  # noqa: PLC0415

    rows = read(LABELS.name)
    weights = shipped_beat().weights
    relevance = told_apart(rows, examples_of(rows, shipped_tagger()), weights)
    return figures(rows, relevance, weights.threshold)


def test_relevance(beat):
    """Core headlines are told from those off the beat, cross-validated."""
    floors = dict(FLOORS["beat"])

    assert beat.alarms <= floors.pop("alarms")
    reached = beat._asdict()
    assert {name: reached[name] for name in floors if reached[name] < floors[name]} == {}


def test_relevance_of_the_second_beat():
    """Headlines that no fit saw are told apart by the beat on chip makers as it stands."""
    from beat import chips_rows, examples_of  # noqa: PLC0415
    from results import shipped_tagger as tagger_of  # noqa: PLC0415

    rows, weights = list(chips_rows("held")), load_beat("chips").weights
    examples = examples_of(rows, tagger_of("chips"))
    relevance = [score(example.evidence, weights).relevance for example in examples]
    reached = accuracy(examples, relevance, weights.threshold)._asdict()

    floors = FLOORS["chips"]
    assert len(rows) == 254
    assert {name: reached[name] for name in floors if reached[name] < floors[name]} == {}


@pytest.fixture(scope="module")
def measures(tagger):
    """The labelled headlines on measures, each with the measure that we read."""
    rows = read("measures_dev.jsonl")
    return [(row, tag_text(tagger, title=row["title"])["measure"]) for row in rows]


def test_measures(measures):
    """Acts of states are told from talk of them, and their fields are right."""
    true = [(row, found) for row, found in measures if row["is_measure"]]
    both = [(row, found) for row, found in true if found]
    called = sum(found is not None for _, found in measures)

    reached = {"precision": len(both) / called, "recall": len(both) / len(true)}
    for field in ("side", "instrument", "status", "direction", "actor"):
        reached[field] = sum(is_right(*each, field) for each in both) / len(both)
    whole = ("side", "instrument", "status")
    right = [each for each in both if all(is_right(*each, field) for field in whole)]
    reached["whole"] = len(right) / len(true)

    floors = FLOORS["measures"]
    assert {name: reached[name] for name in floors if reached[name] < floors[name]} == {}


def is_right(row, found, field):
    """Tell whether a field is as labelled, or as one of the labels that are as right."""
    return found[field] in (row[field], *row.get("alt", {}).get(field, ()))
