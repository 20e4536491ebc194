"""Second addresses of a feed (``also`` in feeds.toml): when one is asked, and believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from connectors.errors import FeedError, TimedOutFeedError
from connectors.feeds.formats.result import Parsed
from connectors.feeds.poll.record import Polled
from transforms.models import Feed, HostHold, Standing
from transforms.urls.identity import site_of

TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed poll of the *host* of one of a feed's addresses; *url* is "" of its own."""

    url: str
    host: str
    error: FeedError
    polled: Polled


def may_ask(host: str, failures: Sequence[Failure], standing: Standing) -> bool:
    """Tell whether *host* may be asked after *failures* of the feed's other addresses.

    A time-out may be ours: only the second one in a row is the address's. A host that
    wants to be left alone is not asked again by another name.
    """
    if any(isinstance(each.error, TimedOutFeedError) for each in failures):
        return bool(standing.error_score)
    return not any(
        host in (each.host, each.error.host)
        for each in failures
        if each.error.status == TOO_MANY or each.error.retry_after is not None
    )


def joined(failures: Sequence[Failure], standing: Standing) -> Polled:
    """Return the poll of a feed's own address, with the errors of all its addresses."""
    first = next((each for each in failures if not each.url), failures[0])
    others = [each for each in failures if each is not first]
    said = [first.error.reason, *(f"{each.url}: {each.error.reason}" for each in others)]
    return replace(
        first.polled,
        poll=replace(first.polled.poll, error="; ".join(said)),
        standing=replace(first.polled.standing or standing, other_url=standing.other_url),
        hold=hold_of(failures),
    )


def hold_of(failures: Sequence[Failure]) -> HostHold | None:
    """Return the pause that a failed server asked for, if one did."""
    return next((each.polled.hold for each in failures if each.polled.hold), None)


def difference(feed: Feed, parsed: Parsed) -> str:
    """Return why the answer of a second address is not *feed*; "" if it is.

    It is *feed* if it has a known item, the outlet's name, or links to the feed's own site.
    """
    if not parsed.total:
        return "it has no entries, so nothing says that it is this feed"
    if len(parsed.entries) + parsed.postponed < parsed.total:
        return ""
    if feed.publisher and feed.publisher.casefold() in parsed.title.casefold():
        return ""
    articles = [read.article for read in parsed.readings] or parsed.entries
    if feed.site and feed.site in (site_of(each.url) for each in articles):
        return ""
    return f"another feed ({parsed.title[:60]!r}), so it was left alone: correct `also`"
