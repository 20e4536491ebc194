"""Days to come, as headlines say them."""

from __future__ import annotations

from datetime import date

import pytest

from transforms.headlines.facts import Due, due, find_due

WEDNESDAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param("Nov 26", date(2026, 11, 26), id="short month"),
        pytest.param("November 26th", date(2026, 11, 26), id="long month"),
        pytest.param("Sept. 3", date(2027, 9, 3), id="next year's, this year's is past"),
        pytest.param("26 November 2026", date(2026, 11, 26), id="day first"),
        pytest.param("Dec 1, 2027", date(2027, 12, 1), id="a year of its own"),
        pytest.param("Nov 3, 2026", date(2026, 11, 3), id="a year of its own, past"),
        pytest.param("11月26日", date(2026, 11, 26), id="in Chinese"),
        pytest.param("2027年1月5号", date(2027, 1, 5), id="in Chinese with a year"),
        pytest.param("11月18日", WEDNESDAY, id="the day itself"),
        pytest.param("下周三", date(2026, 11, 25), id="a weekday"),
        pytest.param("下个星期天", date(2026, 11, 29), id="a Sunday"),
        pytest.param("下週一", date(2026, 11, 23), id="in traditional characters"),
    ],
)
def test_a_day(said, expected):
    """One day where one is named."""
    assert due(said, WEDNESDAY) == Due(expected, expected)


@pytest.mark.parametrize("said", ["next week", "Next week", "下周", "下个星期"])
def test_a_week(said):
    """Monday to Sunday of the week after that of the headline."""
    assert due(said, WEDNESDAY) == Due(date(2026, 11, 23), date(2026, 11, 29))


@pytest.mark.parametrize("said", ["", "下下周", "Feb 31", "13月40日", "on Monday", "soon"])
def test_what_cannot_be_read_is_not_guessed(said):
    """A week after the next, a day that is none, a weekday of either week: nothing."""
    assert due(said, WEDNESDAY) is None


@pytest.mark.parametrize(
    ("title", "kind", "said"),
    [
        pytest.param("Unitree IPO set for Aug 12", "listing", "Aug 12", id="a listing"),
        pytest.param(
            "Alibaba earnings due August 13th, 2026", "earnings", "August 13th, 2026",
            id="with a year",
        ),
        pytest.param("TikTok hearing next week", "hearing", "next week", id="a week"),
        pytest.param("Rule takes effect 15 August", "rule", "15 August", id="day first"),
        pytest.param("数据出境新规8月15日起施行", "rule", "8月15日", id="a rule in Han"),
        pytest.param("宇树科技下周三挂牌", "listing", "下周三", id="a weekday in Han"),
        pytest.param("京東財報將於2026年8月14日公布", "earnings", "2026年8月14日",
                     id="in traditional characters"),
        pytest.param("小米业绩下下周公布", "earnings", "下下周", id="left to the reader"),
    ],
)  # fmt: skip
def test_a_headline_names_what_and_when(title, kind, said):
    """A word for what and a word for when, as they stand."""
    assert find_due(title) == (kind, said)


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("Unitree plans IPO", id="no day"),
        pytest.param("BYD opens a plant on Aug 12", id="nothing that is dated"),
        pytest.param("IPO market best since Dec 2025", id="a month and a year"),
        pytest.param("A cost-effective plan for Aug 12", id="effective in another sense"),
    ],
)
def test_a_headline_that_does_not_say_both_names_nothing(title):
    """No day, or nothing that falls on it."""
    assert find_due(title) is None
