"""Verdicts from forms of the desk (``POST /verdicts``): stored at once, applied soon.

A separate process applies them: it takes memory and may be killed, while pages go on.
"""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import anyio.to_thread
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from flows.settings import Settings
from flows.steps import spool
from flows.web.access import Stamps, name_and_password
from flows.web.answers import FRESH, Answer, Left, make_answer
from flows.web.asked import DeskAsk
from flows.web.connections import Reader, reader_of
from flows.web.errors import BadRequest, DeskError, Full, NoForm, Stale, TooLarge, Unsaid
from flows.web.pages.verdicts import ids_by_name, judged
from flows.web.shelf import of_this_version
from transforms.models.verdicts import GivenVerdict, VerdictError
from transforms.names.verdict_effects import worded
from transforms.pages.judging import NoVerdict, read_verdicts
from transforms.pages.words import PREFIX
from transforms.text.harmless import shorten

if TYPE_CHECKING:
    from flows.web.app import DeskApp

log = logging.getLogger("sinowire.web")
SUBJECTS = ("story", "article", "alert", "verdict")
# Characters of a name, and of an address that is gone back to.
LONGEST_NAME, LONGEST_ADDRESS = 80, 4_000
FORM = "application/x-www-form-urlencoded"
# Bytes, and fields.
LARGEST = 16_384
MOST_FIELDS = 24
# Until it is tried anew, where something else than another's turn was in the way.
AGAIN_SECONDS = 30.0
REMEMBERED = 1_000
_KEY = re.compile(r"[0-9T]{21}-[0-9a-f]{8}")


def form_ask(ask: DeskAsk, headers: Headers, reader: Reader, stamps: Stamps) -> DeskAsk:
    """Return the request of a form, with its origin page and user."""
    about = next(
        (f"{name}:{ask.query[name]}" for name in SUBJECTS if name in ask.query), ""
    )
    known = {"about": about, "back": _where_from(headers), "by": _user(headers)}
    return replace(ask, query={**ask.query, **known}, stamp=stamps.stamp(reader, about))


class VerdictRoute:
    """Accepts verdicts from forms of the desk; the guard has checked the sender."""

    def __init__(self, desk: DeskApp) -> None:
        self.desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one form, with the reason where it is refused."""
        request, language = Request(scope), "en"
        try:
            fields = await read_form(request.headers, receive)
            language = "zh" if fields.get("language") == "zh" else "en"
            self._check(request, fields)
            fields["by"] = fields.get("by", "").strip() or _user(request.headers)
            said = await anyio.to_thread.run_sync(
                self._take, fields, language, limiter=self.desk.tellers
            )
            answer = _back(fields, language, said)
        except DeskError as exc:
            answer = _closing(self.desk.maker.error(exc, language))
        except Left:
            return
        except Exception:
            log.exception("a verdict failed")
            answer = _closing(self.desk.maker.error(DeskError(), language))
        await answer(scope, receive, send)

    def _check(self, request: Request, fields: Mapping[str, str]) -> None:
        reader = reader_of(request.scope, request.headers, self.desk.trusted)
        stamp, about = fields.get("stamp", ""), fields.get("about", "")
        if not self.desk.stamps.knows(stamp, reader, about):
            raise Stale

    def _take(self, fields: Mapping[str, str], language: str) -> str:
        """Store the verdicts of a form; return the key of the click."""
        publication, queue = self.desk.shelf.current(), self.desk.queue
        assert queue is not None  # noqa: S101  there is no such route without one
        with publication.reading() as con, of_this_version():
            subject = judged(con, fields.get("about", ""), language)
        try:
            said = read_verdicts(subject, fields, ids_by_name(publication))
            given = [worded(each) for each in said]
        except VerdictError as exc:
            raise BadRequest(str(exc)) from exc
        except NoVerdict as exc:
            words = self.desk.maker.plain_words(language)
            raise Unsaid(words.word(f"judge.lacks.{exc}", **exc.parts)) from exc
        try:
            return queue.put(given, datetime.now(UTC))
        except spool.SpoolFull as exc:
            self.desk.counts.refused += 1
            raise Full from exc


def _where_from(headers: Headers) -> str:
    """Return the page of the desk that led to a form, "" for other pages."""
    try:
        page = urlsplit(headers.get("referer", ""))
    except ValueError:
        return ""
    is_ours = page.netloc.lower() == headers.get("host", "").lower()
    if not is_ours or page.path.endswith("/verdicts/new"):
        return ""
    return f"{page.path}?{page.query}" if page.query else page.path


def _user(headers: Headers) -> str:
    """Return the user name of the Basic header, unverified."""
    scheme, _, given = headers.get("authorization", "").partition(" ")
    name, _ = name_and_password(given if scheme.lower() == "basic" else "")
    return shorten(name.decode("utf-8", "replace"), LONGEST_NAME)


def _back(fields: Mapping[str, str], language: str, said: str) -> Answer:
    """Return the redirect to the page of origin, which shows the state of the verdict."""
    where = fields.get("back", "")
    page = urlsplit(where) if _is_ours(where) else urlsplit(f"{PREFIX[language]}/verdicts")
    query = [(k, v) for k, v in parse_qsl(page.query) if k != "said"]
    line = quote(fields["about"].partition(":")[2], safe="")
    location = f"{page.path}?{urlencode([*query, ('said', said)])}#{line}"
    return make_answer("", status=303, headers=(("location", location), *FRESH))


def _is_ours(where: str) -> bool:
    """Tell whether an address is a path of this desk."""
    is_path = where.startswith("/") and not where.startswith("//")
    plain = where.isascii() and where.isprintable() and "\\" not in where
    return is_path and plain and " " not in where and len(where) <= LONGEST_ADDRESS


def _closing(answer: Answer) -> Answer:
    """Close the connection after an answer, with the rest of the request unread."""
    return replace(answer, headers=(*answer.headers, ("connection", "close")))


async def read_form(headers: Headers, receive: Receive) -> dict[str, str]:
    """Return the fields of a form, up to a size limit.

    Raises:
        NoForm: It is something else.
        TooLarge: It is larger than any of ours.
        BadRequest: It is no UTF-8, or says a thing twice.
        Left: The client has disconnected.
    """
    if headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise NoForm(f"Send what a form sends: {FORM}.")
    if int(headers.get("content-length", "0")) > LARGEST:
        raise _too_large()
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Left
        body += message.get("body", b"")
        if len(body) > LARGEST:
            raise _too_large()
        if not message.get("more_body"):
            return _fields(body)


def _too_large() -> TooLarge:
    return TooLarge(f"A form has at most {LARGEST:,} bytes here.")


def _fields(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError as exc:
        raise BadRequest("This is not what a form of ours sends.") from exc
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise BadRequest("This form says something twice.")
    return fields


class VerdictQueue:
    """Stores verdicts of forms, and applies them; safe for any thread."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.given: dict[str, None] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ended = threading.Event()
        self._child: subprocess.Popen[str] | None = None

    @asynccontextmanager
    async def serving(self, _app: object) -> AsyncIterator[None]:
        """Apply verdicts left from the last run; those left at exit wait on."""
        if spool.is_any_waiting(self.settings.data):
            self.prepare()
        yield
        self._ended.set()
        if self._child:
            self._child.terminate()

    def put(self, verdicts: Sequence[GivenVerdict], made_at: datetime) -> str:
        """Store a click, and start applying it; return its key.

        Raises:
            SpoolFull: Too many wait.
        """
        key = spool.keep(self.settings.data, verdicts, made_at)
        with self._lock:
            self.given[key] = None
            if len(self.given) > REMEMBERED:
                del self.given[next(iter(self.given))]
        self.prepare()
        return key

    def told(self, key: str) -> str:
        """Return the state of the click of *key*; without one, whether any waits."""
        data = self.settings.data
        if _KEY.fullmatch(key):
            if spool.is_waiting(data, key):
                return "queued"
            if spool.is_refused(data, key):
                return "refused"
            if key in self.given:
                return "applied"
        return "waits" if spool.is_any_waiting(data) else ""

    def prepare(self) -> None:
        """Start the process that applies verdicts ahead of use: it takes a second."""
        with self._lock:
            if self._thread is None and not self._ended.is_set():
                self._thread = threading.Thread(
                    target=self._work, name="verdicts", daemon=True
                )
                self._thread.start()

    def _work(self) -> None:
        while True:
            if not self._apply():
                self._ended.wait(AGAIN_SECONDS)
            with self._lock:
                is_any = spool.is_any_waiting(self.settings.data)
                if self._ended.is_set() or not is_any:
                    self._thread = None
                    return

    def _apply(self) -> bool:
        """Apply all that waits, and comes soon; return whether all went well."""
        home = str(self.settings.home.resolve())
        program = [sys.executable, "-m", "flows.steps.spooled", home, str(os.getpid())]
        with subprocess.Popen(  # noqa: S603  our own program
            program,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        ) as self._child:
            if self._ended.is_set():
                self._child.terminate()
            _, told = self._child.communicate()
            status = self._child.returncode
        if status and not self._ended.is_set():
            said = told.strip().splitlines() or [f"it ended with {status}"]
            log.error("verdicts wait: %s", said[-1])
        return not status
