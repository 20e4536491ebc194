"""What became of what was told of a firm: by words, by acts, by silence."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from builders import shipped_tagger

from transforms.claims.outcomes import Step, outcome_of
from transforms.claims.read import Claim
from transforms.names.tagging import tag_text

MONDAY = datetime(2026, 8, 3, 10, tzinfo=UTC)
CHAINS = Path(__file__).resolve().parents[3] / "shared" / "gold" / "chains_dev.jsonl"
REPORT = ("unnamed", "planned")


def outcome(*told, after=timedelta(days=3)):
    """Return the outcome of (basis, modality[, cue[, particulars]]), one a day."""
    steps = [
        Step(
            Claim(basis, modality, "".join(more[:1]), "xiaomi"),
            MONDAY + timedelta(days=n),
            f"a{n}",
            frozenset(more[1] if len(more) > 1 else ()),
        )
        for n, (basis, modality, *more) in enumerate(told)
    ]
    return outcome_of(steps, MONDAY + after)


@pytest.mark.parametrize(
    ("told", "expected", "by"),
    [
        ([REPORT], "open", ""),
        ([REPORT, ("company", "denied")], "denied", "a1"),
        ([REPORT, ("official", "confirmed")], "confirmed", "a1"),
        ([("none", "may"), ("company", "withdrawn")], "withdrawn", "a1"),
        ([REPORT, ("company", "denied"), ("company", "confirmed")], "confirmed", "a2"),
        ([REPORT, ("unnamed", "denied")], "open", ""),
        ([REPORT, ("company", "announced", "launches")], "confirmed", "a1"),
        ([REPORT, ("filing", "happened", "招股书")], "confirmed", "a1"),
        ([REPORT, ("company", "announced", "回应")], "open", ""),
        ([REPORT, ("company", "denied"), ("official", "happened", "谣言")], "denied", "a1"),
        ([("unnamed", "withdrawn"), ("filing", "happened")], "overtaken", "a1"),
        ([("company", "denied")], "denied", "a0"),
    ],
)
def test_outcomes(told, expected, by):
    """Words of the firm, a body or a filing settle it, then acts; voices do not."""
    settled = outcome(*told)
    assert (settled.outcome, settled.article_id) == (expected, by)


def test_another_act_overtakes_a_report():
    """What was told of New York and is done in Hong Kong is overtaken."""
    report = (*REPORT, "", ("us",))
    assert outcome(report, ("official", "happened", "", ("hk",))).outcome == "overtaken"
    assert outcome(report, ("official", "happened", "", ("us",))).outcome == "confirmed"


def test_silence():
    """After 30 days without a word a report is silent; what was only announced is none."""
    assert outcome(REPORT, after=timedelta(days=30)).outcome == "open"
    assert outcome(REPORT, after=timedelta(days=31)).outcome == "silent"
    assert outcome(("company", "announced")) is None


@pytest.mark.no_cover
@pytest.mark.skipif(not CHAINS.exists(), reason="the chains of ../shared/gold are not here")
def test_affairs_that_were_labelled():
    """Affairs of real headlines end as a reader found; the firm's own words decide."""
    ended = {}
    for line in CHAINS.read_text(encoding="utf-8").splitlines():
        affair = json.loads(line)
        if affair["kind"] == "claim":
            found = outcome_of(steps_of(affair), datetime(2026, 8, 1, tzinfo=UTC))
            ended[affair["affair"]] = (found and found.outcome, affair["final"])

    assert len(ended) == 5
    assert sum(ours == final for ours, final in ended.values()) >= 4, ended


def steps_of(affair):
    """Return the steps of a labelled affair, with the places that their titles name."""
    places = {"赴美": "us", "U.S.": "us", "伦敦": "uk", "Hong Kong": "hk"}
    tagger, steps = shipped_tagger(), []
    for step in affair["steps"]:
        told = tag_text(tagger, title=step["title"])["claim"]
        if told:
            at = datetime.fromisoformat(step["published"]).replace(tzinfo=UTC)
            named = frozenset(p for word, p in places.items() if word in step["title"])
            steps.append(Step(Claim(**told), at, step["id"], named))
    return sorted(steps, key=lambda step: step.at)
