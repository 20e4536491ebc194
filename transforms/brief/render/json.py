"""A brief as JSON: its stories, what changed, and the rows of its sections."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from decimal import Decimal

from transforms.brief.model import Brief, plain
from transforms.text.tables import escape_json


def render_json(brief: Brief) -> str:
    """Return *brief* as one JSON object, ending in a newline.

    Moments are ISO 8601 in UTC, days ISO 8601 in the reporting zone. What would steer a
    terminal is escaped.
    """
    text = json.dumps(_content(brief), ensure_ascii=False, indent=2, default=_value)
    return escape_json(text) + "\n"


def _content(brief: Brief) -> dict[str, object]:
    return {
        "period": brief.period,
        "since": brief.since,
        "until": brief.until,
        "as_of": brief.as_of,
        "freshness": asdict(brief.freshness) if brief.freshness else None,
        "stories": [asdict(story) for story in brief.stories],
        "changed": [
            {"text": plain(change.line), "story_id": change.story_id}
            for change in brief.changed
        ],
        "sections": {
            key: [asdict(row) for row in rows] for key, rows in brief.rows.items()
        },
    }


def _value(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")
