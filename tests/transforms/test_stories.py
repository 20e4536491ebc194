"""Grouping articles about one event, across outlets, scripts and languages."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from builders import shipped_beat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from transforms.models import StoryMember
from transforms.stories.candidates import (
    CROWD,
    MOST,
    RARE,
    glance,
    shortlist,
    worth_reading,
)
from transforms.stories.cluster import Recent, assign_stories
from transforms.stories.features import bridge_keys, features, story_keys
from transforms.stories.pairs.similarity import StoryText, compare

LEXICON = shipped_beat().concepts
_NOBODY = frozenset(), frozenset()
NOON = datetime(2026, 8, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SHARED = Path(__file__).resolve().parents[2].parent / "shared"
PAIRS = SHARED / "gold" / "story_pairs_dev.jsonl"

ONE_EVENT = [
    "Quayside Robotics raises $3.4 billion from harbour fund to build lidar plant",
    "Quayside Robotics raises $3.4 billion to build a lidar plant, sources say",
    "EXCLUSIVE: Harbour fund backs Quayside Robotics' lidar plant with $3.4 billion",
]
OTHERS = [
    "Regulator fines three delivery platforms over rider contracts",
    "石头科技发布新一代扫地机器人，海外收入首超国内",
    "国家超级计算中心公布新系统测试成绩",
]


@pytest.fixture
def article(make_article):
    """Build an article with the keys of its title."""

    def make(number, title, *, hours=0, **fields):
        return make_article(
            article_id=f"a{number}",
            title=title,
            published_at=NOON + hours * HOUR,
            story_keys=story_keys(title),
            story_id="",
            **fields,
        )

    return make


def member(article, story_id, companies=()):
    return StoryMember(
        article_id=article.article_id,
        story_id=story_id,
        title=article.title,
        language=article.language,
        published_at=article.published_at,
        companies=tuple(companies),
    )


def assign(new, companies, known):
    return dict(clustered(new, companies, known).stories)


def clustered(new, companies, known):
    """Assign *new* among headlines *known*, which are found by their keys."""
    known = sorted(known, key=lambda head: head.published_at)
    holders = defaultdict(list)
    for number, head in enumerate(known):
        for key in (
            *story_keys(head.title),
            *bridge_keys(head.title, head.companies, LEXICON),
        ):
            holders[key].append(number)
    new = [_keyed(article, companies.get(article.article_id, ())) for article in new]
    met_by = {article.article_id: shortlist(article.story_keys, holders) for article in new}
    recent = Recent(heads=dict(enumerate(known)), met_by=met_by)
    return assign_stories(new, companies, {}, recent, LEXICON)


def _keyed(article, companies):
    """Return *article* as its reader leaves it: with keys of the companies it names."""
    bridges = bridge_keys(article.title, companies, LEXICON)
    keys = tuple(dict.fromkeys((*article.story_keys, *bridges)))
    return replace(article, story_keys=keys)


def test_keys_are_few_steady_and_unsigned():
    """They are stored and joined on, so they may not change from run to run."""
    keys = story_keys("Alibaba opens a data centre")

    assert keys == story_keys("Alibaba opens a data centre")
    assert 0 < len(keys) <= 12
    assert all(0 <= key < 2**64 for key in keys)
    assert keys[0] == 2942435515228541349


def test_keys_of_old_warehouses_are_todays():
    """Bands of the nearest grams stay what they were, however they are found."""
    assert story_keys("华为发布Mate 80，售价4699元起") == (
        *(1759857924527556327, 12610063823955155050, 6496212731864180901),
        *(4351222501076881306, 8772987061909785910, 2133195712653522527),
        *(3351805532985619956, 7141055624857419933, 1358051878577449519),
    )


@pytest.mark.parametrize("title", ["", "!!!", "\u200b"])
def test_title_without_words_has_no_keys(title):
    """It belongs to nothing."""
    assert story_keys(title) == ()


@given(st.text(max_size=200))
def test_any_title_has_at_most_twelve_keys(title):
    """Whatever a publisher writes, the keys are numbers that fit."""
    keys = story_keys(title)

    assert len(keys) == len(set(keys)) <= 12
    assert all(0 <= key < 2**64 for key in keys)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            "SpaceX revenue to hit $3.4 trillion in 2040",
            "SpaceX 收入将达 3.4 万亿美元",
            id="number",
        ),
        pytest.param("Grok-4.5 is here", "马斯克发布Grok-4.5模型", id="model name"),
        pytest.param("Noam Shazeer joins rival", "Noam Shazeer 跳槽", id="name"),
        pytest.param("軟銀擬投資三星電子", "软银拟投资三星电子", id="script"),
        pytest.param(
            "Прорыв в квантовых вычислениях", "прорыв в квантовых вычислениях", id="other"
        ),
    ],
)
def test_keys_meet_across_scripts_and_languages(one, other):
    """Exact signs are written alike before they become keys."""
    assert set(story_keys(one)) & set(story_keys(other))


def test_bridge_keys_are_of_pairs():
    """Two companies in both headlines bring them together, three give three pairs."""
    assert bridge_keys("Roundup", {"alibaba"}, LEXICON) == ()
    two = bridge_keys("Roundup", {"alibaba", "nvidia"}, LEXICON)
    assert len(two) == 1
    assert set(two) < set(bridge_keys("Roundup", {"alibaba", "nvidia", "intel"}, LEXICON))
    assert len(bridge_keys("Roundup", {"a", "b", "c", "d", "e"}, LEXICON)) == 3


def test_bridge_keys_meet_across_languages():
    """What both headlines speak of, in pairs, whatever it is called."""
    english = bridge_keys("Japan to ban helium exports", (), LEXICON)

    assert set(english) & set(bridge_keys("日本将禁止出口氦气", (), LEXICON))
    assert not set(english) & set(bridge_keys("日本将举行大选", (), LEXICON))
    many = "Musk, Altman and Trump talk of oil, gold, chips, robots, wine, Japan and Iran"
    assert len(bridge_keys(many, {"a", "b", "c"}, LEXICON)) <= 9


def test_one_event_is_one_story_and_others_are_their_own(article):
    """The story is called after its oldest article."""
    titles = ONE_EVENT + OTHERS
    new = [article(n, title, hours=n) for n, title in enumerate(titles)]

    stories = assign(new, {}, [])

    assert [stories[f"a{n}"] for n in range(6)] == [
        "sa0",
        "sa0",
        "sa0",
        "sa3",
        "sa4",
        "sa5",
    ]


@given(order=st.permutations(range(6)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_order_of_a_batch_does_not_matter(article, order):
    """Articles come in as feeds answer; stories may not depend on that."""
    new = [article(n, title, hours=n % 3) for n, title in enumerate(ONE_EVENT + OTHERS)]

    assert assign([new[n] for n in order], {}, []) == assign(new, {}, [])


WORDS = sorted({word for title in ONE_EVENT + OTHERS[:1] for word in title.split()})
MADE = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join)
TITLES = MADE | st.sampled_from(ONE_EVENT + OTHERS)


NAMES = st.sets(st.sampled_from(["石头科技", "海外", "国家超级计算中心"])).map(tuple)


@given(one=TITLES, other=TITLES, names=NAMES)
@settings(max_examples=300)
def test_a_glance_passes_over_nothing_that_is_alike(one, other, names):
    """It only spares reading what would have been found to share too little."""
    score = compare(
        StoryText(title=one, names=names),
        StoryText(title=other, names=names),
        LEXICON,
    ).score

    assert (
        worth_reading(glance(one, LEXICON), glance(other, LEXICON), *_NOBODY) or score == 0
    )


def test_a_glance_tells_most_headlines_apart(data_dir):
    """That is what it is for; chance brings the bits of a few pairs together."""
    lines = (data_dir / "tagging_sentences.jsonl").read_text("utf-8").splitlines()
    seen = [glance(json.loads(line)["text"], LEXICON) for line in lines]
    pairs = [(a, b) for a, b in combinations(seen, 2) if a.script == b.script]

    read = [worth_reading(a, b, *_NOBODY) for a, b in pairs]
    assert sum(read) < len(pairs) / 20


@given(title=st.sampled_from(ONE_EVENT + OTHERS), hours=st.integers(-72, 72))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_same_title_within_the_window_joins(article, title, hours):
    """Earlier or later, it is the story that is known already."""
    known = member(article(1, title), "sold")

    assert assign([article(2, title, hours=hours)], {}, [known]) == {"a2": "sold"}


@given(title=st.sampled_from(ONE_EVENT + OTHERS), hours=st.integers(73, 2000))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_same_title_outside_the_window_is_another_story(article, title, hours):
    """A weekly headline is a new event each week."""
    known = member(article(1, title), "sold")

    for later in (hours, -hours):
        assert assign([article(2, title, hours=later)], {}, [known]) == {"a2": "sa2"}


def test_story_keeps_its_name_when_an_older_article_turns_up(article):
    """Ids are in alerts and links, so they stay."""
    known = member(article(2, ONE_EVENT[0]), "sa2")

    assert assign([article(1, ONE_EVENT[1], hours=-5)], {}, [known]) == {"a1": "sa2"}


def test_article_joins_the_story_it_matches_best(article):
    """Not the first that would do."""
    known = [
        member(article(1, "Quayside raises pay of lidar workers", hours=-60), "snear"),
        member(article(2, ONE_EVENT[0]), "stwin"),
    ]

    assert assign([article(3, ONE_EVENT[0])], {}, known) == {"a3": "stwin"}


def test_two_stories_of_one_event_become_the_older(article):
    """Two outlets tell it in other words; a third one's headline is like either."""
    first = member(article(1, ONE_EVENT[1], hours=-3), "solder")
    second = member(article(2, ONE_EVENT[2], hours=-1), "syounger")
    bridge = article(3, ONE_EVENT[0])

    made = clustered([bridge], {}, [first, second])

    assert made.stories == {"a3": "solder"}
    assert made.merged == {"syounger": "solder"}


def test_stories_that_are_not_alike_stay_two(article):
    """One headline like both is not enough, where they are not like each other."""
    first = member(article(1, "Harbour fund raises stake in Quayside lidar unit"), "sone")
    second = member(article(2, "Orchard Games sues Tidewater over engine patents"), "stwo")
    bridge = article(
        3,
        "Harbour fund raises stake in Quayside lidar unit, Orchard Games sues Tidewater "
        "over engine patents",
    )

    assert clustered([bridge], {}, [first, second]).merged == {}


def test_stories_of_one_batch_that_become_one_are_none_to_tell_of(article):
    """Nobody has seen the younger one."""
    new = [article(n, title, hours=n) for n, title in enumerate(ONE_EVENT)]

    made = clustered(new, {}, [])

    assert set(made.stories.values()) == {"sa0"}
    assert made.merged == {}


def test_article_that_is_known_does_not_match_itself(article):
    """A retag gives the whole history anew."""
    same = article(1, ONE_EVENT[0])

    assert assign([same], {}, [member(same, "sold")]) == {"a1": "sa1"}


def test_digest_stays_alone(article):
    """A round-up is of many events; it joins none and starts none."""
    title = "8点1氪：阿里巴巴发布新模型；石头科技海外收入增长；国家超算公布成绩；苹果降价"
    new = [article(1, title, is_digest=True), article(2, title, is_digest=True)]

    assert assign(new, {}, []) == {"a1": "sa1", "a2": "sa2"}


def test_calls_on_results_stay_alone(article):
    """A column in the same words, of which only the firm changes; a report is a story."""
    calls = (
        "Lumo Inc. (LUM) Q2 2026 Earnings Call Transcript",
        "Lumo Q2 Earnings Call Summary",
    )
    told = "Lumo reports record profit for the second quarter"
    new = [article(n, title) for n, title in enumerate((*calls, calls[0], told, told))]

    stories = assign(new, {}, [])

    assert len({stories[f"a{n}"] for n in range(3)}) == 3
    assert stories["a3"] == stories["a4"]


def test_story_does_not_wander(article):
    """Each turn resembles the one before; only the first headlines draw others in."""
    words = [
        f"{a}{b}"
        for a in ("kilo", "mega", "giga", "tera")
        for b in ("rotor", "lamp", "valve", "crane", "pump")
    ]
    titles = [" ".join(words[n : n + 9]) for n in range(12)]
    new = [article(f"{n:02}", title, hours=n) for n, title in enumerate(titles)]

    stories = assign(new, {}, [])

    assert stories["a01"] == stories["a00"]
    assert len(set(stories.values())) >= 4


def test_popular_name_does_not_join_everything(article):
    """Hundreds of headlines that share one name are hundreds of stories."""
    new = [article(n, f"Qianyan unit{n} wins order{n} from port{n}") for n in range(400)]

    assert len(set(assign(new, {}, []).values())) == 400


def test_few_are_compared_however_many_share_a_key():
    """What is compared follows the article, not the day's news; the likest are kept."""
    everyone = list(range(1000))
    holders = {1: everyone, 2: everyone, 3: [5, *range(900, 1000)], 4: [7, 998]}

    assert shortlist([1], holders) == []
    assert shortlist([1, 9], holders) == []
    assert shortlist([4, 9], holders) == [7, 998]
    assert shortlist([1, 4], holders) == [7, 998]
    assert shortlist([1, 2, 3], holders) == list(range(1000 - CROWD, 1000))
    assert shortlist([1, 2, 3, 4], holders) == [7, *range(999 - CROWD, 1000)]


def test_of_many_that_share_a_rare_key_the_likest_and_newest_are_compared():
    """Seven rare keys bring up to RARE headlines each: more than are worth a look."""
    holders = {key: list(range(key * RARE, (key + 1) * RARE)) for key in range(7)}
    holders[7] = [0, 1]

    found = shortlist(range(8), holders)

    assert found == [0, 1, *range(7 * RARE - MOST + 2, 7 * RARE)]


def test_languages_meet_on_companies_and_an_exact_sign(article):
    """The English article founds the story, the Chinese one joins it."""
    new = [
        article(1, "Kunlunxin, Baidu's chip unit, targets $51 billion Hong Kong IPO"),
        article(2, "百度昆仑芯拟赴港上市，目标估值510亿美元", hours=5),
        article(3, "百度发布新一代地图", hours=6),
    ]
    companies = {f"a{n}": frozenset({"baidu"}) for n in (1, 2, 3)}

    assert assign(new, companies, []) == {"a1": "sa1", "a2": "sa1", "a3": "sa3"}


def test_languages_meet_on_two_companies_and_an_event(article):
    """No written sign in common but the pair of companies: it is a key by itself."""
    known = member(
        article(1, "Foxconn and Intel team up on servers"), "sold", ("foxconn", "intel")
    )
    new = article(2, "英特尔与鸿海战略合作", hours=5)

    found = assign([new], {"a2": frozenset({"foxconn", "intel"})}, [known])

    assert found == {"a2": "sold"}


def text(title, hours=0, *companies):
    return StoryText(
        title=title, published_at=NOON + hours * HOUR, companies=frozenset(companies)
    )


@pytest.mark.parametrize(
    ("a", "b", "is_same", "why"),
    [
        pytest.param(
            text("石头科技海外收入增长"),
            text("石頭科技海外收入增長"),
            True,
            "the same headline",
            id="script",
        ),
        pytest.param(
            text(ONE_EVENT[0]), text(ONE_EVENT[1], 1), True, "numbers 3.4e+09", id="number"
        ),
        pytest.param(
            text(ONE_EVENT[0]),
            text(ONE_EVENT[0], 73),
            False,
            "more than 72 hours",
            id="late",
        ),
        pytest.param(
            text("Ford recalls 255,400 vehicles over engines"),
            text("Ford recalls 548,000 vehicles over consoles", 9),
            False,
            "different numbers",
            id="other number",
        ),
        pytest.param(
            text("Tesla recalls 362,758 cars over software"),
            text("Tesla to recall 363,000 cars over its software"),
            True,
            "numbers 36",
            id="rounded number",
        ),
        pytest.param(
            text("携程被罚51亿元，酒店价格会降吗", 0, "trip"),
            text("携程被罚没51.79亿元，须全面整改", 3, "trip"),
            True,
            "numbers 5.",
            id="number cut off",
        ),
        pytest.param(
            text("Prices fall 5% at Harbour Wire"),
            text("Prices fall $5 at Harbour Wire"),
            False,
            "different numbers",
            id="per cent is another unit",
        ),
        pytest.param(
            text("Best Harbour Day deals under $100"),
            text("The best Harbour Day deals on tablets"),
            False,
            "guides or offers",
            id="guides",
        ),
        pytest.param(
            text("Silicon Valley Bank fallout spreads to startups"),
            text("HSBC buys the British arm of Silicon Valley Bank", 9),
            False,
            "words silicon, valley, bank",
            id="one name",
        ),
        pytest.param(
            text("Vision Pro"), text("Vision Pro teardown"), False, "", id="short"
        ),
        pytest.param(
            text("Micron, Ford sign chip supply pact", 0, "micron", "ford"),
            text("Micron, GM sign chip supply pact", 9, "micron", "gm"),
            False,
            "words",
            id="other company",
        ),
        pytest.param(
            text("OpenAI gets $40.5 billion", 0, "openai"),
            text("OpenAI获投405亿美元", 5, "openai"),
            True,
            "companies openai; numbers 4.05e+10",
            id="languages, number",
        ),
        pytest.param(
            text("OpenAI gets $40.5 billion", 0, "openai"),
            text("OpenAI获投405亿美元", 200, "openai"),
            False,
            "more than 192 hours",
            id="languages, late",
        ),
        pytest.param(
            text("Prosecutors demand five years for an actor"),
            text("检方要求判处一名演员五年有期徒刑"),
            True,
            "actions charge-with-crime; things actor",
            id="languages, time with its unit",
        ),
        pytest.param(
            text("Trump threatens 100% tariff over digital services tax"),
            text("特朗普威胁：若开征数字服务税，就加征100%关税", 2),
            True,
            "numbers 100%; actions threaten",
            id="languages, no company",
        ),
        pytest.param(
            text("Noam Shazeer leaves Google for OpenAI", 0, "google", "openai"),
            text("Noam Shazeer 跳槽 OpenAI，离开谷歌", 0, "google", "openai"),
            True,
            "names noam, shazeer; actions change-posts, hire",
            id="languages, names and event",
        ),
        pytest.param(
            text("Meta debuts Muse Spark", 0, "meta"),
            text("Meta 发布新模型 Muse Spark", 0, "meta"),
            True,
            "actions launch",
            id="languages, names and a weak event",
        ),
        pytest.param(
            text("Best Xiaomi deals: save $250", 0, "xiaomi"),
            text("小米手机选购攻略", 20, "xiaomi"),
            False,
            "companies xiaomi",
            id="languages, guides",
        ),
        pytest.param(
            StoryText(title="Harbour robots sort parcels"),
            text("Harbour robots sort parcels", 500),
            True,
            "the same headline",
            id="unknown time",
        ),
    ],
)
def test_compare(a, b, is_same, why):
    """Same or not, in either order, with a score on the right side of a half."""
    for made in (compare(a, b, LEXICON), compare(b, a, LEXICON)):
        assert made.same == is_same
        assert (made.score >= 0.5) == is_same
        assert 0 <= made.score <= 1
        assert why in made.why


@given(st.text(max_size=60), st.text(max_size=60))
def test_compare_is_symmetric(one, other):
    """Which headline came first does not matter."""
    first, second = StoryText(title=one), StoryText(title=other)

    assert compare(first, second, LEXICON).score == compare(second, first, LEXICON).score


@pytest.mark.skipif(not PAIRS.exists(), reason="the gold pairs lie beside the repository")
def test_labelled_pairs_of_one_language():
    """Few pairs are called the same that are not; companies are left out here."""
    pairs = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    right = wrong = missed = 0
    for pair in pairs:
        if pair["pair_type"] in {"en-en", "zh-zh"} and pair["label"] != "update":
            made = compare(*(labelled(pair[side]) for side in "ab"), LEXICON).same
            right += made and pair["label"] == "same"
            wrong += made and pair["label"] != "same"
            missed += not made and pair["label"] == "same"

    assert right / (right + wrong) >= 0.9
    assert right / (right + missed) >= 0.8


def labelled(side):
    at = datetime.fromisoformat(side["published"]).replace(tzinfo=UTC)
    return StoryText(title=side["title"], publisher=side["source"], published_at=at)


def test_headlines_in_memory_share_their_words():
    """Thousands are kept: a word that is in many of them is kept once."""
    one = features("Harbour fund backs the lidar plant", LEXICON)
    other = features("Harbour fund sells the lidar plant", LEXICON)

    common = one.grams & other.grams

    assert len(common) > 2
    assert {id(gram) for gram in one.grams if gram in common} == {
        id(gram) for gram in other.grams if gram in common
    }
    assert one.numbers is other.numbers
