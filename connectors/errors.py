"""What can go wrong with a feed.

FeedError
├── TransientFeedError       worth another try: timeouts, 429, 5xx
│   └── CrowdedFeedError     not asked at all: its site wants long pauses between pages
└── PermanentFeedError       another try will not help until somebody changes something
    ├── GoneFeedError        the publisher says that the feed is gone (410)
    ├── DisallowedFeedError  the site's robots.txt asks programs to keep away
    └── FeedParseError       we got a document, but not a feed
        ├── ChallengeError   a wall stands before the feed: bot check, login, captcha
        └── MovedFeedError   the address leads elsewhere, and not to a feed

The class says what to do about it, so callers never inspect messages.
"""

from __future__ import annotations

from typing import ClassVar

from transforms.models import Outcome
from transforms.urls.canonical import hide_secrets, redact_url


class FeedError(Exception):
    """A feed could not be turned into entries; ``outcome`` is what a poll records.

    ``feed_url`` is whole; no text of the error shows the secrets in it.
    """

    outcome: ClassVar[Outcome] = "permanent_error"

    def __init__(self, feed_url: str, reason: str, *, status: int | None = None) -> None:
        # Libraries, servers and pages quote the address that they were asked for.
        reason = hide_secrets(reason, feed_url)
        super().__init__(redact_url(feed_url), reason)
        self.feed_url = feed_url
        self.reason = reason
        self.status = status

    def __str__(self) -> str:
        return f"{redact_url(self.feed_url)}: {self.reason}"


class TransientFeedError(FeedError):
    """The feed may work if we ask again later, after ``retry_after`` seconds if known.

    ``host`` is the one that asked for that, which a redirect may have led to.
    """

    outcome = "transient_error"

    def __init__(
        self,
        feed_url: str,
        reason: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        host: str = "",
    ) -> None:
        super().__init__(feed_url, reason, status=status)
        self.retry_after = retry_after
        self.host = host


class CrowdedFeedError(TransientFeedError):
    """A page waits for the next run: before it, others of its site take all the time."""


class PermanentFeedError(FeedError):
    """Asking again will not help until a person changes something."""


class GoneFeedError(PermanentFeedError):
    """The publisher says that the feed was taken away for good."""

    outcome = "gone"


class DisallowedFeedError(PermanentFeedError):
    """The site's robots.txt asks programs to keep away from the page."""


class FeedParseError(PermanentFeedError):
    """The document is not a feed we can read."""

    outcome: ClassVar[Outcome] = "not_a_feed"


class SlowFeedError(FeedParseError):
    """To read the document takes longer than it may: it may well be a feed."""

    outcome = "permanent_error"


class ChallengeError(FeedParseError):
    """A page that wants a browser, a login or a captcha stands before the feed."""

    outcome = "challenge"


class MovedFeedError(FeedParseError):
    """A redirect leads to a document that is not a feed."""

    outcome = "moved"
