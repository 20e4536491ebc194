"""What headlines mean is only asked where it can make them one event."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from builders import shipped_beat
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.stories.cluster import MERGE
from transforms.stories.features import features
from transforms.stories.pairs.across_languages import crossing, shared_signs
from transforms.stories.pairs.compared import Side, evidence
from transforms.stories.pairs.demands import ACT, JOIN, least_across, least_within
from transforms.stories.pairs.meaning import meaning
from transforms.stories.pairs.similarity import (
    least_sum,
    match,
    may_be_one_event,
    pair_evidence,
    pair_kind,
    same_headline,
    weights_of,
)

LEXICON = shipped_beat().concepts
NOON = datetime(2026, 8, 4, 12, tzinfo=UTC)
# Each tells something: who, an act, where, a thing, a version, an amount, a time, a step.
PARTS = """
Nvidia/英伟达/Jensen Huang/黄仁勋/王传福/sues/起诉/in Beijing/北京/launches/发布/responds
first-quarter profit/一季度净利润/quarterly earnings/财报/chip ban/芯片禁令/回应/how to/教程
Qwen 3.8/千问3.8/Qwen/GPT-5.6 Pro/$290 billion/2万亿元/in five years/五年后/30%/1,204
files for IPO/递交招股书/harbour fund/lidar plant/vision pro/激光雷达工厂/港口基金
""".strip().replace("\n", "/")
TITLES = st.lists(st.sampled_from(PARTS.split("/")), min_size=1, max_size=6).map(" ".join)
SIDES = st.builds(
    Side,
    st.builds(
        features,
        TITLES,
        st.just(LEXICON),
        st.sampled_from([(), ("英伟达",), ("千问", "激光雷达工厂")]),
    ),
    st.sets(st.sampled_from(["nvidia", "byd", "alibaba"]), max_size=3).map(frozenset),
    st.integers(0, 60).map(lambda hours: NOON + timedelta(hours=hours)),
    st.sampled_from(["", "Outlet A", "Outlet B"]),
)


@given(a=SIDES, b=SIDES)
@settings(max_examples=200, deadline=None)
def test_nothing_means_more_than_the_ceiling(a, b):
    """Whatever two headlines mean weighs no more than what was said to be the most."""
    weights = weights_of(kind := pair_kind(a, b))
    is_cross = kind == "cross"
    written = crossing(a, b, shared_signs(a, b)) if is_cross else evidence(a, b)

    most = weights.sum_of(written) + weights.meaning.above(a, b)

    assert most >= weights.sum_of((*written, *meaning(a, b))) - 1e-9
    assert weights.sum_of(pair_evidence(a, b)) == weights.sum_of((*written, *meaning(a, b)))


def demanded(a, b):
    """Return what joining asks for, beyond what it asks of every pair."""
    if pair_kind(a, b) == "cross":
        return least_across(a, b, shared_signs(a, b))
    return JOIN if same_headline(a, b) else least_within(a, b)


@given(a=SIDES, b=SIDES)
@settings(max_examples=300, deadline=None)
def test_a_match_is_the_likelihood_where_it_is_what_joining_asks_for(a, b):
    """A least likelihood spares work, and changes none; what is demanded goes beside it."""
    fitted = weights_of(pair_kind(a, b)).probability(pair_evidence(a, b))
    is_same = pair_kind(a, b) != "cross" and same_headline(a, b)
    likelihood = 1 if is_same else fitted

    if found := match(a, b):
        assert found == likelihood >= demanded(a, b)
    elif found == 0 and may_be_one_event(a, b):
        assert likelihood < demanded(a, b)


@given(a=SIDES, b=SIDES)
@settings(max_examples=200, deadline=None)
def test_a_match_asks_both_alike(a, b):
    """Neither of two headlines is the first."""
    assert match(a, b) == pytest.approx(match(b, a))


def test_a_pair_far_below_the_bar_is_not_joined():
    """Two firms' other turns: a few words in common, and no meaning could join them."""
    some = Side(
        features("Harbour fund backs lidar plant", LEXICON), frozenset({"byd"}), NOON
    )
    others = Side(
        features("Harbour fund sells lidar plant", LEXICON), frozenset({"nvidia"}), NOON
    )

    assert match(some, others) == 0


@pytest.mark.parametrize("likelihood", [JOIN, MERGE, ACT])
def test_the_least_sum_is_no_more_than_its_likelihood_asks(likelihood):
    """A pair exactly at the bar is weighed in full."""
    weights = weights_of("latin")
    sum_ = least_sum(likelihood) - weights.bias

    assert weights.probability((sum_ / weights.weights[0],)) < likelihood
    assert weights.probability(((sum_ + 2e-6) / weights.weights[0],)) >= likelihood
