"""Answers: ready to be kept, sent whole or as not modified."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from importlib.resources import files

from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

HTML = "text/html; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"
MEDIA = {
    "html": HTML,
    "json": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
}
FRESH = (("cache-control", "no-store"),)
# Less than this in one packet anyway.
SMALL = 600
LEVEL = 6
Pairs = Sequence[tuple[str, str]]
_MEDIA_OF = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
FOREVER = (("cache-control", "private, max-age=31536000, immutable"),)
_FOLDER = files("flows.web") / "static"
_NAMES = ("desk.css", "desk.js")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A status, a body both plain and compressed, and its own headers."""

    status: int
    body: bytes
    packed: bytes
    media: str
    etag: str
    headers: Pairs = ()

    @property
    def size(self) -> int:
        """Memory of the answer, in bytes."""
        return len(self.body) + len(self.packed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer, without its body where the client has it cached."""
        del receive
        headers = Headers(scope=scope)
        is_known = self.status == 200 and _knows(headers.get("if-none-match"), self.etag)  # noqa: PLR2004
        is_packed = bool(self.packed) and _takes_gzip(headers.get("accept-encoding", ""))
        body = self.packed if is_packed else self.body
        pairs = [("etag", self.etag), ("vary", "accept-encoding"), *self.headers]
        if not any(name == "cache-control" for name, _ in self.headers):
            pairs.append(("cache-control", "private, no-cache"))
        if not is_known:
            pairs += [("content-type", self.media), ("content-length", str(len(body)))]
            pairs += [("content-encoding", "gzip")] if is_packed else []
        await send(
            {
                "type": "http.response.start",
                "status": 304 if is_known else self.status,
                "headers": [(k.encode("latin-1"), v.encode("latin-1")) for k, v in pairs],
            }
        )
        has_body = not is_known and scope["method"] != "HEAD"
        await send({"type": "http.response.body", "body": body if has_body else b""})


def make_answer(
    body: str | bytes, *, status: int = 200, media: str = HTML, headers: Pairs = ()
) -> Answer:
    """Return an answer ready to send or cache."""
    data = body.encode("utf-8") if isinstance(body, str) else body
    return Answer(
        status=status,
        body=data,
        packed=gzip.compress(data, LEVEL, mtime=0) if len(data) > SMALL else b"",
        media=media,
        # Weak: the same page, whether it is sent compressed or not.
        etag=f'W/"{blake2b(data, digest_size=12).hexdigest()}"',
        headers=headers,
    )


def _knows(said: str | None, etag: str) -> bool:
    if said is None:
        return False
    names = [name.strip() for name in said.split(",")]
    return "*" in names or etag in names or etag.removeprefix("W/") in names


def _takes_gzip(said: str) -> bool:
    for part in said.lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def _read(name: str) -> bytes:
    return (_FOLDER / name).read_bytes()


# What pages link to: the name with a mark of the contents.
STAMPED = {
    name: f"/static/{name}?v={blake2b(_read(name), digest_size=6).hexdigest()}"
    for name in _NAMES
}


FILES: dict[str, Answer] = {
    name: make_answer(
        _read(name), media=_MEDIA_OF[name[name.rindex(".") :]], headers=FOREVER
    )
    for name in _NAMES
}
