"""The picture of the timeline: lanes by side, marks that open their acts, months unseen."""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from builders import CREATED

from transforms.brief.render.charts import WIDTHS, draw_alone, draw_charts
from transforms.pages.timeline import Abroad, MonthAct, axis, months, picture
from transforms.pages.words import PageWords

ABROAD = "Growth abroad (companies), Nov 2026: 9 companies"
SEP, OCT, NOV = (date(2026, month, 1) for month in (9, 10, 11))
MARKS = re.compile(r'<a href="([^"]*)" tabindex="-1" aria-label="([^"]*)"( data-n="\d+")?>')
CIRCLE = re.compile(r'<circle cx="([\d.]+)" cy="[\d.]+" r="([\d.]+)"')


def words(language="en"):
    names = {"byd": ("BYD", "比亚迪")}
    return PageWords(language=language, zone=ZoneInfo("UTC"), names=names, until=CREATED)


def act(month, lane, side, acts, of_side):
    return MonthAct(
        month=month,
        lane=lane,
        acts=acts,
        acts_of_side=of_side,
        measure_id=f"m{month}{lane}{side}",
        story_id="s1",
        side=side,
        status="decided",
        sentence="Told",
        language="en",
        first_reported_at=CREATED,
        day=month,
    )


ACTS = [
    act(SEP, "against", "us", 18, 16),
    act(SEP, "against", "other", 18, 2),
    act(NOV, "against", "us", 1, 1),
    act(NOV, "answers", "cn", 4, 4),
]
GROWTH = [
    Abroad(month=NOV, company_id="byd", subject_id="abroad", place=1, companies=9),
]


def drawn(language="en", places=(SEP, OCT, NOV), unseen=(OCT,), *, grows=True):
    told = months(words(language), ACTS, GROWTH if grows else [])
    return picture(words(language), told, places, unseen=unseen, grows=grows)


def test_a_lane_is_told_by_side_and_each_number_opens_what_it_counts():
    """All acts count, not those shown alone; a company opens what is told of its growth."""
    nov, sep = months(words(), ACTS, GROWTH)
    against, answers = nov.lanes
    assert [(side.side, side.acts) for side in sep.lanes[0].sides] == [
        ("us", 16),
        ("other", 2),
    ]
    asked = "/measures?side=us&lane=against&since=2026-11-01&until=2026-11-30&all=1"
    assert against.sides[0].href == asked
    assert answers.href == asked.replace("side=us&", "").replace("against", "answers")
    [link] = nov.abroad
    asked = "/topics/abroad?with=byd&since=2026-11-01&until=2026-11-30#stories"
    assert (link.text, link.href, nov.companies) == ("BYD", asked, 9)


@pytest.mark.parametrize("size", WIDTHS)
def test_marks_are_links_in_their_lane_and_larger_for_more(size):
    """None is a dot, and a month in which nothing was watched is empty."""
    chart = drawn()
    assert chart.series == (
        "United States → China",
        "Others → China",
        "China's answers",
        "Eased towards China",
        "China supports",
        "China rules at home",
        "Answers on China's measures",
        "Growth abroad (companies)",
    )
    svg = next(s for s in draw_charts(chart, "t") if f'class="chart {size}"' in s)
    root = ET.fromstring(svg)
    assert root.get("role") == "group"
    told = {name: (href, number) for href, name, number in MARKS.findall(svg)}
    assert {name: number for name, (_, number) in told.items()} == {
        "United States → China, Sep 2026: 16 acts": ' data-n="16"',
        "Others → China, Sep 2026: 2 acts": ' data-n="2"',
        "United States → China, Nov 2026: 1 act": ' data-n="1"',
        "China&#x27;s answers, Nov 2026: 4 acts": ' data-n="4"',
        ABROAD: "",
    }
    assert told[ABROAD][0] == "#abroad-2026-11-01"
    of_size = [float(radius) for _, radius in CIRCLE.findall(svg)]
    # Five marks of eight lanes and two months seen: sixteen acts are largest, one is least.
    assert len(of_size) == 16
    assert of_size.count(1.2) == 11
    assert of_size.count(max(of_size)) == 2
    assert sorted(of_size)[11] < 3
    assert "Sep 2026 to Nov 2026: United States → China 17, Others → China 2" in svg


def test_the_picture_alone_opens_nothing():
    """It is one picture, in colours of paper."""
    svg = draw_alone(drawn("zh", grows=False))
    assert 'role="img"' in svg
    assert "<a " not in svg
    assert "var(" not in svg
    assert "美国 → 中国" in svg
    assert "出海" not in svg


def test_many_months_are_broader_and_one_is_not_full_of_one_act():
    """Each has room for a finger, and is moved sideways within the picture."""
    places = axis(date(2021, 12, 5), date(2026, 11, 30))
    assert (len(places), places[0], places[-1]) == (60, date(2021, 12, 1), NOV)
    for svg in draw_charts(drawn(places=places, unseen=()), "t"):
        root = ET.fromstring(svg)
        assert root.get("class").endswith(" long")
        hits = root.iter("rect")
        assert min(float(rect.get("width")) for rect in hits) >= 24
    one = months(words(), [act(NOV, "against", "us", 1, 1)], [])
    [bar] = picture(words(), one, [NOV], unseen=(), grows=False).bars
    assert bar.value == 0.2
