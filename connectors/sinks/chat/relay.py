"""Let Apprise send through our own connection, and see what was answered.

Apprise tells only whether all went well, and its plugins call ``requests``. In their
modules a stand-in takes its place, whose requests go through ``Poster``: checked
addresses, one time limit for the whole exchange, no redirects, no proxies of the
environment; and the answer is judged by what it says. Another thread, or a plugin that
was called by somebody else, still gets ``requests`` itself.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import requests
from requests import PreparedRequest
from requests.adapters import BaseAdapter

from connectors.sinks.chat.service import Service
from connectors.sinks.chat.verdicts import judge
from connectors.sinks.errors import SinkError
from connectors.sinks.http.poster import Poster
from transforms.models import Channel

_here = threading.local()
# The connection is ours, and so is how an answer is packed.
_NOT_PASSED = frozenset({"accept-encoding", "connection", "content-length", "host"})


class Relay(BaseAdapter):
    """Sends what a plugin of Apprise asks ``requests`` to send."""

    def __init__(self, channel: Channel, service: Service | None, poster: Poster) -> None:
        super().__init__()
        self._channel = channel
        self._service = service
        self._poster = poster
        self.key = ""
        self.failure: SinkError | None = None

    def send(
        self, request: PreparedRequest, *_args: Any, **_options: Any
    ) -> requests.Response:
        """Send *request*; what stands against its delivery is kept in ``failure``."""
        headers = {
            name: str(value)
            for name, value in request.headers.items()
            if name.lower() not in _NOT_PASSED
        }
        headers["Idempotency-Key"] = self.key
        try:
            answer = self._poster.post(
                request.url or "",
                self._body(request.body),
                headers,
                method=request.method or "POST",
            )
        except SinkError as exc:
            self.failure = exc
            raise requests.ConnectionError("not delivered") from None
        if failure := judge(self._channel, self._service, answer):
            self.failure = failure
            if self._service is not None:
                # Some plugins sleep and try again; trying again is the outbox's part.
                raise requests.ConnectionError("not delivered")
        return _as_requests(request, answer)

    def close(self) -> None:
        """Leave the connection open; it is the channel's."""

    def _body(self, body: Any) -> bytes:
        raw = b"".join(body) if hasattr(body, "__next__") else body or b""
        content = raw.encode() if isinstance(raw, str) else bytes(raw)
        if not content or self._service is None or self._service.amend is None:
            return content
        data = json.loads(content)
        self._service.amend(data, self._channel, int(time.time()))
        return json.dumps(data).encode()


@contextmanager
def relayed(plugin: object, relay: Relay) -> Iterator[None]:
    """Send through *relay* what *plugin* sends from this thread."""
    for base in type(plugin).__mro__:
        module = sys.modules[base.__module__]
        if getattr(module, "requests", None) is requests:
            module.requests = _StandIn()  # type: ignore[attr-defined]
    session = requests.Session()
    session.trust_env = False
    session.max_redirects = 0
    session.mount("http://", relay)
    session.mount("https://", relay)
    _here.session = session
    try:
        yield
    finally:
        del _here.session


class _StandIn:
    """What a plugin's module sees as ``requests``."""

    def __getattr__(self, name: str) -> Any:
        session = getattr(_here, "session", None)
        if session is not None and name in {
            "request",
            "get",
            "post",
            "put",
            "patch",
            "delete",
        }:
            return getattr(session, name)
        return getattr(requests, name)


def _as_requests(request: PreparedRequest, answer: httpx.Response) -> requests.Response:
    made = requests.Response()
    made.status_code = answer.status_code
    made.headers.update(answer.headers)
    made.url = request.url or ""
    made.request = request
    made._content = answer.content  # noqa: SLF001  requests has no other way to give a body
    return made
