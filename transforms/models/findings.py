"""Findings: what was found in articles, a field a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from transforms.models.articles import ArticleClaim, HeadlineFact, Mention, Tag
from transforms.models.calendar import ArticleDate
from transforms.models.measures import ArticleMeasure


class Findings(NamedTuple):
    """Rows that were found in articles, of each kind.

    A further kind is a field here and a line of ``FINDINGS`` in
    ``warehouse/news/findings.py``.
    """

    mentions: Sequence[Mention] = ()
    tags: Sequence[Tag] = ()
    facts: Sequence[HeadlineFact] = ()
    measures: Sequence[ArticleMeasure] = ()
    claims: Sequence[ArticleClaim] = ()
    dates: Sequence[ArticleDate] = ()


def joined(found: Iterable[Findings]) -> Findings:
    """Return the findings of several articles as one, in their order."""
    return Findings(*(list(chain.from_iterable(rows)) for rows in zip(*found, strict=True)))
