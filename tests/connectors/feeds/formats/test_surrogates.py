"""What was parsed can be written down."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from connectors.feeds.formats.parser import parse_document
from transforms.models import Feed

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
FEED = Feed(feed_id="x", url="https://x.example/feed")


def test_half_characters_of_json_are_replaced():
    """JSON can spell half a character; entries hold none, wherever it stood."""
    half = "cut\ud83d"
    body = json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": half,
            "items": [
                {"id": half, "title": half, "content_html": half, "tags": [half]},
                {"id": "2", "title": "中文", "authors": [{"name": half}]},
            ],
        }
    )

    parsed = parse_document(body.encode(), feed=FEED, now=NOW)

    first, second = parsed.entries
    assert (first.guid, first.title, first.categories) == ("cut�", "cut�", ("cut�",))
    assert (parsed.title, first.content, second.authors) == ("cut�", "cut�", ("cut�",))
    assert second.title == "中文"


def test_references_to_no_character_are_replaced():
    """One impossible reference costs its character, not the feed."""
    body = (
        "<rss version='2.0'><channel><item><title>a&#xD800;&#55296;&#0;&#1114112;&#xFFFF;b"
        "&#x4e2d;&#10;</title><link>https://x.example/1</link></item></channel></rss>"
    )

    (entry,) = parse_document(body.encode(), feed=FEED, now=NOW).entries

    assert entry.title.strip() == "a�����b中"
