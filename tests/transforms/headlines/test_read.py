"""All that is read out of one headline."""

from __future__ import annotations

from builders import shipped_beat, shipped_watchlist

from transforms.articles.reader import EntryReader
from transforms.headlines.facts import read_headline
from transforms.models import HeadlineFact

FACTS = shipped_beat().facts
TITLE = "EU fines TikTok €5bn; its U.S. IPO is due Aug 12"


def test_each_reader_has_its_say():
    """One side, one amount and any regions, with the version that found them."""
    version = FACTS.version

    assert read_headline("a1", TITLE, FACTS) == [
        HeadlineFact("a1", "side", "us_eu", "EU", version),
        HeadlineFact("a1", "amount", "€5bn", "€5bn", version),
        HeadlineFact("a1", "region", "europe", "EU", version),
        HeadlineFact("a1", "region", "north_america", "U.S", version),
    ]


def test_a_round_up_says_nothing(make_article):
    """It says everything, and counts in no trend."""
    reader = EntryReader(shipped_watchlist(), shipped_beat())
    round_up = make_article(title=TITLE, is_digest=True)

    [read] = reader.tag_stored([round_up])

    assert read.found.mentions
    assert not any(read.found[2:])
