"""What the page of alerts says that a rule demands."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from transforms.models import Condition, Rule, Updates
from transforms.pages.inbox import demands
from transforms.pages.words import PageWords

NAMES = {"baidu": ("Baidu", "百度"), **{f"c{n}": (f"Firm {n}", "") for n in range(20)}}
RULE = Rule(
    rule_id="r",
    wanted=Condition(
        companies=frozenset({"baidu"}),
        terms=("plant", "工厂"),
        languages=frozenset({"zh"}),
        about=True,
        none_of=(Condition(feeds=frozenset({"yicai"})),),
    ),
    min_publishers=3,
    cooldown=timedelta(hours=2),
    updates=Updates(publishers=(5, 10)),
    mute_until=date(2026, 12, 1),
    channels=("console",),
)


def page_words(language):
    now = datetime(2026, 11, 29, tzinfo=UTC)
    return PageWords(language=language, zone=ZoneInfo("UTC"), names=NAMES, until=now)


def test_a_rule_is_told_key_by_key():
    """With names instead of ids, and without what is as by default."""
    assert demands(page_words("en"), RULE) == [
        ("fires on", "a story that names it"),
        ("companies", "Baidu"),
        ("words", "“plant”, “工厂”"),
        ("languages", "Chinese"),
        ("only where", "it is about the company"),
        ("but not", "feeds: yicai"),
        ("outlets at least", "3"),
        ("then silent about the company for", "2 h"),
        ("updated at so many outlets", "5, 10"),
        ("muted until", "1 Dec 2026"),
        ("sent to", "console"),
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_long_list_is_cut_and_counted(language):
    """In either language; no label is left as its key."""
    many = frozenset(f"c{n}" for n in range(20))
    said = dict(
        demands(page_words(language), Rule(rule_id="r", wanted=Condition(companies=many)))
    )

    # Twelve are named, in the order of their names, and eight are counted.
    [listed] = [value for value in said.values() if "Firm" in value]
    assert listed.count("Firm") == 12
    assert "8" in listed.rpartition("Firm")[2]
    assert not any("demand." in label for label in said)
