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

# The first that matches is taken.
PAGES: tuple[Page, ...] = (
    *today.PAGES,
    *stories.PAGES,
    *subjects.PAGES,
    *subject.PAGES,
    *alerts.PAGES,
    *acts.PAGES,
    *feeds.PAGES,
    *trends.PAGES,
    *brief.PAGES,
    *search.PAGES,
    *sql.PAGES,
    *verdicts.PAGES,
    *teach.PAGES,
)
