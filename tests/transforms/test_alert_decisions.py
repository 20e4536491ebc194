"""Deciding who should hear of which article."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOON, mention, tag
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from transforms.alerts import (
    AlertRules,
    Coverage,
    KnownStories,
    Rehearsal,
    Told,
    decide_alerts,
    items_of,
    messages_for,
    next_attempt,
)
from transforms.alerts.decisions.decide import Settled
from transforms.alerts.rules.rule import holds
from transforms.models import (
    ArticleMeasure,
    Condition,
    Name,
    Rule,
    SearchFilters,
    SearchQuery,
    Updates,
    Words,
)
from transforms.models.findings import Findings
from transforms.models.measures import MeasureFilter

HOUR = timedelta(hours=1)


def by_article(*found):
    """Return mentions, tags and measures as the findings of each article."""
    return {
        key: Findings(
            **{
                name: [each for each in rows if each.article_id == key]
                for name, rows in zip(("mentions", "tags", "measures"), found, strict=False)
            }
        )
        for key in {each.article_id for rows in found for each in rows}
    }


def decide(articles, rules, *, mentions=(), tags=(), measures=(), now=NOON, **known):
    alerts = AlertRules(rules=tuple(rules), **known.pop("world", {}))
    items = items_of(articles, by_article(mentions, tags, measures), alerts)
    return decide_alerts(
        items,
        alerts,
        KnownStories(**known),
        now=now,
        rules_version="w1",
    )


def of(rule_id="r", *, any_of=(), none_of=(), **fields):
    """Return a rule; what is a condition's goes there."""
    names = {each.name for each in dataclasses.fields(Condition)}
    wanted = {key: fields.pop(key) for key in names & fields.keys()}
    condition = Condition(any_of=tuple(any_of), none_of=tuple(none_of), **wanted)
    return Rule(rule_id=rule_id, wanted=condition, **{"channels": ("c",), **fields})


GIANTS = of("giants", companies=frozenset({"alibaba", "tencent"}))


def test_mention_of_a_wanted_company_alerts(make_article):
    """The alert names rule, company, story and article."""
    article = make_article(title="Alibaba grows")

    [alert] = decide([article], [GIANTS], mentions=[mention("a1", "alibaba")])

    assert (alert.rule_id, alert.company_id, alert.topic_id) == ("giants", "alibaba", None)
    assert (alert.story_id, alert.article_id) == ("sa1", "a1")
    assert (alert.title, alert.url) == ("Alibaba grows", "https://x.example/1")
    assert (alert.state, alert.created_at, alert.rules_version) == ("pending", NOON, "w1")


def test_rule_leaves_feeds_out(make_article):
    """Their articles alone: the story speaks through another one's."""
    rule = of(terms=("chips",), not_feeds=frozenset({"noisy"}))
    left_out = make_article(article_id="a1", feed_id="noisy", title="chips", story_id="s1")
    other = make_article(article_id="a2", feed_id="other", title="chips", story_id="s1")

    assert decide([left_out], [rule]) == []
    assert [alert.article_id for alert in decide([left_out, other], [rule])] == ["a2"]


def test_feed_left_out_is_not_forgotten_where_a_rule_waits(make_article):
    """What a story had before counts for a rule that waits, but not from such a feed."""
    rule = of(terms=("chips",), not_feeds=frozenset({"noisy"}), min_publishers=2)
    fields = {"title": "chips", "story_id": "s1"}
    before = {
        key: make_article(article_id=key, feed_id=key, **fields)
        for key in ("noisy", "other")
    }
    told = {"s1": Coverage(publishers=2, languages=frozenset({"en"}))}

    def spoken(feed_id):
        earlier = items_of([before[feed_id]], {}, AlertRules(rules=(rule,)))
        late = make_article(
            article_id="a2", feed_id="noisy", title="weather", story_id="s1"
        )
        found = decide([late], [rule], coverage=told, earlier={"s1": earlier})
        return [alert.article_id for alert in found]

    assert AlertRules(rules=(rule,)).waiting.may_fire((), ())
    assert (spoken("noisy"), spoken("other")) == ([], ["other"])


@pytest.mark.parametrize(
    ("is_about", "fires"), [(True, True), (False, False), (None, False)]
)
def test_rule_may_ask_for_articles_about_a_company(make_article, is_about, fires):
    """``about = true`` leaves out what only names it; without it, a name will do."""
    found = [mention("a1", "alibaba", is_about=is_about)]
    strict = of("giants", companies=GIANTS.wanted.companies, about=True)

    assert bool(decide([make_article()], [strict], mentions=found)) is fires
    assert decide([make_article()], [GIANTS], mentions=found)


@pytest.mark.parametrize(
    ("role", "roles", "fires"),
    [
        ("subject", {}, True),
        ("named", {}, True),
        (None, {}, True),
        ("aside", {}, False),
        ("place", {}, False),
        ("byline", {}, False),
        ("place", {"roles": frozenset({"place"})}, True),
        ("subject", {"roles": frozenset({"place"})}, False),
    ],
)
def test_a_company_counts_for_a_rule_by_its_role(make_article, role, roles, fires):
    """Owner, place and signature fire nothing, unless a rule asks for them."""
    rule = of(companies=GIANTS.wanted.companies, **roles)
    found = [mention("a1", "alibaba", role=role)]

    assert bool(decide([make_article()], [rule], mentions=found)) is fires


def test_rule_may_leave_people_out(make_article):
    """A person stands for the company, unless a rule wants the company itself named."""
    found = [mention("a1", "alibaba", via="person", role="subject")]
    strict = of(companies=GIANTS.wanted.companies, via=frozenset({"alias"}))

    assert decide([make_article()], [GIANTS], mentions=found)
    assert not decide([make_article()], [strict], mentions=found)


@pytest.mark.parametrize(("is_on_beat", "fires"), [(True, 1), (None, 1), (False, 0)])
def test_rule_may_ask_for_the_beat(make_article, is_on_beat, fires):
    """What an earlier release tagged is taken for news of the beat."""
    article = make_article(title="chips", is_on_beat=is_on_beat)

    assert len(decide([article], [of(terms=("chips",), on_beat=True)])) == fires
    assert len(decide([article], [of(terms=("chips",))])) == 1


@pytest.mark.parametrize(
    ("weight", "score", "fires"),
    [(5, None, 1), (None, None, 1), (4, 2.0, 0), (5, 0.0, 1), (8, -0.1, 0)],
)
def test_rule_may_ask_for_reports(make_article, weight, score, fires):
    """A question or an essay fires nothing; what was not weighed yet is believed."""
    article = make_article(title="chips", headline_weight=weight, report_score=score)

    assert len(decide([article], [of(terms=("chips",), reports=True)])) == fires
    assert len(decide([article], [of(terms=("chips",))])) == 1


def test_later_article_may_be_about_what_an_earlier_one_named(make_article):
    """A story that began with an aside still alerts when somebody tells it in full."""
    aside = make_article(article_id="a1", published_at=NOON - HOUR, story_id="s1")
    told = make_article(article_id="a2", published_at=NOON, story_id="s1")
    found = [
        mention("a1", "alibaba", is_about=False),
        mention("a2", "alibaba", is_about=True),
    ]

    strict = of(companies=GIANTS.wanted.companies, about=True)
    [alert] = decide([aside, told], [strict], mentions=found)

    assert alert.article_id == "a2"


XIAOPENG = of("xiaopeng", people=frozenset({"He Xiaopeng", "何小鹏"}))


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
    rule = of(
        "r",
        people=frozenset({"王兴"}),
        namesakes=frozenset({"王兴兴", "阿王兴"}),
    )

    assert bool(decide([make_article(title=title)], [rule])) is fires


def test_name_of_three_words_may_be_turned(make_article):
    """Shou Zi Chew is Chew Shou Zi at home."""
    rule = of("r", people=frozenset({"Shou Zi Chew"}))

    assert decide([make_article(title="Chew Shou Zi testifies")], [rule])


def test_story_of_two_companies_is_one_alert(make_article):
    """It names both, the one it is about first, then the one named first."""
    found = [
        mention("a1", "tencent", start=3),
        mention("a1", "alibaba", "summary", is_about=True),
        mention("a1", "baidu"),
    ]

    [alert] = decide([make_article()], [GIANTS], mentions=found)

    assert alert.company_id == "alibaba"
    assert alert.companies == ("alibaba", "tencent")


def test_earliest_article_of_a_batch_speaks_for_its_story(make_article):
    """One alert a story, whatever order the articles came in."""
    late = make_article(article_id="a1", published_at=NOON)
    early = make_article(article_id="a2", published_at=NOON - HOUR)
    found = [mention("a1", "alibaba"), mention("a2", "alibaba")]

    [alert] = decide([late, early], [GIANTS], mentions=found)

    assert alert.article_id == "a2"


TOLD = {("giants", "sa1"): Told(alert_id="al1", companies=frozenset({"alibaba"}))}


def test_alerted_story_is_silent(make_article):
    """Rule and story: never twice."""
    found = [mention("a1", "alibaba", is_about=True)]

    assert decide([make_article()], [GIANTS], mentions=found, told=TOLD) == []


@pytest.mark.parametrize(
    ("known", "fields"),
    [
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
    rule = of(
        "deep",
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
    rule = of("r", companies=frozenset({"alibaba"}), **condition)

    alerts = decide(
        [article],
        [rule],
        mentions=[mention("a1", "alibaba")],
        tags=[tag("a1", "ai-models")],
        coverage={"sa1": Coverage(publishers=2)},
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
    rule = of("r", terms=(term,))

    assert bool(decide([make_article(title=title)], [rule])) == is_found


def test_rule_without_companies_alerts_once_a_story(make_article):
    """Its alerts name no company; the topic is the one the article is most about."""
    rule = of("policy", topics=frozenset({"a", "b", "c"}))
    articles = [make_article(article_id=key) for key in ("a1", "a2")]
    scores = {"a": 1.0, "b": 2.0, "x": 9.0}
    tags = [tag("a1", topic, score=score) for topic, score in scores.items()]
    tags.append(tag("a2", "a"))

    [alert] = decide(articles, [rule], tags=tags, mentions=[mention("a1", "alibaba")])

    assert (alert.company_id, alert.topic_id) == (None, "b")
    told = {("policy", "sa1"): Told(alert_id="al1")}
    assert decide(articles, [rule], tags=tags, told=told) == []


def test_later_article_that_brings_the_second_publisher_fires(make_article):
    """A story below ``min_publishers`` is not lost, only waited for."""
    rule = of("r", companies=frozenset({"alibaba"}), min_publishers=2)
    found = [mention("a1", "alibaba"), mention("a2", "alibaba")]

    one, two = ({"sa1": Coverage(publishers=n)} for n in (1, 2))
    first = decide([make_article()], [rule], mentions=found, coverage=one)
    later = decide([make_article(article_id="a2")], [rule], mentions=found, coverage=two)

    assert first == []
    assert [alert.article_id for alert in later] == ["a2"]


def test_second_outlet_fires_though_only_the_first_names_the_company(make_article):
    """What the story had before counts, for a rule that waited for outlets only."""
    waiting = of("waiting", companies=frozenset({"alibaba"}), min_publishers=2)
    found = by_article([mention("a1", "alibaba")])
    earlier = items_of([make_article()], found, AlertRules())
    known = {
        "coverage": {"sa1": Coverage(publishers=2)},
        "earlier": {"sa1": earlier},
    }

    [alert] = decide([make_article(article_id="a2")], [GIANTS, waiting], **known)

    assert (alert.rule_id, alert.article_id) == ("waiting", "a1")


STEPS = of(
    "giants",
    companies=GIANTS.wanted.companies,
    updates=Updates(publishers=(3, 7), languages=True),
)
ONE = Told(
    alert_id="al1",
    publishers=1,
    languages=frozenset({"en"}),
    companies=frozenset({"alibaba"}),
)


@pytest.mark.parametrize(
    ("told", "publishers", "languages", "step"),
    [
        pytest.param({}, 2, {"en"}, None, id="nothing new"),
        pytest.param({}, 3, {"en"}, "publishers:3", id="first step"),
        pytest.param({}, 9, {"en"}, "publishers:9", id="both steps at once"),
        pytest.param({"publishers": 3}, 6, {"en"}, None, id="between steps"),
        pytest.param({"publishers": 3}, 7, {"en"}, "publishers:7", id="second step"),
        pytest.param({"publishers": 8}, 20, {"en"}, None, id="no step is left"),
        pytest.param({}, 2, {"en", "zh"}, "language:zh", id="another language"),
        pytest.param({}, 3, {"en", "zh"}, "publishers:3 language:zh", id="both"),
        pytest.param({"is_open": False}, 9, {"en", "zh"}, None, id="over"),
    ],
)
def test_update_comes_at_the_steps_of_the_rule(
    make_article, told, publishers, languages, step
):
    """The article need not name the company: it is the story that grows."""
    coverage = Coverage(publishers=publishers, languages=frozenset(languages))

    updates = decide(
        [make_article(article_id="a2", language="zh")],
        [STEPS],
        coverage={"sa1": coverage},
        told={("giants", "sa1"): replace(ONE, **told)},
    )

    assert [alert.step for alert in updates] == ([step] if step else [])
    for alert in updates:
        assert (alert.updates_alert_id, alert.phase) == ("al1", None)
        assert (alert.state, alert.publishers) == ("pending", publishers)


@pytest.mark.parametrize(
    ("company", "about", "world", "step"),
    [
        pytest.param("tencent", True, {}, "company:tencent", id="about another"),
        pytest.param("tencent", False, {}, None, id="names another"),
        pytest.param("alibaba", True, {}, None, id="the same"),
        pytest.param(
            "tencent", True, {"roots": {"tencent": "alibaba"}}, None, id="of its group"
        ),
    ],
)
def test_company_that_a_story_turns_out_to_be_about_is_told(
    make_article, company, about, world, step
):
    """Whoever follows it must hear of it, though the rule spoke of another before."""
    updates = decide(
        [make_article(article_id="a2")],
        [GIANTS],
        mentions=[mention("a2", company, is_about=about)],
        told={("giants", "sa1"): ONE},
        world=world,
    )

    assert [alert.step for alert in updates] == ([step] if step else [])
    assert all(alert.companies == (company,) for alert in updates)


def test_update_has_an_id_of_its_step(make_article):
    """Decided again, it is the same one; at the next step, another."""
    found = [
        decide(
            [make_article(article_id=article)],
            [STEPS],
            coverage={"sa1": Coverage(publishers=publishers)},
            told={("giants", "sa1"): ONE},
        )
        for article, publishers in (("a2", 3), ("a3", 4), ("a4", 7))
    ]

    [[first], [again], [other]] = found
    assert first.alert_id == again.alert_id
    assert other.alert_id != first.alert_id


@pytest.mark.parametrize(("crossed", "fires"), [({"a1"}, True), (set(), False)])
def test_crossing_fires_on_the_first_article_in_another_language(
    make_article, crossed, fires
):
    """A rule of that kind waits for the story to be told elsewhere."""
    rule = of(kind="crossing", languages=frozenset({"en"}))
    coverage = {"sa1": Coverage(publishers=2, crossed_by=frozenset(crossed))}

    alerts = decide([make_article(language="en")], [rule], coverage=coverage)

    assert bool(alerts) is fires


def test_official_act_is_one_of_an_official_feed(make_article):
    """What a ministry says is another thing than what is said of it."""
    rule = of(
        kind="official",
        companies=GIANTS.wanted.companies,
        feed_kinds=frozenset({"official", "regulator"}),
    )
    found = [mention("a1", "alibaba")]
    kinds = {"feed_kinds": {"sample": "regulator"}}

    assert decide([make_article()], [rule], mentions=found) == []
    assert decide([make_article()], [rule], mentions=found, world=kinds)
    told = make_article(title="专家解读：阿里巴巴案")
    assert decide([told], [rule], mentions=found, world=kinds) == []


EITHER = of(
    any_of=[
        Condition(companies=frozenset({"alibaba"})),
        Condition(terms=("chips",), none_of=(Condition(terms=("potato",)),)),
    ],
    none_of=[Condition(topics=frozenset({"sports"}))],
)


@pytest.mark.parametrize(
    ("title", "company", "topic", "companies", "term"),
    [
        ("Alibaba grows", "alibaba", "x", ("alibaba",), "alibaba"),
        ("Chips from afar", "baidu", "x", (), "chips"),
        ("Potato chips", "baidu", "x", None, None),
        ("Nothing of this", "baidu", "x", None, None),
        ("Alibaba wins the cup", "alibaba", "sports", None, None),
    ],
)
def test_conditions_combine(make_article, title, company, topic, companies, term):
    """Any of these, none of those; the alert says which company and word it was."""
    alerts = decide(
        [make_article(title=title)],
        [EITHER],
        mentions=[mention("a1", company)],
        tags=[tag("a1", topic)],
    )

    assert [(a.companies, a.term) for a in alerts] == (
        [] if companies is None else [(companies, term)]
    )


def measure(article_id="a1", **fields):
    told = {
        "side": "us",
        "actor": "bis",
        "instrument": "entity-list",
        "status": "decided",
        "direction": "tightens",
        "targets": ("smic",),
        "target_class": "chip makers",
        "target_side": "cn",
        "thing": "chips",
        "effective_on": None,
        "amount": None,
        "currency": "",
        "rules_version": "w0",
    }
    return ArticleMeasure(article_id=article_id, **told | fields)


@pytest.mark.parametrize(
    ("asked", "fires", "companies"),
    [
        ({"sides": {"us"}}, True, ()),
        ({"sides": {"cn", "eu"}}, False, ()),
        ({"instruments": {"tariff", "entity-list"}, "things": {"chips"}}, True, ()),
        ({"statuses": {"proposed"}}, False, ()),
        ({"targets": {"smic", "ymtc"}}, True, ("smic",)),
        ({"targets": {"ymtc"}}, False, ()),
        ({"targets": {"ymtc"}, "target_sides": {"cn"}}, True, ()),
        ({"sides": {"us"}, "target_sides": {"us"}}, False, ()),
    ],
)
def test_rule_on_measures_needs_no_company(make_article, asked, fires, companies):
    """All that is asked for must hold, of each list any value."""
    rule = of(measure=MeasureFilter(**{k: frozenset(v) for k, v in asked.items()}))
    found = [mention("a1", "smic"), mention("a1", "huawei")]

    alerts = decide([make_article()], [rule], mentions=found, measures=[measure()])
    others = decide([make_article()], [rule], mentions=found)

    assert [alert.companies for alert in alerts] == [companies] * fires
    assert others == []


def test_rule_leaves_out_what_tells_of_a_measure(make_article):
    """Not what tells of another, or of none."""
    asked = MeasureFilter(sides=frozenset({"us"}))
    rule = of(terms=("chips",), none_of=[Condition(measure=asked)])
    article = make_article(title="chips")

    def fires(*told):
        return bool(decide([article], [rule], measures=told))

    assert not fires(measure())
    assert fires(measure(side="cn"))
    assert fires()


RUMOUR = Settled(claim_id="c0", story_id="s1", subject="alibaba", outcome="denied")
RUMOUR_TOLD = {("giants", "s1"): Told(alert_id="x1", companies=frozenset({"alibaba"}))}


def outcome_of(make_article, rule=GIANTS, *, told=RUMOUR_TOLD, **fields):
    """Return what is told of a denial, of no company, by a rule that told the rumour."""
    denial = make_article(title="No talks", **{"story_id": "s1"} | fields)
    settled = {"a1": [RUMOUR]}
    alerts = decide([denial], [rule], told=told, settled=settled)
    return [(a.updates_alert_id, a.step, a.state, a.companies) for a in alerts]


def test_what_became_of_what_was_told_is_told(make_article):
    """Once, whatever the rule asks of articles: also when the alert has been resolved."""
    told = [("x1", "denied:c0", "pending", ("alibaba",))]
    resolved = {key: replace(each, is_open=False) for key, each in RUMOUR_TOLD.items()}

    assert outcome_of(make_article) == told
    assert outcome_of(make_article, told=resolved) == told
    # It may be told as a story of its own, which the rule does not fire on.
    assert outcome_of(make_article, story_id="s2") == told


@pytest.mark.parametrize(
    ("rule", "told", "fields"),
    [
        pytest.param(GIANTS, {}, {}, id="it was not told"),
        pytest.param(
            GIANTS,
            {("giants", "s1"): Told(alert_id="x1", is_sent=False)},
            {},
            id="it was held back",
        ),
        pytest.param(
            replace(GIANTS, updates=Updates(outcomes=frozenset({"confirmed"}))),
            RUMOUR_TOLD,
            {},
            id="nobody asked for denials",
        ),
        pytest.param(
            of("giants", terms=("x",), not_feeds=frozenset({"sample"})),
            RUMOUR_TOLD,
            {},
            id="a feed that the rule leaves out",
        ),
        pytest.param(
            GIANTS, RUMOUR_TOLD, {"published_at": NOON - 9000 * HOUR}, id="a year old"
        ),
    ],
)
def test_outcome_that_nobody_asked_for_is_not_told(make_article, rule, told, fields):
    """A rule speaks of what it told itself, in time, as it says."""
    assert outcome_of(make_article, rule, told=told, **fields) == []


def test_outcome_of_one_batch_follows_the_alert(make_article):
    """A rumour and its denial in one minute are both told; a denial alone is one alert."""
    rumour = make_article(
        article_id="a0", story_id="s1", title="In talks", headline_weight=9
    )
    denial = make_article(
        article_id="a1", story_id="s1", title="No talks", headline_weight=1
    )
    found = [mention("a0", "alibaba"), mention("a1", "alibaba")]

    def said(articles):
        settled = {"a1": [RUMOUR]}
        alerts = decide(articles, [GIANTS], mentions=found, settled=settled)
        return [(a.article_id, a.step) for a in alerts], alerts

    both, [first, second] = said([rumour, denial])

    assert both == [("a0", ""), ("a1", "denied:c0")]
    assert second.updates_alert_id == first.alert_id
    assert said([replace(rumour, headline_weight=0), denial])[0] == [("a1", "")]


def test_turn_that_settles_says_so_in_one_alert(make_article):
    """It is told with its outcome; held back by a cooldown, the outcome goes alone."""
    articles, found, affairs = turns_of(make_article, "s2")
    known = {
        "mentions": found,
        "affairs": affairs,
        "told": RUMOUR_TOLD,
        "threads": {("giants", "s1-alibaba"): "x1"},
        "settled": {"a1": [RUMOUR]},
    }
    last = {("giants", "alibaba"): NOON - HOUR}

    [turn] = decide(articles, [GIANTS], **known)
    cooling = replace(GIANTS, cooldown=2 * HOUR)
    held, alone = decide(articles, [cooling], last_alert_at=last, **known)

    assert (turn.step, turn.opens_story) == ("turn denied:c0", True)
    assert (held.step, held.state) == ("turn", "suppressed")
    assert (alone.step, alone.state, alone.opens_story) == ("denied:c0", "pending", False)


WORDS = ["chips", "potato", "马云", "he xiaopeng", "AI", "cloud"]
ASKED = [Words(word.lower()) for word in WORDS]
conditions = st.recursive(
    st.builds(
        Condition,
        companies=st.frozensets(st.sampled_from(["alibaba", "tencent"]), max_size=1),
        topics=st.frozensets(st.sampled_from(["a", "b"]), max_size=1),
        terms=st.lists(st.sampled_from(WORDS), max_size=2).map(tuple),
        people=st.frozensets(st.sampled_from(["He Xiaopeng", "马云"]), max_size=1),
        feeds=st.frozensets(st.sampled_from(["sample", "other"]), max_size=1),
        not_feeds=st.frozensets(st.sampled_from(["sample", "other"]), max_size=1),
        feed_kinds=st.frozensets(st.sampled_from(["news", "official"]), max_size=1),
        search=st.none()
        | st.builds(
            SearchQuery,
            terms=st.lists(
                st.sampled_from(
                    [*(Words(w.lower()) for w in WORDS), Name("x", ("tencent", "baidu"))]
                ),
                max_size=2,
            ).map(tuple),
            filters=st.builds(
                SearchFilters,
                companies=st.sampled_from([(), ("alibaba", "baidu")]),
                topics=st.sampled_from([(), ("a", "b")]),
            ),
        ),
        measure=st.none()
        | st.builds(
            MeasureFilter,
            sides=st.frozensets(st.sampled_from(["us", "cn"]), max_size=1),
            targets=st.frozensets(st.sampled_from(["alibaba", "smic"]), max_size=1),
        ),
        fields=st.sampled_from([("title",), ("title", "summary", "content")]),
    ),
    lambda inner: st.builds(
        Condition, any_of=st.lists(inner, max_size=3).map(tuple), none_of=st.tuples(inner)
    ),
    max_leaves=4,
)


@given(
    wanted=st.lists(conditions, min_size=1, max_size=6),
    title=st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join),
    content=st.lists(st.sampled_from(WORDS), max_size=3).map("，".join),
    company=st.sampled_from(["alibaba", "tencent", "baidu"]),
    topic=st.sampled_from(["a", "b", "c"]),
    side=st.sampled_from(["us", "eu", None]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_look_up_misses_no_rule(make_article, wanted, title, content, company, topic, side):
    """Rules that are not tried on an article would not have fired on it."""
    rules = [Rule(rule_id=f"r{n}", wanted=each) for n, each in enumerate(wanted)]
    alerts = AlertRules(rules=tuple(rules))
    article = make_article(title=title, content=content)
    [item] = items_of(
        [article],
        by_article(
            [mention("a1", company)],
            [tag("a1", topic)],
            [measure(side=side)] if side else [],
        ),
        alerts,
    )

    tried = alerts.index.candidates(item)

    assert [r for r in tried if holds(r.wanted, item)] == [
        r for r in rules if holds(r.wanted, item)
    ]


def test_rehearsal_tells_what_the_warehouse_would(make_article):
    """Batch by batch: one alert, then an update when the third outlet tells the story."""
    rehearsal = Rehearsal(rules=AlertRules(rules=(STEPS,)), rules_version="w1")
    steps = []
    for n in range(4):
        article = make_article(article_id=f"a{n}", story_id="s1", publisher=f"p{n}")
        found = by_article([mention(f"a{n}", "alibaba")]) if n == 1 else {}
        items = items_of([article], found, rehearsal.rules)
        coverage = {"s1": Coverage(publishers=n + 1, languages=frozenset({"en"}))}
        found = rehearsal.take(items, coverage, now=NOON)
        steps.append([alert.step for alert in found])

    assert steps == [[], [""], ["publishers:3"], []]


COOLING = of("giants", companies=frozenset({"alibaba"}), cooldown=HOUR)


def turns_of(make_article, *stories):
    """Return articles, an hour apart, of stories that are turns of one affair."""
    articles = [
        make_article(article_id=f"a{n}", story_id=story, published_at=NOON - HOUR * (9 - n))
        for n, story in enumerate(stories, 1)
    ]
    mentions = [mention(article.article_id, "alibaba") for article in articles]
    return articles, mentions, dict.fromkeys(stories, ("s1-alibaba",))


def test_further_turn_of_an_affair_is_an_update_of_its_alert(make_article):
    """Within a batch as in a later one; each rule has a thread of its own."""
    articles, found, affairs = turns_of(make_article, "s1", "s2")
    late = of("late", companies=GIANTS.wanted.companies, channels=("d",))

    first, turn = decide(articles, [GIANTS], mentions=found, affairs=affairs)
    later = decide(
        articles[1:],
        [GIANTS, late],
        mentions=found,
        affairs=affairs,
        threads={("giants", "s1-alibaba"): first.alert_id},
    )

    assert (first.updates_alert_id, first.step, first.phase) == (None, "", "fired")
    assert (turn.updates_alert_id, turn.step, turn.phase) == (first.alert_id, "turn", None)
    assert (turn.story_id, turn.article_id, turn.title) == ("s2", "a2", articles[1].title)
    assert [(a.rule_id, a.updates_alert_id) for a in later] == [
        ("giants", first.alert_id),
        ("late", None),
    ]
    assert later[0].alert_id == turn.alert_id


@pytest.mark.parametrize(
    ("ago", "topic", "follows"),
    [
        pytest.param(timedelta(hours=23), "earnings", "x1", id="the day's results"),
        pytest.param(timedelta(hours=24), "earnings", None, id="a day later"),
        pytest.param(-HOUR, "earnings", None, id="the clock went back"),
        pytest.param(HOUR, "layoffs", None, id="other news"),
    ],
)
def test_a_days_news_of_a_company_is_one_alert(make_article, ago, topic, follows):
    """What else a company's results or launch bring, in whichever story, updates it."""
    rule = of(
        "giants",
        companies=frozenset({"alibaba", "baidu"}),
        topics=frozenset({"earnings", "layoffs"}),
    )
    article = make_article(article_id="a2", story_id="s2")

    [alert] = decide(
        [article],
        [rule],
        mentions=[mention("a2", "alibaba")],
        tags=[tag("a2", topic)],
        news={
            ("giants", "alibaba", "earnings"): ("x1", NOON - ago),
            ("other", "alibaba", topic): ("x2", NOON),
            ("giants", "baidu", topic): ("x3", NOON),
        },
    )

    assert (alert.updates_alert_id, alert.state) == (follows, "pending")
    assert alert.step == ("turn" if follows else "")


def test_a_batch_and_a_rehearsal_follow_the_news(make_article):
    """Of two stories at once the later updates the earlier, and so do those after it."""
    rule = replace(GIANTS, wanted=replace(GIANTS.wanted, topics=frozenset({"earnings"})))
    articles, found, _ = turns_of(make_article, "s1", "s2", "s3")
    tags = [tag(article.article_id, "earnings") for article in articles]
    rules = AlertRules(rules=(rule,))
    rehearsal = Rehearsal(rules=rules, rules_version="w1")
    items = items_of(articles, by_article(found, tags), rules)

    first, *turns = rehearsal.take(items[:2], {}, now=NOON)
    turns += rehearsal.take(items[2:], {}, now=NOON + HOUR)
    other = replace(items[0].article, article_id="a9", story_id="s9")
    late = replace(items[0], article=other)
    [next_day] = rehearsal.take([late], {}, now=NOON + timedelta(hours=24))

    assert [alert.updates_alert_id for alert in turns] == [first.alert_id] * 2
    assert next_day.updates_alert_id is None


def test_what_a_turn_brings_later_updates_the_same_alert(make_article):
    """A story told as a turn is told once, and then at the steps of the rule."""
    articles, found, affairs = turns_of(make_article, "s2")
    rule = replace(GIANTS, updates=Updates(publishers=(3,)))
    told = {("giants", "s2"): Told(alert_id="x1", companies=frozenset({"alibaba"}))}

    def said(publishers):
        return decide(
            articles,
            [rule],
            mentions=found,
            affairs=affairs,
            threads={("giants", "s1-alibaba"): "x1"},
            told=told,
            coverage={"s2": Coverage(publishers=publishers)},
        )

    assert said(2) == []
    assert [(a.updates_alert_id, a.step) for a in said(3)] == [("x1", "publishers:3")]


def test_cooldown_holds_a_turn_too_and_begins_no_thread(make_article):
    """Who asked for quiet has it; nobody hears of an update of what was held back."""
    articles, found, affairs = turns_of(make_article, "s1", "s2")
    rule = replace(GIANTS, cooldown=2 * HOUR)
    last = {("giants", "alibaba"): NOON - HOUR}
    threads = {("giants", "s1-alibaba"): "x1"}

    held = decide(articles, [rule], mentions=found, affairs=affairs, last_alert_at=last)
    turns = decide(
        articles,
        [rule],
        mentions=found,
        affairs=affairs,
        last_alert_at=last,
        threads=threads,
    )

    assert [(a.state, a.updates_alert_id) for a in held] == [("suppressed", None)] * 2
    assert [(a.state, a.updates_alert_id) for a in turns] == [("suppressed", "x1")] * 2


@pytest.mark.parametrize(("on_beat", "said"), [(False, []), (None, ["en"]), (True, ["en"])])
def test_another_language_counts_where_it_tells_of_the_beat(make_article, on_beat, said):
    """A rule on the beat is not updated by what only resembles its story."""
    rule = of(
        companies=frozenset({"alibaba"}), on_beat=True, updates=Updates(languages=True)
    )
    told = Told(alert_id="x1", languages=frozenset({"zh"}))

    found = decide(
        [make_article(language="en", is_on_beat=on_beat)],
        [rule],
        told={("r", "sa1"): told},
        coverage={"sa1": Coverage(languages=frozenset({"zh", "en"}))},
    )

    assert [alert.step for alert in found] == [f"language:{each}" for each in said]


def test_rehearsal_remembers_affairs(make_article):
    """A backtest tells turns as the warehouse does."""
    articles, found, affairs = turns_of(make_article, "s1", "s2")
    rules = AlertRules(rules=(GIANTS,))
    rehearsal = Rehearsal(rules=rules, rules_version="w1")

    said = [
        alert
        for item in items_of(articles, by_article(found), rules)
        for alert in rehearsal.take([item], {}, now=NOON, affairs=affairs)
    ]

    assert [alert.updates_alert_id for alert in said] == [None, said[0].alert_id]


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


@pytest.mark.parametrize(
    ("days", "state", "by"), [(1, "suppressed", True), (0, "pending", False)]
)
def test_a_rule_is_muted_until_a_day(make_article, days, state, by):
    """What it would send is kept and says why; on the day itself it speaks again."""
    until = NOON.date() + days * timedelta(days=1)
    rule = replace(COOLING, mute_until=until)
    [alert] = decide([make_article()], [rule], mentions=[mention("a1", "alibaba")])

    assert alert.state == state
    assert alert.muted_by == (f"mute_until {until}" if by else None)


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
    rule = of("r", companies=frozenset({"alibaba"}), channels=("a", "b"))
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
