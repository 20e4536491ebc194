"""Connections: how long one may take to ask or to be answered, and how many there are.

uvicorn waits without end for whoever has connected and says nothing, or does not take
what was sent, and counts them all alike. Here a request has a deadline, and where there is
no room those have to go first who have been silent for longest: who asks is let in, and
so is a service manager that asks for the desk's health.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from flows.settings.kinds import Network
from flows.web.reader import address_of, is_among, number_of

# From the first byte of a request, or from the connection, to the request's end.
ASKING_SECONDS = 10.0
# Without a byte taken of an answer that is ready.
TAKING_SECONDS = 15.0
# Files that the process may open are 1,024 where nobody says otherwise.
MOST = 600
MOST_OF_ONE = 100
# Bytes of answers that nobody takes.
UNTAKEN = 64_000_000


class Room:
    """The connections of one server; those that wait for their client, oldest first."""

    def __init__(self, trusted: Iterable[Network] = ()) -> None:
        self.trusted = tuple(trusted)
        self.open: set[DeskConnection] = set()
        self.waiting: dict[DeskConnection, None] = {}
        self.of: Counter[str] = Counter()

    def enter(self, new: DeskConnection) -> None:
        """Let *new* in; who has been silent for longest goes where there is no room."""
        self.open.add(new)
        self.of[new.address] += 1
        if new.address and self.of[new.address] > MOST_OF_ONE:
            self._send_away(new, [c for c in self.waiting if c.address == new.address])
        elif len(self.open) > MOST:
            self._send_away(new, self.waiting)

    def leave(self, gone: DeskConnection) -> None:
        """Forget a connection."""
        self.waiting.pop(gone, None)
        if gone in self.open:
            self.open.remove(gone)
            self.of -= Counter([gone.address])

    def make_light(self) -> None:
        """End the answer that has waited longest, if too much is ready and not taken."""
        sizes = {c: c.transport.get_write_buffer_size() for c in self.waiting}
        if sum(sizes.values()) > UNTAKEN:
            oldest = next(c for c, size in sizes.items() if size)
            self.leave(oldest)
            oldest.transport.abort()

    def _send_away(self, new: DeskConnection, silent: Iterable[DeskConnection]) -> None:
        oldest = next((c for c in silent if c is not new), new)
        self.leave(oldest)
        oldest.transport.abort()

    def key_of(self, client: object) -> str:
        """Return what connections of *client* are counted by, "" where they are not.

        Behind a proxy that we trust are many, and on this machine is whoever may use it.
        """
        number = number_of(client)
        if number is None or number.is_loopback or is_among(number, self.trusted):
            return ""
        return address_of(number)


class DeskConnection(H11Protocol):
    """A connection that is watched while it waits for its client."""

    def __init__(self, *args: Any, room: Room, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.room = room
        self.address = ""
        self._asking: asyncio.TimerHandle | None = None
        self._taking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a request."""
        super().connection_made(transport)
        self.address = self.room.key_of(self.client[0] if self.client else None)
        self._watch()
        self.room.enter(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        for timer in (self._asking, self._taking):
            if timer:
                timer.cancel()
        self.room.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take a part of a request."""
        if self.timeout_keep_alive_task is not None:
            self._asked()  # the deadline of the next request begins with its first byte
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        self._watch()

    def timeout_keep_alive_handler(self) -> None:
        """Close, once the last answer is taken."""
        super().timeout_keep_alive_handler()
        self._wait_for_taking()

    def pause_writing(self) -> None:
        """Wait until what is ready is taken."""
        super().pause_writing()
        self._wait_for_taking()
        self.room.waiting[self] = None
        self.room.make_light()

    def resume_writing(self) -> None:
        """Go on: enough was taken."""
        super().resume_writing()
        if self._taking:
            self._taking.cancel()
            self._taking = None
        self._asked()
        self._watch()

    def _watch(self) -> None:
        if self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            self._asked()
        elif self._asking is None and not self.transport.is_closing():
            self.room.waiting[self] = None
            self._asking = self.loop.call_later(ASKING_SECONDS, self.transport.abort)

    def _asked(self) -> None:
        self.room.waiting.pop(self, None)
        if self._asking:
            self._asking.cancel()
            self._asking = None

    def _wait_for_taking(self) -> None:
        if self._taking is None:
            left = self.transport.get_write_buffer_size()
            self._taking = self.loop.call_later(TAKING_SECONDS, self._look, left)

    def _look(self, before: int) -> None:
        """End an answer of which nothing was taken since there were *before* bytes left."""
        self._taking = None
        if self.transport.get_write_buffer_size() < before:
            self._wait_for_taking()
        else:
            self.transport.abort()
