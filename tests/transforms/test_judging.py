"""What a form at the desk says: which verdicts, on which articles of a story."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from transforms.brief.sections.sources import AlertRow
from transforms.models.verdicts import GivenVerdict, VerdictError
from transforms.names.verdict_effects import worded
from transforms.pages.judging import (
    MOST,
    Judged,
    JudgedArticle,
    NoVerdict,
    read_verdicts,
)

AT = datetime(2026, 8, 4, 9, tzinfo=UTC)
IDS = {"baidu": "baidu", "百度": "baidu", "robots": "topic:robotics"}


def article(article_id, **fields):
    given = {
        "story_id": "s1",
        "title": f"Headline {article_id}",
        "language": "en",
        "publisher": "A",
        "published_at": AT,
        "is_digest": False,
        "is_on_beat": True,
        "is_shown": False,
        "companies": (),
        "topics": (),
    }
    return JudgedArticle(article_id=article_id, **given | fields)


STORY = (
    article("a1", companies=("baidu", "xiaomi"), topics=("topic:robotics",)),
    article("a2", companies=("baidu",), is_shown=True, side="us", basis="unnamed"),
    article("a3", is_on_beat=False),
    article("a4", is_digest=True, companies=("xiaomi",)),
)
WHOLE = Judged(about="story:s1", own=STORY, story=STORY)
ONE = Judged(about="article:a1", own=STORY[:1], story=STORY)


def said(judged, verdict, **fields):
    found = read_verdicts(judged, {"verdict": verdict, **fields}, IDS)
    return [(each.subject_id, each.value) for each in found]


@pytest.mark.parametrize(
    ("verdict", "fields", "expected"),
    [
        ("not-about baidu", {}, [("a1", "baidu"), ("a2", "baidu")]),
        ("about", {"company": " 百度 "}, [(a, "baidu") for a in ("a1", "a2", "a3")]),
        ("not-topic topic:robotics", {}, [("a1", "topic:robotics")]),
        ("topic", {"topic": "Robots"}, [(a, "topic:robotics") for a in ("a2", "a3")]),
        ("off-beat", {}, [("a1", ""), ("a2", ""), ("a4", "")]),
        ("on-beat", {}, [("a3", "")]),
        ("headline", {"member": "a3"}, [("a3", "")]),
        ("not-one-event", {"member": "a3"}, [("a3", "a2")]),
        ("not-one-event", {"member": "a2"}, [("a2", "a1")]),
        ("one-event", {"other": "s2"}, [("a2", "s2")]),
        ("side", {"side": "eu"}, [("ma2", "eu")]),
        ("not-measure", {}, [("ma2", "")]),
        ("outcome", {"outcome": "denied"}, [("ca2", "denied")]),
        ("one-event", {"address": "https://d.example/zh/stories/s2?a=1#x"}, [("a2", "s2")]),
    ],
)
def test_what_is_said_of_a_story_is_said_of_the_articles_it_holds_for(
    verdict, fields, expected
):
    """Of those that name the company, are on the beat, …; of events, of a pair."""
    assert said(WHOLE, verdict, **fields) == expected


def test_what_is_said_of_an_article_is_said_of_it_alone():
    """Its headline, its event and its tags; with who said so and why."""
    assert said(ONE, "off-beat") == [("a1", "")]
    assert said(ONE, "headline", member="a3") == [("a1", "")]
    assert said(ONE, "not-one-event") == [("a1", "a2")]
    alert = AlertRow(
        alert_id="n1", rule_id="r", title="t", story_id=None, created_at=AT,
        kind="mention", company_id=None, topic_id=None, url="", state="pending",
    )  # fmt: skip
    wanted = {"verdict": "unwanted", "by": "ann", "why": "noise"}
    assert read_verdicts(Judged(about="alert:n1", alert=alert), wanted, {}) == [
        GivenVerdict(subject_id="n1", kind="unwanted", by="ann", why="noise")
    ]


def test_a_reason_has_500_characters_at_most():
    """What nobody signed is of nobody known."""
    verdict = GivenVerdict(subject_id="n1", kind="unwanted", by="", why="x" * 500)

    assert worded(verdict) == replace(verdict, by="unknown")
    with pytest.raises(VerdictError, match="501 characters; shorten it to 500"):
        worded(replace(verdict, why="x" * 501))


@pytest.mark.parametrize(
    ("judged", "verdict", "fields", "lacks"),
    [
        (WHOLE, "", {}, "nothing"),
        (WHOLE, "drop table", {}, "nothing"),
        (WHOLE, "undo", {}, "nothing"),
        (WHOLE, "wanted", {}, "nothing"),
        (WHOLE, "not-about tencent", {}, "nothing"),
        (WHOLE, "about", {}, "unnamed"),
        (WHOLE, "about", {"company": "Nobody"}, "unknown"),
        (WHOLE, "one-event", {"address": "https://d.example/stories/"}, "other"),
        (WHOLE, "one-event", {"address": "'; --"}, "other"),
        (WHOLE, "headline", {"member": "a9"}, "member"),
        (WHOLE, "side", {"side": "mars"}, "unnamed"),
        (ONE, "side", {"side": "eu"}, "nothing"),
        (Judged(about="x", own=STORY[1:2], story=STORY[1:2]), "not-one-event", {}, "alone"),
    ],
)
def test_a_form_that_says_nothing_is_told_what_it_lacks(judged, verdict, fields, lacks):
    """Whatever a hand writes into it; nothing is guessed."""
    with pytest.raises(NoVerdict, match=f"^{lacks}$"):
        said(judged, verdict, **fields)


def test_a_click_is_of_a_hundred_articles_at_most():
    """A story of more is corrected in several."""
    many = tuple(article(f"a{n}") for n in range(MOST + 5))
    assert len(said(Judged(about="story:s1", own=many, story=many), "off-beat")) == MOST
