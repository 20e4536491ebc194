"""What the other language told before: it is known, and neither leads nor is new."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from transforms.brief.ranking.model import Lead
from transforms.brief.ranking.weights import weights
from transforms.models import Query
from transforms.stories.numbers import find_amounts, same_amount, shared_numbers
from transforms.stories.signs import Signs, signs_of

# Of so many leads is asked what was told before: those below do not come to lead.
ASKED = 40
# From so much on a number is a sum of money, or of what is sold, and no count of things.
A_SUM = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierTelling:
    """An article of the other language, days or weeks before a story of its event type.

    It is of the same firm or side; ``is_same_object`` says that it is done to the same too.
    """

    story_id: str
    title: str
    url: str
    publisher: str
    published_at: datetime
    is_same_object: bool


EARLIER = Query(
    name="brief.earlier_tellings",
    row=EarlierTelling,
    relations=("coverage", "tags", "headline_facts", "articles"),
)


def known_since(
    titles: Mapping[str, Sequence[str]], earlier: Iterable[EarlierTelling]
) -> dict[str, EarlierTelling]:
    """Return of each story of *titles* the first that told the same object or amount."""
    known: dict[str, EarlierTelling] = {}
    signs = {story_id: _signs(own) for story_id, own in titles.items()}
    for row in sorted(earlier, key=lambda row: (row.published_at, row.url)):
        own = signs.get(row.story_id, [])
        if row.is_same_object or _tell_one_amount(own, signs_of(row.title)):
            known.setdefault(row.story_id, row)
    return known


def known_behind(leads: Sequence[Lead], known: Collection[str]) -> list[Lead]:
    """Return *leads* in order, what is *known* with a part of its score."""
    part = weights().known
    lessened = [
        lead.lessened(part, "known before") if lead.story_ids[0] in known else lead
        for lead in leads
    ]
    return sorted(lessened, key=lambda lead: -lead.score)


def _signs(titles: Iterable[str]) -> list[Signs]:
    return [signs_of(title) for title in titles]


def _tell_one_amount(own: Iterable[Signs], other: Signs) -> bool:
    """Tell whether a headline names the amount of another, in one currency or in two."""
    sums, amounts = _sums(other), find_amounts(other.plain)
    return any(
        shared_numbers(_sums(each), sums) or same_amount(find_amounts(each.plain), amounts)
        for each in own
    )


def _sums(signs: Signs) -> frozenset[str]:
    return frozenset(n for n in signs.numbers if "%" not in n and float(n) >= A_SUM)
