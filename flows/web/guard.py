"""Guard of the desk: checks readers and writers first, and sets headers of all answers.

A page of another site must not read the desk through somebody's browser: names that are
not ours are refused (DNS rebinding), what a page may load and who may frame it is said in
every answer, and from elsewhere nobody comes but by a link to a page.
"""

from __future__ import annotations

import hmac
import math
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flows.setting_kinds import Network
from flows.web.access import name_and_password
from flows.web.answers import PLAIN, make_answer
from flows.web.connections import Reader, reader_of

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = (
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    # With less a browser says "Origin: null" of our own forms.
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
)
# Paths where a request runs a statement.
ASSISTANTS = "/mcp"
STATEMENTS = ("/sql", "/zh/sql", ASSISTANTS)
# Where something is written, and the page with the form for it.
WRITES = "/verdicts"
FORMS = frozenset({"/verdicts/new", "/zh/verdicts/new"})
# What a service manager asks, who has no token.
OPEN = frozenset({"/healthz", "/metrics"})
LONGEST_TARGET = 16_000
# A name or a number, and maybe a port: "localhost:80@evil.example" is neither.
_HOST = re.compile(r"([\w.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?", re.ASCII)
OUR_OWN = frozenset({"localhost", "127.0.0.1", "[::1]"})
# Wrong ones that cost nothing: fingers slip.
FREE = 10
# Seconds; a right token is never kept out for longer than this after the last wrong one.
LONGEST_PAUSE = 5.0
FORGOTTEN_AFTER = 300.0
REMEMBERED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Status and message of a refused request."""

    status: int
    said: str
    headers: tuple[tuple[str, str], ...] = ()


ASKED_FOR_TOKEN = Refusal(
    status=401,
    said="This desk wants its token: as the password, any user name before it.",
    headers=(("www-authenticate", 'Basic realm="sinowire", charset="UTF-8"'),),
)


ASKED_TO_WRITE = replace(
    ASKED_FOR_TOKEN,
    said="Whoever corrects something is asked for the token of this desk: as the password, "
    "your name before it. It is SINOWIRE_WEB_TOKEN, or in data/web-token.",
)


class Guard:
    """Checks who may read or write, and sets security headers on answers.

    Readers are asked for *token*, writers for *writing*; without either, all may read, and
    nobody write. Readers reach the desk at *address*, where a proxy gives it another name.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: Iterable[str] = (),
        token: str | None = None,
        writing: str | None = None,
        address: str | None = None,
        trusted: Iterable[Network] = (),
    ) -> None:
        self.app = app
        self.hosts = OUR_OWN | {host.lower() for host in hosts}
        self.token, self.writing = token, writing
        self.origin = _origin(address or "")
        self.trusted = tuple(trusted)
        self.tries = Tries()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS:
                    headers[name] = value
            await send(message)

        if refusal := self._refusal(scope):
            answer = make_answer(
                f"{refusal.said}\n",
                status=refusal.status,
                media=PLAIN,
                headers=(*refusal.headers, *_ending(scope)),
            )
            await answer(scope, receive, sealed)
            return
        await self.app(scope, receive, sealed)

    def _refusal(self, scope: Scope) -> Refusal | None:
        headers = Headers(scope=scope)
        return (
            self._wrong_name(scope, headers)
            or self._wrong_method(scope)
            or self._from_elsewhere(scope, headers)
            or self._stranger(scope, headers)
        )

    def _wrong_name(self, scope: Scope, headers: Headers) -> Refusal | None:
        if not self._is_ours(headers.get("host", ""), scope):
            return Refusal(
                status=421,
                said="This desk does not go by that name. Names of its own are in the "
                "setting `hosts` of sinowire.toml.",
            )
        return None

    def _wrong_method(self, scope: Scope) -> Refusal | None:
        allowed = "GET, HEAD"
        if scope["path"] == WRITES and self.writing:
            allowed = "GET, HEAD, POST"
        if scope["method"] in allowed.split(", ") or _is_below(scope["path"], ASSISTANTS):
            return None
        return Refusal(status=405, said="This is only read.", headers=(("allow", allowed),))

    def _from_elsewhere(self, scope: Scope, headers: Headers) -> Refusal | None:
        """Return the refusal of a request from a foreign page, None if it may pass."""
        if len(scope["raw_path"]) + len(scope["query_string"]) > LONGEST_TARGET:
            return Refusal(
                status=414,
                said=f"An address has at most {LONGEST_TARGET:,} characters here.",
            )
        if not _is_link(scope, headers):
            return Refusal(
                status=403, said="Pages of other sites may lead here, and do nothing else."
            )
        is_statement = any(_is_below(scope["path"], root) for root in STATEMENTS)
        if is_statement and not _is_of_our_pages(headers):
            return Refusal(
                status=403, said="Statements are not taken from pages of other sites."
            )
        if _is_writing(scope) and not self._is_own_form(headers):
            return Refusal(
                status=403, said="A correction is taken from a form of this desk alone."
            )
        return None

    def _is_own_form(self, headers: Headers) -> bool:
        """Tell whether the Origin header names this desk."""
        scheme, own = _origin(headers.get("origin", ""))
        if not own or scheme not in ("http", "https"):
            return False
        return own == headers.get("host", "").lower() or (scheme, own) == self.origin

    def _stranger(self, scope: Scope, headers: Headers) -> Refusal | None:
        """Return the refusal where the token is missing or wrong, else None."""
        writes = _is_writing(scope) or (self.writing and scope["path"] in FORMS)
        if not (self.token or writes):
            return None
        reader = reader_of(scope, headers, self.trusted)
        if scope["path"] in OPEN and reader.is_local:
            return None
        refusal = ASKED_TO_WRITE if writes else ASKED_FOR_TOKEN
        if "authorization" in headers:
            return self._wrong(reader, headers, refusal)
        return refusal

    def _wrong(self, reader: Reader, headers: Headers, asked: Refusal) -> Refusal | None:
        """Return the refusal of a wrong token, None if it is right."""
        if pause := self.tries.pause(reader.address):
            return Refusal(
                status=429,
                said="Too many wrong tokens came from your address; wait some seconds.",
                headers=(("retry-after", str(math.ceil(pause))),),
            )
        if self._knows(headers):
            return None
        self.tries.was_wrong(reader.address)
        return asked

    def _is_ours(self, host: str, scope: Scope) -> bool:
        given = _HOST.fullmatch(host.lower())
        if given is None:
            return False
        name = given[1]
        bound = scope.get("server") or ("", 0)
        own = f"[{bound[0]}]" if ":" in str(bound[0]) else str(bound[0])
        # Where we are reached by a number there is no name that could be rebound.
        return name in self.hosts or name == own

    def _knows(self, headers: Headers) -> bool:
        token = self.token or self.writing
        assert token is not None  # noqa: S101  asked for only where there is one
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            said = given.strip().encode("latin-1")  # as headers are read
        elif scheme.lower() == "basic":
            _, said = name_and_password(given)
        else:
            return False
        # Hashes of equal length: timing reveals neither the token nor its length.
        return hmac.compare_digest(_digest(said), _digest(token.encode("utf-8")))


def _ending(scope: Scope) -> tuple[tuple[str, str], ...]:
    """Return headers of a refusal; the rest of the request is not read."""
    uncached = ("cache-control", "no-store")
    is_read = scope["method"] in ("GET", "HEAD")
    return (uncached,) if is_read else (uncached, ("connection", "close"))


def _is_link(scope: Scope, headers: Headers) -> bool:
    """Tell whether a request is from this desk or a program, or follows a link."""
    if headers.get("sec-fetch-site") not in ("cross-site", "same-site"):
        return True
    how = headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")
    return scope["method"] == "GET" and how == ("navigate", "document")


def _is_of_our_pages(headers: Headers) -> bool:
    origin = headers.get("origin")
    return origin is None or _origin(origin)[1] == headers.get("host", "").lower()


def _origin(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", ""
    return parts.scheme.lower(), parts.netloc.lower()


def _digest(text: bytes) -> bytes:
    return hmac.digest(b"sinowire", text, "sha256")


def _is_writing(scope: Scope) -> bool:
    return bool(scope["method"] == "POST" and scope["path"] == WRITES)


def _is_below(path: str, root: str) -> bool:
    return path == root or path.startswith((f"{root}/", f"{root}."))


class Tries:
    """Counts wrong tokens per address; for one thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        # How many, and until when the next is not looked at; the latest last.
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._wrong)

    def pause(self, address: str) -> float:
        """Return the seconds for which requests of *address* are refused unread."""
        _, until = self._wrong.get(address, (0, 0.0))
        return max(0.0, until - self._clock())

    def was_wrong(self, address: str) -> None:
        """Count a wrong token."""
        now = self._clock()
        count, until = self._wrong.pop(address, (0, 0.0))
        count = 1 if now > until + FORGOTTEN_AFTER else count + 1
        pause = min(LONGEST_PAUSE, max(0.0, count - FREE))
        self._wrong[address] = count, now + pause
        if len(self._wrong) > REMEMBERED:
            self._wrong.popitem(last=False)
