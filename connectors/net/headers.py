"""How long a server asks us to stay away."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# "Come back next year" is a mistake or malice; a week is long enough to notice.
LONGEST = 7 * 24 * 3600.0


def parse_retry_after(value: str, *, date: str = "") -> float | None:
    """Return the seconds of a Retry-After header, None where it says nothing.

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


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        # The latter where a year or an offset is too large for any clock.
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
