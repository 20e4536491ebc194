"""Make a brief from the published file."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from flows.settings import Settings
from flows.steps.store import published
from transforms.brief import Brief, compose_brief
from warehouse.trends import brief_data

SPANS = {"day": timedelta(days=1), "week": timedelta(days=7)}


def make_brief(
    settings: Settings,
    *,
    now: datetime,
    period: Literal["day", "week"] = "day",
    as_of: datetime | None = None,
    language: str = "en",
) -> Brief:
    """Return the brief of the *period* that ends *now*, from what was seen by *as_of*."""
    since = now - SPANS[period]
    with published(settings) as con:
        data = brief_data(con, since=since, until=now, as_of=as_of)
    return compose_brief(
        data,
        period=period,
        since=since,
        until=now,
        as_of=as_of,
        now=now,
        language=language,
    )
