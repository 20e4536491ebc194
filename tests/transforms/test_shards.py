"""Shards of feeds: each feed in one, by its host, the same on every machine."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.urls.shards import MOST_SHARDS, Shard, parse_shard, shard_sizes


def shards_of(count):
    return [parse_shard(f"{number}/{count}") for number in range(1, count + 1)]


@given(st.text(), st.integers(1, MOST_SHARDS))
def test_every_feed_is_in_one_shard(url, count):
    """Whatever its address is: polled once, and by somebody."""
    assert sum(shard.holds(url) for shard in shards_of(count)) == 1


def test_feeds_of_a_host_stay_together():
    """One process spaces the requests to a host, whatever path, port or case is written."""
    ways = [
        "https://Feeds.Example.com/a.xml",
        "http://feeds.example.com:8080/b?c=d",
        "https://user:secret@feeds.example.com./",
    ]
    for count in range(1, 9):
        assert len({tuple(s.holds(way) for s in shards_of(count)) for way in ways}) == 1


def test_the_shard_of_a_host_is_the_same_in_every_process():
    """Machines that cannot ask each other agree; a release that moves a host says so."""
    hosts = ("36kr.com", "www.caixin.com", "127.0.0.1", "[::1]", "新华网.cn")
    drawn = [
        [s.holds(f"https://{host}/feed") for s in shards_of(3)].index(True)
        for host in hosts
    ]
    assert drawn == [1, 1, 0, 2, 0]


def test_shards_are_about_as_large():
    """Of a thousand hosts, each of four has its quarter, give or take a tenth of all."""
    urls = [f"https://news{n}.example/rss" for n in range(1000)]
    sizes = Counter(s for url in urls for s in shards_of(4) if s.holds(url))
    assert all(200 < size < 300 for size in sizes.values())


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
    hosts = [f"https://h{n}.example/{path}" for n in range(40) for path in "ab"]
    alone = [f"https://one.example/{n}" for n in range(3)]

    assert sum(feeds for feeds, _ in shard_sizes(hosts, 2)) == 80
    assert sum(count for _, count in shard_sizes(hosts, 2)) == 40
    assert sorted(shard_sizes(alone, 2)) == [(0, 0), (3, 1)]
