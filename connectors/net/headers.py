"""Headers: the pause a server asks for, how long an answer is fresh, and our user agent."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from transforms.release import VERSION

# "Come back next year" is a mistake or malice; a week is long enough to notice.
LONGEST = 7 * 24 * 3600.0
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_NO_CACHE = re.compile(r"(?:^|[\s,])(?:no-cache|no-store)\b", re.IGNORECASE)
DEFAULT_USER_AGENT = (
    f"sinowire/{VERSION} (news monitor; set SINOWIRE_USER_AGENT to name a contact)"
)


def parse_retry_after(value: str, *, date: str = "") -> float | None:
    """Return the seconds of a Retry-After header, None if it is invalid.

    A date is counted from *date*, the server's own clock as its Date header
    gives it, else from ours.
    """
    value = value.strip()
    if value.isdecimal():
        return min(float(value[:12]), LONGEST)
    until = _moment(value)
    if until is None:
        return None
    since = _moment(date) or datetime.now(UTC)
    return min(max(0.0, (until - since).total_seconds()), LONGEST)


def fresh_for(
    cache_control: str, *, age: str = "", expires: str = "", date: str = ""
) -> timedelta | None:
    """Return how long the answer is fresh by its headers, None if they do not say.

    ``max-age`` goes before Expires, as HTTP has it. An Expires is counted from *date*,
    the server's own clock; without one it says nothing.
    """
    if _NO_CACHE.search(cache_control):
        return None
    found = _MAX_AGE.search(cache_control)
    if found:
        spent = int(age[:9]) if age.isascii() and age.isdecimal() else 0
        return max(timedelta(seconds=int(found[1]) - spent), timedelta()) or None
    until, since = _moment(expires), _moment(date)
    return max(until - since, timedelta()) or None if until and since else None


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        # The last where a year or an offset is too large for any clock.
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def check_user_agent(text: str) -> str:
    """Return *text* in a form that fits into a header.

    Raises:
        ValueError: It cannot; says what it may hold.
    """
    text = text.strip()
    if not text or not text.isascii() or not text.isprintable():
        raise ValueError("a user agent is one line of ASCII letters, digits and signs")
    return text
