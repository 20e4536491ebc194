"""What a refusal means, in words that tell the reader what to do."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.errors import (
    ChallengeError,
    FeedError,
    GoneFeedError,
    PermanentFeedError,
    TransientFeedError,
)
from connectors.feeds.challenges import is_challenge
from connectors.net.headers import parse_retry_after
from transforms.models import Feed

GONE = 410
# "Come back later", in the words of a client error.
_LATER = frozenset({408, 421, 423, 425, 429})
# Servers that will never speak as we do.
_NEVER = frozenset({501, 505})
SERVER_ERROR = 500

_MEANING = {
    400: "the server found the request malformed: check the address",
    401: "a login is required: give the feed its headers",
    402: "payment is required",
    403: "the server refuses us: it may want another User-Agent, or a proxy",
    404: "there is nothing at this address: look for the feed's new one",
    405: "the server does not allow GET requests here",
    406: "the server offers no format that we accept",
    408: "the server timed out waiting for the request",
    410: "the publisher says that the feed is gone: remove it",
    429: "too many requests: poll less often",
    451: "withheld for legal reasons",
    500: "the server failed",
    502: "a gateway failed",
    503: "the server is busy or down",
    504: "a gateway timed out",
}


def error_for(
    feed: Feed, status: int, headers: Mapping[str, str], page: bytes, host: str = ""
) -> FeedError:
    """Return the error that an answer of *host* other than success stands for."""
    reason = f"HTTP {status}: {_MEANING.get(status, 'the answer is not a document')}"
    if status == GONE:
        return GoneFeedError(feed.url, reason, status=status)
    if status in {401, 403, 503} and is_challenge(page):
        wall = f"HTTP {status}: a bot check, captcha or login stands before the feed"
        return ChallengeError(feed.url, wall, status=status)
    if status in _LATER or (status >= SERVER_ERROR and status not in _NEVER):
        return TransientFeedError(
            feed.url,
            reason,
            status=status,
            retry_after=parse_retry_after(
                headers.get("retry-after", ""), date=headers.get("date", "")
            ),
            host=host,
        )
    return PermanentFeedError(feed.url, reason, status=status)
