"""Whether the statement of an address is run, or only shown.

Whoever writes a link, or a page that loads one, must not have our machine work through a
reader's browser. A browser says whose page asks, in ``Sec-Fetch-Site``; but not where it
reaches us by plain HTTP under a number or a name. There the editor's form bears a stamp,
which no other page can read.
"""

from __future__ import annotations

import hmac
import secrets
import time

from starlette.datastructures import Headers

from flows.web.reader import Reader

HOUR = 3600


class Running:
    """Knows requests that were made here, or by a program; stamps the forms of others."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def may(self, headers: Headers, reader: Reader, stamp: str) -> bool:
        """Say whether a request may have its statement run.

        A foreign page can send no ``Authorization: Bearer``: it would have to ask first.
        """
        if headers.get("authorization", "").lower().startswith("bearer "):
            return True
        if site := headers.get("sec-fetch-site"):
            return site == "same-origin"
        is_program = not any(
            name == "origin" or name.startswith("sec-fetch-") for name in headers
        )
        return (reader.is_sealed and is_program) or self._knows(stamp, reader)

    def stamp(self, reader: Reader, *, ago: int = 0) -> str:
        """Return what the form of a reader is known by, for this hour and the next."""
        hour = int(time.time() // HOUR) - ago
        said = f"{hour} {reader.address}".encode()
        return hmac.digest(self._key, said, "sha256")[:16].hex()

    def _knows(self, stamp: str, reader: Reader) -> bool:
        return any(
            hmac.compare_digest(stamp.encode(), self.stamp(reader, ago=ago).encode())
            for ago in (0, 1)
        )
