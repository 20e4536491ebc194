"""Feeds, their polls and their cursors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from transforms.models import Cursor, Feed, HostHold, Outcome, Poll, Standing, Wishes
from warehouse import appends, queries
from warehouse.queries import Connection

_FEED_FIELDS = (
    "feed_id",
    "url",
    "publisher",
    "language",
    "region",
    "kind",
    "enabled",
    "timezone",
    "poll",
    "max_silence",
    "note",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PollState:
    """State of a feed after its last poll.

    ``seeded`` says that an earlier poll read it whole, with entries: new entries are news
    and not its archive.
    """

    feed_id: str
    polled_at: datetime
    outcome: Outcome
    next_poll_at: datetime | None
    retry_after_at: datetime | None
    failures: int
    seeded: bool


def sync_feeds(con: Connection, feeds: Iterable[Feed]) -> set[str]:
    """Record *feeds* as configured; feeds no longer among them are disabled.

    URLs are stored unchanged, so they must not hold secrets. Return the feeds whose
    publisher or role changed, so that their stories must be derived again.
    """
    recorded = {row["feed_id"]: row for row in queries.rows(con, "feeds.all_feeds")}
    configured = {feed.feed_id: feed for feed in feeds}
    changed = [
        {**_feed_row(feed), "site": feed.site}
        for key, feed in configured.items()
        if not _is_recorded(recorded.get(key), feed)
    ]
    if changed:
        queries.run(con, "feeds.delete_feeds", feed_id=[row["feed_id"] for row in changed])
        appends.append_rows(con, "feeds.insert_feeds", changed)
    queries.run(con, "feeds.disable_absent", feed_id=list(configured))
    return {
        row["feed_id"]
        for row in changed
        if _stands_for(row) != _stands_for(recorded.get(row["feed_id"], {}))
    }


def cursors(con: Connection) -> dict[str, Cursor]:
    """Return the cursor of every feed that has one."""
    return {
        row.pop("feed_id"): Cursor(**row | {"item_hashes": tuple(row["item_hashes"])})
        for row in queries.rows(con, "feeds.cursors")
    }


def record_polls(
    con: Connection,
    polls: Iterable[Poll],
    moved: Mapping[str, Cursor],
    standings: Mapping[str, Standing] | None = None,
    holds: Sequence[HostHold] = (),
) -> None:
    """Append *polls* and replace the cursors in *moved*.

    Store changed *standings* and new *holds* too. Call it in the transaction that stores
    the articles of the polls.
    """
    polls = list(polls)
    for batch in appends.batches(polls):
        queries.run_each(
            con,
            *("feeds.stage_polls", "feeds.append_polls"),
            *("feeds.stage_marks", "feeds.delete_marks", "feeds.insert_marks"),
            *("feeds.stage_days", "feeds.delete_days", "feeds.insert_days"),
            batch=list(appends.rows_of(batch, appends.names(Poll))),
            # No zone is two days from another.
            since=min(poll.polled_at for poll in batch).date() - timedelta(days=2),
        )
    queries.run(con, "feeds.drop_staged")
    if moved:
        polled_at = {poll.feed_id: poll.polled_at for poll in polls}
        queries.run(con, "feeds.delete_cursors", feed_id=list(moved))
        appends.append_rows(
            con,
            "feeds.insert_cursors",
            (
                {"feed_id": key, **asdict(cursor), "updated_at": polled_at[key]}
                for key, cursor in moved.items()
            ),
        )
    if standings:
        queries.run(con, "feeds.delete_standings", feed_id=list(standings))
        rows = (_standing_row(key, standing) for key, standing in standings.items())
        appends.append_rows(con, "feeds.insert_standings", rows)
    if holds:
        # Of several on one host the one that lasts longest.
        latest = {hold.host: hold for hold in sorted(holds, key=lambda hold: hold.until)}
        queries.run(con, "feeds.delete_holds", host=list(latest))
        appends.append(con, "feeds.insert_holds", latest.values(), appends.names(HostHold))


def refresh_poll_days(con: Connection) -> None:
    """Recompute the days of the reporting zone on which feeds were polled and answered."""
    queries.run_each(con, "feeds.delete_all_days", "feeds.insert_all_days")


def standings(con: Connection) -> dict[str, Standing]:
    """Return the standing of every feed polled by this version or a later one."""
    return {row["feed_id"]: _standing(row) for row in queries.rows(con, "feeds.standings")}


def held_hosts(con: Connection, now: datetime) -> dict[str, datetime]:
    """Return the hosts that requested a pause at *now*, and the end of each pause.

    A request dated after *now*, left by a wrong clock, is ignored.
    """
    return dict(queries.run(con, "feeds.held_hosts", now=now))


def polled_in(con: Connection, run_id: str) -> set[str]:
    """Return the feeds that have a poll of that run on record."""
    return set(queries.values(con, "feeds.polled_in", run_id=run_id))


def poll_state(con: Connection) -> dict[str, PollState]:
    """Return the poll state of every feed that was ever polled."""
    found = queries.records(con, PollState, "feeds.poll_state")
    return {state.feed_id: state for state in found}


def followed(con: Connection, since: datetime) -> set[str]:
    """Return the feeds that were read whole once and have answered *since*."""
    return set(queries.values(con, "feeds.followed", since=since))


def health(con: Connection) -> list[queries.Row]:
    """Return the health of each feed: the rows of ``feed_health``."""
    return queries.rows(con, "feeds.health")


def answers(con: Connection) -> list[queries.Row]:
    """Return what the list of feeds is worth today: the rows of ``feed_answers``."""
    return queries.rows(con, "feeds.answers")


def missed(con: Connection, now: datetime, said: str) -> list[str]:
    """Return the feeds with a poll of the last day whose error begins with *said*."""
    return [row["feed_id"] for row in queries.rows(con, "feeds.missed", now=now, said=said)]


def _is_recorded(row: queries.Row | None, feed: Feed) -> bool:
    # The site follows from the address. Looking it up takes a list of all registries.
    return (
        row is not None
        and row["site"] is not None
        and row == _feed_row(feed) | {"site": row["site"]}
    )


def _stands_for(row: queries.Row) -> tuple[Any, Any]:
    return row.get("kind"), row.get("site")


def _feed_row(feed: Feed) -> queries.Row:
    row: dict[str, Any] = {name: getattr(feed, name) for name in _FEED_FIELDS}
    return {
        **row,
        "timezone": feed.zone,
        "poll": _seconds(feed.poll),
        "max_silence": _seconds(feed.max_silence),
    }


def _seconds(span: timedelta | None) -> float | None:
    return None if span is None else span.total_seconds()


def _standing(row: queries.Row) -> Standing:
    values = {key: value for key, value in row.items() if key != "feed_id"}
    wishes = Wishes(
        ttl=values.pop("ttl"),
        claim=values.pop("claim"),
        skip_hours=tuple(values.pop("skip_hours")),
        skip_days=tuple(values.pop("skip_days")),
    )
    return Standing(**values, wishes=wishes)


def _standing_row(feed_id: str, standing: Standing) -> queries.Row:
    row = asdict(standing)
    row |= {"feed_id": feed_id, **row.pop("wishes")}
    return row | {name: _seconds(row[name]) for name in ("pace", "ttl", "claim")}
