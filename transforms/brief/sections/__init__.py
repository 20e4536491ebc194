"""Sections of a brief in reading order.

A new section stands in the module of its subject: the record of a row, its query and
columns, what writes it, and its ``Heading``; then it takes its place in the list.
"""

from __future__ import annotations

from typing import Any

from transforms.brief.draft import Heading
from transforms.brief.model import Period
from transforms.brief.sections import (
    boards,
    companies,
    levels,
    searches,
    share,
    sources,
    stories,
    themes,
)
from transforms.models import Query

# Each says itself whether it is in the brief of a day, and on the front page.
SECTIONS: tuple[Heading, ...] = (
    stories.STORIES_SECTION,
    searches.SEARCHES_SECTION,
    boards.POLICY_SECTION,
    boards.BECAME_SECTION,
    share.SHARE_SECTION,
    levels.TOPICS_SECTION,
    levels.SHIFTS_SECTION,
    levels.ARCS_SECTION,
    share.MATRIX_SECTION,
    themes.THEMES_SECTION,
    companies.COMPANIES_SECTION,
    companies.MOVERS_SECTION,
    share.OVERSEAS_SECTION,
    share.LANGUAGES_SECTION,
    share.CO_MENTIONS_SECTION,
    themes.EMERGING_SECTION,
    themes.CRACKDOWN_SECTION,
    boards.MONEY_SECTION,
    boards.GAPS_SECTION,
    sources.FIRSTS_SECTION,
    boards.AHEAD_SECTION,
    sources.ALERTS_SECTION,
    sources.SOURCES_SECTION,
)

# What states do, which only a beat with a home side tells.
OF_STATES = (boards.POLICY_SECTION, themes.CRACKDOWN_SECTION)
# What is told in one language alone, where headlines are in two.
OF_LANGUAGES = (boards.GAPS_SECTION,)
# What a brief may be held to.
SECTION_KEYS = tuple(heading.key for heading in SECTIONS)


def sections_of(
    period: Period, *, side: str = "cn", in_chinese: bool = True
) -> tuple[Heading, ...]:
    """Return the sections of the brief of a *period* and home side, in order."""
    left_out = (*(() if side else OF_STATES), *(() if in_chinese else OF_LANGUAGES))
    return tuple(
        heading
        for heading in SECTIONS
        if period in heading.periods and heading not in left_out
    )
