"""Shards of feeds: each feed in one, by its host, the same on every machine."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.subscriptions import parse_feeds
from flows.steps.hosts import polls_a_day
from transforms.urls.shards import ROOM, Shard, parse_shard, share_out, sizes

FEEDS = Path(__file__).parents[2] / "feeds.toml"


def shipped():
    """Each shipped feed that is polled, and how often a day."""
    return polls_a_day(parse_feeds(FEEDS.read_text("utf-8")))


def host_of(url):
    return urlsplit(url).hostname


def numbers(polls, of):
    """The shard of each host of those feeds."""
    return {
        host_of(url): number
        for number, share in enumerate(share_out(polls, of), 1)
        for url, _ in polls
        if share.holds(url)
    }


@given(st.lists(st.tuples(st.text(), st.integers(1, 96))), st.text(), st.integers(1, 8))
def test_every_feed_is_in_one_shard(polls, other, count):
    """Whatever its address is, and were it in no list: polled once, and by somebody."""
    shares = share_out(polls, count)
    for url in [other, *(url for url, _ in polls)]:
        assert sum(share.holds(url) for share in shares) == 1


def test_feeds_of_a_host_stay_together():
    """One process spaces the requests to a host, whatever path, port or case is written."""
    ways = [
        "https://Feeds.Example.com/a.xml",
        "http://feeds.example.com:8080/b?c=d",
        "https://user:secret@feeds.example.com./",
    ]
    for count in range(1, 9):
        shares = share_out([*shipped(), *((way, 48) for way in ways)], count)
        assert len({tuple(s.holds(way) for s in shares) for way in ways}) == 1


def test_the_shard_of_a_host_is_the_same_in_every_process():
    """Machines that cannot ask each other agree; a release that moves a host says so."""
    hosts = ("36kr.com", "www.caixin.com", "127.0.0.1", "[::1]", "新华网.cn")
    drawn = numbers([(f"https://{host}/feed", 48) for host in hosts], 3)

    assert [drawn[host.strip("[]")] for host in hosts] == [2, 1, 3, 3, 1]


@given(st.permutations(shipped()), st.integers(2, 5))
@settings(max_examples=20)
def test_the_order_of_a_list_says_nothing(polls, count):
    """Two machines have the same feeds in files that are sorted otherwise."""
    assert numbers(polls, count) == numbers(shipped(), count)


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_shards_of_the_shipped_feeds_are_about_as_large(count):
    """By hosts alone the first of four had 33 of them to poll, and the last one 7."""
    polls = shipped()
    held = [size.polls for size in sizes(polls, count)]

    assert sum(held) == sum(a_day for _, a_day in polls)
    assert max(held) <= ROOM * sum(held) / count
    assert min(held) >= 0.5 * sum(held) / count


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 96)), min_size=1, max_size=80),
    st.integers(2, 8),
)
def test_a_shard_is_too_large_only_by_heavy_hosts(drawn, count):
    """Whatever the feeds are; a host stays in one piece."""
    polls = [(f"https://n{host}.example/{n}", day) for n, (host, day) in enumerate(drawn)]
    mean = sum(day for _, day in drawn) / count
    of_host = Counter()
    for host, day in drawn:
        of_host[host] += day
    heavy = {host for host, day in of_host.items() if day > (ROOM - 1) * mean}

    for share, size in zip(share_out(polls, count), sizes(polls, count), strict=True):
        held = {host for host in of_host if share.holds(f"https://n{host}.example/")}
        assert size.polls <= ROOM * mean or held <= heavy


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_a_feed_that_goes_moves_few_others(count):
    """As two machines may differ in one: nearly all others are polled by whom they were."""
    polls = shipped()
    before = numbers(polls, count)
    moved = []
    for gone in polls:
        after = numbers([one for one in polls if one is not gone], count)
        moved.append(sum(before[host] != number for host, number in after.items()))

    assert max(moved) <= 0.1 * len(before)
    assert sum(moved) / len(moved) <= 0.05 * len(before)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_a_shard_more_takes_from_the_others(count):
    """What it does not take stays where it was, but for a few where room was short."""
    polls = shipped()
    before, after = numbers(polls, count), numbers(polls, count + 1)
    elsewhere = [host for host, n in after.items() if n not in (before[host], count + 1)]

    assert count + 1 in after.values()
    assert len(elsewhere) <= 0.1 * len(before)


def test_a_shard_is_named_by_its_number_and_how_many_there_are():
    assert parse_shard("2/3") == Shard(2, 3)
    assert str(parse_shard(" 02/3 ")) == "2/3"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0/2", "K goes from 1 to 2"),
        ("3/2", "K goes from 1 to 2"),
        ("1/0", "N goes from 1 to 64"),
        ("1/65", "N goes from 1 to 64"),
        ("1", "is not K/N, such as 1/2"),
        ("a/b", "is not K/N"),
        ("-1/2", "is not K/N"),
        ("1/2/3", "is not K/N"),
        ("١/٢", "is not K/N"),
        ("", "is not K/N"),
    ],
)
def test_what_is_no_shard_is_told(text, said):
    """In words that hold what was given and what would do."""
    with pytest.raises(ValueError, match=said) as told:
        parse_shard(text)
    assert repr(text) in str(told.value)


def test_who_deploys_is_told_what_each_shard_has():
    """A handful of feeds may all lie in one shard: the other machine would seem broken."""
    hosts = [(f"https://h{n}.example/{path}", 24) for n in range(40) for path in "ab"]
    alone = [(f"https://one.example/{n}", 48) for n in range(3)]

    told = sizes(hosts, 2)
    assert [sum(part) for part in zip(*told, strict=True)] == [80, 40, 80 * 24]
    assert sorted(sizes(alone, 2)) == [(0, 0, 0), (3, 1, 144)]
