"""Which headline speaks for a story."""

from __future__ import annotations

from datetime import timedelta

MINUTE = timedelta(minutes=1)


def story(noon, *headlines, **fields):
    """Return the articles of a story, a minute apart; a headline is a weight, or more."""
    return [
        {
            "article_id": f"a{n}",
            "story_id": "s1",
            "title": f"title {n}",
            "url": f"https://outlet.example/{n}",
            "published_at": noon + n * MINUTE,
            **fields,
            **(spec if isinstance(spec, dict) else {"headline_weight": spec}),
        }
        for n, spec in enumerate(headlines)
    ]


def called(con, *more):
    """Return what the story is called, in all and in English and Chinese."""
    asked = ", ".join(("['s1']", *more))
    sql = f"select headline, headline_en, headline_zh from headlines_of({asked})"
    return con.execute(sql).fetchone()


def test_the_one_that_tells_most_speaks(warehouse, load, noon):
    """In all and in either language; of two that tell as much the first."""
    zh = {"language": "zh", "headline_weight": 3}
    load(warehouse, *story(noon, 2, zh, 6, {**zh, "headline_weight": 5}, 6))
    assert called(warehouse) == ("title 2", "title 2", "title 3")


def test_a_report_speaks_before_talk_that_weighs_as_much(warehouse, load, noon):
    """By three at most, and by one more; where nothing is learned of it, by nothing."""
    talk, report = ({"headline_weight": 6, "report_score": s} for s in (-0.9, 2.5))
    load(warehouse, *story(noon, talk, 6, report, {**talk, "headline_weight": 7}))
    assert called(warehouse)[0] == "title 2"


def test_an_essay_speaks_for_no_story_that_holds_a_report(warehouse, load, noon):
    """Though it names who acts and what, and came first."""
    essay = {"headline_weight": 6, "report_score": -1.3}
    load(warehouse, *story(noon, essay, {"headline_weight": 4, "report_score": 2.5}))
    assert called(warehouse)[0] == "title 1"


def test_no_score_makes_a_report_of_a_bare_name(warehouse, load, noon):
    """A short tag of a hot list scores well, and tells little."""
    tag = {"headline_weight": 4, "report_score": 9.0}
    essay = {"headline_weight": 8, "report_score": -9.0}
    load(warehouse, *story(noon, tag, essay, {"headline_weight": 6, "report_score": 0.4}))
    assert called(warehouse)[0] == "title 2"


def test_a_row_of_stories_has_the_same_headline(warehouse, load, noon):
    """One definition: the table of stories and the macro agree."""
    load(warehouse, *story(noon, 2, 6, 4))
    derived = warehouse.execute("select headline from derived_stories()").fetchall()
    assert derived == [(called(warehouse)[0],)]


def test_what_an_earlier_release_tagged_weighs_the_same(warehouse, load, noon):
    """Without a weight the first headline speaks, as it did."""
    load(warehouse, *story(noon, None, None))
    assert called(warehouse)[0] == "title 0"


def test_what_is_off_the_beat_speaks_last(warehouse, load, noon):
    """It is most likely another matter that was joined."""
    off = {"headline_weight": 6, "is_on_beat": False}
    load(warehouse, *story(noon, off, {"headline_weight": 5, "is_on_beat": True}))
    assert called(warehouse)[0] == "title 1"


def test_a_round_up_speaks_for_nothing(warehouse, load, noon):
    """Unless there is nothing else."""
    load(warehouse, *story(noon, {"headline_weight": 9, "is_digest": True}, 1))
    assert called(warehouse)[0] == "title 1"


def test_a_later_headline_takes_over_only_where_it_tells_more(warehouse, load, noon):
    """What a story is called does not change with every article."""
    load(warehouse, *story(noon, 5, 5, 4, 5))
    assert called(warehouse)[0] == "title 0"


def test_what_was_told_later_is_not_known_then(warehouse, load, noon):
    """A past day's page has the headline of that day."""
    load(warehouse, *story(noon, 2, 6))
    until = f"told_before := '{noon + MINUTE}'::timestamptz"
    assert called(warehouse, until)[0] == "title 0"
