"""Outcomes of a poll and their weights, in one table.

SQL asks the same as ``answered(outcome)``; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping

from connectors.feeds.formats.result import Parsed
from transforms.models import Outcome
from transforms.text.lengths import counted
from transforms.words import phrases

# Media Cloud's scale: hard 1, soft ½, temporary ¼. Four time-outs in a row weigh as
# much as one refusal.
HARD, SOFT, TEMPORARY = 1.0, 0.5, 0.25

# Of a run, and not of a feed: see ``is_outage`` of record.py.
NOBODY = "no host answered as it should: network, portal or proxy?"
WAY_OUT = (
    "See to the network; log in where a portal asks for it; where the way out is a proxy, "
    "name it as `proxy` in sinowire.toml; where your network signs all certificates "
    "itself, name its authority in SSL_CERT_FILE"
)


# What an outcome weighs as a fault of the feed; one that weighs nothing is an answer. What
# a person can do about it is said in the words of the pages, `remedy.OUTCOME`.
WEIGHTS: Mapping[Outcome, float] = {
    # At least one entry that was not known; a part that could not be read is a warning.
    "new": 0,
    # The same bytes, or the same entries.
    "unchanged": 0,
    # A feed without an entry.
    "empty": 0,
    # Its entries are dated by first sight.
    "undated": 0,
    # Everything old under today's date: a copy that nobody fills.
    "stale_copy": 0,
    # A refusal, a wrong address: stays until a person acts.
    "permanent_error": HARD,
    # A page or JSON beyond the limit; of XML the entries within it are read.
    "too_large": HARD,
    # The publisher's own word.
    "gone": HARD,
    # Sites under repair send everybody to their front page.
    "moved": SOFT,
    # So do maintenance pages, at the same address.
    "not_a_feed": SOFT,
    # Walls come and go with the load and with our address.
    "challenge": SOFT,
    # Time-outs, 429 and 5xx pass by themselves.
    "transient_error": TEMPORARY,
}
FAILURES = frozenset(name for name, weight in WEIGHTS.items() if weight)


def remedy_of(outcome: str) -> str:
    """Return what a person can do about an outcome, "" if there is nothing to do."""
    return phrases("en").get(f"remedy.{outcome}", "")


def answered(outcomes: Mapping[str, int]) -> str:
    """Return how many of the polled feeds answered, and the outcomes of the rest."""
    asked = sum(outcomes.values())
    failed = {name: n for name, n in outcomes.items() if name in FAILURES and n}
    if not failed:
        return f"all of {counted(asked, 'feed')} answered"
    worst = sorted(failed.items(), key=lambda each: (-each[1], each[0]))
    others = ", ".join(f"{n} {in_words(name)}" for name, n in worst)
    return f"{asked - sum(failed.values())} of {counted(asked, 'feed')} answered; {others}"


def in_words(outcome: str) -> str:
    """Return the name of an outcome as used in a sentence."""
    return outcome.replace("_", " ")


def outcome_of(parsed: Parsed) -> Outcome:
    """Return the outcome of a poll that returned a feed document."""
    if parsed.total == 0:
        return "empty"
    if not parsed.entries:
        return "stale_copy" if parsed.redated == parsed.total else "unchanged"
    if all(e.published_at is None and e.updated_at is None for e in parsed.entries):
        return "undated"
    return "new"
