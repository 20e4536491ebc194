"""Outcomes of a poll and their meanings, in one table.

SQL asks the same as ``answered(outcome)``; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.feeds.formats.result import Parsed
from transforms.models import Outcome
from transforms.text.lengths import counted

# Media Cloud's scale: hard 1, soft ½, temporary ¼. Four time-outs in a row weigh as
# much as one refusal.
HARD, SOFT, TEMPORARY = 1.0, 0.5, 0.25

# Of a run, and not of a feed: see outage.py.
NOBODY = "no host answered as it should: network, portal or proxy?"
WAY_OUT = (
    "See to the network; log in where a portal asks for it; where the way out is a proxy, "
    "name it as `proxy` in sinowire.toml; where your network signs all certificates "
    "itself, name its authority in SSL_CERT_FILE"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeMeaning:
    """Meaning of an outcome. A failure has a weight; every other outcome is an answer.

    ``remedy`` is what a person can do about it, "" where there is nothing to do.
    """

    weight: float = 0.0
    remedy: str = ""

    @property
    def is_failure(self) -> bool:
        """Tell whether the outcome is a fault of the feed."""
        return self.weight > 0


OUTCOMES: Mapping[Outcome, OutcomeMeaning] = {
    # At least one entry that was not known; a part that could not be read is a warning.
    "new": OutcomeMeaning(),
    # The same bytes, or the same entries.
    "unchanged": OutcomeMeaning(),
    # A feed without an entry.
    "empty": OutcomeMeaning(remedy="nothing to do unless it stays empty"),
    # Its entries are dated by first sight.
    "undated": OutcomeMeaning(remedy="entries are dated by first sight; nothing to do"),
    # Everything old under today's date: a copy that nobody fills.
    "stale_copy": OutcomeMeaning(),
    # A refusal, a wrong address: stays until a person acts.
    "permanent_error": OutcomeMeaning(
        weight=HARD, remedy="correct the address or its headers in feeds.toml"
    ),
    # A page or JSON beyond the limit; of XML the entries within it are read.
    "too_large": OutcomeMeaning(
        weight=HARD,
        remedy="raise max_bytes, of the feed in feeds.toml or of all in sinowire.toml",
    ),
    # The publisher's own word.
    "gone": OutcomeMeaning(weight=HARD, remedy="remove the feed"),
    # Sites under repair send everybody to their front page.
    "moved": OutcomeMeaning(
        weight=SOFT,
        remedy="look for the new address on the outlet's page and change the url",
    ),
    # So do maintenance pages, at the same address.
    "not_a_feed": OutcomeMeaning(
        weight=SOFT, remedy="`sinowire feeds add PAGE` finds the feed that a page names"
    ),
    # Walls come and go with the load and with our address.
    "challenge": OutcomeMeaning(
        weight=SOFT,
        remedy="give the feed a second address (`also`) in feeds.toml, another user_agent "
        "or a proxy, or take another feed of the same outlet",
    ),
    # Time-outs, 429 and 5xx pass by themselves.
    "transient_error": OutcomeMeaning(
        weight=TEMPORARY, remedy="try again later; the pipeline does so by itself"
    ),
}
FAILURES = frozenset(name for name, meaning in OUTCOMES.items() if meaning.is_failure)


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
