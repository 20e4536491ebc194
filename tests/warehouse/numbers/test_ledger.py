"""Acts of states and claims about firms, of what articles say of them."""

from __future__ import annotations

import shutil
from datetime import timedelta

import duckdb
import pytest

from transforms.pages.lists import THREAD
from transforms.text.fold import fold, lowered
from warehouse.alerting.alerts import settled
from warehouse.news.findings import sync_watchlist
from warehouse.queries import read

DENIED = {"basis": "company", "modality": "denied"}
DONE = {"basis": "company", "modality": "announced"}
SALE, OTHER_SALE = ("m-and-a", "xiaomi"), ("m-and-a", "smic")


def acts(con):
    """Return the acts, their threads and what they answer."""
    return con.execute(
        "select measure_id, articles, len(stories), status, step, thread_id, answers "
        "from measures order by first_reported_at, measure_id"
    ).fetchall()


def test_an_act_is_one_row_however_many_tell_it(warehouse, tell):
    """Stories of one week that say the same of the same target are one act."""
    tell("a", 0, story="s1", measure={"targets": ("smic",)})
    tell("b", 0.2, story="s1", measure={"targets": ("smic",), "actor": "bis"})
    tell("c", 1, story="s2", measure={"targets": ("smic",)}, language="zh")
    tell("d", 1, story="s3", measure={"targets": ("huawei",)})
    tell("e", 30, story="s4", measure={"targets": ("smic",)})

    assert [row[:3] for row in acts(warehouse)] == [
        ("ma", 3, 2),
        ("md", 1, 1),
        ("me", 1, 1),
    ]
    [(actor, targets)] = warehouse.execute(
        "select actor, targets from measures where measure_id = 'ma'"
    ).fetchall()
    assert (actor, targets) == ("bis", ["smic"])


def linked(con, **affairs):
    """Keep affairs of states, each of some stories."""
    for affair_id, stories in affairs.items():
        for step, story_id in enumerate(stories, 1):
            con.execute(
                "insert into story_affairs (affair_id, story_id, step) values (?, ?, ?)",
                [affair_id, story_id, step],
            )


def test_acts_on_one_object_are_a_thread(warehouse, tell):
    """As affairs of states link them, and no others of the same side and thing."""
    tell("a", 0, story="s1", measure={"status": "proposed"})
    tell("b", 20, story="s2", measure={"status": "decided"})
    tell("c", 22, story="s3", measure={"status": "answered"})
    tell("d", 23, story="s4", measure={"status": "eased"})
    linked(warehouse, f1=("s1", "s2", "s3"))

    assert [row[3:] for row in acts(warehouse)] == [
        ("proposed", 1, "ma", None),
        ("decided", 2, "ma", None),
        ("answered", 3, "ma", "mb"),
        ("eased", 1, "md", None),
    ]
    stands = warehouse.execute("select distinct thread_id, thread_status from measures")
    assert sorted(stands.fetchall()) == [("ma", "decided"), ("md", "eased")]


@pytest.mark.parametrize(
    ("story", "steps"),
    [("s2", ["ma", "mb", "mc"]), ("s5", ["ma", "mb", "mc"]), ("s4", ["md"]), ("s6", [])],
)
def test_a_story_has_the_thread_of_its_act(warehouse, tell, noon, story, steps):
    """Whichever step of it the story tells, first or not; other acts are on other pages."""
    tell("a", 0, story="s1", measure={"status": "proposed"})
    tell("b", 20, story="s2", measure={"targets": ("smic",)})
    tell("e", 20.5, story="s5", measure={"targets": ("smic",)})
    tell("c", 22, story="s3", measure={"status": "answered"})
    tell("d", 23, story="s4", measure={"status": "eased"})
    linked(warehouse, f1=("s1", "s2", "s3"))

    day = timedelta(days=1)
    around = {"since": noon - 60 * day, "until": noon + 60 * day, "as_of": noon + 60 * day}
    found = read(warehouse, THREAD, {"story_id": story, **around})
    assert [(row.measure_id, row.step, row.steps) for row in found] == [
        (step, place, len(steps)) for place, step in enumerate(steps, 1)
    ]


def test_the_best_telling_counts(warehouse, tell, make_company, noon):
    """Of one story and of several: a body, a side, a good and a day before none."""
    bodies = ("bis", "US"), ("cac", "CN")
    sync_watchlist(
        warehouse,
        [make_company(key, kind="regulator", country=state) for key, state in bodies],
        [],
        [],
    )
    untold = {"target_side": "us", "thing": "other", "actor": "US", "instrument": "tariff"}
    day = noon.date() + timedelta(days=40)
    tell("a", 0, story="s1", measure=untold, title="US to tax wafers")
    tell("b", 0.1, story="s1", measure=untold, title="US taxes wafers")
    tell("c", 0.2, story="s1", measure=untold | {"actor": "bis", "target_side": "cn"})
    told = {"target_side": "cn", "thing": "chips", "effective_on": day, "actor": "cac"}
    tell("d", 1, story="s2", measure=untold | told, title="US to tax wafers of China")

    fields = "actor, target_side, lane, thing, effective_on, status"
    found = warehouse.execute(f"select {fields} from measures").fetchall()
    assert found == [("bis", "cn", "against", "chips", day, "decided")]


def test_nobody_by_name_is_the_same_act_in_the_same_words_alone(warehouse, tell):
    """Rules of one country on one thing are many acts, and in another language one act."""
    rule = {"side": "cn", "instrument": "rule-or-standard", "thing": "AI models"}
    tell("a", 0, story="s1", measure=rule, title="五部门印发人工智能教育行动计划")
    tell("b", 1, story="s2", measure=rule, title="教育部等五部门部署人工智能教育行动计划")
    tell("c", 2, story="s3", measure=rule, title="药监局发布人工智能药品监管意见")
    probe = {"side": "cn", "targets": ("alibaba",), "instrument": "investigation"}
    tell("h", 2.1, story="s8", measure=probe, title="北京约谈十二家平台")
    tell("i", 2.2, story="s9", measure=probe, title="总局约谈7家平台")
    tell("j", 2.3, story="s10", measure=probe, title="12家平台被约谈")
    tell("d", 3, story="s4", measure={}, title="US halts exports of chips")
    tell("e", 4, story="s5", measure={}, title="美国叫停芯片出口")
    tell("f", 4, story="s6", measure={"side": "other"}, title="Canada bans minors")
    tell(
        "g",
        4,
        story="s7",
        measure={"side": "other", "actor": "Oslo"},
        title="Oslo bans minors",
    )

    assert [row[:3] for row in acts(warehouse)] == [
        ("ma", 2, 2),
        ("mc", 1, 1),
        ("mh", 2, 2),
        ("mi", 1, 1),
        ("md", 2, 2),
        ("mf", 1, 1),
        ("mg", 1, 1),
    ]


TWO = "三部门约谈抖音、淘天、小红书", "三部门约谈涉优思益营销平台"
HALTS = "官方：稀土锂电池等出口管制暂停实施", "如何看待中国暂停稀土等出口管制措施"
HANDLES = "汽车门把手强制性国标发布", "明年起禁止汽车用隐藏式车门把手"
EIGHT = "央行等八部门规范金融产品网络营销", "网购频繁捆绑信贷，8部门出台新规"
FIVE = "央行等八部门规范金融产品网络营销", "央行等五部门规范金融产品网络营销"
PERMITS = "Trump permits Volvo to sell cars", "Volvo gets approval to bypass ban"
SETTLED = "GM pays $12.75M in privacy settlement", "GM settles over driving habits"
GROCERS = (
    "Ohio first to ban pricing by data in grocery stores",
    ("Ohio to ban prices set by AI in grocery stores"),
)
ANSWERS = "外交部回应美输华芯片问题", "报道称美国暂停向华虹供应芯片 外交部回应"
SUES = "SEC sues Coinbase, a day after Binance", "SEC sues Binance over its rules"
SENATE = "Senators urge Meta not to open its worlds", "Firm barred by FTC from sharing data"
WATCHDOGS = "Watchdog orders Meta to resume talks", "EU tells Instagram to change"
RULE = {"side": "cn", "target_side": "cn", "instrument": "rule-or-standard"}
BAN = RULE | {"instrument": "ban"}
CALLED_IN = RULE | {"instrument": "investigation"}
CN_EASES = {"side": "cn", "direction": "eases"}
ALLOWED = {
    "instrument": "approval-or-licence",
    "direction": "eases",
    "targets": ("volvo",),
}
FINED = {
    "target_side": "us",
    "instrument": "penalty",
    "targets": ("gm",),
    "actor": "California",
}
ANSWERED = {"status": "answered"}
PROBED = {
    "target_side": "us",
    "instrument": "investigation",
    "thing": "other",
    "actor": "us-sec",
}
AT_META = {"target_side": "us", "targets": ("meta",), "thing": "platforms"}
EU_ON_META = AT_META | {"side": "eu"}


# Two headlines, what each tells of an act, days between them, and whether it is one act.
TWICE = (
    (TWO, CALLED_IN | {"thing": "apps", "targets": ("douyin",)}, CALLED_IN, 0.1, True),
    (HALTS, CN_EASES, CN_EASES | {"thing": "batteries"}, 0.2, True),
    (HANDLES, RULE | {"thing": "cars"}, BAN | {"thing": "cars"}, 4, True),
    (EIGHT, RULE, RULE, 3, True),
    (FIVE, RULE, RULE, 0.1, False),
    (PERMITS, ALLOWED | {"status": "eased"}, ALLOWED, 0.6, True),
    (SETTLED, FINED | {"thing": "data"}, FINED | {"thing": "cars"}, 2.1, True),
    (GROCERS, BAN | {"thing": "data"}, BAN | {"thing": "AI models"}, 3, True),
    (ANSWERS, ANSWERED | {"side": "cn"}, ANSWERED | {"targets": ("hua-hong",)}, 0.2, True),
    (SUES, PROBED, PROBED | {"targets": ("binance",)}, 0.1, False),
    (SENATE, AT_META | {"actor": "us-congress"}, AT_META | {"actor": "ftc"}, 0.1, False),
    (
        WATCHDOGS,
        EU_ON_META | {"actor": "watchdog"},
        EU_ON_META | {"actor": "eu"},
        1.8,
        False,
    ),
)


def test_one_act_in_other_words_is_told_once(warehouse, tell, make_company):
    """By another name, thing or means; and what two bodies do is two acts."""
    bodies = ("us-congress", "ftc")
    sync_watchlist(
        warehouse,
        [make_company(key, kind="regulator", country="US") for key in bodies],
        [],
        [],
    )
    for n, (titles, one, other, days, _) in enumerate(TWICE):
        tell(f"{n}a", 20 * n, story=f"{n}a", measure=one, title=titles[0])
        tell(f"{n}b", 20 * n + days, story=f"{n}b", measure=other, title=titles[1])

    found = {row[0] for row in acts(warehouse)}
    for n, (titles, *_, is_one) in enumerate(TWICE):
        assert (f"m{n}b" not in found) == is_one, titles


CHINA = {"side": "cn", "target_side": "us", "thing": "rare earths"}
SAYS, DJI = {"status": "answered"}, {"targets": ("dji",)}
AT_HOME = {"side": "cn", "target_side": "cn", "targets": ("trip-com",)}


@pytest.mark.parametrize(
    ("act", "days", "answer", "is_one"),
    [
        # By what means it will, of that state, within a month.
        ({}, 4, CHINA, True),
        ({}, 29, CHINA | {"instrument": "entity-list", "targets": ("micron",)}, True),
        ({}, 31, CHINA, False),
        ({}, 4, CHINA | {"target_side": "eu"}, False),
        ({}, 4, CHINA | {"instrument": "penalty"}, False),
        ({}, 4, CHINA | {"direction": "eases"}, False),
        ({"status": "rumoured"}, 4, CHINA, False),
        ({"direction": "supports", "instrument": "plan-or-support"}, 4, CHINA, False),
        # Only China's act in turn is one; others act on many of its firms all year.
        (CHINA, 4, {}, False),
        # What a state says is on the same firm or thing, or means; at home firms say it.
        ({}, 4, SAYS, True),
        ({}, 4, SAYS | {"thing": "drones", "instrument": "ban"}, False),
        (DJI, 9, SAYS | DJI | {"thing": "", "instrument": "ban"}, True),
        (AT_HOME, 9, AT_HOME | SAYS, False),
    ],
)  # fmt: skip
def test_what_answers_an_act(warehouse, tell, act, days, answer, is_one):
    """The act on record, which is told most where there are several."""
    tell("a", 0, story="s1", measure=act)
    tell("b", 0.1, story="s1", measure=act)
    tell("c", 3, story="s2", measure=act | {"instrument": "tariff", "thing": "cars"})
    tell("d", days, story="s3", measure=answer, title="In turn")

    answered = {row[0]: row[6] for row in acts(warehouse)}
    assert (answered["md"] == "ma") == is_one, answered


@pytest.mark.parametrize("said", ["decided", "in-force"])
def test_an_act_is_in_force_from_its_day_and_not_before(warehouse, tell, noon, said):
    """By the day that is asked about: a page of then says what it said."""
    begins = noon.date() + timedelta(days=3)
    tell("a", 0, story="s1", measure={"status": said, "effective_on": begins})
    tell("b", 5, story="s2", measure={"targets": ("smic",), "thing": "drones"})

    until = (
        "select status, thread_status from measures_between('-infinity'::timestamptz, ?)"
    )
    for days, status in ((1, "decided"), (2, "decided"), (4, "in-force"), (90, "in-force")):
        asked = warehouse.execute(
            f"{until} where measure_id = 'ma'", [noon + timedelta(days)]
        )
        assert asked.fetchall() == [(status, status)]
    now = "select status from measures where measure_id = 'ma'"
    assert warehouse.execute(now).fetchall() == [("in-force",)]


def test_a_story_tells_what_most_of_its_articles_say(warehouse, tell):
    """And what is not told stays empty."""
    for article_id, instrument in (("a", "ban"), ("b", "penalty"), ("c", "penalty")):
        tell(article_id, 0, story="s1", measure={"instrument": instrument})

    assert warehouse.execute(
        "select instrument, effective_on, amount, currency, target_class from measures"
    ).fetchall() == [("penalty", None, None, "", "")]


@pytest.mark.parametrize(
    ("later", "outcome"),
    [
        ((), "open"),
        (((1, {"basis": "company", "modality": "denied"}),), "denied"),
        (((1, {"basis": "company", "modality": "announced"}),), "confirmed"),
        (((1, {"basis": "company", "modality": "announced", "cue": "回应"}),), "open"),
        (((1, {"basis": "company", "modality": "happened"}),), "open"),
        (((1, {"basis": "official", "modality": "happened"}),), "confirmed"),
        (((1, {"basis": "official", "modality": "confirmed"}),), "confirmed"),
        (((1, {"basis": "unnamed", "modality": "denied"}),), "open"),
        (((1, {"basis": "media", "modality": "happened"}),), "open"),
        (((1, {"basis": "company", "modality": "denied", "subject": "smic"}),), "open"),
        (
            (
                (1, {"basis": "company", "modality": "denied"}),
                (3, {"basis": "company", "modality": "announced"}),
            ),
            "confirmed",
        ),
        (((2, {"basis": "company", "modality": "withdrawn"}),), "withdrawn"),
        (((40, None),), "silent"),
    ],
)
def test_what_was_told_has_an_outcome(warehouse, tell, later, outcome):
    """By what was said last, by the firm, a body or a filing; nobody's word settles it."""
    tell("a", 0, story="s1", claim={})
    for number, (days, claim) in enumerate(later):
        tell(f"b{number}", days, story="s2" if claim is None else "s1", claim=claim)

    found = warehouse.execute(
        "select claim_id, outcome, settled_by from claims where claim_id = 'ca'"
    ).fetchall()

    by = f"b{len(later) - 1}" if outcome in {"denied", "confirmed", "withdrawn"} else None
    assert found == [("ca", outcome, by)]


@pytest.mark.parametrize(
    ("basis", "cue", "is_claim"),
    [
        ("none", "might", False),
        ("none", "或", False),
        ("none", "in talks", True),
        ("unnamed", "might", True),
        ("unnamed", "曝光", False),
        ("unnamed", "售价曝光", True),
        ("none", "或将", False),
        ("none", "小米或将", True),
        ("media", "could", True),
        ("company", "could", False),
        ("company", "considers", True),
        ("official", "may", False),
        ("official", "court may", False),
    ],
)
def test_what_nobody_is_told_to_weigh_is_an_opinion(warehouse, tell, basis, cue, is_claim):
    """Nothing settles that a product might be good, and no fact of its firm confirms it."""
    tell("a", 0, story="s1", claim={"basis": basis, "modality": "may", "cue": cue})
    tell("b", 1, story="s1", claim={"basis": "company", "modality": "announced"})

    assert bool(warehouse.execute("from claims").fetchall()) == is_claim


@pytest.mark.parametrize(
    ("act", "outcome"), [(SALE, "confirmed"), ((), "open"), (("lawsuit", ""), "open")]
)
def test_another_act_in_the_same_story_settles_nothing(warehouse, tell, act, outcome):
    """Where an event is told, only what tells of the same event confirms it unasked."""
    tell("a", 0, story="s1", claim={}, act=SALE)
    tell("b", 1, story="s1", claim=DONE, act=act)

    assert warehouse.execute("select outcome from claims").fetchall() == [(outcome,)]


@pytest.mark.parametrize(("hours", "outcome"), [(1, "open"), (7, "confirmed")])
def test_a_retelling_confirms_nothing(warehouse, tell, hours, outcome):
    """What another outlet tells as done within hours rests on the same report."""
    tell("a", 0, story="s1", claim={}, act=SALE)
    tell("b", hours / 24, story="s1", claim=DONE, act=SALE)

    assert outcomes(warehouse) == [outcome]


def test_a_step_of_its_developing_story_settles_no_other_matter(warehouse, tell):
    """What is denied in a later step is denied of what it tells, and of a report alone."""
    tell("a", 0, story="s1", claim={}, title="Baidu to sell its maps")
    tell("b", 1, story="s2", claim=DENIED, title="Baidu denies that it cuts fees")
    tell("c", 2, story="s3", claim=DENIED, title="Baidu denies report that it cuts jobs")
    warehouse.execute(
        "insert into story_affairs by name select * from "
        "(values ('f1', 's1', 1), ('f1', 's2', 2)) as steps (affair_id, story_id, step)"
    )

    assert outcomes(warehouse) == ["open", "denied"]


@pytest.mark.parametrize(
    ("told", "answer", "outcome"),
    [
        ("Baidu to cut fees for 30 sellers", "Baidu cuts fees for 30 sellers", "confirmed"),
        ("Baidu to cut fees for 30 sellers", "Baidu cuts fees for 44 sellers", "open"),
        ("消息称百度研发投入增至84亿元", "百度研发投入增至20亿元", "open"),
        ("消息称百度研发投入增至84亿元", "百度研發投入增至84億元", "confirmed"),
        ("Baidu to open Ernie V4 to all", "Baidu opens Ernie R3 to all", "open"),
        ("Baidu to open Ernie V4 to all", "百度开放文心V4", "confirmed"),
        ("Baidu to open Ernie V4 to all", "百度开放文心V5", "open"),
        ("Baidu to cut fees in Brazil", "Baidu could cut fees in Brazil", "open"),
        ("Baidu to cut fees in Brazil", "Baidu cuts fees in Brazil, report says", "open"),
    ],
)  # fmt: skip
def test_another_number_or_product_settles_nothing(warehouse, tell, told, answer, outcome):
    """Of the same firm and act; in the other language by what both write alike."""
    languages = ("zh" if ord(title[0]) > 127 else "en" for title in (told, answer))
    act = ("price-change", None)
    for key, title, claim, language in zip(
        "ab", (told, answer), ({}, DONE), languages, strict=True
    ):
        tell(key, "ab".index(key), story=key, claim=claim, act=act, title=title,
             language=language, search_text=lowered(fold(title).text))  # fmt: skip

    assert outcomes(warehouse) == [outcome]


def test_another_place_settles_nothing(warehouse, tell):
    """What is opened in Spain does not confirm what was to be opened in Brazil."""
    act = ("market-entry", None)
    tell("a", 0, story="a", claim={}, act=act, title="Baidu to open shops in Brazil")
    tell("b", 1, story="b", claim=DONE, act=act, title="Baidu opens shops in Spain")
    assert outcomes(warehouse) == ["confirmed"]

    for seq, region in ((1, "latin_america"), (2, "europe")):
        warehouse.execute(
            "insert into headline_facts by name select article_id, 'region' as kind, "
            "$region as value, '' as term, 'h0' as rules_version, seq from articles "
            "where seq = $seq",
            {"region": region, "seq": seq},
        )
    assert outcomes(warehouse) == ["open"]


def told_in(con, story_id):
    """Return the claims that a story tells or settles."""
    found = con.execute(
        "select claim_id from claims_of([?], '-infinity'::timestamptz, "
        "'infinity'::timestamptz, null::bigint) order by claim_id",
        [story_id],
    )
    return [claim_id for (claim_id,) in found.fetchall()]


@pytest.mark.of_a_file("copies a file")
def test_a_story_reads_no_names_of_other_articles(warehouse, tell, data, tmp_path):
    """All names of a large warehouse need more memory than a desk has."""
    tell("a", 0, story="a", claim={}, act=SALE, title="Baidu to sell maps: sources")
    tell("b", 9, story="b", claim={}, act=SALE, title="再传百度出售云", language="zh")
    warehouse.execute("""
        insert into mentions by name
        select
            'x' || n as article_id, 'baidu' as company_id, 'title' as field,
            'Baidu' as alias, 'alias' as via, n as seq, 0 as start, 5 as length,
            'r' as rules_version
        from range(1_000, 500_000) as others (n)
    """)
    warehouse.execute("checkpoint")
    copy = shutil.copy(data / "warehouse.duckdb", tmp_path / "copy.duckdb")
    bounds = {"memory_limit": "24MB", "threads": 1, "temp_directory": ""}
    with duckdb.connect(copy, read_only=True, config=bounds) as con:
        assert told_in(con, "a") == ["ca"]


def test_one_claim_in_two_languages(warehouse, tell):
    """Of one firm and act, two days apart at most; what settles one settles it."""
    tell("a", 0, story="a", claim={}, act=SALE, title="Baidu to sell maps: sources")
    tell("b", 1, story="b", claim={}, act=SALE, title="消息称百度出售地图", language="zh")
    tell("c", 9, story="c", claim={}, act=SALE, title="再传百度出售云", language="zh")
    tell("d", 3, story="d", claim=DENIED, title="百度否认出售地图", language="zh")

    found = warehouse.execute("select claim_id, outcome from claims order by claim_id")
    assert found.fetchall() == [("ca", "denied"), ("cc", "open")]
    # A story has what it tells or settles, in either language, and nothing else.
    assert [told_in(warehouse, story) for story in "abcd"] == [
        ["ca"],
        ["ca"],
        ["cc"],
        ["ca"],
    ]


def test_another_firm_overtakes_what_was_told(warehouse, tell, make_topic):
    """Who buys what another was to buy; and what states do is no claim on a firm."""
    takeovers = make_topic("m-and-a", "event", ("money", "top-stories"))
    sync_watchlist(warehouse, [], [], [takeovers])
    act = ("m-and-a", "maker")
    tell("a", 0, story="a", claim={}, act=act, title="Baidu to buy map maker Lanting")
    other = {"basis": "none", "modality": "happened", "subject": "xiaomi"}
    tell("b", 9, story="b", claim=other, act=act, title="Xiaomi buys map maker Lanting")
    tell("c", 9, story="c", claim=other, act=act, title="Xiaomi buys a shipyard in Kiel")
    tell("d", 9, story="d", claim={}, measure={}, title="US to bar Baidu: sources")

    found = warehouse.execute("select claim_id, outcome, settled_by from claims")
    assert found.fetchall() == [("ca", "overtaken", "b")]
    own = warehouse.execute("select article_id, story_id from articles").fetchall()
    told = {article: told_in(warehouse, story) for article, story in own}
    assert told == {"a": ["ca"], "b": ["ca"], "c": [], "d": []}


SOLD = "Baidu does sell its maps, it says"


@pytest.mark.parametrize(
    ("report", "claim", "act", "title", "days", "found"),
    [
        ("planned", DONE, SALE, SOLD, 29, ["confirmed"]),
        ("planned", DENIED, SALE, SOLD, 30, ["denied"]),
        ("planned", DENIED, (), SOLD, 31, ["silent"]),
        ("planned", DONE, OTHER_SALE, SOLD, 20, ["overtaken"]),
        ("withdrawn", DONE, SALE, SOLD, 20, ["overtaken"]),
        ("withdrawn", DENIED | {"modality": "withdrawn"}, SALE, SOLD, 3, ["confirmed"]),
        ("planned", DONE, ("layoffs", None), SOLD, 60, ["silent"]),
        ("planned", DONE, SALE, "Another robot firm is bought", 60, ["silent"]),
    ],
)
def test_an_answer_without_a_link_is_known_by_act_and_words(
    warehouse, tell, make_company, report, claim, act, title, days, found
):
    """Of the same company: a sale to another, or after all, overtakes what was told."""
    sync_watchlist(warehouse, [make_company(key) for key in ("xiaomi", "smic")], [], [])
    told = {"modality": report}
    tell("a", 0, story="s1", claim=told, act=SALE, title="Baidu to sell its maps: sources")
    tell("b", days, story="s2", claim=claim, act=act, title=title)

    assert outcomes(warehouse) == found


def test_an_alert_hears_of_an_answer_without_a_link(warehouse, tell, noon):
    """A denial in much the same words settles; one of what nobody told here does not."""
    tell("a", 0, story="s1", claim={}, title="Baidu to sell its maps: sources")
    tell(
        "b", 3, story="s2", claim=DENIED, title="Baidu denies report that it sells its maps"
    )
    tell("c", 4, story="s3", claim=DENIED, title="百度否认造车")

    found = settled(warehouse, ("b", "c"), since=noon)

    assert [(row["claim_id"], row["outcome"], row["settled_by"]) for row in found] == [
        ("ca", "denied", "b")
    ]


def outcomes(con):
    told = con.execute("select outcome from claims order by first_reported_at").fetchall()
    return [value for (value,) in told]
