"""Every page of the desk: its path, its parameters, and what makes it."""

from __future__ import annotations

from flows.web.pages import (
    acts,
    alerts,
    brief,
    feeds,
    search,
    sql,
    stories,
    subject,
    subjects,
    teach,
    today,
    trends,
    verdicts,
)
from flows.web.pages.page import Page

__all__ = ["PAGES", "Page"]

# In the order of the navigation; no two match one address.
PAGES: tuple[Page, ...] = (
    *today.PAGES,
    *stories.PAGES,
    *subjects.PAGES,
    *subject.PAGES,
    *trends.PAGES,
    *brief.PAGES,
    *alerts.PAGES,
    *acts.PAGES,
    *feeds.PAGES,
    *verdicts.PAGES,
    *sql.PAGES,
    *search.PAGES,
    *teach.PAGES,
)
