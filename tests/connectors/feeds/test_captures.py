"""What real captures end in: walls, welcome pages, and a copy that nobody fills."""

from __future__ import annotations

import tarfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.errors import FeedError
from connectors.feeds.formats.parser import parse_document
from connectors.feeds.poll.outcomes import outcome_of
from transforms.models import Feed
from transforms.urls.identity import article_id

CAPTURES = Path(__file__).resolve().parents[3].parent / "shared" / "corpus" / "feeds"
NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)

# Floors of coverage hold without what is not here.
pytestmark = [
    pytest.mark.no_cover,
    pytest.mark.skipif(
        not CAPTURES.is_dir(), reason="the captures of ../shared/corpus are not here"
    ),
]


def documents(source):
    """Return the captures of a source, oldest first."""
    with tarfile.open(CAPTURES / f"{source}.tar.xz") as archive:
        members = sorted((m for m in archive if m.isfile()), key=lambda m: m.name)
        return [archive.extractfile(member).read() for member in members]


def read_all(source):
    """Read the captures of a source one after another, as polls do."""
    feed = Feed(feed_id=source, url="https://x.example/feed")
    known = frozenset()
    for body in documents(source):
        try:
            parsed = parse_document(body, feed=feed, now=NOW, known=known)
        except FeedError as error:
            yield error.outcome, error.reason, []
            continue
        known = frozenset(parsed.item_hashes) or known
        yield outcome_of(parsed), "", parsed.entries


def test_firewall_pages_are_challenges():
    """A firewall's page is a challenge, the feed between two of them is read."""
    ends = Counter(outcome for outcome, _, _ in read_all("tweakers"))

    assert ends["challenge"] > 50
    assert ends["new"] > 50
    assert not ends["not_a_feed"] + ends["permanent_error"]


@pytest.mark.parametrize(
    "source", ["github-trending_rsshub", "zhihu-hotlist_rsshub", "qqnews-rank_rsshub"]
)
def test_welcome_pages_are_no_feeds(source):
    """A gateway that greets instead of serving the route is named by its title."""
    ends = list(read_all(source))

    assert ends
    for outcome, reason, _ in ends:
        assert outcome == "not_a_feed"
        assert "Welcome to" in reason


def test_copy_that_nobody_fills_is_told():
    """Old articles under ever new dates come once; then the feed is a stale copy."""
    (first, _, entries), *rest = list(read_all("jiemian"))

    assert (first, len(entries)) == ("new", 7)
    assert len(rest) > 90
    assert {outcome for outcome, _, _ in rest} <= {"stale_copy", "unchanged", "new"}
    assert Counter(outcome for outcome, _, _ in rest).most_common(1)[0][0] == "stale_copy"
    # One item leaves the copy and comes back; it is the same article each time.
    found = [*entries, *(entry for _, _, more in rest for entry in more)]
    ids = {article_id(entry.url, "jiemian", entry.guid) for entry in found}
    assert len(ids) == 8
    assert len(found) <= 10
