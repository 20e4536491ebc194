"""Read values out of rows, whatever a driver or a JSON file made of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from transforms.brief.model import Text

Row = Mapping[str, Any]
WEB = ("http://", "https://")


def instant(value: object) -> datetime | None:
    """Return a time out of a row; text is read as ISO 8601."""
    if isinstance(value, str) and value:
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    return value if isinstance(value, datetime) else None


def whole(value: object) -> int:
    """Return a count out of a row; nothing is zero."""
    return int(value) if isinstance(value, int | float | Decimal) else 0


def number(value: object) -> float:
    """Return a measure out of a row; nothing is zero."""
    return float(value) if isinstance(value, int | float | Decimal) else 0.0


def share_of(row: Row, total: int) -> float:
    """Return the share that a row says it has of *total* stories, else that of its own."""
    share = row.get("share")
    return number(share) if share is not None else whole(row.get("stories")) / total


def labels(values: object) -> list[str]:
    """Return the ids in a list column, whose items may be texts or rows with a name."""
    if not isinstance(values, list | tuple):
        return []
    found = (
        v.get("name") or v.get("topic_id") or v.get("company_id")
        if isinstance(v, Mapping)
        else v
        for v in values
    )
    return [str(v) for v in found if v]


def link(text: object, url: object, *, style: Any = "") -> Text:
    """Return *text* linked to *url*; any address that is not of the web is dropped."""
    address = str(url or "").strip()
    safe = address if address.lower().startswith(WEB) else ""
    return Text(str(text or ""), safe, style)
