"""Which stories lead: affairs once, acts before products, firms in turn."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import shipped_beat, shipped_watchlist, shipped_writing

from transforms.brief.ranking import LeadCandidate, is_light, why_here
from transforms.brief.ranking.leads import ranking_of
from transforms.brief.ranking.rank import rank as rank_by
from transforms.config import ConfigError
from transforms.names.rules.file import parse_watchlist

BY = shipped_writing().ranking


def rank(stories):
    return rank_by(stories, BY)


def story(story_id, *titles, **known):
    defaults = {
        "outlets": ("A",), "languages": ("en",), "articles": 1, "subjects": (),
        "companies": (), "topics": (), "events": (), "relevance": 1.0,
    }  # fmt: skip
    return LeadCandidate(story_id=story_id, titles=titles, **defaults | known)


def order(*stories):
    return [lead.story_ids[0] for lead in rank(stories)]


def test_an_act_of_a_state_comes_before_a_product():
    """The same outlets tell both; what a ministry does weighs more."""
    ban = story(
        "ban", "Commerce ministry bans gallium exports to the United States",
        subjects=("mofcom",), events=("sanction-export-control",),
    )  # fmt: skip
    phone = story(
        "phone", "Huawei unveils a folding phone", subjects=("huawei",),
        events=("product-launch",),
    )  # fmt: skip

    assert order(phone, ban) == ["ban", "phone"]


def test_many_outlets_and_both_languages_come_before_one():
    few = story("few", "Lumen opens a plant in Wuhan")
    many = story("many", "Orbit shows a robot arm", outlets=("A", "B", "C", "D"))
    both = story("both", "Tide sells its cloud unit", "潮汐出售云业务",
                 outlets=("A", "B", "C", "D"), languages=("en", "zh"))  # fmt: skip

    assert order(few, many, both) == ["both", "many", "few"]


def test_an_affair_is_told_once():
    """A listing's step and a profile of its founder in the same words are one lead."""
    first = story("first", "宇航科技科创板上市申请获批", outlets=("A", "B"),
                  subjects=("yuhang",), events=("ipo-listing",))  # fmt: skip
    second = story("second", "Yuhang gets nod for Shanghai debut", languages=("en",),
                   subjects=("yuhang",), events=("ipo-listing",))  # fmt: skip
    other = story("other", "Lumen recalls a mop", subjects=("lumen",))

    leads = rank([second, other, first])

    assert [set(lead.story_ids) for lead in leads] == [{"first", "second"}, {"other"}]
    assert leads[0].story_ids[0] == "first"


def test_what_two_firms_tell_alike_are_two_affairs():
    """Nor is a ministry's second measure of a week a turn of its first."""
    results = [
        story(firm, f"{firm} lifts spending on research to 5 billion yuan, up 23%",
              subjects=(firm,))
        for firm in ("lumen", "orbit")
    ]  # fmt: skip
    measures = [
        story(name, headline, subjects=("samr",), topics=("cn-platform-regulation",))
        for name, headline in {
            "pilot": "SAMR backs a pilot for start-ups in Ningbo",
            "fees": "市场监管总局约谈六家外卖平台",
        }.items()
    ]

    assert len(rank([*results, *measures])) == len(results) + len(measures)


def test_what_shares_just_enough_is_one_affair():
    """Of the words of the shorter headline; a little more asked is too much."""
    one, other = (story(n, "Quarry tides flood 宁波 harbour works") for n in ("a", "b"))

    for alike, leads in ((1.0, 1), (1.001, 2)):
        by = replace(BY, affairs=replace(BY.affairs, alike=alike))
        assert len(rank_by([one, other], by)) == leads


def test_a_report_tells_an_affair_before_an_explainer():
    """Though what it explains names a larger firm."""
    report = story("report", "SAMR asks platforms to mend fees", affairs=("f1",))
    explains = story(
        "explains", "What the draft on fees would change for JD", affairs=("f1",),
        subjects=("jd",), is_reported=False,
    )  # fmt: skip

    assert rank([explains, report])[0].story_ids == ("report", "explains")


def test_an_affair_without_a_report_loses_part_of_its_score():
    """One headline that is a report is enough, and it comes first."""

    def lead(**reported):
        told = [
            story(
                name,
                "Lumen opens a plant",
                subjects=("tencent",),
                affairs=("f1",),
                is_reported=is_one,
            )
            for name, is_one in reported.items()
        ]
        return rank(told)[0]

    report, essay, joined = lead(a=True), lead(a=False), lead(a=False, b=True)

    assert essay.score == pytest.approx(0.6 * report.score, abs=1e-3)
    assert "less since no headline is a report" in why_here(essay, "en", str)
    assert joined.story_ids == ("b", "a")
    assert "no report" not in dict(joined.reasons) | dict(report.reasons)


def test_stored_affairs_are_kept_together():
    one = story("one", "Ernie 6 is out", affairs=("f1",))
    two = story("two", "Its price falls by a third", affairs=("f1",))

    assert len(rank([one, two])) == 1


def test_a_deal_of_nobody_that_we_follow_counts_in_part():
    """A takeover between strangers is behind that of a firm of the watchlist."""
    strangers = story("strangers", "Orbit acquires Tide", events=("m-and-a",))
    followed = story(
        "followed",
        "JD acquires Tide",
        subjects=("jd",),
        companies=("jd",),
        events=("m-and-a",),
    )

    weighed = {
        lead.story_ids[0]: dict(lead.reasons) for lead in rank([strangers, followed])
    }

    assert weighed["strangers"]["m-and-a"] == BY.nobody * weighed["followed"]["m-and-a"]


def test_a_name_alone_makes_no_affair():
    """Two stories of an assistant, or of a car that is on sale for years, are two."""
    down = story("down", "豆包崩了", subjects=("bytedance",))
    jest = story("jest", "豆包锐评球星", subjects=("bytedance",))
    crown = story("crown", "小米SU7夺销冠", subjects=("xiaomi",), topics=("ev-auto",))
    door = story("door", "小米SU7车门夹手", subjects=("xiaomi",), topics=("ev-auto",))

    assert len(rank([down, jest, crown, door])) == 4


def test_one_firm_does_not_fill_the_page():
    """A second story of a firm stands behind the first of another."""
    words = ("opens a mine", "hires cooks", "paints its ships")
    giants = [
        story(f"byd{n}", f"BYD {what}", subjects=("byd",)) for n, what in enumerate(words)
    ]
    jd = story("jd", "JD swaps batteries at sea", subjects=("jd",))

    assert order(*giants, jd).index("jd") == 1


def test_the_widest_told_story_of_a_firm_is_its_first():
    """Two slight ones that weigh more by their kind do not push it down."""
    listing = story("listing", "BYD files for a listing", subjects=("byd",),
                    events=("ipo-listing", "earnings"))  # fmt: skip
    plant = story("plant", "BYD to build a plant in Hungary", "比亚迪将在匈牙利建厂",
                  subjects=("byd",), outlets=("A", "B", "C"))  # fmt: skip
    other = story("other", "JD cuts fees", subjects=("jd",), outlets=("A", "B"))

    assert order(listing, plant, other).index("plant") == 1


def test_a_policy_that_names_a_firm_is_not_its_news():
    """The firm's own news does not count as told of before."""
    plan = story("plan", "MIIT issues plan for robots, with Unitree among twenty firms",
                 subjects=("miit", "unitree"),
                 topics=("cn-industrial-policy",))  # fmt: skip
    own = story("own", "Unitree opens a shop", subjects=("unitree",))

    leads = rank([plan, own])

    assert [lead.story_ids[0] for lead in leads] == ["plan", "own"]
    assert "told of before" not in leads[1].why


def test_what_a_state_does_upon_the_same_is_a_repeat_and_an_answer_is_none():
    """Act and object count, and an answer is the act of another."""
    ban = story("ban", "US bans chip exports to China", topics=("us-export-controls",))
    more = story("more", "Washington curbs chip tools for China again",
                 topics=("us-export-controls",))  # fmt: skip
    answer = story("answer", "China restricts gallium exports, ministry says",
                   topics=("cn-countermeasures",))  # fmt: skip

    repeated = {
        lead.story_ids[0]: "told of before" in lead.why
        for lead in rank([ban, more, answer])
    }

    assert repeated["answer"] is False
    assert sorted([repeated["ban"], repeated["more"]]) == [False, True]


def test_an_affair_of_measures_is_known_by_its_steps_and_not_by_firms():
    """As the ledger tells acts apart: the same act again is a repeat, another step in part.

    An answer is none, of whatever firm; a second answer to the same is.
    """
    of_chips = {"measure": "us chips cn", "subjects": ("huawei",)}
    listed, answered = "us entity-list decided", "us entity-list answered"
    firms = story("firm", "Huawei opens a research centre", subjects=("huawei",))
    led = rank([
        story("list", "US adds chip makers to its list", act=listed, **of_chips),
        story("again", "Laser firms join them in Washington", act=listed, **of_chips),
        story("plan", "A wider list is drafted", act="us entity-list proposed", **of_chips),
        story("answer", "Huawei protests", act=answered, is_answer=True, **of_chips),
        story("second", "Shenzhen objects too", act=answered, is_answer=True, **of_chips),
        firms,
    ])  # fmt: skip

    left = {lead.story_ids[0]: before(lead) for lead in led}
    assert left == pytest.approx(
        {
            "list": 1,
            "plan": 0.85,
            "again": 0.55 * 0.85,
            "answer": 1,
            "second": 0.75,
            "firm": 1,
        },
        abs=0.01,
    )


def before(lead):
    """Return the part of a score that what was told before left."""
    less = dict(lead.reasons).get("told of before", 0.0)
    return lead.score / (lead.score - less)


def test_a_burst_lifts_the_story_that_most_tell():
    """And no other of the firm."""
    known = {"subjects": ("roborock",), "bursts": ("roborock",)}
    wide = story("wide", "Roborock builds a plant", outlets=("A", "B"), **known)
    slight = story("slight", "Roborock paints a mop blue", **known)

    leads = {lead.story_ids[0]: lead for lead in rank([wide, slight])}

    assert "burst 1.0" in leads["wide"].why
    assert "burst" not in leads["slight"].why


def test_an_act_of_a_state_counts_as_much_told_in_one_language():
    """Being told in both speaks for news of firms."""
    told = {"subjects": ("mofcom",), "topics": ("cn-countermeasures",)}
    one = story("one", "Commerce ministry bans gallium exports", **told)
    both = story("both", "Commerce ministry bans gallium exports", **told,
                 languages=("en", "zh"))  # fmt: skip

    [alone], [with_other] = rank([one]), rank([both])

    assert alone.score == with_other.score


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            (
                "Why it stands here: told by several outlets, a large company, "
                "told in both languages."
            ),
        ),
        ("zh", "排在此处的原因：多家媒体报道、大公司、中英文均有报道。"),
    ],
)
def test_why_it_is_here_is_told_in_the_readers_language(language, said):
    """In a short sentence, the weightiest first."""
    [lead] = rank(
        [
            story("s", "BYD bans cooks", "比亚迪禁止厨师", subjects=("byd",),
                  outlets=tuple("ABCDE"), languages=("en", "zh"))
        ]
    )  # fmt: skip

    assert why_here(lead, language, str) == said
    assert why_here(replace(lead, reasons=()), language, str) == ""


def test_a_firm_counts_in_full_where_something_is_done():
    """In part where it is only named, and not at all for what players are told."""
    act = story("act", "NetEase cuts a price", subjects=("netease",),
                events=("price-change",))  # fmt: skip
    idle = story("idle", "Thoughts on NetEase", subjects=("netease",))
    game = story("game", "第五人格新角色", subjects=("netease",), topics=("gaming",))

    found = {lead.story_ids[0]: dict(lead.reasons) for lead in rank([act, idle, game])}

    large = BY.actor["large"]
    weighed = {name: reasons["a large firm"] for name, reasons in found.items()}
    assert weighed == {"act": large, "idle": large * BY.actor["idle"], "game": 0}


def test_what_weighs_little_is_known_as_such():
    """A page sets it apart, below what leads."""
    ban = story("ban", "Commerce ministry bans gallium exports", subjects=("mofcom",),
                events=("sanction-export-control",))  # fmt: skip
    talk = story("talk", "Thoughts on gallium")

    assert [is_light(lead, BY) for lead in rank([ban, talk])] == [False, True]
    [left] = rank_by([ban, talk], replace(BY, least=1.0))
    assert left.story_ids == ("ban",)


def test_what_is_hardly_of_the_beat_falls_behind():
    sure = story("sure", "Harbour chips ship late")
    loose = story("loose", "Premier opens a museum", outlets=("A", "B"), relevance=0.2)

    assert order(loose, sure) == ["sure", "loose"]


def test_reasons_say_what_weighed():
    """A reader of the JSON sees why a story leads, the most first."""
    [lead] = rank([story("s", "BYD posts record sales", subjects=("byd",))])

    assert lead.why.startswith("a large firm 1.3")
    assert "first or largest 0.7" in lead.why


def test_order_does_not_hang_on_the_order_of_rows():
    stories = [story(f"s{n}", f"Firm {n} opens plant {n}") for n in range(9)]

    assert order(*stories) == order(*reversed(stories))


def test_every_weight_names_a_topic_or_event_of_the_watchlist():
    """A weight of a kind that nobody tags would never count."""
    shipped = shipped_watchlist()
    known = {topic.topic_id for topic in shipped.topics}
    firms = {company.company_id for company in shipped.companies}

    affairs = BY.affairs
    assert set(BY.act) | BY.measures | BY.of_firms <= known
    assert affairs.once | affairs.lasting <= known
    assert BY.large <= firms
    assert BY.states <= firms


def test_what_a_topic_or_firm_weighs_stands_on_its_entry():
    """A home's own event leads by its weight; its firm is large where the entry says so."""
    own = parse_watchlist("""
        [company.lumen]
        name = "Lumen"
        large = true
        [event.strike]
        name = "Strike"
        weight = 5
        once = true
        [topic.ban]
        name = "Ban"
        weight = 2
        measure = true
    """)

    by = ranking_of(shipped_beat().ranking, own)

    assert (by.act, by.measures, by.large) == ({"strike": 5, "ban": 2}, {"ban"}, {"lumen"})
    told = {"subjects": ("lumen",), "events": ("strike",)}
    strike = story("a", "Workers walk out at Lumen", **told)
    again = story("b", "Lumen halts lines", **told)
    [lead] = rank_by([strike, again], by)
    assert dict(lead.reasons)["strike"] == 5
    assert dict(lead.reasons)["a large firm"] == by.actor["large"]


@pytest.mark.parametrize("weight", ["1000000000", "nan", "-inf", "true"])
def test_an_absurd_weight_is_refused(weight):
    """By the watchlist and by the ranking, each with its place."""
    with pytest.raises(ConfigError, match=r"event\.strike\.weight"):
        parse_watchlist(f'[event.strike]\nname = "Strike"\nweight = {weight}')
    text = shipped_beat().texts["ranking.toml"].replace("burst = 1.0", f"burst = {weight}")
    texts = {**shipped_beat().texts, "ranking.toml": text}
    beat = replace(shipped_beat(), source="beats/mine", texts=texts)
    with pytest.raises(ConfigError, match=r"beats/mine/ranking\.toml.*burst"):
        _ = beat.ranking
