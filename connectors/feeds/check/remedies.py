"""What a person can do about a feed that is not in order."""

from __future__ import annotations

import json

from connectors.errors import FeedError
from connectors.feeds.check.report import CheckReport
from connectors.feeds.poll.outcomes import OUTCOMES
from connectors.feeds.poll.standing import is_permanent
from transforms.models import Feed, ListSelectors, Outcome
from transforms.urls.canonical import SecretUrl, redact_target

NOT_FOUND = 404
PAUSE = "enabled = false"
_LOST: frozenset[Outcome] = frozenset({"gone", "moved", "not_a_feed"})

# Reasons that say themselves what to do.
_TELLING = (
    "subscribe to one",
    "plain_sitemap",
    "feeds import",
    "ask the outlet",
    "SINOWIRE_",
)


def remedy_for_error(
    feed: Feed, error: FeedError, outcome: Outcome, guessed: ListSelectors | None
) -> str:
    """Return what to do about *error*, "" where its reason says so already.

    *guessed* are the selectors of the list in the page that came, if one came.
    """
    is_status = error.status is not None and outcome in {"permanent_error", "gone"}
    if is_status or any(word in error.reason for word in _TELLING):
        return ""
    if outcome == "transient_error" and error.status is None:
        return "see whether the address is right and this machine online, or try later"
    usual = OUTCOMES[outcome].remedy
    if outcome != "not_a_feed":
        return usual
    suggested = list_line(guessed) if guessed else ""
    if feed.selectors:
        remedy = "look at the page and correct the selectors of its list in feeds.toml"
        return f"{remedy}; this may do: {suggested}" if suggested else remedy
    if suggested:
        return f"{usual}; where it names none, read the page: {suggested}"
    return usual


def edit_for(report: CheckReport) -> str:
    """Return what the feed's table in feeds.toml may say instead, "" for nothing."""
    document = report.document
    if report.ok and document and is_permanent(document.redirects):
        return _moved_line(document.url, report.feed)
    if report.guessed:
        return list_line(report.guessed)
    is_lost = report.outcome in _LOST or report.status == NOT_FOUND
    return PAUSE if is_lost or report.silent_since else ""


def address_line(url: str) -> str:
    """Return an address as a line of feeds.toml."""
    return f"url = {json.dumps(url, ensure_ascii=False)}"


def _moved_line(url: str, feed: Feed) -> str:
    # Of a secret address nothing can be written that works and may be shown.
    is_public = redact_target(url, feed.url) == url and not isinstance(feed.url, SecretUrl)
    return address_line(url) if is_public else ""


def list_line(selectors: ListSelectors) -> str:
    """Return guessed *selectors* as a line of feeds.toml."""
    # A JSON string is a TOML string as well.
    parts = [f"items = {json.dumps(selectors.items)}"]
    parts += [f"date = {json.dumps(each)}" for each in selectors.date[:1]]
    return f"list = {{ {', '.join(parts)} }}"
