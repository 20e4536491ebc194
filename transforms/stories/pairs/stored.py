"""What parts two headlines that are stored as one event, and what joins two that are not.

What an earlier release put together or apart was read, linked and told. Where that is made
anew, a score a little below the bar, or above it, undoes none of it: two of one story are
parted where what they tell differs, or where nothing of it agrees, and two stories become
one where little is in doubt.
"""

from __future__ import annotations

from datetime import timedelta

from transforms.stories.pairs.compared import Side, gap, same_publisher
from transforms.stories.pairs.demands import (
    FIRM,
    JOIN,
    MOST_AGAINST,
    NEVER,
    contradictions,
    counts_otherwise,
    says_one_thing,
    share_count,
)
from transforms.stories.pairs.similarity import (
    SAME,
    WINDOW,
    demanded,
    likelihood,
    pair_kind,
)
from transforms.stories.pairs.weights import Weigher, weights_of
from transforms.stories.product_versions import other_version

# What comes later is another turn, unless the same is told.
SOON = timedelta(hours=24)
# Of headlines that came to stories later than this, half told another turn.
AT_ONCE = timedelta(hours=12)
SURE = 0.80
# Across languages, where both name one actor; and where what joins two is not told.
SURE_ACROSS = 0.70
UNTOLD_ACROSS = 0.93


def stay_one(a: Side, b: Side, weigher: Weigher = weights_of) -> bool:
    """Tell whether two headlines that are stored as one event may be that."""
    if gap(a, b) > WINDOW or other_version(a.parts.versions, b.parts.versions):
        return False
    differing, kind = contradictions(a, b), pair_kind(a, b)
    if counts_otherwise(a, b):
        return _tell_it_again(a, b) and likelihood(a, b, weigher, at_least=JOIN) > 0
    if differing >= MOST_AGAINST:
        return False
    if demanded(a, b) < NEVER or share_count(a, b):
        least = JOIN if differing else SAME[kind]
    elif kind == "cross":
        least = UNTOLD_ACROSS
    elif gap(a, b) <= SOON:
        least = JOIN
    else:
        return False
    return likelihood(a, b, weigher, at_least=least) > 0


def _tell_it_again(a: Side, b: Side) -> bool:
    """Tell whether another number may be that of one event: a toll, or a sum rounded.

    Of one outlet two such headlines are of a mould.
    """
    return gap(a, b) < SOON and not same_publisher(a, b) and says_one_thing(a, b)


def become_one(a: Side, b: Side, score: float) -> bool:
    """Tell whether two headlines of *score*, stored as two events, surely are one."""
    if gap(a, b) > AT_ONCE or contradictions(a, b):
        return False
    if pair_kind(a, b) == "cross" and demanded(a, b) <= FIRM:
        return score >= SURE_ACROSS
    return score >= SURE
