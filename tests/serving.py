"""A desk that serves a home over real HTTP."""

from __future__ import annotations

import threading
from contextlib import contextmanager

from flows.assistants.mount import Assistants
from flows.settings import load_settings
from flows.web.access import writing_token
from flows.web.server import LOOPBACK, address_of, bound, make_server


@contextmanager
def served(home, *, is_read_only=False, **settings):
    """Serve the desk of *home*; yields its address."""
    own = load_settings(home).model_copy(update=settings)
    with bound(LOOPBACK, 0) as sock:
        writing = None if is_read_only else writing_token(own)
        server = make_server(own, address_of(sock), writing=writing, assistants=Assistants)
        thread = threading.Thread(
            target=server.run, kwargs={"sockets": [sock]}, daemon=True
        )
        thread.start()
        try:
            yield address_of(sock)
        finally:
            server.should_exit = True
            thread.join()
