"""A brief as JSON, from rows of a test's own."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

from brief_rows import answers
from builders import shipped_writing

from transforms.brief import compose_brief, render_json, render_markdown
from transforms.brief.render import write_letter

NOW = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
HOSTILE = "a\x1b[31m\x9b\u202e\x7f中文"


def brief_of(data, **options):
    return compose_brief(
        answers(data),
        shipped_writing(),
        since=date(2026, 11, 24),
        until=date(2026, 11, 25),
        as_of=None,
        now=NOW,
        **options,
    )


def json_of(data, **options):
    return render_json(brief_of(data, **options))


def test_what_steers_a_terminal_is_escaped():
    """A program reads the same text from it, and Chinese stays readable."""
    text = json_of({"alerts": [{"title": HOSTILE}]})

    assert not set(text) & set("\x1b\x9b\u202e\x7f")
    assert "中文" in text
    assert json.loads(text)["sections"]["alerts"][0]["title"] == HOSTILE


def test_values_are_those_of_json():
    """Moments in UTC, days of the calendar, lists as lists."""
    story = {"story_id": "s1", "first_published_at": "2026-11-24T08:00:00+08:00"}
    rows = {
        "stories": [story | {"companies": ["byd"]}],
        "bursts": [{"subject_id": "byd", "day": date(2026, 11, 24)}],
    }

    sections = json.loads(json_of(rows))["sections"]

    assert sections["stories"][0]["first_published_at"] == "2026-11-24T00:00:00+00:00"
    assert sections["stories"][0]["companies"] == ["byd"]
    assert sections["bursts"][0]["day"] == "2026-11-24"


def test_without_rows_it_is_whole_all_the_same():
    content = json.loads(json_of({}))

    assert (content["stories"], content["freshness"], content["as_of"]) == ([], None, None)
    assert [change["story_id"] for change in content["changed"]] == [None]
    assert set(content["sections"]) > {"stories", "movers", "gaps"}


def test_the_shown_article_of_a_story_is_first():
    """In the brief's language; the others follow as they came out."""
    story = {"story_id": "s1", "headline": "One", "headline_zh": "二", "url_zh": "http://2"}
    told = [
        ("One", "http://1", "en"),
        ("二", "http://2", "zh"),
        ("Three", "http://3", "en"),
    ]
    rows = {
        "stories": [story | {"url": "http://1"}],
        "story_articles": [
            {"story_id": "s1", "title": title, "url": url, "language": language,
             "publisher": "P", "topics": ["ev"]}
            for title, url, language in told
        ],
    }  # fmt: skip

    [english] = json.loads(json_of(rows))["stories"]
    [chinese] = json.loads(json_of(rows, language="zh"))["stories"]

    assert english["urls"] == ["http://1", "http://2", "http://3"]
    assert chinese["titles"] == ["二", "One", "Three"]
    assert chinese["languages"] == ["zh", "en"]
    assert (chinese["publishers"], chinese["topics"]) == (["P"], ["ev"])


def test_an_affair_is_told_of_and_is_not_the_storys_own():
    """Companies, topics and outlets of another story of it stay that one's."""

    def story(story_id, title, outlets, **own):
        return {"story_id": story_id, "headline": title, "titles": [title],
                "outlets": outlets, "affairs": ["a1"]} | own  # fmt: skip

    rows = {
        "stories": [
            story("s1", "BYD recalls a car", ["A", "B"], subjects=["byd"],
                  companies=["byd"], first_publisher="A"),
            story("s2", "CATL answers for its cells", ["C"], subjects=["catl"],
                  companies=["catl"], url="http://3"),
        ],
        "story_articles": [
            {"story_id": story_id, "title": title, "url": url, "language": language,
             "publisher": publisher, "topics": [topic]}
            for story_id, title, url, publisher, language, topic in [
                ("s1", "BYD recalls a car", "http://1", "A", "en", "ev"),
                ("s2", "CATL answers for its cells", "http://3", "C", "zh", "cells"),
                ("s1", "Cars called back", "http://2", "B", "en", "ev"),
            ]
        ],
    }  # fmt: skip

    [told] = json.loads(json_of(rows))["stories"]

    assert told["story_id"] == "s1"
    assert told["companies"] == ["byd"]
    assert (told["topics"], told["languages"]) == (["ev"], ["en"])
    assert told["publishers"] == ["A", "B"]
    assert told["urls"] == ["http://1", "http://2", "http://3"]
    assert told["story_ids"] == ["s1", "s1", "s2"]
    page = render_markdown(brief_of(rows))
    assert "More: [B](http://2)" in page
    assert "More on this developing story: [CATL answers for its cells](http://3)" in page


def test_a_story_that_the_other_language_told_before_is_known_since_then():
    """It leads no more, and brief and JSON say who told it first, and when."""

    def story(story_id, title, publishers, **own):
        outlets = [f"P{n}" for n in range(publishers)]
        return {"story_id": story_id, "headline": title, "titles": [title],
                "outlets": outlets, "first_published_at": "2026-11-24T03:00:00",
                "url": f"http://{story_id}"} | own  # fmt: skip

    earlier = {
        "story_id": "s1", "title": "比亚迪斥资12亿元买下流明", "url": "http://old",
        "publisher": "晚报", "published_at": "2026-11-12T03:00:00",
    }  # fmt: skip
    rows = {
        "stories": [
            story("s1", "BYD buys Lumen for 1.2 bln yuan", 3),
            story("s2", "Orbit opens a laboratory in Wuhan", 2),
        ],
    }
    assert [s["story_id"] for s in json.loads(json_of(rows))["stories"]] == ["s1", "s2"]

    rows["earlier_tellings"] = [earlier | {"is_same_object": False}]
    first, second = json.loads(json_of(rows))["stories"]

    assert (first["story_id"], first["known_since"]) == ("s2", None)
    assert second["known_since"] == {
        "published_at": "2026-11-12T03:00:00+00:00", "publisher": "晚报",
        "title": earlier["title"], "url": "http://old",
    }  # fmt: skip
    assert "known before" in second["why"]
    page = render_markdown(brief_of(rows))
    assert "Known since 12 Nov, [晚报](http://old)." in page
    assert "less since the other language told it before" in page
    assert "11月12日已有报道" in render_markdown(brief_of(rows, language="zh"))


def test_a_leading_story_says_what_an_article_says():
    """Of one in the brief's language first; the letter has it too, and no stock phrase."""
    story = {
        "story_id": "s1",
        "headline": "BYD recalls a car",
        "headline_zh": "比亚迪召回汽车",
        "url": "http://1",
        "url_zh": "http://2",
        "subjects": ["byd"],
        "relevance": 1.0,
        "titles": ["BYD recalls a car"],
        "outlets": ["A", "B"],
        "languages": ["en", "zh"],
    }
    said = "Some 40,000 owners in Shenzhen are asked to come in by June."
    told = [
        ("BYD recalls a car", "http://1", "en", f"BYD recalls a car. {said} Read more"),
        ("比亚迪召回汽车", "http://2", "zh", "深圳约四万名车主须在六月前返厂。"),
    ]
    rows = {
        "stories": [story],
        "story_articles": [
            {"story_id": "s1", "title": title, "url": url, "language": language,
             "publisher": "A", "summary": summary}
            for title, url, language, summary in told
        ],
    }  # fmt: skip

    letter = write_letter(brief_of(rows))
    [item] = letter.sections[0].items
    assert item.lines[0] == said
    assert f"\n   {said}" in render_markdown(brief_of(rows)).replace("  \n", "\n")
    assert told[1][3] in render_markdown(brief_of(rows, language="zh"))
