"""Values of JSON as strangers write them: of another type, or not there."""

from __future__ import annotations

import json
from typing import Any

from connectors.errors import FeedParseError
from connectors.feeds.formats.encoding import repair_encoding
from transforms.models import Feed
from transforms.text.json_limits import read_json


def document_of(body: bytes, feed: Feed) -> Any:
    """Return what *body* says.

    Raises:
        FeedParseError: It is not JSON.
    """
    try:
        return read_json(_decoded(body))
    except ValueError as exc:
        raise FeedParseError(feed.url, f"not a feed: broken JSON ({exc})") from exc


def text_of(value: Any) -> str:
    """Return *value* as text: ids and dates are numbers in some feeds."""
    return (
        str(value).strip()
        if isinstance(value, str | int | float) and value is not True
        else ""
    )


def list_of(value: Any) -> list[Any]:
    """Return *value* where it is a list, an empty one otherwise."""
    return value if isinstance(value, list) else []


def _decoded(body: bytes) -> str:
    """Return *body* as text: JSON is UTF-8, 16 or 32, and its first bytes tell."""
    try:
        return body.decode(json.detect_encoding(body))
    except UnicodeDecodeError:
        return repair_encoding(body).body.decode("utf-8", "replace")
