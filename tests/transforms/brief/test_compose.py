"""What a brief says, given the rows it is written from."""

from __future__ import annotations

import html
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from brief_rows import answers
from builders import shipped_writing

from transforms.brief import compose_brief, render_html, render_markdown
from transforms.brief.model import Board, Chart, Items, Section, Table, plain

DATA = Path(__file__).parents[2] / "data/brief"
NOW = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
AS_OF = datetime(2026, 11, 24, 10, tzinfo=UTC)
GREEK = (
    "alpha",
    "beta",
    "gamma",
    "delta",
    "eps",
    "zeta",
    "eta",
    "iota",
    "kap",
    "lam",
    "my",
)
SPANS = {
    "day": {"since": date(2026, 11, 24), "until": date(2026, 11, 25)},
    "week": {"since": date(2026, 11, 16), "until": date(2026, 11, 23)},
}


def rows(period="day", **changed):
    return json.loads((DATA / f"{period}.json").read_text(encoding="utf-8")) | changed


def brief_of(data, period="day", **options):
    defaults = SPANS[period] | {"as_of": None, "now": NOW}
    return compose_brief(
        answers(data), shipped_writing(), period=period, **defaults | options
    )


def moment(text):
    """Return a day, or a moment of a day, from its text."""
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def section(brief, key):
    """Return a section, empty where it was left out."""
    every = (*brief.front, *brief.sections)
    return next((part for part in every if part.key == key), Section(key, ""))


def words(lines):
    return [plain(line).replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def opening(data, period="day", **options):
    return words(brief_of(data, period, **options).opening)


def cells(table, rows="rows"):
    return [[plain(c) for c in row if isinstance(c, tuple)] for row in getattr(table, rows)]


def test_a_day_opens_with_what_changed():
    """Bursts, newcomers and rises, each with the news behind it and no statistics."""
    assert opening(rows()) == [
        (
            "Roborock is far above its usual level: 12 stories on 24 Nov, where about 2.1 "
            "were to be expected. "
            "Roborock passes iRobot in a third European market"
        ),
        (
            "Facial recognition is far above its usual level: 9 stories on 24 Nov, where "
            "about 1.4 were to be expected. 网信办就商场人脸识别征求意见"
        ),
        "New in the coverage: Lumen Robotics (4 stories).",
    ]


def test_a_burst_that_may_be_chance_is_told_as_such():
    """The reader's budget lets it through; it is no certainty for that."""
    data = rows()
    data["bursts"] = [data["bursts"][0] | {"q": 0.34}]

    (first, *_) = opening(data)

    assert first.startswith("Roborock may be above its usual level: 12 stories on 24 Nov")


def test_every_opening_sentence_links_its_evidence():
    """Each sentence leads to an article or to the section that holds its numbers."""
    brief = brief_of(rows("week"), "week")

    keys = {f"#{section.key}" for section in brief.sections}
    for line in brief.opening:
        urls = [piece.url for piece in line if piece.url]
        assert urls
        assert all(url in keys or url.startswith("https://") for url in urls)


def test_a_small_week_has_no_percentage():
    """Under ten company-stories no share is claimed, and no chart is drawn."""
    share = [{"week": "2026-11-16", "company_id": "byd", "name": "BYD", "stories": 6}]

    brief = brief_of({"share": share}, "week")

    part = section(brief, "share")
    assert words(part.notes) == ["No shares: fewer than 10 company-stories in the week."]
    assert [type(block) for block in part.blocks] == [Table]
    assert cells(part.blocks[0]) == [["BYD", "6", "", ""]]


def test_the_week_that_has_just_begun_is_left_out():
    """A brief of Monday morning speaks of the week before, in chart and words."""
    data = rows("week")
    data["share"].append({"week": "2026-11-23", "company_id": "nio", "stories": 12})
    since, until = (datetime(2026, 11, day, 23, tzinfo=UTC) for day in (15, 22))

    brief = brief_of(data, "week", since=since, until=until)

    chart, table = section(brief, "share").blocks
    assert chart.bars[-1].bar == "16 Nov"
    assert table.caption.endswith("the week of 16 Nov 2026")


def test_a_level_near_zero_is_not_zero():
    """Where hardly a story was expected, the first digit that counts is shown."""
    burst = rows()["bursts"][0] | {"expected": 0.019}

    assert "where about 0.02 were to be expected" in opening({"bursts": [burst]})[0]


def mover(company_id, stories, state):
    """A group's part of the news, as the relation has it."""
    return {
        "company_id": company_id, "name": company_id.upper(), "stories": stories,
        "expected": 6.5, "ratio": 2.2, "state": state,
    }  # fmt: skip


def test_no_more_than_six_sentences_say_what_changed():
    """Three bursts, then newcomers and two rises: the rest is in the numbers."""
    burst = rows()["bursts"][0]
    many = [
        burst | {"subject_id": f"c{n}", "name": f"C{n}", "q": n / 100, "headline": f"h{n}"}
        for n in range(5)
    ]
    rises = [
        {"company_id": f"r{n}", "name": f"R{n}", "stories": 40 - n, "top_headline": f"n{n}"}
        for n in range(5)
    ]

    moved = [mover(row["company_id"], row["stories"], "up") for row in rises]

    lines = opening(
        {
            "bursts": many,
            "companies": rises,
            "movers": moved,
            "entrants": rows()["entrants"],
        }
    )

    assert [line[:2] for line in lines] == ["C0", "C1", "C2", "Ne", "R0", "R1"]


def test_of_many_rises_the_first_two_open_a_brief():
    """Where nothing else is told there would be room for more."""
    names = ("AA", "BB", "CC", "DD")
    companies = [
        {"company_id": n, "name": n, "stories": 40, "top_headline": f"{n} sells"}
        for n in names
    ]

    lines = opening({"companies": companies, "movers": [mover(n, 40, "up") for n in names]})

    assert [line[:2] for line in lines] == ["AA", "BB"]


def test_one_story_opens_the_brief_once():
    """A company and its topic burst over the same story; the second is in the table."""
    burst = rows()["bursts"][0]
    many = [burst | {"subject_id": s, "name": s, "q": 0.01} for s in ("Roborock", "Robots")]

    assert [line[:8] for line in opening({"bursts": many})] == ["Roborock"]


def test_a_rise_is_told_with_its_news():
    """As movers have it, with a headline; falls, wobbles and the rest are not told."""
    companies = [
        {"company_id": name, "name": name.upper(), "stories": 20, "previous_stories": 20,
         "top_headline": headline}
        for name, headline in (("byd", "BYD sells"), ("jd", "JD buys"), ("nio", None),
                               ("dji", "DJI shows a drone"))
    ]  # fmt: skip
    states = {"byd": "down", "jd": "level", "nio": "up", "dji": "up"}
    movers = [mover(name, 20, state) for name, state in states.items()]

    assert opening({"companies": companies, "movers": movers}) == [
        (
            "DJI has a larger part of the news than in the four days before: 20 stories, "
            "where about 6.5 were to be expected. DJI shows a drone"
        )
    ]


def test_nothing_is_said_to_be_nothing():
    """Without rows every section is left out and the opening says so."""
    for period in ("day", "week"):
        brief = brief_of({}, period)

        assert words(brief.opening) == [
            "Nothing stands out: no burst, no newcomer, no clear rise or fall."
        ]
        assert (brief.front, brief.sections) == ((), ())
        assert brief.notices == ()


def test_thin_coverage_is_said_first():
    """Under 60 % of the usual stories a notice stands at the top, with both numbers."""
    thin = brief_of(rows(window=[{"stories": 100, "usual_stories": 400.0}]))
    enough = brief_of(rows(window=[{"stories": 240, "usual_stories": 400}]))
    tiny = brief_of(rows(window=[{"stories": 1, "usual_stories": 4}]))

    assert words(thin.notices)[0].startswith(
        "Coverage is thin: 100 stories against about 400 usually (25 %)."
    )
    assert enough.notices == ()
    assert "%" not in words(tiny.notices)[0]


def test_without_history_the_brief_says_that_it_is_warming_up():
    """No usual volume means no comparison, rather than a comparison with zero."""
    [notice] = words(brief_of(rows(window=[{"stories": 9, "usual_stories": None}])).notices)

    assert notice.startswith("Too little history yet")


YOUNG = {"stories": 900, "publishers": 4, "days_on_record": 9, "is_comparable": False}


def test_a_young_warehouse_tells_no_change_as_news():
    """What has no past to be measured against is neither a burst nor a rise."""
    few, enough = ({"topic_id": f"t{n}", "name": f"T{n}", "stories": n} for n in (4, 5))
    data = rows("week", window=[YOUNG])
    data["topics"] = [
        *data["topics"],
        *({**each, "previous_mean": 9.0} for each in (few, enough)),
    ]

    brief = brief_of(data, "week")

    assert words(brief.notices) == [
        ("Warming up: 9 of the 28 days before are on record, too few to say what is usual.")
    ]
    assert [line.split()[0] for line in words(brief.opening)] == ["New"]
    [topics] = section(brief, "topics").blocks
    assert [c.label for c in topics.columns] == ["Topic", "Stories"]
    assert [row[0] for row in cells(topics)][-1] == "T5"
    assert words(section(brief, "topics").notes)[0].startswith("Warming up: 9 of the 28")
    assert words(section(brief, "movers").notes)[0].startswith("Warming up: 9 of the 28")
    [table] = section(brief, "companies").blocks
    assert {row[2] for row in cells(table)} == {""}
    assert not any(arrow in row[1] for row in cells(table) for arrow in "↑↓→")


def test_how_feeds_do_now_is_no_warning_of_then():
    """A brief of a period that was over long ago says nothing of the last polls."""
    fields = {"newest_poll_at": NOW, "newest_import_at": None, "feeds": 4}
    counts = {"asked": 4, "answered": 1, "computed_until": None}
    data = rows(freshness=[{"as_of": NOW, **fields, **counts}])

    fresh = brief_of(data, now=NOW - timedelta(hours=6))
    past = brief_of(data, now=NOW + timedelta(days=3))
    assert any(line.startswith("Only 1 of 4 feeds") for line in words(fresh.notices))
    assert not any("feeds answered" in line for line in words(past.notices))


def test_the_days_behind_a_newcomer_are_counted():
    """A hundred and eighty where there are as many, else those on record."""
    newcomer = rows()["entrants"][0]
    young = rows(entrants=[newcomer | {"days_on_record": 34}], bursts=[])
    old = rows(entrants=[newcomer | {"days_on_record": 180}], bursts=[])

    assert "New against the 34 days on record: Lumen Robotics" in opening(young)[0]
    [table] = section(brief_of(young), "movers").blocks
    assert table.caption == "Never named in the 34 days before that are on record"
    assert opening(old)[0].startswith("New in the coverage: Lumen Robotics")
    [table] = section(brief_of(old), "movers").blocks
    assert table.caption == "Never named in the 180 days before"


def test_no_deviation_is_given_from_a_few_days():
    """The median of a week is nothing to be far from."""
    young = rows(window=[YOUNG | {"days_on_record": 9}])
    [table] = section(brief_of(young), "companies").blocks

    assert {row[2] for row in cells(table)} == {""}


def test_a_chinese_brief_has_the_chinese_headline_of_a_story():
    """In the opening, beside bursts and companies; the first headline where it is alone."""
    two = {"headline": "BYD opens a plant", "headline_en": "BYD opens a plant",
           "headline_zh": "比亚迪新厂投产", "url": "https://x.example/en",
           "url_en": "https://x.example/en", "url_zh": "https://x.example/zh"}  # fmt: skip
    data = rows()
    burst = data["bursts"][0] | two
    company = data["companies"][0] | {f"top_{key}": value for key, value in two.items()}
    brief = brief_of(rows(bursts=[burst], companies=[company]), language="zh")

    line = brief.opening[0]
    assert (line[-1].text, line[-1].url) == ("比亚迪新厂投产", "https://x.example/zh")
    bursts, _ = section(brief, "movers").blocks
    assert cells(bursts)[0][-1] == "比亚迪新厂投产"
    [table] = section(brief, "companies").blocks
    assert "比亚迪新厂投产" in [*cells(table), *cells(table, "folded")][0]
    [other, *_] = brief_of(rows(bursts=data["bursts"][:1]), language="zh").opening
    assert other[-1].text == data["bursts"][0]["headline"]


@pytest.mark.parametrize(
    ("until", "said"),
    [
        (date(2026, 11, 23), "Terms of the week of 16 Nov, used"),
        (date(2026, 11, 22), "Terms of the week of 16 Nov so far, used"),
    ],
)
def test_terms_say_of_which_week_they_are(until, said):
    """A week of the calendar, which may not be over when the brief is written."""
    terms = [row | {"week": date(2026, 11, 16)} for row in rows("week")["emerging"]]

    [table] = section(brief_of(rows("week", emerging=terms), "week", until=until),
                      "emerging").blocks  # fmt: skip

    assert table.caption.startswith(said)


def test_what_lacks_history_is_named():
    """Each relation that is still warming up is named with the days that it has."""
    warming = [
        {"relation": "bursts", "days": 3, "needed": 29},
        {"relation": "a_new_view", "days": 0, "needed": 7},
    ]

    [notice] = words(brief_of({"warming_up": warming, "window": [{"stories": 9}]}).notices)

    assert notice.startswith(
        "Too little history yet for bursts (3 of 29 days), a_new_view (0 of 7 days):"
    )


def test_the_basis_says_what_was_counted_and_when():
    """Window, zone, counts and the moment of the data stand under the title."""
    brief = brief_of(rows())

    assert brief.title == "China tech brief: Tuesday, 24 Nov 2026"
    assert words(brief.basis) == [
        (
            "412 articles in 188 stories from 61 publishers, 24 Nov 2026, 00:00 to "
            "25 Nov 2026, 00:00 (Asia/Shanghai)."
        ),
        "Written 25 Nov 2026, 07:30.",
    ]


def test_as_of_says_under_whose_rules():
    """A look back is what had been seen by then, under today's rules."""
    english = brief_of(rows(), as_of=AS_OF)
    chinese = brief_of(rows(), as_of=AS_OF, language="zh")

    assert words(english.basis)[1].startswith(
        "As of 24 Nov 2026, 18:00: only what had been seen by then, under today's rules "
        "and story ids"
    )
    assert words(chinese.basis)[1].startswith(
        "截至2026年11月24日 18:00：只含当时已收录的内容，按今天的规则与事件归并"
    )
    for brief in (english, chinese):
        line = words(brief.basis)[1]
        assert html.unescape(line) in html.unescape(render_html(brief))
        assert line in render_markdown(brief)


def test_as_of_now_is_as_of_too():
    """What was asked for as of a moment says so, were it this one."""
    assert words(brief_of(rows(), as_of=NOW).basis)[1].startswith("As of 25 Nov 2026")


def test_as_of_the_state_of_sources_is_left_out_and_said_to_be():
    """How feeds did is known as of the last run only."""
    quality = [{"articles": 40, "stories": 20, "undated": 1, "estimated": 2}]
    now = section(brief_of(rows(quality=quality)), "sources")
    then = section(brief_of(rows(quality=quality), as_of=AS_OF), "sources")

    assert now.blocks
    assert then.blocks == ()
    assert words(then.notes)[0].startswith("How sources did then is not known")
    assert then.notes[1:] == now.notes
    assert len(now.notes) == 3


def test_each_headline_links_the_article_that_has_it():
    """A story told in both languages links each headline to its own article."""
    story = {
        "headline": "中文", "url": "https://zh.example/1", "publishers": 2, "articles": 2,
        "headline_en": "English", "url_en": "https://en.example/1",
        "headline_zh": "中文", "url_zh": "https://zh.example/1",
    }  # fmt: skip

    def links(language, **changed):
        brief = brief_of({"stories": [story | changed]}, language=language)
        [box] = section(brief, "stories").blocks
        texts = box.lines[0]
        return [(t.text, t.url) for t in texts if t.text in {"English", "中文"}]

    english = ("English", "https://en.example/1")
    chinese = ("中文", "https://zh.example/1")
    assert links("en") == [english, chinese]
    assert links("zh") == [chinese, english]
    assert links("en", headline_en=None, url_en=None) == [chinese]
    # Without an article of its own a headline has no link rather than another's.
    assert links("en", url_en=None)[0] == ("English", "")


@pytest.mark.parametrize(
    ("period", "since", "until", "title"),
    [
        ("week", "2026-11-16", "2026-11-23", "China tech, week 47 of 2026: 16 to 22 Nov"),
        ("week", "2026-11-30", "2026-12-07",
         "China tech, week 49 of 2026: 30 Nov to 6 Dec"),
        ("week", "2026-12-28", "2027-01-04",
         "China tech, week 53 of 2026: 28 Dec to 3 Jan"),
        ("week", "2026-11-18T03:00Z", "2026-11-25T03:00Z",
         "China tech, 7 days to 25 Nov 2026"),
        ("week", "2026-11-19", "2026-11-26", "China tech, 7 days to 25 Nov 2026"),
        ("week", "2026-11-19", "2026-11-25T03:00Z", "China tech, 7 days to 25 Nov 2026"),
        ("week", "2026-11-16", "2026-11-22T03:00Z", "China tech, 7 days to 22 Nov 2026"),
        ("day", "2026-11-24", "2026-11-25", "China tech brief: Tuesday, 24 Nov 2026"),
        ("day", "2026-11-25", "2026-11-25T03:00Z",
         "China tech brief: Wednesday, 25 Nov 2026, up to 11:00"),
        ("day", "2026-11-24T03:00Z", "2026-11-25T03:00Z",
         "China tech, 24 hours to 25 Nov 2026, 11:00"),
    ],
)  # fmt: skip
def test_a_title_has_no_number_that_its_window_has_not(period, since, until, title):
    """Only a week from Monday to Sunday is numbered; only a whole day is just a day."""
    brief = brief_of({}, period, since=moment(since), until=moment(until))

    assert brief.title == title


@pytest.mark.parametrize(
    ("period", "until", "title"),
    [
        ("week", "2026-11-23", "中国科技周报，2026年第47周：11月16日至22日"),
        ("week", "2026-11-22T03:00Z", "中国科技周报：截至2026年11月22日的7天"),
    ],
)
def test_titles_in_chinese_are_as_honest(period, until, title):
    """The number of a week stands where the window is that week."""
    brief = brief_of({}, period, until=moment(until), language="zh")

    assert brief.title == title


def test_a_day_of_25_hours_is_a_day():
    """Clocks that go back at night make no other title."""
    brief = brief_of(
        {}, since=date(2026, 10, 25), until=date(2026, 10, 26), zone="Europe/Berlin"
    )

    assert brief.title == "China tech brief: Sunday, 25 Oct 2026"


def test_an_old_story_is_marked_as_continuing():
    """A story that began before the window was in the brief before."""
    boxes = section(brief_of(rows()), "stories").blocks
    lines = [plain(line) for box in boxes for line in box.lines]

    [marked] = [line for line in lines if "(continuing)" in line]
    assert marked.startswith(
        "Washington adds eleven chip firms to its list · 美国将十一家芯片公司列入清单\n"
        "SMIC, Huawei, sanction. 6 publishers, 14 articles; first Capital Wire, "
        "23 Nov, 05:05."
    )


@pytest.mark.parametrize(("first", "is_old"), [("T00:00", False), ("T23:59", True)])
def test_a_story_of_the_first_minute_is_new(first, is_old):
    """A day begins at its midnight, and what began before goes on."""
    day = "2026-11-23" if is_old else "2026-11-24"
    story = rows()["stories"][0] | {"first_published_at": f"{day}{first}"}
    [box] = section(brief_of(rows(stories=[story]), zone="UTC"), "stories").blocks

    assert ("(continuing)" in plain(box.lines[0])) == is_old


def test_ten_stories_lead_at_most():
    """The front page does not grow with the data."""
    many = [
        {"story_id": f"s{n}", "headline": f"{word} opens", "titles": [f"{word} opens"],
         "outlets": ["a"], "publishers": 1}
        for n, word in enumerate(GREEK)
    ]  # fmt: skip

    for period in ("day", "week"):
        [box] = section(brief_of({"stories": many}, period), "stories").blocks
        assert len(box.lines) == 10


def test_an_act_elsewhere_stands_below_the_board():
    """It is on neither side, and without any there is no third list."""
    row = rows()["policy"][0] | {"side": "unclear", "headline": "Laser maker listed"}
    board, below = section(brief_of(rows(policy=[row])), "policy").blocks

    assert (board.left.lines, board.right.lines) == ((), ())
    assert below.heading == "Elsewhere"
    assert words(below.lines)[0].startswith("Laser maker listed")
    assert len(section(brief_of(rows()), "policy").blocks) == 1


def test_companies_as_usual_are_folded():
    """Rows within one robust deviation fold away; the count of them stays."""
    [table] = section(brief_of(rows()), "companies").blocks

    assert [row[0] for row in cells(table)] == [
        "Alibaba",
        "Huawei",
        "Roborock",
        "BYD",
        "Cyberspace Administration of China",
    ]
    assert table.folded_label == "8 more close to their usual level"
    assert len(table.folded) == 8


def test_a_company_without_history_is_shown():
    """With no days to compare there is no z, and nothing to fold by."""
    row = {"company_id": "byd", "stories": 2}

    [table] = section(brief_of({"companies": [row]}), "companies").blocks

    assert cells(table) == [["byd", "2", "", "", ""]]


def test_many_companies_are_folded_too():
    """A table of hundreds of companies shows the busiest."""
    many = [{"company_id": f"c{n}", "stories": n, "previous_stories": n} for n in range(60)]

    [table] = section(brief_of({"companies": many}, "week"), "companies").blocks

    assert len(table.rows) == 15
    assert table.rows[0][0][0].text == "c59"
    assert len(table.folded) == 45


def test_boards_have_two_sides():
    """Policy and gaps stand side by side; an empty side says so."""
    brief = brief_of(rows(policy=rows()["policy"][:1]))

    [policy] = section(brief, "policy").blocks
    [gaps] = section(brief, "gaps").blocks

    assert isinstance(policy, Board)
    assert words(policy.left.lines) == [
        (
            "网信办就商场人脸识别征求意见\n"
            "rule or standard · proposed · Cyberspace Administration of China"
            " · 南城日报 · 10:00"
        )
    ]
    assert (policy.right.lines, policy.right.empty) == ((), "Nothing notable.")
    assert words(gaps.right.lines) == [
        (
            "Brussels asks shopping apps for their supplier lists\n"
            "3 publishers, first 23 Nov, 07:00"
        )
    ]


def test_money_is_grouped_by_event():
    """Each kind of event has its own list."""
    money = section(brief_of(rows()), "money").blocks

    assert all(isinstance(block, Items) for block in money)
    assert [block.heading for block in money] == ["Funding", "IPO filing"]
    assert plain(money[0].lines[0]).endswith(
        "\nUS$80 million · Lumen Robotics · Ledger · 09:00"
    )


def test_a_long_board_names_the_followed_first():
    """Eight rows fit; those that name someone we follow come first, the rest count."""
    event = {"event": "funding", "headline": "Someone raises", "url": "https://a.example"}
    named = event | {"headline": "Alibaba invests", "companies": ["alibaba"]}

    [items] = section(brief_of({"money": [event] * 10 + [named]}), "money").blocks

    assert plain(items.lines[0]).startswith("Alibaba invests")
    assert len(items.lines) == 9
    assert plain(items.lines[-1]) == "3 more"


def test_suppressed_alerts_are_only_counted():
    """Repeats that were held back are a number, not rows."""
    part = section(brief_of(rows()), "alerts")

    assert len(part.blocks[0].rows) == 2
    assert cells(part.blocks[0])[0][1:3] == ["giants", "Roborock"]
    assert words(part.notes) == ["1 further held back as repeats."]


def test_the_data_note_names_what_is_not_as_usual():
    """Healthy sources are not listed; dates and delays are told where they are known."""
    quality = {
        "articles": 412, "stories": 188, "undated": 12, "estimated": 3,
        "delay_median_min": 22, "delay_p95_min": 300,
    }  # fmt: skip

    part = section(brief_of(rows(quality=[quality])), "sources")

    assert cells(part.blocks[0]) == [
        ["Machine Room", "quiet", "21 Nov, 18:00", "10 h",
         "no article for 7 times its usual gap"],
        ["Old Blog", "dead", "", "", "410 Gone since 2026-11-02"],
    ]  # fmt: skip
    assert words(part.notes) == [
        "Dates: 12 (2.9 %) without a date of their own, 3 (0.7 %) estimated.",
        "From publication to first sight: median 22 min, 95 % within 5 h.",
        "With digests, 412 articles told 188 stories.",
    ]


def test_well_sources_are_said_to_be_well():
    """An empty list of troubled sources is news; a missing one is not."""
    well = {"sources": [{"feed_id": "a", "state": "healthy"}]}

    assert words(section(brief_of(well), "sources").notes) == ["All sources are as usual."]


def test_share_of_voice_draws_eight_groups_and_other():
    """Twelve weeks of shares that sum to one; a week too small is left blank."""
    chart, table = section(brief_of(rows("week"), "week"), "share").blocks

    assert isinstance(chart, Chart)
    assert len(chart.series) == 9
    assert chart.series[0] == "Alibaba"
    assert chart.series[-1] == "other"
    weeks = {}
    for bar in chart.bars:
        weeks[bar.bar] = weeks.get(bar.bar, 0) + bar.value
    assert list(weeks)[-1] == "16 Nov"
    assert [round(total, 6) for total in weeks.values()] == [1, 1, 1, 0, *[1] * 8]
    assert "Alibaba 23%" in chart.alt
    assert cells(table)[0][:2] == ["Alibaba", "74"]


def test_topics_are_sorted_by_lift():
    """What rose most stands first, what fell most last, and tiny topics nowhere."""
    chart, table = section(brief_of(rows("week"), "week"), "topics").blocks

    assert chart.bars[0].bar == "Facial recognition"
    assert chart.bars[-1].bar == "Price competition"
    assert "Drones and low-altitude economy" not in {bar.bar for bar in chart.bars}
    assert cells(table)[0] == ["Facial recognition", "22", "6.0", "2.45 ×"]


def test_a_topic_that_feeds_hardly_cover_has_no_number():
    """A fall to two stories says nothing of it: it is not drawn, and words stand for it."""
    told = [
        {
            "topic_id": "chips",
            "stories": 2,
            "previous_mean": 9.0,
            "is_hardly_covered": True,
        },
        {"topic_id": "cars", "stories": 8, "previous_mean": 20.0},
    ]
    chart, table = section(brief_of({"topics": told}, "week"), "topics").blocks

    assert [bar.bar for bar in chart.bars] == ["cars"]
    assert cells(table)[1] == ["chips", "hardly covered by these feeds", "9.0", ""]


def test_both_ends_of_many_topics_are_drawn():
    """A chart has room for sixteen bars: the risen and the five that fell most."""
    topics = [
        {"topic_id": f"t{n}", "name": f"T{n}", "stories": n + 5, "previous_mean": 20.0}
        for n in range(30)
    ]

    chart, _ = section(brief_of({"topics": topics}, "week"), "topics").blocks

    assert len(chart.bars) == 16
    assert chart.bars[0].bar == "T29"
    assert [bar.bar for bar in chart.bars[-2:]] == ["T1", "T0"]


def test_no_topic_rises_when_all_fall():
    """The lede does not call a fall a rise."""
    topics = [{"topic_id": "ai", "name": "AI", "stories": 10, "previous_mean": 80.0}]

    assert opening({"topics": topics}, "week")[0].startswith("Nothing stands out")


def test_pairs_need_three_stories():
    """Two companies met twice is chance."""
    [table] = section(brief_of(rows("week"), "week"), "co_mentions").blocks

    assert cells(table)[0] == ["Alibaba · Tencent", "18", "0.31"]
    assert len(table.rows) == 3


def test_queries_stand_behind_the_numbers():
    """A section carries the SQL of its rows, as far as it came along."""
    brief = brief_of(rows())

    assert [*section(brief, "movers").queries] == ["bursts", "entrants"]
    assert section(brief, "stories").queries["stories"].startswith("select *\nfrom stories")


def test_a_brief_in_chinese():
    """Chinese words, Chinese names, Chinese headlines where a story has one."""
    brief = brief_of(rows(), language="zh")

    assert brief.title == "中国科技简报：2026年11月24日 星期二"
    leading, light = section(brief, "stories").blocks
    assert any(
        plain(line).startswith(
            "石头科技在第三个欧洲市场超过iRobot · Roborock passes iRobot"
        )
        for line in leading.lines
    )
    assert light.heading == "分量较轻"
    assert cells(section(brief, "companies").blocks[0])[0][0] == "阿里巴巴"


def test_long_gaps_are_told_in_days():
    """Minutes, hours and days, whichever says it shortest."""
    source = {"publisher": "P", "state": "quiet", "last_article_at": "2026-11-23T00:00"}

    shown = [
        cells(section(brief_of({"sources": [source | {"usual_gap_hours": hours}]}),
                      "sources").blocks[0])[0][2:4]
        for hours in (0.5, 30, 96)
    ]  # fmt: skip

    assert shown == [["23 Nov, 08:00", gap] for gap in ("30 min", "30 h", "4 d")]


def test_an_address_that_is_not_of_the_web_is_no_link():
    """A link scheme other than http or https is dropped, its words stay."""
    story = {"headline": "Click", "url": "javascript:alert(1)", "publishers": 1}

    [box] = section(brief_of({"stories": [story]}), "stories").blocks

    assert (box.lines[0][0].text, box.lines[0][0].url) == ("Click", "")


def test_another_language_is_refused():
    """There are words for two languages, and the message names them."""
    with pytest.raises(ValueError, match="en, zh"):
        brief_of({}, language="fr")


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Robots brief: Tuesday, 24 Nov 2026"),
        ("zh", "机器人简报：2026年11月24日 星期二"),
    ],
)
def test_a_brief_is_called_by_its_beat(language, title):
    """Whoever has two homes tells their briefs apart by their subjects."""
    rules = shipped_writing()._replace(names={"en": "Robots", "zh": "机器人"})

    brief = compose_brief(
        answers({}), rules, as_of=None, now=NOW, language=language, **SPANS["day"]
    )

    assert brief.title == title
