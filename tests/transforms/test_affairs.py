"""Stories that build on one another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from builders import shipped_beat

from transforms.stories.affairs import Turn, affairs_of, matter_of
from transforms.stories.features import features

LEXICON = shipped_beat().concepts
NOON = datetime(2026, 8, 4, 12, tzinfo=UTC)


def turn(number, headline, *, days=0, group="lumo", kind="group", names=()):
    return Turn(
        kind=kind,
        subject_id=group,
        story_id=f"s{number}",
        headline=headline,
        began_at=NOON + timedelta(days=days),
        names=frozenset(names),
    )


def linked(*turns):
    steps = affairs_of(turns, LEXICON)
    return {(step.story_id, step.affair_id, step.step) for step in steps}


def matter(headline):
    return matter_of(headline, LEXICON)


def test_a_model_its_price_and_its_agent_are_one_affair():
    """In order of time, whatever order they come in; in both languages."""
    found = linked(
        turn(2, "陆墨宣布 Quay-4 永久降价", days=2),
        turn(1, "Lumo releases Quay 4", days=0),
        turn(3, "An agent built on Quay 4 is out", days=4),
        turn(9, "Lumo hires a lawyer", days=3),
    )

    assert found == {("s1", "s1-lumo", 1), ("s2", "s1-lumo", 2), ("s3", "s1-lumo", 3)}


def test_the_steps_of_a_listing_are_one_affair():
    """Clearance, pricing, debut."""
    found = linked(
        turn(1, "Lumo passes hearing for Hong Kong IPO"),
        turn(2, "陆墨招股，发行价区间敲定", days=4),
        turn(3, "Lumo shares jump in trading debut", days=9),
    )

    assert {step for _, _, step in found} == {1, 2, 3}


def test_what_is_made_of_results_is_one_affair():
    """The figures, the market's answer to them, and what they mean."""
    found = linked(
        turn(1, "Lumo quarterly results: revenue up 17%"),
        turn(2, "陆墨财报解读：利润去哪了", days=1),
        turn(3, "Lumo hires a lawyer", days=1),
    )

    assert {story for story, _, _ in found} == {"s1", "s2"}


def test_another_version_group_or_fortnight_is_another_affair():
    """What is quiet for days, or is somebody else's, does not build on it."""
    first = turn(1, "Lumo releases Quay 4")

    assert linked(first, turn(2, "Lumo releases Quay 5", days=1)) == set()
    assert linked(first, turn(2, "Quay 4 is cheaper", days=1, group="tarn")) == set()
    assert linked(first, turn(2, "Quay 4 is cheaper", days=6)) == set()
    often = [turn(n, f"Quay 4, day {n}", days=n) for n in range(1, 20, 3)]
    assert len({affair for _, affair, _ in linked(*often)}) == 2


def test_a_headline_without_a_matter_is_of_no_affair():
    """A firm's name is none."""
    assert matter("Lumo speaks up") == frozenset()
    assert linked(turn(1, "Lumo speaks up"), turn(2, "Lumo speaks up again")) == set()


def test_a_product_of_every_day_is_a_matter_by_its_version():
    """Two headlines that name an assistant share no more than its maker."""
    assert matter("Doubao is down") & matter("豆包造车") == frozenset()
    assert matter("Qwen 5 is out") & matter("千问5降价") != frozenset()


def test_where_something_is_done_is_no_matter():
    """A forecast of sales abroad and a plan for robots abroad are two affairs."""
    assert matter("北京发布机器人出海方案") == frozenset()
    assert (
        linked(turn(1, "机构上调海外销量预期"), turn(2, "北京发布机器人出海方案")) == set()
    )


def test_one_common_thing_takes_a_word_that_both_tell_it_in():
    """A cloud is what half of a firm's news is of; a name of one product is enough."""
    cloud = turn(1, "Lumo's cloud samples a chip for customers")
    servers = turn(2, "陆墨云计算服务器上线", days=1)
    price = turn(3, "陆墨宣布手机涨价")
    answer = turn(4, "门店回应陆墨涨价", days=1)
    agent = turn(5, "Lumo shows OpenClaw for phones")
    lobster = turn(6, "陆墨推出龙虾", days=1)

    assert linked(cloud, servers) == set()
    assert linked(price, answer) == {("s3", "s3-lumo", 1), ("s4", "s3-lumo", 2)}
    assert {story for story, _, _ in linked(agent, lobster)} == {"s5", "s6"}


def test_what_money_is_counted_in_is_no_matter():
    """Nor does a currency that both name make one of a firm's figures."""
    assert matter("Lumo pays 5 billion yuan") & matter("3 billion yuan") == set()


def test_a_topic_links_what_shares_two_things():
    """A measure and the answer to it; one word, or one firm, is chance."""
    measure = turn(
        1, "Chinese rare earth exports to Utopia plunge", kind="topic", group="cn"
    )
    answer = turn(2, "乌托邦请求恢复稀土出口", days=1, kind="topic", group="cn")
    alone = turn(3, "Rare earth prices", days=1, kind="topic", group="cn")
    named = turn(4, "Lumo fined", kind="topic", group="us", names=["lumo"])
    again = turn(5, "Lumo on a list", days=1, kind="topic", group="us", names=["lumo"])
    pair = turn(
        6, "Lumo, Tarn sanctioned", days=2, kind="topic", group="us", names=["lumo", "tarn"]
    )
    blacklist = turn(
        7, "陆墨塔恩被制裁", days=3, kind="topic", group="us", names=["lumo", "tarn"]
    )

    assert linked(measure, answer, alone) == {("s1", "s1-cn", 1), ("s2", "s1-cn", 2)}
    assert linked(named, again) == set()
    assert linked(named, again, pair, blacklist) == {("s6", "s6-us", 1), ("s7", "s6-us", 2)}


def test_what_affairs_are_about_takes_no_room_of_headlines_to_compare():
    """A batch links thousands of headlines: they would push out those that come again."""
    before = features.cache_info().misses

    linked(turn(1, "Lumo opens a kiln in Quayside"), turn(2, "Lumo shuts a kiln", days=1))

    assert features.cache_info().misses == before
