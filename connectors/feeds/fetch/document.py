"""Answer of a server: its document, read under a cap, or the error it stands for."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from connectors.errors import (
    ChallengeError,
    FeedError,
    GoneFeedError,
    Obstacle,
    PermanentFeedError,
    TimedOutFeedError,
    TransientFeedError,
    is_challenge,
)
from connectors.net.compression import Body, TooLargeError, UnreadableBodyError
from connectors.net.headers import parse_retry_after
from transforms.models import Feed

NOT_MODIFIED = 304
# Refusals and error pages are read this far, to tell a bot check from a plain no.
ERROR_PAGE = 60_000
GONE = 410
# "Come back later", in the words of a client error.
_LATER = frozenset({408, 421, 423, 425, 429})
# Servers that will never speak as we do.
_NEVER = frozenset({501, 505})
SERVER_ERROR = 500
# Who stands between us and a host says so: a proxy or portal that wants a login first.
_OF_THE_WAY = frozenset({407, 511})
# Of a proxy, that it cannot reach the host.
_OF_PROXIES = frozenset({502, 503, 504})
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The document at an address. ``body`` is empty where ``status`` is 304.

    It is the beginning of a larger one where ``cut_at`` says how many bytes are allowed.
    """

    url: str
    status: int
    body: bytes = b""
    cut_at: int = 0
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    cache_control: str = ""
    expires: str = ""
    date: str = ""
    age: str = ""
    redirects: tuple[tuple[int, str], ...] = ()

    @property
    def is_unchanged(self) -> bool:
        """Tell whether the server answered "not modified"."""
        return self.status == NOT_MODIFIED


async def document_of(
    feed: Feed,
    response: httpx.Response,
    redirects: tuple[tuple[int, str], ...],
    *,
    limit: int,
) -> Document:
    """Return the document in *response*, or so much of it as *limit* bytes hold.

    Raises:
        FeedError: The status says that there is none.
        UnreadableBodyError: The body cannot be had.
    """
    headers = response.headers
    if response.status_code != NOT_MODIFIED and not response.is_success:
        page = await _error_page(response)
        raise error_for(feed, response.status_code, headers, page, response.url.host)
    body, is_whole = b"", True
    if response.status_code != NOT_MODIFIED:
        body, is_whole = await _body(response, limit)
    return Document(
        url=str(response.url),
        status=response.status_code,
        body=body,
        cut_at=0 if is_whole else limit,
        content_type=headers.get("content-type", ""),
        etag=_validator(headers.get("etag", "")),
        last_modified=_validator(headers.get("last-modified", "")),
        cache_control=headers.get("cache-control", ""),
        expires=headers.get("expires", ""),
        date=headers.get("date", ""),
        age=headers.get("age", ""),
        redirects=redirects,
    )


def transport_error(feed: Feed, exc: httpx.TransportError) -> FeedError:
    """Return the error for a failed connection."""
    if isinstance(exc, httpx.UnsupportedProtocol):
        return PermanentFeedError(feed.url, f"not an address to fetch: {exc}")
    causes: list[BaseException | None] = [exc, exc.__cause__, exc.__context__]
    causes += [getattr(cause, "__cause__", None) for cause in causes]
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes) or (
        "CERTIFICATE_VERIFY_FAILED" in str(exc)
    ):
        reason = f"its certificate is not valid: {exc}"
        untrusted = Obstacle("certificate", reason)
        return PermanentFeedError(feed.url, reason, obstacle=untrusted)
    text = str(exc).strip() or type(exc).__name__
    reason = f"the connection failed: {text}"[:300]
    broken = Obstacle("connection", reason)
    is_late = isinstance(exc, httpx.TimeoutException)
    kind = TimedOutFeedError if is_late else TransientFeedError
    return kind(feed.url, reason, obstacle=broken)


def gateway_obstacle(error: FeedError, *, by_proxy: bool) -> Obstacle | None:
    """Return the obstacle; a status that a gateway or proxy sent is one of the way."""
    if error.status in _OF_THE_WAY or (by_proxy and error.status in _OF_PROXIES):
        return Obstacle("gateway", error.reason)
    return error.obstacle


async def _body(response: httpx.Response, limit: int) -> tuple[bytes, bool]:
    """Return the body up to *limit* bytes, and whether that is all of it."""
    body = Body(response.headers.get("content-encoding", ""), limit)
    try:
        async for chunk in response.aiter_raw():
            body.feed(chunk)
    except TooLargeError:
        return body.beginning, False
    return body.finish(), True


async def _error_page(response: httpx.Response) -> bytes:
    try:
        return (await _body(response, ERROR_PAGE))[0]
    except (UnreadableBodyError, httpx.TransportError):
        return b""  # the status says enough


def _validator(value: str) -> str:
    # A validator must survive being sent back unchanged.
    return value if value.isascii() and value.isprintable() and len(value) <= 500 else ""  # noqa: PLR2004


def error_for(
    feed: Feed, status: int, headers: Mapping[str, str], page: bytes, host: str = ""
) -> FeedError:
    """Return the error for an answer of *host* other than success."""
    reason = f"HTTP {status}: {_MEANING.get(status, 'the answer is not a document')}"
    if status == GONE:
        return GoneFeedError(feed.url, reason, status=status)
    if status in {401, 403, 503} and is_challenge(page):
        return ChallengeError(
            feed.url,
            f"HTTP {status}: a bot check, captcha or login stands before the feed",
            status=status,
        )
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
