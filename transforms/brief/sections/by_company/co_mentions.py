"""Pairs of companies in the same stories; a table, since graphs of names tangle."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.brief.draft import Draft, Heading
from transforms.brief.model import Section
from transforms.brief.tables import Columns, decimal, number, table
from transforms.models import Query

PAIRS = 30
MIN_PAIR = 3  # stories; below, two companies met by chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two companies of different groups that stories of 28 days name together."""

    company_a: str
    name_a: str
    company_b: str
    name_b: str
    stories: int
    npmi: float


CO_MENTIONS = Query(
    name="brief.co_mentions", row=Pair, relations=("pairs_between", "companies")
)


COLUMNS: Columns[Pair] = {
    "pair": lambda draft, row: f"{draft.name(row.company_a)} · {draft.name(row.company_b)}",
    "#stories": number("stories"),
    "#npmi": decimal("npmi", ".2f"),
}


def section(draft: Draft) -> Section:
    """List the pairs with most stories."""
    pairs = [row for row in draft.rows(CO_MENTIONS) if row.stories >= MIN_PAIR]
    return draft.section(
        "co_mentions", table(draft, "caption.pairs", COLUMNS, pairs[:PAIRS])
    )


HEADING = Heading(
    key="co_mentions", write=section, queries=(CO_MENTIONS,), periods=("week",)
)
