"""Dates ahead, as headlines name them; firms and products are invented."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from transforms.calendar.read import local_day, read_dates
from transforms.models import Mention
from transforms.models.calendar import label
from transforms.names.match.document import read_document

WEDNESDAY = date(2026, 11, 18)


def read(title, *names, on=WEDNESDAY):
    """Return what *title* announces: occasion, first day, precision and subject."""
    [field] = read_document(title).fields
    mentions = [
        Mention("a1", company, "title", name, title.index(name), len(name), "w1", role=role)
        for name, company, role in names
    ]
    return [
        (d.occasion, d.due_on.isoformat(), d.precision, d.subject)
        for d in read_dates(field, mentions, on)
    ]


def one(title):
    """Return occasion, precision and first and last day of the one date in *title*."""
    [field] = read_document(title).fields
    [found] = read_dates(field, (), WEDNESDAY)
    days = dict.fromkeys((str(found.due_on), str(found.due_until)))
    return " ".join((found.occasion, found.precision, *days))


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Luma hearing set for Nov 26", "hearing day 2026-11-26"),
        ("Luma to launch a phone on 3 Dec. 2027", "launch day 2027-12-03"),
        ("Luma to launch a phone in January", "launch month 2027-01-01 2027-01-31"),
        ("Luma plans to launch it next week", "launch week 2026-11-23 2026-11-29"),
        ("Luma will report results on Friday", "earnings-date day 2026-11-20"),
        ("Luma to go public in Q1 2027", "listing quarter 2027-01-01 2027-03-31"),
        ("Luma app will shut down next year", "expires year 2027-01-01 2027-12-31"),
        ("Rule takes effect on 15 January", "takes-effect day 2027-01-15"),
        ("Court ruling on Luma due December 2", "decision-due day 2026-12-02"),
        ("Comments close on January 5, 2027", "comment-closes day 2027-01-05"),
        ("青屿X7定档11月26日", "launch day 2026-11-26"),
        ("青屿X7五月底发布", "launch month 2027-05-01 2027-05-31"),
        ("青屿X7将于12月预售", "sale-opens month 2026-12-01 2026-12-31"),
        ("数据出境新规2027年1月1日起施行", "takes-effect day 2027-01-01"),
        ("星桥科技下周三上会", "decision-due day 2026-11-25"),
        ("星桥科技明日港交所挂牌", "listing day 2026-11-19"),
        ("青屿云盘明年上半年停止服务", "expires half 2027-01-01 2027-06-30"),
        ("青屿機器人大會將於12月3日舉行", "conference day 2026-12-03"),
        ("星桥案12月8日开庭", "hearing day 2026-12-08"),
    ],
)  # fmt: skip
def test_a_date_and_what_is_due(title, expected):
    """Days, weeks, months and parts of a year, as one of that Wednesday means them."""
    assert one(title) == expected


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("Luma launched its phone on Nov 3", id="past"),
        pytest.param("Luma phone is not coming this year", id="denied"),
        pytest.param("星桥计划五年内发布千款机器人", id="a span of years"),
        pytest.param("Luma shares fall on Nov 26", id="nothing is due"),
        pytest.param("回顾11月26日青屿发布会", id="looks back"),
        pytest.param("青屿今年发布了三款手机", id="this year, told as done"),
        pytest.param("Luma to sell a million cars by 2035", id="a goal"),
        pytest.param("Luma to launch a phone on Feb 31", id="no such day"),
        pytest.param("青屿X7将于下下周发布吗", id="a week after the next"),
        pytest.param("星桥2026年度报告已上线", id="a year's report"),
        pytest.param("Luma to close, rivals met Nov 26", id="in another clause"),
        pytest.param("星桥提交IPO申请 拟明年上市", id="filed, and not listed"),
    ],
)
def test_what_lies_not_ahead_is_no_date(title):
    """Past days, goals, reviews, days that are none, and days of another clause."""
    assert read(title) == []


def test_it_is_about_the_firm_of_its_clause():
    """The subject comes first, another clause's firm last."""
    luma, rival = ("Luma", "luma", "subject"), ("Tavo", "tavo", "named")

    assert read("Tavo rival Luma to launch a phone in May", rival, luma)[0][3] == "luma"
    assert read("Tavo waits, Luma to launch it in May", rival, luma)[0][3] == "luma"
    assert read("Tavo: phone arrives in May", rival)[0][3] == "tavo"


def test_a_firm_goes_public_and_a_product_goes_on_sale():
    """上市 of a firm itself is its listing, and of what it makes a launch."""
    firm = ("星桥", "xingqiao", "subject")

    assert read("星桥明日上市", firm)[0][0] == "listing"
    assert read("星桥X7明日上市", firm)[0][0] == "launch"


@pytest.mark.parametrize(
    "title", ["Luma delays launch of phone to May", "青屿X7发布推迟至5月"]
)
def test_another_date_than_before_is_marked(title):
    """The headline says so itself."""
    [field] = read_document(title).fields
    [found] = read_dates(field, (), WEDNESDAY)

    assert (found.moves, found.due_on) == (True, date(2027, 5, 1))


def test_tomorrow_is_that_of_the_outlet():
    """Late in the evening, UTC, it is the day after in Beijing."""
    late = datetime(2026, 11, 18, 22, tzinfo=UTC)

    assert local_day(late, "zh") == date(2026, 11, 19)
    assert local_day(late, "en") == WEDNESDAY


def test_a_long_headline_costs_no_time():
    """Repeated words for dates and occasions are read in linear time."""
    assert read("to launch in May " * 400) != []
    assert read("将于" * 3000 + "12月" * 3000) == []


@pytest.mark.parametrize(
    ("precision", "expected"),
    [
        *[("day", "2026-08-03"), ("week", "2026-08"), ("month", "2026-08")],
        *[("quarter", "2026Q3"), ("half", "2026H2"), ("year", "2026")],
    ],
)
def test_a_date_is_labelled_as_exactly_as_it_was_named(precision, expected):
    """A week goes by its month."""
    assert label(date(2026, 8, 3), precision) == expected
