"""What is read out of a headline beside names and topics."""

from __future__ import annotations

from typing import Literal, NamedTuple

FactKind = Literal["side", "amount", "region", "due"]


# A tuple, as mentions and tags are: it crosses between processes.
class HeadlineFact(NamedTuple):
    """One thing that a headline says, with the words that say it.

    ``value`` is by kind: the side that acts (china, us_eu or unclear), an amount of money
    as written, a region, or the occasion that falls on the day that ``term`` names.
    """

    article_id: str
    kind: FactKind
    value: str
    term: str
    rules_version: str
