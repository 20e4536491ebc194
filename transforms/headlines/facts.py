"""Read out of headlines what SQL counts: who acts, sums of money, regions, days to come.

The words are data, in the lexicons beside each reader. What is found is stored with the
article, as mentions and tags are, so that no query has to read a text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache

from transforms.headlines import amounts, due, lexicon, regions, sides
from transforms.headlines.lexicon import Found
from transforms.models import FactKind, HeadlineFact
from transforms.names.rules.patterns import PatternSet, pattern_set

# Part of the version: raise it when the code gives the same words a new meaning.
READER = "1"


def read_headline(article_id: str, title: str, *, is_digest: bool) -> list[HeadlineFact]:
    """Return what the headline of an article says; nothing of a round-up."""
    if is_digest or not _all_patterns().likely(title.lower()):
        return []
    version = facts_version()
    return [
        HeadlineFact(article_id, kind, found.value, found.term, version)
        for kind, found in _found(title)
    ]


@cache
def facts_version() -> str:
    """Return a hash of the lexicons, by which a fact tells what found it."""
    texts = "\n".join((READER, *map(lexicon.source, lexicon.NAMES)))
    return f"h{hashlib.sha256(texts.encode()).hexdigest()[:10]}"


@cache
def _all_patterns() -> PatternSet:
    """Return what one look tells of three headlines in four: that they say nothing."""
    readers = (sides, amounts, regions, due)
    return pattern_set([each for reader in readers for each in reader.patterns()])


def _found(title: str) -> Iterator[tuple[FactKind, Found]]:
    if side := sides.find_side(title):
        yield "side", side
    if amount := amounts.find_amount(title):
        yield "amount", amount
    for region in regions.find_regions(title):
        yield "region", region
    if occasion := due.find_due(title):
        yield "due", occasion
