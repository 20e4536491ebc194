"""Stamps: what a form of ours bears, which no other page can read or make."""

from __future__ import annotations

import hmac
import secrets
import time

from flows.web.reader import Reader

HOUR = 3600


class Stamps:
    """Stamps forms by a secret of the process, for a reader, a subject and an hour."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def stamp(self, reader: Reader, subject: str = "", *, ago: int = 0) -> str:
        """Return what a form about *subject* is known by, for this hour and the next."""
        hour = int(time.time() // HOUR) - ago
        said = f"{hour} {reader.address} {subject}".encode()
        return hmac.digest(self._key, said, "sha256")[:16].hex()

    def knows(self, stamp: str, reader: Reader, subject: str = "") -> bool:
        """Say whether *stamp* is of this hour or the one before."""
        return any(
            hmac.compare_digest(
                stamp.encode(), self.stamp(reader, subject, ago=ago).encode()
            )
            for ago in (0, 1)
        )
