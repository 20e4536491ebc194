"""Pairs of companies in the same stories; a table, since graphs of names tangle."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.brief.draft import Draft, Heading
from transforms.brief.model import Section, Table, Text
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


def section(draft: Draft) -> Section:
    """List the pairs with most stories."""
    pairs = [row for row in draft.rows(CO_MENTIONS) if row.stories >= MIN_PAIR]
    rows = tuple(
        (
            (Text(f"{draft.name(row.company_a)} · {draft.name(row.company_b)}"),),
            (Text(f"{row.stories:,}"),),
            (Text(f"{row.npmi:.2f}"),),
        )
        for row in pairs[:PAIRS]
    )
    columns = draft.columns("pair", "#stories", "#npmi")
    table = draft.folded(Table(draft.word("caption.pairs"), columns, rows))
    return Section(
        key="co_mentions",
        title=draft.word("section.co_mentions"),
        blocks=(table,) if rows else (),
        queries=draft.evidence("co_mentions"),
    )


HEADING = Heading(
    key="co_mentions", write=section, queries=(CO_MENTIONS,), periods=("week",)
)
