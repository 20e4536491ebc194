"""Pages of the desk, each with its path, parameters and view function."""

from __future__ import annotations

from flows.web.page import Page
from flows.web.pages import (
    alerts,
    cite,
    lists,
    periods,
    sources,
    sql,
    stories,
    subject,
    subjects,
    timeline,
    today,
    verdicts,
)

__all__ = ["PAGES", "Page"]

# In the order of the navigation; no two match one address.
PAGES: tuple[Page, ...] = (
    *today.PAGES,
    *stories.PAGES,
    *subjects.PAGES,
    *subject.PAGES,
    *periods.PAGES,
    *alerts.PAGES,
    *timeline.PAGES,
    *lists.PAGES,
    *sources.PAGES,
    *verdicts.PAGES,
    *cite.PAGES,
    *sql.PAGES,
)
