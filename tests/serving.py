"""A desk that serves a home over real HTTP."""

from __future__ import annotations

import threading
from contextlib import contextmanager

from flows.settings import load_settings
from flows.web.serve import LOOPBACK, address_of, bound, make_server


@contextmanager
def served(home, **settings):
    """Serve the desk of *home*; yields its address."""
    own = load_settings(home).model_copy(update=settings)
    with bound(LOOPBACK, 0) as sock:
        server = make_server(own, address_of(sock))
        thread = threading.Thread(
            target=server.run, kwargs={"sockets": [sock]}, daemon=True
        )
        thread.start()
        try:
            yield address_of(sock)
        finally:
            server.should_exit = True
            thread.join()
