"""Headlines of two scripts meet by their firm, and stories by half of both."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from builders import shipped_beat

from transforms.articles.reader import companies_of, keys_of, title_names
from transforms.models import Mention, TitleName
from transforms.models.measures import act_on_another
from transforms.stories import cluster
from transforms.stories.candidates import CROWD, MOST, OF_ACTOR
from transforms.stories.cluster import VOTERS, Recent, assign_stories
from transforms.stories.features import actor_keys

LEXICON = shipped_beat().concepts
NOON = datetime(2026, 8, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ENGLISH = "Lumo to build battery plant in Hungary"
CHINESE = "陆墨宣布在匈牙利建设电池工厂"


def mentions(article_id, companies):
    return [
        Mention(article_id, company, "title", company, 0, 1, "test")
        for company in companies
    ]


@pytest.fixture
def told(make_article):
    """Build an article as its reader leaves it, on the beat, with its firms."""
    count = iter(range(1, 1_000_000))

    def make(title, *companies, hours=0.0, on_beat=True, **fields):
        article_id = f"a{next(count):06}"
        language = "en" if title.isascii() else "zh"
        found = mentions(article_id, companies)
        keys = keys_of(title, found, LEXICON, language=language, is_on_beat=on_beat)
        return make_article(
            article_id=article_id,
            title=title,
            language=language,
            is_on_beat=on_beat,
            published_at=NOON + hours * HOUR,
            story_keys=keys,
            story_id="",
            **fields,
        ), frozenset(companies)

    return make


def assigned(told, *acts):
    """Assign articles with their firms and acts; return the story of each, in order."""
    companies = {article.article_id: named for article, named in told}
    of = {a.article_id: act for (a, _), act in zip(told, acts, strict=False) if act}
    made = assign_stories(
        [article for article, _ in told], companies, {}, Recent(), LEXICON, acts=of
    )
    return [made.stories[article.article_id] for article, _ in told]


@pytest.fixture
def compared(monkeypatch):
    """Count the pairs that are compared, and those that are looked at."""
    counts = {"compared": 0, "seen": 0}

    def count(name, function):
        def counting(*args, **options):
            counts[name] += 1
            return function(*args, **options)

        return counting

    monkeypatch.setattr(cluster, "match", count("compared", cluster.match))
    monkeypatch.setattr(cluster, "worth_reading", count("seen", cluster.worth_reading))
    return counts


def test_headlines_on_one_firm_meet_across_languages(told):
    """They share no written sign and no pair of names, but the firm is a key."""
    english, chinese = told(ENGLISH, "lumo"), told(CHINESE, "lumo", hours=5)
    # No other key brings the two together here.
    english, chinese = (
        (replace(article, story_keys=article.story_keys[-1:]), named)
        for article, named in (english, chinese)
    )

    first, second = assigned([english, chinese])

    assert first == second


def test_off_the_beat_a_firm_brings_nobody_together(told):
    """Firms of the whole world are in too many headlines."""
    article, _ = told(ENGLISH, "lumo", on_beat=False)
    on_beat, _ = told(ENGLISH, "lumo")

    assert set(article.story_keys) < set(on_beat.story_keys)
    assert cluster.meeting_keys(article, {"lumo"}, LEXICON) == ()
    assert len(cluster.meeting_keys(on_beat, {"lumo"}, LEXICON)) > 0


def test_a_rare_thing_brings_headlines_together_where_one_names_no_firm(told):
    """An act of a state is told by what it is on; the state's body stands in one only."""
    english, chinese = (
        told("China bans retractable car door handles"),
        told("新国标：汽车不再使用隐藏式门把手", "miit", hours=3),
    )

    assert set(cluster.meeting_keys(*english, LEXICON)) & set(chinese[0].story_keys)
    assert not set(cluster.meeting_keys(*told("China bans cars"), LEXICON)) & set(
        told("中国禁止汽车")[0].story_keys
    )


LISTED = act_on_another("cn", "jp", "tightens", "export-control", "decided", "", ())


@pytest.mark.parametrize(
    ("other", "is_one"),
    [
        ({}, True),
        ({"thing": "chips", "targets": ("lumo",)}, True),
        ({"direction": "eases"}, False),
        ({"target_side": "us"}, False),
        ({"side": "us"}, False),
        ({"instrument": "tariff"}, False),
        (None, False),
    ],
)
def test_one_act_of_a_state_on_another_is_told_in_two_languages(told, other, is_one):
    """Neither names a firm in both, and no verb agrees: the act is what they share."""
    english = told("China adds 12 Japanese firms to export control list")
    chinese = told("商务部将12家日本实体列入出口管制管控名单", "mofcom", hours=2)
    act = None if other is None else LISTED._replace(**other)

    first, second = assigned([english, chinese], LISTED, act)

    assert (first == second) is is_one


@pytest.mark.parametrize(
    ("mine", "other"),
    [
        ({"thing": "chips"}, {"thing": "drones"}),
        ({"targets": ("lumo", "nio")}, {"targets": ("byd",)}),
    ],
)
def test_acts_on_other_things_or_firms_are_two(mine, other):
    """Where one leaves out the thing or the firms, it may be one act."""
    assert LISTED.may_be(LISTED._replace(**mine))
    assert not LISTED._replace(**mine).may_be(LISTED._replace(**other))


@pytest.mark.parametrize(
    ("side", "target_side", "status"),
    [
        ("cn", "cn", "decided"),
        ("cn", "", "decided"),
        ("us", "all", "decided"),
        ("other", "cn", "decided"),
        ("us", "other", "decided"),
        ("us", "cn", "answered"),
    ],
)
def test_what_is_no_act_of_one_state_on_another(side, target_side, status):
    """Plans at home, what hits everybody, two of many others, and answers."""
    assert act_on_another(side, target_side, "tightens", "ban", status, "", ()) is None


def test_a_story_known_in_each_language_becomes_one(told):
    """Each side told it at once; a later headline of either is like both."""
    known = [
        told("Lumo unveils battery plant in Hungary", "lumo", hours=-8),
        told("陆墨宣布在匈牙利建设电池工厂", "lumo", hours=-7),
        told("陆墨宣布匈牙利建设电池工厂", "lumo", hours=-6),
        told(ENGLISH, "lumo"),
    ]

    assert len(set(assigned(known))) == 1


def test_stories_meet_where_half_of_each_agree():
    """One headline that is like one of the other story does not join six to six."""

    def heads(*titles):
        return [
            cluster.StoryHeadline("s", title, frozenset({"lumo"}), NOON, "", (), LEXICON)
            for title in titles
        ]

    agree = heads(CHINESE, "陆墨匈牙利电池工厂落成")
    other = heads(CHINESE, "陆墨起诉前员工窃密", "陆墨一季度净利润增长")
    english = heads(ENGLISH)

    assert cluster.agree(agree, english)
    assert cluster.agree(english, other)
    assert not cluster.agree(other, english)
    assert not cluster.agree([], english)


def test_a_story_has_few_voters(told):
    """A thousand copies vote as a few do."""
    stories = cluster._Stories({}, LEXICON)
    for story_id, title in (("s1", ENGLISH), ("s2", ENGLISH), ("s3", CHINESE)):
        for hour in range(20):
            head = cluster.StoryHeadline(
                story_id, title, frozenset(), NOON + hour * HOUR, "", (), LEXICON
            )
            stories.add(head, (), is_chinese=title == CHINESE)
    before = len(stories.voters["s1"])
    stories._merge("s1", "s2")
    stories._merge("s1", "s3")

    assert before == VOTERS
    assert len(stories.voters[stories.current("s1")]) == 2 * VOTERS


BAD = [
    pytest.param(["Lumo " + "opens a plant in Hungary " * 20] * 2, id="500 characters"),
    pytest.param(["🚀🚀🚀", "🎉🎉", "🚀"], id="emoji"),
    pytest.param(["Lumo", "陆墨", "Лумо"], id="one word"),
    pytest.param(
        [
            "Lumo 陆墨 Лумо 루모 لومو opens a plant",
            "Лумо 루모 لومو 陆墨 Lumo sues a rival",
        ],
        id="five scripts",
    ),
    pytest.param(["12 34 56 78 90", "12 34 56 78 91", "1 2 3 4"], id="numbers alone"),
    pytest.param(["", " ", "\u200b"], id="nothing"),
]


@pytest.mark.parametrize("titles", BAD)
def test_odd_headlines_have_stories_and_join_only_their_like(told, titles):
    """Whatever a publisher writes; what is equal word by word may be one."""
    stories = assigned([told(title, "lumo", hours=n) for n, title in enumerate(titles)])

    by_story = {}
    for title, story in zip(titles, stories, strict=True):
        by_story.setdefault(story, set()).add(title)
    assert all(len(found) == 1 for found in by_story.values())


def test_a_thousand_copies_in_a_minute(told, compared):
    """One story, and each is compared with a few of the others."""
    copies = [
        told(ENGLISH, "lumo", hours=n / 60_000, publisher=f"p{n}") for n in range(1000)
    ]

    assert len(set(assigned(copies))) == 1
    assert compared["compared"] <= 10 * len(copies)


def test_stories_that_do_not_agree_are_asked_once(told, compared):
    """Each headline is like both of two crowds, whose own headlines differ."""
    english = [
        told(f"{ENGLISH} and sues rival{n}", "lumo", hours=n / 60) for n in range(60)
    ]
    chinese = [told(f"{CHINESE}并起诉对手{n}号", "lumo", hours=n / 60) for n in range(60)]

    assigned([*english, *chinese])

    assert compared["compared"] <= 120 * (MOST + CROWD + OF_ACTOR)


def test_two_outlets_that_publish_each_others_ids(told):
    """An id is a name and no evidence: titles decide, whoever bears it."""
    titles = (ENGLISH, "Orbit sues a former engineer over patents")
    ours = [
        told(title, firm) for title, firm in zip(titles, ("lumo", "orbit"), strict=True)
    ]
    theirs = [
        (replace(article, title=title), firm)
        for (article, _), title, (_, firm) in zip(
            ours, reversed(titles), reversed(ours), strict=True
        )
    ]

    for batch in (ours, theirs, [*ours, *theirs]):
        assert len(set(assigned(batch))) == 2


def test_a_clock_a_year_off_joins_nothing(told):
    """The same words a year later are another event."""
    now, late = told(ENGLISH, "lumo"), told(CHINESE, "lumo", hours=365 * 24)

    first, second = assigned([now, late])

    assert first != second


@pytest.mark.slow
def test_ten_thousand_headlines_on_one_firm(told, compared):
    """What is compared grows with the headlines, not with their square."""
    dice = random.Random(7)
    words = [f"{a}{b}" for a in ("har", "lum", "ort", "vel", "kan") for b in "abcdefghij"]
    signs = [chr(0x4E00 + 37 * n) for n in range(200)]

    def title(number):
        if number % 2:
            return "陆墨" + "".join(dice.sample(signs, 12))
        return "Lumo " + " ".join(dice.sample(words, 7))

    day = [told(title(n), "lumo", hours=dice.uniform(0, 72)) for n in range(10_000)]
    assigned(day)

    assert compared["seen"] <= len(day) * (MOST + CROWD + OF_ACTOR)
    assert compared["compared"] <= len(day) * (MOST + CROWD + OF_ACTOR)


def test_who_speaks_for_a_firm_brings_it_to_others():
    """A headline that names a firm by its head alone meets those that name the firm."""
    head, firm = (
        Mention("a1", "lumo", "title", "Ann Lee", 0, 7, "test", via=via)
        for via in ("person", "alias")
    )

    for title, found in (("Ann Lee sells shares", head), ("Lumo sells shares", firm)):
        assert companies_of([found]) == {"lumo"}
        assert title_names([found]) == (TitleName("Ann Lee", "lumo"),)
        keys = keys_of(title, [found], LEXICON, language="en", is_on_beat=True)
        assert set(actor_keys("", ["lumo"], LEXICON, is_chinese=False)) <= set(keys)
