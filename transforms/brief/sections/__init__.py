"""The sections of a brief, in the order in which they are read.

A new section is a module here, with its ``HEADING``, and its place in the list.
"""

from __future__ import annotations

from typing import Any

from transforms.brief.draft import Heading
from transforms.brief.model import Period
from transforms.brief.sections import (
    ahead,
    alerts,
    firsts,
    gaps,
    searches,
    sources,
    stories,
)
from transforms.brief.sections.by_company import (
    co_mentions,
    companies,
    languages,
    matrix,
    movers,
    overseas,
    share,
    shifts,
    wording,
)
from transforms.brief.sections.by_topic import (
    arcs,
    crackdown,
    emerging,
    money,
    policy,
    themes,
    topics,
)
from transforms.models import Query

# Each says itself whether it is in the brief of a day, and on the front page.
SECTIONS: tuple[Heading, ...] = (
    stories.HEADING,
    searches.HEADING,
    policy.HEADING,
    share.HEADING,
    topics.HEADING,
    shifts.HEADING,
    arcs.HEADING,
    matrix.HEADING,
    themes.HEADING,
    companies.HEADING,
    movers.HEADING,
    wording.HEADING,
    overseas.HEADING,
    languages.HEADING,
    co_mentions.HEADING,
    emerging.HEADING,
    crackdown.HEADING,
    money.HEADING,
    gaps.HEADING,
    firsts.HEADING,
    ahead.HEADING,
    alerts.HEADING,
    sources.HEADING,
)

# What a brief may be held to.
SECTION_KEYS = tuple(heading.key for heading in SECTIONS)


def sections_of(period: Period) -> tuple[Heading, ...]:
    """Return the sections of the brief of a *period*, in order."""
    return tuple(heading for heading in SECTIONS if period in heading.periods)


def section_queries(period: Period) -> tuple[Query[Any], ...]:
    """Return the queries of the sections of that brief."""
    return tuple(query for heading in sections_of(period) for query in heading.queries)
