"""What a person can do about a feed that is not in order."""

from __future__ import annotations

import json

from connectors.errors import FeedError
from connectors.feeds.poll.outcomes import OUTCOMES
from transforms.models import Feed, ListSelectors, Outcome

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


def list_line(selectors: ListSelectors) -> str:
    """Return guessed *selectors* as a line of feeds.toml."""
    # A JSON string is a TOML string as well.
    parts = [f"items = {json.dumps(selectors.items)}"]
    parts += [f"date = {json.dumps(each)}" for each in selectors.date[:1]]
    return f"list = {{ {', '.join(parts)} }}"
