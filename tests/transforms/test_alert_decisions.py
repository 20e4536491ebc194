"""Deciding who should hear of which article."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from transforms.alerts import AlertRules, decide_alerts, messages_for, next_attempt
from transforms.models import Mention, Rule, Tag

NOON = datetime(2026, 8, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def mention(article_id, company_id, field="title", **fields):
    return Mention(
        article_id=article_id,
        company_id=company_id,
        field=field,
        alias=company_id,
        start=0,
        length=1,
        rules_version="w1",
        **fields,
    )


def tag(article_id, topic_id, score=1.0):
    return Tag(
        article_id=article_id,
        topic_id=topic_id,
        kind="topic",
        term="t",
        score=score,
        rules_version="w1",
    )


def by_article(found):
    return {
        key: [f for f in found if f.article_id == key]
        for key in {f.article_id for f in found}
    }


def decide(articles, rules, *, mentions=(), tags=(), **known):
    defaults = {
        "now": NOON,
        "silent_feeds": frozenset(),
        "publishers": {},
        "alerted": set(),
        "last_alert_at": {},
        "rules_version": "w1",
    }
    return decide_alerts(
        articles,
        by_article(mentions),
        by_article(tags),
        AlertRules(rules=tuple(rules)),
        **defaults | known,
    )


GIANTS = Rule(
    rule_id="giants", companies=frozenset({"alibaba", "tencent"}), channels=("c",)
)


def test_mention_of_a_wanted_company_alerts(make_article):
    """The alert names rule, company, story and article."""
    article = make_article(title="Alibaba grows")

    [alert] = decide([article], [GIANTS], mentions=[mention("a1", "alibaba")])

    assert (alert.rule_id, alert.company_id, alert.topic_id) == ("giants", "alibaba", None)
    assert (alert.story_id, alert.article_id) == ("sa1", "a1")
    assert (alert.title, alert.url) == ("Alibaba grows", "https://x.example/1")
    assert (alert.state, alert.created_at, alert.rules_version) == ("pending", NOON, "w1")


@pytest.mark.parametrize(
    ("is_about", "fires"), [(True, True), (False, False), (None, False)]
)
def test_rule_may_ask_for_articles_about_a_company(make_article, is_about, fires):
    """``about = true`` leaves out what only names it; without it, a name will do."""
    found = [mention("a1", "alibaba", is_about=is_about)]
    strict = replace(GIANTS, about=True)

    assert bool(decide([make_article()], [strict], mentions=found)) is fires
    assert decide([make_article()], [GIANTS], mentions=found)


def test_later_article_may_be_about_what_an_earlier_one_named(make_article):
    """A story that began with an aside still alerts when somebody tells it in full."""
    aside = make_article(article_id="a1", published_at=NOON - HOUR, story_id="s1")
    told = make_article(article_id="a2", published_at=NOON, story_id="s1")
    found = [
        mention("a1", "alibaba", is_about=False),
        mention("a2", "alibaba", is_about=True),
    ]

    [alert] = decide([aside, told], [replace(GIANTS, about=True)], mentions=found)

    assert alert.article_id == "a2"


XIAOPENG = Rule(
    rule_id="xiaopeng", people=frozenset({"He Xiaopeng", "何小鹏"}), channels=("c",)
)


@pytest.mark.parametrize(
    ("title", "fires"),
    [
        ("何小鹏：明年盈利", True),
        ("何小鵬宣布新車上市", True),
        ("小鹏汽车CEO何小鹏\u200b发声", True),
        ("XPeng's He Xiaopeng says so", True),
        ("HE XIAOPENG ON STAGE", True),
        ("Xiaopeng He, chairman, says so", True),
        ("He, Xiaopeng (ed.)", True),
        ("He Xiao-peng says so", True),
        ("He Xiao Peng says so", True),
        ("ＨＥ　ＸＩＡＯＰＥＮＧ", True),
        ("小鹏汽车交付创新高", False),
        ("She Xiaopeng says so", False),
        ("He Xiaopengs says so", False),
        ("He says XPeng grows", False),
    ],
)
def test_person_is_found_as_outlets_write_the_name(make_article, title, fires):
    """Both scripts, either order, and syllables joined or apart."""
    assert bool(decide([make_article(title=title)], [XIAOPENG])) is fires


@pytest.mark.parametrize(
    ("title", "fires"),
    [
        ("王兴称美团将继续投入", True),
        ("王兴兴谈机器人", False),
        ("王兴兴与王兴同台", True),
        ("阿王兴兴谈机器人", False),
    ],
)
def test_name_within_the_name_of_another_does_not_count(make_article, title, fires):
    """A founder of one company is not the founder of another whose name is longer."""
    rule = Rule(
        rule_id="r",
        people=frozenset({"王兴"}),
        namesakes=frozenset({"王兴兴", "阿王兴"}),
    )

    assert bool(decide([make_article(title=title)], [rule])) is fires


def test_name_of_three_words_may_be_turned(make_article):
    """Shou Zi Chew is Chew Shou Zi at home."""
    rule = Rule(rule_id="r", people=frozenset({"Shou Zi Chew"}))

    assert decide([make_article(title="Chew Shou Zi testifies")], [rule])


def test_each_company_has_its_own_alert(make_article):
    """A story of two companies interests those who follow either."""
    found = [mention("a1", c) for c in ("tencent", "alibaba", "baidu")]

    alerts = decide([make_article()], [GIANTS], mentions=found)

    assert [alert.company_id for alert in alerts] == ["alibaba", "tencent"]


def test_earliest_article_of_a_batch_speaks_for_its_story(make_article):
    """One alert a story, whatever order the articles came in."""
    late = make_article(article_id="a1", published_at=NOON)
    early = make_article(article_id="a2", published_at=NOON - HOUR)
    found = [mention("a1", "alibaba"), mention("a2", "alibaba")]

    [alert] = decide([late, early], [GIANTS], mentions=found)

    assert alert.article_id == "a2"


def test_alerted_story_is_silent(make_article):
    """Rule, company and story: never twice."""
    found = [mention("a1", "alibaba"), mention("a1", "tencent")]

    [alert] = decide(
        [make_article()], [GIANTS], mentions=found, alerted={("giants", "alibaba", "sa1")}
    )

    assert alert.company_id == "tencent"


@pytest.mark.parametrize(
    ("known", "fields"),
    [
        pytest.param({"silent_feeds": {"sample"}}, {}, id="first poll of the feed"),
        pytest.param({}, {"published_at": NOON - 73 * HOUR}, id="too old"),
        pytest.param({}, {"title": "x", "mentioned": "baidu"}, id="another company"),
        pytest.param({}, {"mentioned_in": "content"}, id="only in the content"),
    ],
)
def test_no_alert(make_article, known, fields):
    """What is not wanted stays silent."""
    company, place = fields.pop("mentioned", "alibaba"), fields.pop("mentioned_in", "title")
    found = [mention("a1", company, place)]

    assert decide([make_article(**fields)], [GIANTS], mentions=found, **known) == []


def test_content_counts_where_the_rule_says_so(make_article):
    """``in = "content"`` looks there too."""
    rule = Rule(
        rule_id="deep",
        companies=frozenset({"alibaba"}),
        fields=("title", "summary", "content"),
    )

    assert decide([make_article()], [rule], mentions=[mention("a1", "alibaba", "content")])


@pytest.mark.parametrize(
    ("condition", "is_met"),
    [
        ({"topics": frozenset({"ai-models"})}, True),
        ({"topics": frozenset({"robotics"})}, False),
        ({"terms": ("cloud", "云")}, True),
        ({"terms": ("clou",)}, False),
        ({"terms": ("ALIBABA   cloud",)}, True),
        ({"people": frozenset({"Jack Ma", "马云"})}, True),
        ({"people": frozenset({"Pony Ma"})}, False),
        ({"languages": frozenset({"en"})}, True),
        ({"languages": frozenset({"zh"})}, False),
        ({"feeds": frozenset({"sample"})}, True),
        ({"feeds": frozenset({"other"})}, False),
        ({"min_publishers": 2}, True),
        ({"min_publishers": 3}, False),
    ],
)
def test_every_condition_must_be_met(make_article, condition, is_met):
    """A rule's conditions narrow each other; within one, any will do."""
    article = make_article(title="Alibaba Cloud AI", summary="馬雲 speaks", language="en")
    rule = Rule(rule_id="r", companies=frozenset({"alibaba"}), **condition)

    alerts = decide(
        [article],
        [rule],
        mentions=[mention("a1", "alibaba")],
        tags=[tag("a1", "ai-models")],
        publishers={"sa1": 2},
    )

    assert bool(alerts) == is_met


@pytest.mark.parametrize(
    ("term", "title", "is_found"),
    [
        ("AI", "华为AI芯片", True),
        ("AI", "said so", False),
        ("C++", "in C++ we trust", True),
        ("出口管制", "美國出口管制升級", True),
        ("facial recognition", "Facial  Recognition ban", True),
        (".NET", "asp.net core", True),
    ],
)
def test_terms_in_both_scripts(make_article, term, title, is_found):
    """A Latin term is a word, a Han term may stand anywhere, both scripts fold."""
    rule = Rule(rule_id="r", terms=(term,))

    assert bool(decide([make_article(title=title)], [rule])) == is_found


def test_rule_without_companies_alerts_once_a_story(make_article):
    """Its alerts name no company; the topic is the one the article is most about."""
    rule = Rule(rule_id="policy", topics=frozenset({"a", "b", "c"}))
    articles = [make_article(article_id=key) for key in ("a1", "a2")]
    tags = [tag("a1", "a", 1.0), tag("a1", "b", 2.0), tag("a1", "x", 9.0), tag("a2", "a")]

    [alert] = decide(articles, [rule], tags=tags, mentions=[mention("a1", "alibaba")])

    assert (alert.company_id, alert.topic_id) == (None, "b")
    assert decide(articles, [rule], tags=tags, alerted={("policy", None, "sa1")}) == []


def test_later_article_that_brings_the_second_publisher_fires(make_article):
    """A story below ``min_publishers`` is not lost, only waited for."""
    rule = Rule(rule_id="r", companies=frozenset({"alibaba"}), min_publishers=2)
    found = [mention("a1", "alibaba"), mention("a2", "alibaba")]

    first = decide([make_article()], [rule], mentions=found, publishers={"sa1": 1})
    later = decide(
        [make_article(article_id="a2")], [rule], mentions=found, publishers={"sa1": 2}
    )

    assert first == []
    assert [alert.article_id for alert in later] == ["a2"]


COOLING = Rule(
    rule_id="giants", companies=frozenset({"alibaba"}), cooldown=HOUR, channels=("c",)
)


@pytest.mark.parametrize(
    ("last", "state"),
    [
        (NOON - HOUR / 2, "suppressed"),
        (NOON - HOUR, "pending"),
        (NOON + HOUR / 2, "pending"),
    ],
)
def test_cooldown_suppresses(make_article, last, state):
    """Within it the alert is kept but not sent; a clock that went back does not matter."""
    [alert] = decide(
        [make_article()],
        [COOLING],
        mentions=[mention("a1", "alibaba")],
        last_alert_at={("giants", "alibaba"): last},
    )

    assert alert.state == state


def test_cooldown_begins_within_a_batch(make_article):
    """The first story is sent, the second of the same run is not."""
    articles = [make_article(article_id=f"a{n}", story_id=f"s{n}") for n in (1, 2)]
    found = [mention("a1", "alibaba"), mention("a2", "alibaba")]

    alerts = decide(articles, [COOLING], mentions=found)

    assert [alert.state for alert in alerts] == ["pending", "suppressed"]
    messages = messages_for(alerts, AlertRules(rules=(COOLING,)))
    assert [message.alert_id for message in messages] == [alerts[0].alert_id]


@given(order=st.permutations(range(6)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_decision_does_not_depend_on_order(make_article, order):
    """The same batch in any order gives the same alerts."""
    articles = [
        make_article(
            article_id=f"a{n}", story_id=f"s{n % 3}", published_at=NOON - n % 2 * HOUR
        )
        for n in range(6)
    ]
    found = [mention(a.article_id, "alibaba") for a in articles]

    expected = decide(articles, [COOLING, GIANTS], mentions=found)

    assert (
        decide([articles[n] for n in order], [COOLING, GIANTS], mentions=found) == expected
    )


def test_messages_one_a_channel_with_steady_ids(make_article):
    """The id is the receiver's key, so it must not change from run to run."""
    rule = Rule(rule_id="r", companies=frozenset({"alibaba"}), channels=("a", "b"))
    rules = AlertRules(rules=(rule,))
    alerts = decide([make_article()], [rule], mentions=[mention("a1", "alibaba")])

    messages = messages_for(alerts, rules)

    assert [m.channel_id for m in messages] == ["a", "b"]
    assert len({m.message_id for m in messages}) == 2
    assert messages == messages_for(alerts, rules)
    assert messages_for(alerts, AlertRules()) == []


def test_pauses_double_up_to_a_bound():
    """Half a minute, then twice that and so on, with a quarter of jitter at most."""
    pauses = [next_attempt("m1", n, now=NOON) - NOON for n in range(1, 10)]

    for number, pause in enumerate(pauses):
        base = min(timedelta(seconds=30) * 2**number, timedelta(hours=6))
        assert base <= pause <= base * 1.25


def test_jitter_differs_between_messages_and_not_between_runs():
    """What failed together does not come back together, yet a test can be written."""
    found = {next_attempt(f"m{n}", 1, now=NOON) for n in range(20)}

    assert len(found) == 20
    assert next_attempt("m1", 1, now=NOON) == next_attempt("m1", 1, now=NOON)


def test_ten_attempts_are_enough():
    """After that a person has to look."""
    assert next_attempt("m1", 9, now=NOON) is not None
    assert next_attempt("m1", 10, now=NOON) is None


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [
        (600.0, timedelta(minutes=10), timedelta(minutes=10)),
        (1.0, timedelta(seconds=30), timedelta(seconds=38)),
        (-5.0, timedelta(seconds=30), timedelta(seconds=38)),
        (1e12, timedelta(hours=6), timedelta(hours=6)),
    ],
)
def test_receiver_may_ask_for_a_pause(asked, least, most):
    """Longer than ours counts, up to six hours."""
    pause = next_attempt("m1", 1, now=NOON, retry_after=asked) - NOON

    assert least <= pause <= most
