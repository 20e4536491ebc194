"""Application of the desk: addresses to pages, made once per publication and cached."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial

import anyio
import anyio.to_thread
import duckdb
from starlette.requests import Request
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from flows.settings import Settings
from flows.web.access import Stamps, statement_ask, token_of
from flows.web.addresses import better_path, near_path, read_query, without_trackers
from flows.web.answers import FILES, Answer, Left, Queue
from flows.web.asked import ENDINGS, DeskAsk, Form, form_of
from flows.web.connections import Reader, reader_of
from flows.web.errors import Busy, DeskError, Moved, NotFound, NotReady
from flows.web.guard import ASSISTANTS, WRITES, Guard
from flows.web.maker import Maker, moved
from flows.web.metrics import Counts, Metrics, health
from flows.web.pages import PAGES, Page
from flows.web.shelf import KeptPages, Publication, Shelf
from flows.web.verdict_forms import VerdictQueue, VerdictRoute, form_ask
from transforms.pages.words import PREFIX, address, meant
from warehouse.errors import WarehouseError
from warehouse.file.open_publication import PublicationMark

log = logging.getLogger("sinowire.web")
# What is made at one time: of pages, each in one thread, and of statements, each in a
# process of its own, with numbers that are cited; and how many may wait for that.
PAGES_AT_ONCE, PAGES_WAITING, PAGES_OF_ONE = 2, 200, 20
STATEMENTS_AT_ONCE, STATEMENTS_WAITING, STATEMENTS_OF_ONE = 2, 8, 4
# Threads for health and metrics, apart from those of pages.
TELLERS = 2
Made = tuple[Answer, PublicationMark, bool]


class DeskApp:
    """Answers addresses from the cache, or makes a page in a thread."""

    def __init__(
        self, settings: Settings, address: str = "", *, writes: bool = False
    ) -> None:
        self.shelf = Shelf(settings)
        self.maker = Maker(
            settings, self.shelf, address=settings.web_url or address, writes=writes
        )
        self.queue = VerdictQueue(settings) if writes else None
        self.kept: KeptPages[tuple[Page, DeskAsk]] = KeptPages()
        self.counts = Counts()
        self._metrics = Metrics(self.counts, settings.data)
        self.stamps = Stamps()
        self.trusted = settings.trusted_proxies
        self.tellers = anyio.CapacityLimiter(TELLERS)
        self._warming: set[asyncio.Task[None]] = set()
        self.pages: Queue[Made, Answer] = Queue(
            "page", at_once=PAGES_AT_ONCE, most=PAGES_WAITING, most_of_one=PAGES_OF_ONE
        )
        self.statements: Queue[Made, Answer] = Queue(
            "statement",
            at_once=STATEMENTS_AT_ONCE,
            most=STATEMENTS_WAITING,
            most_of_one=STATEMENTS_OF_ONE,
        )

    def found(self, mark: PublicationMark | None, ask: DeskAsk) -> Answer | None:
        """Return the cached answer to *ask*, None without one."""
        if found := self.kept.get(mark, ask.key):
            self.counts.kept += 1
        return found

    async def made(
        self,
        mark: PublicationMark | None,
        page: Page,
        ask: DeskAsk,
        *,
        address: str = "",
        receive: Receive | None = None,
    ) -> Answer:
        """Make the answer to *ask*, once for all requests that wait for it.

        Raises:
            DeskError: There is no such page, or too many wait.
            Left: The client has disconnected, seen by *receive*.
        """
        queue = self.statements if page.counts(ask) else self.pages
        return await queue.wait(
            (mark, ask.key),
            partial(self.maker.make, page, ask),
            partial(self._made, page, ask),
            address=address,
            receive=receive,
        )

    def _made(self, page: Page, ask: DeskAsk, made: Made) -> Answer:
        answer, mark, is_kept = made
        self.counts.made += 1
        if is_kept and (popular := self.kept.put(mark, ask.key, answer, (page, ask))):
            task = asyncio.create_task(self._warm(popular))
            self._warming.add(task)
            task.add_done_callback(self._warming.discard)
        return answer

    async def _warm(self, popular: list[tuple[Page, DeskAsk]]) -> None:
        for page, ask in popular:
            mark = self.shelf.mark()
            try:
                self.found(mark, ask) or await self.made(mark, page, ask)
            except DeskError:
                continue  # what it was about is gone

    def metrics(self, found: Publication | None) -> Answer:
        """Return metrics of the pipeline, and of the desk since its start."""
        kept, now = self.kept, datetime.now(UTC)
        return self._metrics.answer(found, pages=len(kept), used=kept.used, now=now)

    def publication(self) -> Publication | None:
        """Return the newest publication, None before the first."""
        try:
            return self.shelf.current()
        except (DeskError, WarehouseError):
            return None


class PageRoute:
    """One page in one language and form."""

    def __init__(self, desk: DeskApp, page: Page, language: str, form: Form) -> None:
        self.desk, self.page, self.language, self.form = desk, page, language, form

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, unless its client disconnects."""
        try:
            answer = await self._answer(Request(scope), receive)
        except Left:
            self.desk.counts.left += 1
            return
        await answer(scope, receive, send)

    async def _answer(self, request: Request, receive: Receive) -> Answer:
        maker = self.desk.maker
        try:
            return await self._page(request, receive)
        except Moved as exc:
            where = address(f"{exc.path}{ENDINGS[self.form]}", self.language, {})
            given = request.query_params.multi_items() if exc.query is None else exc.query
            return moved(where, given)
        except Busy:
            self.desk.counts.refused += 1
            return maker.busy(self.language, self.form)
        except DeskError as exc:
            return maker.error(exc, self.language, self.form)
        except duckdb.OutOfMemoryException as exc:
            self.desk.counts.failed += 1
            return maker.error(NotReady(str(exc).splitlines()[0]), self.language, self.form)
        except Left:
            raise
        except Exception:
            self.desk.counts.failed += 1
            log.exception("%s failed", request.url.path)
            return maker.error(DeskError(), self.language, self.form)

    async def _page(self, request: Request, receive: Receive) -> Answer:
        reader = reader_of(request.scope, request.headers, self.desk.trusted)
        ask = self._ask(request, reader)
        # All users of this machine come from one address.
        address = "" if reader.is_local else reader.address
        mark = self.desk.shelf.mark()
        answer = self.desk.found(mark, ask)
        if answer is None:
            answer = await self.desk.made(
                mark, self.page, ask, address=address, receive=receive
            )
        return self._noticed(request, answer) if self.form == "html" else answer

    def _noticed(self, request: Request, answer: Answer) -> Answer:
        """Add a notice to a page on data that it does not show yet."""
        desk = self.desk
        if desk.queue and (said := desk.queue.told(request.query_params.get("said", ""))):
            answer = desk.maker.noticed(answer, f"said.{said}", self.language)
        if desk.shelf.is_behind:
            return desk.maker.noticed(answer, "behind", self.language)
        return answer

    def _ask(self, request: Request, reader: Reader) -> DeskAsk:
        place = dict(request.path_params)
        path = self.page.path.replace(":day}", "}").format(**place)
        base = path if self.form == "html" else self.page.base or path
        pairs = without_trackers(request.query_params.multi_items(), base)
        query = read_query(pairs, self.page, self.form, self.language)
        query.pop("said", None)
        ask = DeskAsk(
            path=path, language=self.language, form=self.form, place=place, query=query
        )
        if self.page.is_form and self.desk.queue:
            self.desk.queue.prepare()
            return form_ask(ask, request.headers, reader, self.desk.stamps)
        if self.page.is_of_statements:
            return statement_ask(ask, request.headers, reader, self.desk.stamps)
        return ask


def create_app(
    settings: Settings,
    *,
    address: str = "",
    hosts: tuple[str, ...] = (),
    writing: str | None = None,
    assistants: Callable[[Maker], ASGIApp] | None = None,
) -> ASGIApp:
    """Return the desk of a home, behind its guard.

    *assistants* makes the app that answers assistants from the same pages. The desk also
    answers to the names in *hosts*. Feeds link to *address* where no setting has the public
    one. Clients with the token *writing* may correct the published data.
    """
    desk = DeskApp(settings, address, writes=writing is not None)
    router = Router(
        routes=list(_routes(desk, assistants)),
        # That of Starlette would trust Host.
        redirect_slashes=False,
        lifespan=desk.queue.serving if desk.queue else None,
    )
    router.default = _nothing_here(desk, router)
    return Guard(
        router,
        hosts=(*settings.hosts, *hosts),
        token=token_of(settings) or None,
        writing=writing,
        address=settings.web_url,
        trusted=settings.trusted_proxies,
    )


def _routes(
    desk: DeskApp, assistants: Callable[[Maker], ASGIApp] | None
) -> Iterator[Route]:
    yield Route("/healthz", _Told(desk, lambda found: health(found, datetime.now(UTC))))
    yield Route("/metrics", _Told(desk, desk.metrics))
    if assistants:
        yield Route(ASSISTANTS, assistants(desk.maker), methods=["POST"])
    for name, answer in FILES.items():
        yield Route(f"/static/{name}", answer)
    if desk.queue:
        yield Route(WRITES, VerdictRoute(desk), methods=["POST"])
    for page in (each for each in PAGES if desk.queue or not each.is_form):
        for language, prefix in PREFIX.items():
            for form in (*page.forms, "html"):
                path = page.path if form == "html" else page.base or page.path
                yield Route(
                    f"{prefix}{path}{ENDINGS[form]}", PageRoute(desk, page, language, form)
                )


class _Told:
    """Health or metrics, made in a thread: a publication may have to be opened."""

    def __init__(self, desk: DeskApp, tell: Callable[[Publication | None], Answer]) -> None:
        self.desk, self.tell = desk, tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await anyio.to_thread.run_sync(
            lambda: self.tell(self.desk.publication()), limiter=self.desk.tellers
        )
        await answer(scope, receive, send)


def _nothing_here(desk: DeskApp, router: Router) -> ASGIApp:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if where := better_path(scope, router):
            found = moved(where, Request(scope).query_params.multi_items())
        else:
            language = "zh" if f"{scope['path']}/".startswith("/zh/") else "en"
            near = meant([near_path(scope, router)], language)
            found = desk.maker.error(NotFound("", near), language, form_of(scope["path"]))
        await found(scope, receive, send)

    return answer
