"""An alert in words, whoever wrote the headline and whoever reads it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import CREATED, notice, parcel

from transforms.alerts.messages.wording import (
    PLAIN,
    describe,
    subject_of,
    write,
)
from transforms.models import Doubts, Freshness, ToldClaim
from transforms.text.harmless import graphemes, harmless, shorten
from transforms.words import Words


def words_of(language="en", zone="UTC"):
    return Words(language=language, zone=ZoneInfo(zone))


CHINESE = words_of("zh", "Asia/Shanghai")


def digest(*notices):
    return parcel(*notices, why="digest")


def test_it_says_what_who_when_why_where():
    """Five lines say it all."""
    assert describe(notice()).splitlines() == [
        "Alibaba Group (阿里巴巴): Alibaba opens a data centre",
        "Harbour Wire · 2026-08-04 12:00 UTC",
        "also told by 前沿网",
        "why: “Alibaba” is named, rule giants",
        "https://x.example/1",
    ]


@pytest.mark.parametrize(
    ("voice", "said"),
    [
        (PLAIN, "The data are old: nothing has come since 2026-08-04 12:00 UTC."),
        (CHINESE, "数据已过时：自2026-08-04 20:00（Asia/Shanghai）以来没有新数据。"),
    ],
)
def test_a_digest_warns_of_its_data_first(voice, said):
    """What is told together is told with what is wrong with the data; one alert is not."""
    known = Freshness(as_of=CREATED - timedelta(minutes=1), asked=4, answered=1)
    doubts = Doubts(freshness=known, is_late=True, has_failures=True)

    both = write(replace(digest(notice(), notice()), doubts=doubts), voice).plain
    alone = replace(parcel(notice(), why=None), doubts=doubts)

    _, first, second, *_ = both.split("\n\n")
    assert (first, "4" in second) == (said, True)
    assert said not in write(alone, voice).plain


@pytest.mark.parametrize(
    ("is_late", "as_of", "has_failures", "warnings"),
    [
        (True, CREATED, True, 2),
        (True, CREATED, False, 1),
        (False, CREATED, True, 1),
        (True, None, True, 1),
        (True, None, False, 0),
        (False, CREATED, False, 0),
    ],
)
def test_a_digest_has_a_warning_for_each_doubt(is_late, as_of, has_failures, warnings):
    """Of old data with their time alone, where anything was ever published."""
    known = Freshness(as_of=as_of, asked=4, answered=1)
    doubts = Doubts(freshness=known, is_late=is_late, has_failures=has_failures)
    sure = write(digest(notice(), notice()), PLAIN).plain

    said = write(replace(digest(notice(), notice()), doubts=doubts), PLAIN).plain

    assert said.count("\n\n") - sure.count("\n\n") == warnings


def test_it_says_it_in_chinese():
    """The words, the marks, the order of names and the clock are the reader's."""
    assert describe(notice(), CHINESE).splitlines() == [
        "阿里巴巴（Alibaba Group）：Alibaba opens a data centre",
        "Harbour Wire · 2026-08-04 20:00（Asia/Shanghai）",
        "另见前沿网",
        "原因：提及“Alibaba”，规则 giants",
        "https://x.example/1",
    ]


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "2026-10-25 02:30 Europe/Berlin"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "2026-10-25 02:30 Europe/Berlin"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "2026-03-29 03:00 Europe/Berlin"),
    ],
)
def test_clock_is_that_of_the_zone_on_that_day(moment, shown):
    """Summer time is the zone's affair."""
    made = describe(notice(published_at=moment), words_of("en", "Europe/Berlin"))

    assert f"Harbour Wire · {shown}" in made.splitlines()


def test_what_is_not_known_is_left_out():
    """No empty lines and no placeholders."""
    bare = notice(
        title="",
        url="",
        company_name="",
        company_name_zh="",
        publisher="",
        published_at=None,
        alias="",
        publishers=(),
    )

    assert describe(bare) == "alibaba: (no headline)\nwhy: rule giants"


def test_what_has_no_article_has_a_time():
    """A burst is of no article; it was seen at some time all the same."""
    made = describe(notice(kind="burst", article_id=None, publisher="", published_at=None))

    assert made.splitlines()[1:3] == ["far more stories than usual", "2026-08-04 12:01 UTC"]


def test_many_publishers_are_counted():
    """The first five are named."""
    many = notice(publisher="p0", publishers=tuple(f"p{n}" for n in range(9)))

    assert "also told by p1, p2, p3, p4, p5 and 3 more" in describe(many)
    assert "另见p1、p2、p3、p4、p5等8家" in describe(many, CHINESE)


def test_same_name_in_both_languages_is_said_once():
    """A name such as iRobot has no other in Chinese."""
    assert describe(notice(company_name="iRobot", company_name_zh="iRobot")).startswith(
        "iRobot: "
    )


def test_all_companies_of_the_alert_are_named():
    """In the alert's order, each with its own other name."""
    several = notice(
        companies=("Alibaba Group", "Tencent", "BYD", "NIO"),
        companies_zh=("阿里巴巴", "腾讯", "", "蔚来"),
    )

    assert subject_of(several) == "Alibaba Group (阿里巴巴), Tencent (腾讯), BYD and 1 more"


def test_topic_stands_where_there_is_no_company():
    """By its name in the reader's language, else by its id."""
    on_topic = {"company_id": None, "company_name": "", "company_name_zh": ""}
    named = notice(**on_topic, topic_id="chips", topic_name="Chips", topic_name_zh="芯片")

    assert describe(named).startswith("Chips (芯片): ")
    assert "topic Chips" in describe(named)
    assert "主题芯片" in describe(named, CHINESE)
    assert describe(notice(**on_topic, topic_id="chips")).startswith("chips: ")


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("official", "an official source says so"),
        ("crossing", "the story has crossed into another language"),
        ("burst", "far more stories than usual"),
        ("shift", "coverage has moved to another level"),
        ("silence", "about a source that is silent"),
    ],
)
def test_kind_is_said_in_words(kind, line):
    """What is no plain mention says what it is."""
    assert describe(notice(kind=kind, feed_id="yicai")).splitlines()[1] == line


def test_silence_of_the_pipeline_speaks_for_itself():
    """It is of no source."""
    made = describe(notice(kind="silence", title="No run", article_id=None, publishers=()))

    assert "source" not in made


def test_headline_of_ours_does_not_name_its_subject_twice():
    """A burst's begins with the name; a newspaper's may, and then it is theirs."""
    counted = "Alibaba Group: 31 stories, where 4.0 were to be expected"
    burst = notice(kind="burst", article_id=None, title=counted)

    assert describe(burst).splitlines()[0] == counted
    zh = notice(kind="burst", article_id=None, title=counted, title_zh="阿里巴巴：31起报道")
    assert describe(zh, words_of("zh")).splitlines()[0] == "阿里巴巴：31起报道"
    assert describe(zh).splitlines()[0] == counted
    assert describe(notice(title=counted)).startswith("Alibaba Group (阿里巴巴): Alibaba G")


@pytest.mark.parametrize(
    ("step", "english", "chinese"),
    [
        ("publishers:7", "update: now told by 7 outlets", "更新：已有7家媒体报道"),
        ("language:en", "update: now in English", "更新：已有英文报道"),
        ("language:fr", "update: now in fr", "更新：已有fr报道"),
        (
            "publishers:5 language:zh company:tencent",
            "update: now told by 5 outlets, now in Chinese, now also about Tencent (腾讯)",
            "更新：已有5家媒体报道，已有中文报道，又涉及腾讯（Tencent）",
        ),
        ("company:byd", "update: now also about byd", "更新：又涉及byd"),
        ("back", "update: back again", "更新：已恢复"),
        ("", "update", "更新"),
        ("new:3", "update: new:3", "更新：new:3"),
    ],
)
def test_update_says_what_is_new(step, english, chinese):
    """A story that was told before has to say why it is told again."""
    update = notice(
        updates_alert_id="al0",
        step=step,
        companies=("Alibaba Group", "Tencent"),
        companies_zh=("阿里巴巴", "腾讯"),
        company_ids=("alibaba", "tencent"),
    )

    assert describe(update).splitlines()[1] == english
    assert describe(update, CHINESE).splitlines()[1] == chinese


def test_urgent_is_the_first_word():
    """Before anything that a small screen cuts off."""
    assert describe(notice(severity="urgent")).startswith("URGENT Alibaba Group")
    assert describe(notice(severity="urgent"), CHINESE).startswith("【紧急】阿里巴巴")


# ── Digests ──────────────────────────────────────────────────────────────────────────


def test_digest_is_by_rule_with_a_heading():
    """How many, why, of which time; then the rules in the order of their first alert."""
    notices = [
        notice(rule_id="b", title="one"),
        notice(rule_id="a", title="two", created_at=CREATED + timedelta(hours=2)),
        notice(rule_id="b", title="three", created_at=CREATED + timedelta(hours=1)),
    ]

    made = write(digest(*notices), words_of("en", "Asia/Shanghai"))

    assert made.heading == "Digest: 3 alerts, 2026-08-04 20:01 to 22:01 Asia/Shanghai"
    assert made.subject == made.heading
    assert [section.title for section in made.sections] == [
        "rule b: 2 alerts",
        "rule a: 1 alert",
    ]
    assert [item.headline[-5:] for item in made.sections[0].items] == [": one", "three"]
    # The rule stands above; below it only what differs is said.
    assert "why: “Alibaba” is named" in made.sections[0].items[0].lines


def test_digest_over_midnight_names_both_days():
    """The reader's midnight, not that of UTC."""
    notices = [notice(), notice(created_at=CREATED + timedelta(hours=5))]

    made = write(digest(*notices), words_of("zh", "Asia/Shanghai"))

    assert (
        made.heading == "汇总：2条提醒，2026-08-04 20:01至2026-08-05 01:01（Asia/Shanghai）"
    )


@pytest.mark.parametrize(
    ("why", "english", "chinese"),
    [
        ("digest", "Digest: 1 alert, ", "汇总：1条提醒，"),
        ("quiet", "Held over quiet hours: 1 alert, ", "静默时段留存：1条提醒，"),
        ("rate", "More than this channel takes one by one: 1 alert, ", "超出频率上限，"),
    ],
)
def test_digest_says_why_it_is_one(why, english, chinese):
    """A digest of one is a digest still."""
    one = parcel(notice(), why=why)

    assert write(one, PLAIN).heading == f"{english}2026-08-04 12:01 UTC"
    assert write(one, CHINESE).heading.startswith(chinese)


def test_plain_digest_has_an_empty_line_between():
    """Heading, section, alert, alert."""
    made = write(digest(notice(), notice()), PLAIN).plain

    assert len(made.split("\n\n")) == 4


# ── Words from anybody ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        pytest.param("a\x1b[31mred\x1b[0m", "a [31mred [0m", id="terminal colours"),
        pytest.param("a\nb\r\nc", "a b c", id="more lines"),
        pytest.param("pay \u202egro.elpmaxe", "pay gro.elpmaxe", id="text turned round"),
        pytest.param("a\u2066b\u2069c\u200e", "abc", id="isolates and marks"),
        pytest.param("bell\x07\x9b31m", "bell 31m", id="C1 controls"),
        pytest.param("\ufeff\u2028", "", id="nothing left"),
        pytest.param("阿\u200b里\u2060巴\u00ad巴", "阿里巴巴", id="zero width"),
        pytest.param("ever\u200dy\ufe0fone", "everyone", id="joiners between letters"),
        pytest.param(
            "👩\u200d💻 ❤\ufe0f 1\ufe0f\u20e3",
            "👩\u200d💻 ❤\ufe0f 1\ufe0f\u20e3",
            id="emoji",
        ),
        pytest.param("a\U000e0062\U000e0063d", "ad", id="hidden letters"),
        pytest.param("x\ud800y\uffff", "x y", id="signs that are none"),
        pytest.param("a\u3164b\u2800c", "a b c", id="blanks"),
        pytest.param("e" + "\u0301" * 99, "e" + "\u0301" * 4, id="piled marks"),
        pytest.param("สวัสดี नमस्ते Việt", "สวัสดี नमस्ते Việt", id="marks that are meant"),
    ],
)
def test_harmless(hostile, shown):
    """What a terminal or a reader would obey is gone, the words stay."""
    assert harmless(hostile) == shown


def test_hostile_parts_stay_in_their_lines():
    """No part of an alert can pretend to be another line of it."""
    evil = "x\nwhy: trust me\x1b[2J"
    made = notice(title=evil, publisher=evil, alias=evil, publishers=(evil, "y\nz"))

    assert len(describe(made).splitlines()) == 5
    assert "\x1b" not in describe(made)


def test_long_headline_is_cut():
    """A headline of a megabyte does not fill a screen."""
    assert len(describe(notice(title="x" * 10**6))) < 600


def test_cut_is_between_characters():
    """As a reader counts them."""
    family = "👩‍👩‍👧‍👦"

    assert shorten(family * 5, 5) == family * 5
    assert shorten(family * 6, 5) == family * 4 + "…"
    assert shorten("e\u0301" * 6, 5) == "e\u0301" * 4 + "…"
    assert shorten("x" + "\u0301" * 500 + "y", 5) == "x" + "\u0301" * 4 + "…"


def test_character_without_end_is_none():
    """Joined emoji can go on for ever; a message cannot."""
    assert max(map(len, graphemes("👩‍" * 1_000))) <= 32


@pytest.mark.parametrize(
    "url",
    [
        *("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//x.example/"),
        *("https://x.example/a b", "https://x.example/\u202egpj", "https://[", ""),
    ],
)
def test_link_leads_to_the_web_or_is_not_there(url):
    """And nothing in it is hidden."""
    assert describe(notice(url=url)).splitlines()[-1].startswith("why: ")


@pytest.mark.parametrize(("length", "is_shown"), [(1_500, True), (1_501, False)])
def test_link_too_long_is_said_to_be(length, is_shown):
    """A cut link leads elsewhere."""
    url = "https://x.example/".ljust(length, "a")

    last = url if is_shown else "(the link is too long to show)"
    assert describe(notice(url=url)).splitlines()[-1] == last


@pytest.mark.parametrize("words", [{"alias": "Lumo"}, {"alias": "", "term": "Lumo"}])
def test_what_is_said_of_the_name_or_the_term_stands_below(words):
    """Of a summary the sentence that has it, by whichever the rule found it."""
    summary = "Rain fell for three days on end in the north. Lumo buys a plant in Hefei."
    made = describe(notice(title="News of the day", summary=summary, **words))

    assert "Lumo buys a plant" in made


@pytest.mark.parametrize(
    ("voice", "said"),
    [
        (PLAIN, "update: follows “Alibaba plans a data centre”"),
        (CHINESE, "更新：此前提醒“Alibaba plans a data centre”的后续"),
    ],
)
def test_a_turn_says_what_it_follows(voice, said):
    """Its own headline is another one: the reader is told which was read before."""
    first = notice()
    turn = replace(first.alert, updates_alert_id="x0", step="turn", phase=None)
    shown = replace(first, alert=turn, follows="Alibaba plans a data centre")

    assert said in describe(shown, voice).splitlines()


@pytest.mark.parametrize(
    ("voice", "said"),
    [
        (PLAIN, "update: what you were told on Monday, 3 Aug 2026 was denied: “In talks”"),
        (CHINESE, "更新：2026年8月4日 星期二提醒的消息已被否认：“In talks”"),
    ],
)
def test_an_outcome_is_told_with_both_articles(voice, said):
    """What was told, on which day of the reader, and where: beside what settles it."""
    first = notice()
    step = "turn denied:c1"
    denied = replace(first.alert, updates_alert_id="x0", step=step, phase=None)
    claim = ToldClaim(
        claim_id="c1",
        outcome="denied",
        title="In talks",
        url="https://old.example/1",
        published_at=datetime(2026, 8, 3, 18, tzinfo=UTC),
    )

    lines = describe(replace(first, alert=denied, claim=claim), voice).splitlines()

    assert lines[1:3] == [said, "https://old.example/1"]
    assert lines[-1] == first.alert.url


@pytest.mark.parametrize(
    ("voice", "why"),
    [
        (PLAIN, "why: United States · entity list · decided, rule giants"),
        (CHINESE, "原因：美国 · 实体清单 · 已决定，规则 giants"),
    ],
)
def test_rule_on_measures_says_which_act_it_was(voice, why):
    """Where no word and no topic made it fire."""
    told = notice()
    plain = replace(told.alert, term="", topic_id=None, company_id=None, companies=())
    measure = ("us", "entity-list", "decided")

    shown = replace(told, alert=plain, alias="", measure=measure)

    assert why in describe(shown, voice).splitlines()


def test_two_lines_say_what_the_article_says():
    """In what language it came; nothing where it only repeats the headline."""
    said = "The Hangzhou group budgets 38 billion yuan for it."
    own = notice(summary=f"Alibaba opens a data centre. {said} Read more")

    assert describe(own).splitlines()[1:3] == [said, "Harbour Wire · 2026-08-04 12:00 UTC"]
    assert describe(notice(summary="Alibaba opens a data centre")) == describe(notice())
