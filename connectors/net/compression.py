"""Decompression of a body, with a cap on the decoded bytes."""

from __future__ import annotations

import zlib

_GZIP = b"\x1f\x8b"
# 32 recognises gzip and zlib by their heads; 15 is the largest window.
_AUTO, _RAW = 47, -15


class TooLargeError(Exception):
    """The decoded body is larger than allowed."""


class UnreadableBodyError(Exception):
    """The body is not in the declared encoding, or breaks off."""


class Body:
    """Decoded bytes, gathered chunk by chunk, so that a bomb is stopped early."""

    def __init__(self, encoding: str, limit: int) -> None:
        """Expect *encoding*, a Content-Encoding header, and at most *limit* bytes.

        Raises:
            UnreadableBodyError: It is stacked or not one that we asked for.
        """
        self._limit = limit
        self._size = self._raw = 0
        self._parts: list[bytes] = []
        self._inflater: zlib._Decompress | None = None
        self._encoding = encoding.strip().lower()
        self._started = False
        if self._encoding not in {"", "identity", "gzip", "x-gzip", "deflate"}:
            raise UnreadableBodyError(f"unexpected content encoding {encoding[:60]!r}")

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes off the wire.

        Raises:
            TooLargeError: The decoded body is over the limit.
            UnreadableBodyError: The bytes are not in the announced encoding.
        """
        self._raw += len(chunk)
        if not self._started and chunk:
            self._start(chunk)
        if self._inflater is None:
            self._keep(chunk)
            return
        # Compressed data can go on for ever and unfold to nothing.
        if self._raw > self._limit:
            raise TooLargeError(self._complaint())
        try:
            self._inflate(chunk)
        except zlib.error as exc:
            raise UnreadableBodyError(
                f"broken {self._encoding or 'gzip'} data: {exc}"
            ) from exc

    def finish(self) -> bytes:
        """Return the whole body.

        Raises:
            UnreadableBodyError: Compressed data break off.
        """
        if self._inflater is not None and not self._inflater.eof:
            raise UnreadableBodyError("the compressed answer breaks off")
        return self.beginning

    @property
    def beginning(self) -> bytes:
        """The bytes so far, within the limit also where the body is over it."""
        return b"".join(self._parts)

    def _start(self, chunk: bytes) -> None:
        self._started = True
        if chunk.startswith(_GZIP):
            # Feeds kept as .gz files come without a header that says so.
            self._inflater = zlib.decompressobj(_AUTO)
        elif self._encoding == "deflate":
            # Half of those who say deflate leave the zlib head away.
            is_zlib = chunk[0] & 0x0F == 8 and int.from_bytes(chunk[:2], "big") % 31 == 0  # noqa: PLR2004
            self._inflater = zlib.decompressobj(_AUTO if is_zlib else _RAW)
        elif self._encoding.endswith("gzip") and chunk[:1].strip() not in (b"<", b"{", b""):
            raise UnreadableBodyError("announced as gzip, which it is not")

    def _inflate(self, chunk: bytes) -> None:
        inflater = self._inflater
        while inflater is not None and chunk:
            if inflater.eof:
                if not chunk.startswith(_GZIP):
                    return  # padding after the last member
                inflater = self._inflater = zlib.decompressobj(_AUTO)
            self._keep(inflater.decompress(chunk, self._limit - self._size + 1))
            chunk = inflater.unconsumed_tail or inflater.unused_data

    def _keep(self, data: bytes) -> None:
        room = self._limit - self._size
        self._size += len(data)
        self._parts.append(data[:room])
        if self._size > self._limit:
            raise TooLargeError(self._complaint())

    def _complaint(self) -> str:
        return f"larger than {self._limit:,} bytes; max_bytes raises the limit"
