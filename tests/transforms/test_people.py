"""People stand for their company where a text does not name it."""

from __future__ import annotations

import time
from datetime import date

import pytest
from builders import article, shipped_tagger, tagger_of

from transforms.config import ConfigError
from transforms.names.rules.file import parse_watchlist
from transforms.names.tagging import tag_article, tag_text

TAGGER = shipped_tagger()


def people(title, summary="", on=None):
    """Return the ids of the people whom a text names."""
    tagged = tag_text(TAGGER, title=title, summary=summary, on=on)
    return [found["person_id"] for found in tagged["people"]]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("李彦宏谈自动驾驶的下一步", ["robin-li"]),
        ("王兴兴：人形机器人还早", ["wang-xingxing"]),
        ("Ma Huateng speaks of patience", ["pony-ma"]),
        ("Shou Zi Chew answers senators", ["shou-zi-chew"]),
        ("He Xiao-peng drives home", ["he-xiaopeng"]),
        ("Xiaopeng He drives home", ["he-xiaopeng"]),
        ("Zhang Yimingo, a footballer", []),
        ("演员李斌获奖", []),
        ("蔚来李斌获奖", ["william-li"]),
        ("百度CEO李彦宏谈AI", ["robin-li"]),
        ("董事长李斌获奖", ["william-li"]),
        ("Liu Wei wins gold", []),
    ],
)
def test_names(title, expected):
    """In either order and spelling; a common name needs the firm or a manager's word."""
    assert people(title) == expected


def test_a_person_is_printed_with_the_place():
    """What scripts read of people; the company is not among the companies."""
    tagged = tag_text(TAGGER, title="昨夜李彦宏又要去香港")

    assert tagged["companies"] == []
    assert tagged["people"] == [
        {
            "person_id": "robin-li",
            "name": "Robin Li",
            "company_id": "baidu",
            "alias": "李彦宏",
            "field": "title",
            "start": 2,
            "length": 3,
        }
    ]


def test_a_person_stands_for_the_company():
    """The mention says that it rests on a person, and has the person's role."""
    found = tag_article(article(title="李彦宏谈未来"), TAGGER).mentions

    assert [(m.company_id, m.alias, m.role, m.via) for m in found] == [
        ("baidu", "李彦宏", "subject", "person")
    ]


def test_a_company_named_itself_needs_no_person():
    """There is one mention a company and field, by its own name."""
    found = tag_article(
        article(title="李彦宏谈未来", summary="百度今天很安静"), TAGGER
    ).mentions

    assert {(m.company_id, m.via) for m in found} == {("baidu", "alias")}


def test_a_former_manager_stands_aside():
    """The phrase before the name counts as it does for companies."""
    [found] = tag_article(article(title="A friend of former Ma Huateng"), TAGGER).mentions

    assert (found.role, found.is_about) == ("aside", False)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2023, 9, 9), ["daniel-zhang"]),
        (date(2023, 9, 10), []),
        (None, []),
    ],
)
def test_a_role_has_dates(on, expected):
    """Who left stands for the company until the day that the watchlist names."""
    assert people("Alibaba's Daniel Zhang speaks", on=on) == expected


def test_a_date_is_a_day():
    """A wrong date is named with its line."""
    with pytest.raises(ConfigError, match="until"):
        parse_watchlist('[person.x]\nname = "X"\nuntil = "soon"')


def test_the_longest_name_counts():
    """A name within another is not named there."""
    watchlist = parse_watchlist("""
        [company.one]
        name = "One"
        [company.two]
        name = "Two"
        [person.short]
        name = "Wang Xing"
        zh = "王兴"
        company = "one"
        [person.long]
        name = "Wang Xingxing"
        zh = "王兴兴"
        company = "two"
    """)

    tagged = tag_text(tagger_of(watchlist), title="王兴兴来了")

    assert [p["person_id"] for p in tagged["people"]] == ["long"]


def test_a_text_of_one_common_name_is_soon_read():
    """Whether a word marks a manager is asked once a text, not once a name."""
    text = ("李斌" * 24_000)[:48_000]
    began = time.process_time()

    assert people("演员", text) == []
    assert time.process_time() - began < 2
