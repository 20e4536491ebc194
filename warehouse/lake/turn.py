"""Write lock of a lake: one writer among all hosts.

It is an advisory lock of the catalog's PostgreSQL, held by a transaction on a connection of
its own: the server releases it as soon as that connection ends, however its holder dies,
and within half a minute after a network cut. A holder without heartbeats, because its
process or machine is stopped, loses it to the next in the queue, which ends its
connections. With heartbeats it may hold the lock for any time.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from warehouse import queries
from warehouse.errors import ClockOff, WarehouseBusy
from warehouse.lake.address import LakeAddress
from warehouse.lake.attach import check_server, name_of
from warehouse.lake.line import Line, line
from warehouse.queries import Connection

log = logging.getLogger("sinowire.turn")
# "sino" and "wire" as numbers: other locks in this database have other keys.
_KEY = (0x73696E6F, 0x77697265)
# The name is set once more: a pooler's connection may have another one.
_TRY = (
    f"select pg_try_advisory_xact_lock({_KEY[0]}, {_KEY[1]}) as got,"
    " set_config('application_name', {name}, true) as name"
)
# Each heartbeat on a connection changes its state.
_HOLDER = (
    "select application_name, host(client_addr) as address,"  # noqa: S608  (our numbers)
    " extract(epoch from clock_timestamp() - xact_start)::float8 as seconds,"
    " extract(epoch from clock_timestamp() - state_change)::float8 as silent,"
    " extract(epoch from state_change)::float8 as heard_at"
    " from pg_locks join pg_stat_activity using (pid)"
    f" where locktype = 'advisory' and granted"
    f" and classid = {_KEY[0]} and objid = {_KEY[1]}"
    " and database = (select oid from pg_database where datname = current_database())"
)
# All of the holder's connections: the catalog's keeps locks on unfinished writes.
_END = (
    "select pg_terminate_backend(pid) as is_ended from pg_stat_activity"  # noqa: S608  (ours)
    " where application_name = {name} and usename = current_user"
    " and datname = current_database() and pid <> pg_backend_pid()"
    f" and exists (select from ({_HOLDER}) as holder where heard_at = {{heard_at}})"
)
_SERVER = (
    "select extract(epoch from clock_timestamp())::float8 as now,"
    " pg_is_in_recovery() as is_standby,"
    " current_setting('default_transaction_read_only')::boolean as is_read_only,"
    " current_setting('server_encoding') as encoding"
)
# Maintained clocks are closer than this. Two hosts may differ by twice as much, which is
# less than the margin of an alert's lease: else one would send what the other has leased.
_MOST_SECONDS_OFF = 30
_POLL_SECONDS = 0.1
# Shorter waits are ordinary. The holder's heartbeat is checked at this interval, too.
_LOOK_SECONDS = 1.0
_WORDS_MISSED = 2
_END_SECONDS = 10.0


class LakeHolder(NamedTuple):
    """Holder of the lock, with its seconds of holding and since its last heartbeat."""

    name: str
    address: str | None
    seconds: float
    silent: float = 0.0
    heard_at: float = 0.0

    def __str__(self) -> str:
        at = f" at {self.address}" if self.address else ""
        minutes = int(self.seconds // 60)
        return f"`{self.name}`{at}" + (f", for {minutes} min" if minutes else "")

    def is_silent(self, address: LakeAddress) -> bool:
        """Tell whether heartbeats are missing; one of a holder at work may be late."""
        return self.silent > _WORDS_MISSED * address.word_seconds


@contextmanager
def turn(
    con: Connection,
    address: LakeAddress,
    *,
    command: str,
    wait: float,
    on_wait: Callable[[str], object] | None = None,
) -> Iterator[None]:
    """Hold the write lock; *on_wait* gets its holder once if the wait is noticeable.

    Raises:
        WarehouseBusy: The lock was not free within *wait* seconds.
        ClockOff: This host's clock is not PostgreSQL's.
        LakeUnavailable: That PostgreSQL cannot keep a lake.
        TurnLost: Without our heartbeat another host took the lock.
    """
    with line(con, address, command) as ours:
        _acquire(ours, command, wait, on_wait)
        _check(ours)
        yield


def find_holder(ours: Line) -> LakeHolder | None:
    """Return the holder of the write lock, None if free; do not wait."""
    for name, address, *numbers in ours.ask(_HOLDER):
        seconds, silent, heard_at = (float(str(number)) for number in numbers)
        return LakeHolder(
            str(name), str(address) if address else None, seconds, silent, heard_at
        )
    return None


def _acquire(
    ours: Line, command: str, wait: float, on_wait: Callable[[str], object] | None
) -> None:
    tried = _TRY.format(name=queries.text(name_of(command)))
    start = time.monotonic()
    look_at = start + _LOOK_SECONDS
    seen: LakeHolder | None = None
    told: bool | None = None
    while not _try(ours, tried):
        now = time.monotonic()
        if now - start >= wait and not _loses_it(seen, ours.address):
            raise WarehouseBusy(_named(find_holder(ours)), now - start)
        if now >= look_at:
            look_at = now + _LOOK_SECONDS
            found = find_holder(ours)
            is_silent = found is not None and found.is_silent(ours.address)
            if on_wait and told is not is_silent:
                on_wait(
                    _named(found)
                    + (" (which says nothing, and so loses its turn)" if is_silent else "")
                )
                told = is_silent
            _end_if_silent(ours, found, seen)
            seen = found
        time.sleep(_POLL_SECONDS)


def _loses_it(holder: LakeHolder | None, address: LakeAddress) -> bool:
    """Tell whether a holder without heartbeats is about to lose the lock to us."""
    if holder is None or not holder.is_silent(address):
        return False
    # Longer only where it cannot be ended.
    return holder.silent < address.silent_seconds + _END_SECONDS


def _try(ours: Line, tried: str) -> bool:
    ours.begin()
    [(is_ours, _)] = ours.ask(tried)
    if not is_ours:
        # What PostgreSQL says of connections stands still within a transaction.
        ours.rollback()
    return bool(is_ours)


def _end_if_silent(ours: Line, found: LakeHolder | None, seen: LakeHolder | None) -> None:
    """End all connections of a holder without heartbeats since the last check.

    Where PostgreSQL itself stood still, a holder's word may come a moment after it goes on.
    """
    if found is None or seen is None or found.heard_at != seen.heard_at:
        return
    if found.silent >= ours.address.silent_seconds:
        ours.ask(_END.format(name=queries.text(found.name), heard_at=repr(found.heard_at)))
        log.warning(
            "took the turn from %s, which had said nothing for %.0f s: see to that host; "
            "what it commits is refused",
            found,
            found.silent,
        )


def _check(ours: Line) -> None:
    [(theirs, is_standby, is_read_only, encoding)] = ours.ask(_SERVER)
    check_server(
        ours.address,
        is_standby=bool(is_standby),
        is_read_only=bool(is_read_only),
        encoding=str(encoding),
    )
    off = time.time() - float(str(theirs))
    if abs(off) > _MOST_SECONDS_OFF:
        raise ClockOff(ours.address, off)


def _named(holder: LakeHolder | None) -> str:
    return str(holder or "another host, which is just letting go")
