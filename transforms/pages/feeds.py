"""Feeds in trouble: why, in the reader's language, and what a person can do."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.pages.rows.desk import FeedPoll, FeedState
from transforms.pages.words import PageWords

# States of feeds whose newest polls say more.
ILL = frozenset({"dead", "failing"})
# Remedies of failures that have a cause of their own, by the status of the answer.
STATUSES = {401: "401", 403: "401", 404: "404", 429: "429"}
# Words in the reason of what is no feed, by what can be done then.
REASONS = {
    "damaged": ("breaks off", "broken JSON", "feedparser fails"),
    "selectors": ("selector",),
}


def reason(words: PageWords, feed: FeedState, polls: Sequence[FeedPoll]) -> str:
    """Return why a feed is in its state, and what its server asked for.

    What an outlet's server said is quoted as it came.
    """
    parts = [words.word(f"feed.{_reason(feed)}", **_values(words, feed, polls))]
    if feed.retry_after_at and feed.state != "paused":
        parts.append(words.word("feed.held", until=words.clock(feed.retry_after_at)))
    if feed.moved_to:
        parts.append(words.word("feed.moved", to=feed.moved_to))
    if feed.other_url:
        parts.append(words.word("feed.other", to=feed.other_url))
    return words.word("feed.then").join(parts)


def _reason(feed: FeedState) -> str:
    """Return the key of the sentence on a feed's state."""
    has_answered = feed.last_success_at is not None
    if feed.state == "failing":
        answered = "failing" if has_answered else "never"
        return answered if feed.failures else "broken"
    if feed.state != "healthy":
        return feed.state
    if feed.failures or not has_answered:
        return "passing" if feed.failures else "new"
    if feed.last_article_at is None:
        return "bare"
    return "warming" if feed.usual_gap_hours is None else "usual"


def _values(
    words: PageWords, feed: FeedState, polls: Sequence[FeedPoll]
) -> dict[str, object]:
    last = polls[0] if polls else None
    said = (last.error or "").rstrip(".") if last else ""
    return {
        "n": words.count("feed.failed", feed.failures),
        "outcome": words.label("outcome", last.outcome) if last else "–",
        "said": words.word("feed.said", said=said) if said else "",
        "silent": words.short_span(max(feed.silent_hours or 0, 0)),
    }


def remedy(feed: FeedState, polls: Sequence[FeedPoll]) -> str:
    """Return the key of what a person can do about a feed, "" if there is nothing."""
    if feed.state == "quiet":
        return "quiet"
    if feed.state not in ILL or not polls:
        return ""
    last = polls[0]
    if status := STATUSES.get(last.http_status or 0):
        return status
    if last.outcome == "not_a_feed":
        found = (
            key
            for key, words in REASONS.items()
            if any(word in (last.error or "") for word in words)
        )
        return next(found, last.outcome)
    if last.outcome == "transient_error" and last.http_status is None:
        return "unreached"
    return last.outcome
