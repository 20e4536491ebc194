"""Arguments of commands, parsed: files, days, moments and durations."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from flows.console.output import RequestError, note
from transforms.config.text import parse_span
from transforms.text.lengths import cut
from warehouse.file.reading import read_named

FIRST_YEAR, LAST_YEAR = 2000, 2100


def read_bytes(file: Path) -> bytes:
    """Return a file's bytes.

    Raises:
        RequestError: It cannot be read; names it.
    """
    try:
        return read_named(file)
    except OSError as exc:
        raise RequestError(f"{file} cannot be read: {exc.strerror}") from exc


def bounded(text: str, limit: int, what: str) -> str:
    """Return *text* cut to the limit of a stored article, with a note where it was cut."""
    if len(text) > limit:
        note(f"{what} is cut to {limit:,} characters, as a stored one would be")
    return cut(text, limit)


def moment(text: str | None, option: str) -> datetime | None:
    """Read an ISO 8601 moment; one without a zone is UTC.

    Raises:
        RequestError: It is not one, or an option far from any news; names the option.
    """
    if text is None:
        return None
    try:
        when = datetime.fromisoformat(text)
        when = when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError) as exc:
        raise RequestError(
            f"{option} {text!r} is not an ISO 8601 time; write 2026-07-01T08:00Z"
        ) from exc
    # A date in imported data may be wrong; a clock to work by may not.
    if option.startswith("--") and not FIRST_YEAR <= when.year <= LAST_YEAR:
        raise RequestError(
            f"{option} {text!r} lies outside {FIRST_YEAR} to {LAST_YEAR}; correct the year"
        )
    return when


def span(text: str | None, option: str) -> timedelta | None:
    """Read a duration: ``30m``, ``2h``, ``1d``, or a number of minutes.

    Raises:
        RequestError: It is not one; names the option.
    """
    if text is None:
        return None
    parsed = parse_span(f"{text}m" if text.strip().isdecimal() else text)
    if parsed is None:
        raise RequestError(
            f"{option} {text!r} is not a length of time; write 30m, 2h or 1d"
        )
    return parsed


def day(text: str | None, option: str) -> date | None:
    """Read a calendar day.

    Raises:
        RequestError: It is not one; names the option.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as exc:
        raise RequestError(f"{option} {text!r} is not a date; write 2026-07-01") from exc


def start_of(when: date, zone: str) -> datetime:
    """Return the first instant of a calendar day of *zone*."""
    return datetime.combine(when, time(), ZoneInfo(zone)).astimezone(UTC)
