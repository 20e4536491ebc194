"""``POST /verdicts``: what a form says is kept at once; the reader is back at his line."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import anyio.to_thread
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from flows.steps import spool
from flows.web.answer import FRESH, Answer, make_answer
from flows.web.ask import DeskAsk
from flows.web.errors import BadRequest, DeskError, Full, Stale
from flows.web.judged import ids_by_name, judged
from flows.web.posted import read_form
from flows.web.reader import Reader, reader_of
from flows.web.shelf import of_this_version
from flows.web.sign_in import name_and_password
from flows.web.stamps import Stamps
from flows.web.waiting import Left
from transforms.models.verdicts import VerdictError
from transforms.names.verdicts import worded
from transforms.pages.judging import NoVerdict, read_verdicts
from transforms.pages.words import PREFIX
from transforms.text.harmless import shorten

if TYPE_CHECKING:
    from flows.web.app import DeskApp

log = logging.getLogger("sinowire.web")
SUBJECTS = ("story", "article", "alert", "verdict")
# Characters of a name, and of an address that is gone back to.
LONGEST_NAME, LONGEST_ADDRESS = 80, 4_000


def form_ask(ask: DeskAsk, headers: Headers, reader: Reader, stamps: Stamps) -> DeskAsk:
    """Return what a form is asked for with: where it came from, and who fills it in."""
    about = next(
        (f"{name}:{ask.query[name]}" for name in SUBJECTS if name in ask.query), ""
    )
    known = {"about": about, "back": _where_from(headers), "by": _user(headers)}
    return replace(ask, query={**ask.query, **known}, stamp=stamps.stamp(reader, about))


class VerdictRoute:
    """Takes verdicts from forms of the desk; the guard has seen to who sends them."""

    def __init__(self, desk: DeskApp) -> None:
        self.desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one form; where nothing comes of it, say why."""
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
        """Keep what a form says; return the key of the click."""
        publication, queue = self.desk.shelf.current(), self.desk.queue
        assert queue is not None  # noqa: S101  there is no such route without one
        with publication.reading() as con, of_this_version():
            found = judged(con, fields.get("about", ""), language)
        try:
            said = read_verdicts(found, fields, ids_by_name(publication))
            given = [worded(each) for each in said]
        except VerdictError as exc:
            raise BadRequest(str(exc)) from exc
        except NoVerdict as exc:
            words = self.desk.maker.plain_words(language)
            raise BadRequest(words.word(f"judge.lacks.{exc}")) from exc
        try:
            return queue.put(given, datetime.now(UTC))
        except spool.SpoolFull as exc:
            self.desk.counts.refused += 1
            raise Full from exc


def _where_from(headers: Headers) -> str:
    """Return the page of ours that led to a form, "" where none did."""
    try:
        page = urlsplit(headers.get("referer", ""))
    except ValueError:
        return ""
    is_ours = page.netloc.lower() == headers.get("host", "").lower()
    if not is_ours or page.path.endswith("/verdicts/new"):
        return ""
    return f"{page.path}?{page.query}" if page.query else page.path


def _user(headers: Headers) -> str:
    """Return the name that somebody signed in with: as said, and no proof."""
    scheme, _, given = headers.get("authorization", "").partition(" ")
    name, _ = name_and_password(given if scheme.lower() == "basic" else "")
    return shorten(name.decode("utf-8", "replace"), LONGEST_NAME)


def _back(fields: Mapping[str, str], language: str, said: str) -> Answer:
    """Return the way back to a line of ours, whose page tells how far the verdict is."""
    where = fields.get("back", "")
    page = urlsplit(where) if _is_ours(where) else urlsplit(f"{PREFIX[language]}/verdicts")
    query = [(k, v) for k, v in parse_qsl(page.query) if k != "said"]
    line = quote(fields["about"].partition(":")[2], safe="")
    location = f"{page.path}?{urlencode([*query, ('said', said)])}#{line}"
    return make_answer("", status=303, headers=(("location", location), *FRESH))


def _is_ours(where: str) -> bool:
    """Say whether an address is a path of this desk, and no way to elsewhere."""
    is_path = where.startswith("/") and not where.startswith("//")
    plain = where.isascii() and where.isprintable() and "\\" not in where
    return is_path and plain and " " not in where and len(where) <= LONGEST_ADDRESS


def _closing(answer: Answer) -> Answer:
    """End the connection after an answer: what was not read of the request is not."""
    return replace(answer, headers=(*answer.headers, ("connection", "close")))
