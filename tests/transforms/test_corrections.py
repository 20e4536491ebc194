"""Which headlines an outlet's own words contradict."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from builders import shipped_beat, tagger_of

from transforms.alerts import AlertRules, Coverage, items_of
from transforms.alerts.decisions.arrivals import ToldHeadline, correct, is_contradicted
from transforms.models import Condition, Rule
from transforms.models.findings import Findings
from transforms.names.rules.file import parse_watchlist
from transforms.names.tagging import tag_document

LEXICON = shipped_beat().concepts
NOON = datetime(2026, 8, 4, 12, tzinfo=UTC)
TAGGER = tagger_of(
    parse_watchlist("""
[company.baidu]
name = "Baidu"
zh = "百度"
kind = "company"
sector = "internet"
aliases = ["Baidu", "百度"]

[company.alibaba]
name = "Alibaba"
zh = "阿里巴巴"
kind = "company"
sector = "internet"
aliases = ["Alibaba", "阿里巴巴"]
""")
)
RULE = Rule(rule_id="giants", wanted=Condition(companies=frozenset({"baidu"})))


@pytest.fixture
def own(make_article):
    """Return the item of an outlet's own words."""

    def make(title, summary=""):
        article = make_article(title=title, summary=summary, story_id="s1")
        mentions, tags, *_ = tag_document(TAGGER.read(title, summary), TAGGER, "a1")
        rules = AlertRules(rules=(RULE,))
        [item] = items_of([article], {"a1": Findings(mentions, tags)}, rules)
        return item

    return make


def told(title, alert_id="first"):
    mentions = tag_document(TAGGER.read(title, ""), TAGGER, "a1").mentions
    return ToldHeadline(
        alert_id=alert_id,
        rule_id="giants",
        title=title,
        companies=("baidu",),
        topic_id=None,
        mentions=mentions,
    )


@pytest.mark.parametrize(
    ("before", "title", "summary"),
    [
        ("Baidu to buy YY", "Alibaba to buy YY", ""),
        ("Robin Li leaves Baidu", "Baidu: staff leave", ""),
        ("Baidu to pay $5 billion fine", "Baidu to pay $5 million fine", ""),
        ("Baidu buys YY for $2.1 billion", "Baidu buys YY", ""),
        ("Baidu files for bankruptcy", "Baidu opens campus", ""),
        ("Baidu buys YY", "Baidu denies that it buys YY", ""),
        ("Baidu shares rise 5%", "Baidu shares fall 5%", ""),
        ("Baidu files for bankruptcy", "百度在武汉开设园区", ""),
        ("百度被罚款50亿元", "百度被罚款5000万元", ""),
        ("百度收购YY", "百度否认收购YY", ""),
    ],
)
def test_another_name_number_or_act_is_a_contradiction(own, before, title, summary):
    """In either language, and between the two."""
    assert is_contradicted(told(before), own(title, summary), LEXICON)


@pytest.mark.parametrize(
    ("before", "title", "summary"),
    [
        ("Baidu buys YY", "Baidu buys YY", ""),
        ("Baidu to buy YY for $2.1 billion", "Baidu in $2.1bn takeover of YY", ""),
        ("Baidu recalls 363,000 cars", "Baidu recalls 362,758 cars", ""),
        ("Baidu buys YY", "Baidu buys YY for $2.1 billion from Alibaba", ""),
        (
            "Baidu fined $5 million",
            "Search giant is punished",
            "Baidu was fined $5 million.",
        ),
        ("Baidu to buy YY for $2.1 billion", "百度将以21亿美元收购YY", ""),
        ("百度被罚款5000万元", "Regulator fines Baidu 50 million yuan", ""),
        ("Big news of Baidu", "Baidu opens campus", ""),
    ],
)
def test_other_words_for_the_same_are_none(own, before, title, summary):
    """Nor is what the outlet says beyond, or in its summary."""
    assert not is_contradicted(told(before), own(title, summary), LEXICON)


def test_one_correction_of_an_alert_and_its_updates(own):
    """It names the companies of the rule that are in it, else those that were told of."""
    headlines = [told("Baidu buys YY"), told("Baidu sells YY"), told("Baidu dies", "other")]

    found = correct(
        headlines,
        own("Alibaba opens campus"),
        AlertRules(rules=(RULE,)),
        Coverage(publishers=2),
        LEXICON,
        now=NOON,
        rules_version="w1",
    )

    assert [a.updates_alert_id for a in found] == ["first", "other"]
    assert {(a.step, a.phase, a.companies, a.publishers) for a in found} == {
        ("correction", None, ("baidu",), 2)
    }
    assert len({a.alert_id for a in found}) == 2


def test_a_rule_that_is_gone_corrects_nothing(own):
    """There is no channel left to tell."""
    found = correct(
        [told("Baidu buys YY")],
        own("Baidu opens campus"),
        AlertRules(rules=()),
        Coverage(),
        LEXICON,
        now=NOON,
        rules_version="w1",
    )

    assert found == []
