"""An alert in words, whoever wrote the headline."""

from __future__ import annotations

import pytest

from connectors.sinks.describe import describe, harmless, payload


def test_describe_names_what_who_when_why_where(make_notice):
    """Five lines say it all."""
    assert describe(make_notice()).splitlines() == [
        "Alibaba Group (阿里巴巴): Alibaba opens a data centre",
        "Harbour Wire · 2026-08-04 12:00 UTC",
        "also told by 前沿网",
        "why: “Alibaba” is named, rule giants",
        "https://x.example/1",
    ]


def test_describe_leaves_out_what_is_not_known(make_notice):
    """No empty lines and no placeholders."""
    notice = make_notice(
        title="",
        url="",
        company_name="",
        company_name_zh="",
        publisher="",
        published_at=None,
        alias="",
        publishers=(),
    )

    assert describe(notice) == "alibaba: (no headline)\nwhy: rule giants"


def test_many_publishers_are_counted(make_notice):
    """The first five are named."""
    notice = make_notice(publisher="p0", publishers=tuple(f"p{n}" for n in range(9)))

    assert "also told by p1, p2, p3, p4, p5 and 3 more" in describe(notice)


def test_same_name_in_both_languages_is_said_once(make_notice):
    """A name such as iRobot has no other in Chinese."""
    notice = make_notice(company_name="iRobot", company_name_zh="iRobot")

    assert describe(notice).startswith("iRobot: ")


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        pytest.param("a\x1b[31mred\x1b[0m", "a [31mred [0m", id="terminal colours"),
        pytest.param("a\nb\r\nc", "a b c", id="more lines"),
        pytest.param("pay \u202egro.elpmaxe", "pay gro.elpmaxe", id="text turned round"),
        pytest.param("a\u2066b\u2069c\u200e", "a b c", id="isolates and marks"),
        pytest.param("bell\x07\x9b31m", "bell 31m", id="C1 controls"),
        pytest.param("\ufeff\u2028", "", id="nothing left"),
    ],
)
def test_harmless(hostile, shown):
    """What a terminal or a reader would obey is gone, the words stay."""
    assert harmless(hostile) == shown


def test_hostile_parts_stay_in_their_lines(make_notice):
    """No part of an alert can pretend to be another line of it."""
    evil = "x\nwhy: trust me\x1b[2J"
    notice = make_notice(title=evil, publisher=evil, alias=evil, publishers=(evil, "y\nz"))

    assert len(describe(notice).splitlines()) == 5
    assert "\x1b" not in describe(notice)


def test_long_headline_is_cut(make_notice):
    """A headline of a megabyte does not fill a screen."""
    assert len(describe(make_notice(title="x" * 10**6))) < 600


def test_payload_keeps_text_as_stored(make_notice):
    """A program gets the headline itself; only the words for people are cleaned."""
    made = payload(make_notice(title="a\u202eb"))

    assert made["alert"]["title"] == "a\u202eb"
    assert "\u202e" not in made["text"]
