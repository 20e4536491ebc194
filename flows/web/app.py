"""The desk as an application: addresses to pages, made once a publication and kept."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Hashable, Iterator
from datetime import UTC, datetime

import anyio
import anyio.to_thread
import duckdb
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from flows.assistants.mount import PATH, Assistants
from flows.settings import Settings
from flows.web.answer import Answer
from flows.web.ask import DeskAsk, Form, read_query
from flows.web.errors import DeskError, Moved, NotFound, NotReady
from flows.web.guard import Guard
from flows.web.health import health
from flows.web.kept import KeptPages
from flows.web.make import Maker, moved
from flows.web.metrics import Counts, Metrics
from flows.web.pages import PAGES, Page
from flows.web.shelf import Publication, Shelf
from flows.web.static import FILES
from transforms.pages.words import PREFIX
from warehouse.errors import WarehouseError

log = logging.getLogger("sinowire.web")
# Pages made at one time; DuckDB uses more threads within each.
MAKERS = 2
ENDINGS: dict[Form, str] = {"json": ".json", "csv": ".csv", "atom": "/atom", "html": ""}


class _DayConvertor(Convertor[str]):
    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("day", _DayConvertor())


class DeskApp:
    """Answers addresses: from what is kept, or by making a page in a thread."""

    def __init__(self, settings: Settings, address: str = "") -> None:
        self.shelf = Shelf(settings)
        self.maker = Maker(settings, self.shelf, address=settings.web_url or address)
        self.kept: KeptPages[tuple[Page, DeskAsk]] = KeptPages()
        self.counts = Counts()
        self._metrics = Metrics(self.counts)
        self._making: dict[Hashable, asyncio.Task[Answer]] = {}
        self._warming: set[asyncio.Task[None]] = set()
        self._makers = anyio.CapacityLimiter(MAKERS)

    async def page(self, page: Page, ask: DeskAsk) -> Answer:
        """Return the answer to *ask*; who asks for it while it is made waits for it.

        Raises:
            DeskError: There is no such page.
        """
        mark = self.shelf.mark()
        if found := self.kept.get(mark, ask.key):
            self.counts.kept += 1
            return found
        key = (mark, ask.key)
        if (making := self._making.get(key)) is None:
            making = asyncio.create_task(self._make(page, ask))
            self._making[key] = making
            making.add_done_callback(lambda _: self._making.pop(key, None))
        # Whoever goes away takes the page from nobody else.
        return await asyncio.shield(making)

    async def _make(self, page: Page, ask: DeskAsk) -> Answer:
        made, mark, is_kept = await anyio.to_thread.run_sync(
            self.maker.make, page, ask, limiter=self._makers
        )
        self.counts.made += 1
        if is_kept and (popular := self.kept.put(mark, ask.key, made, (page, ask))):
            task = asyncio.create_task(self._warm(popular))
            self._warming.add(task)
            task.add_done_callback(self._warming.discard)
        return made

    async def _warm(self, popular: list[tuple[Page, DeskAsk]]) -> None:
        for page, ask in popular:
            try:
                await self.page(page, ask)
            except DeskError:
                continue  # what it was about is gone

    def health(self, found: Publication | None) -> Answer:
        """Return whether there is something to read, and how new it is."""
        return health(found, datetime.now(UTC))

    def metrics(self, found: Publication | None) -> Answer:
        """Return how the pipeline does, and what the desk did since its start."""
        kept, now = self.kept, datetime.now(UTC)
        return self._metrics.answer(found, pages=len(kept), used=kept.used, now=now)

    def publication(self) -> Publication | None:
        """Return the newest publication, None while there is none."""
        try:
            return self.shelf.current()
        except (DeskError, WarehouseError):
            return None


class PageRoute:
    """One page in one language and form."""

    def __init__(self, desk: DeskApp, page: Page, language: str, form: Form) -> None:
        self.desk, self.page, self.language, self.form = desk, page, language, form

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        answer = await self._answer(Request(scope))
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Answer:
        maker = self.desk.maker
        try:
            return await self.desk.page(self.page, self._ask(request))
        except Moved as exc:
            return moved(exc, self.language)
        except DeskError as exc:
            return maker.error(exc, self.language)
        except (WarehouseError, duckdb.OutOfMemoryException) as exc:
            self.desk.counts.failed += 1
            return maker.error(NotReady(str(exc).splitlines()[0]), self.language)
        except Exception:
            self.desk.counts.failed += 1
            log.exception("%s failed", request.url.path)
            return maker.error(DeskError(), self.language)

    def _ask(self, request: Request) -> DeskAsk:
        place = dict(request.path_params)
        path = self.page.path.replace(":day}", "}").format(**place)
        pairs = list(request.query_params.multi_items())
        query = read_query(pairs, self.page.parameters, self.page.texts, self.page.prefix)
        return DeskAsk(
            path=path, language=self.language, form=self.form, place=place, query=query
        )


def create_app(
    settings: Settings, *, address: str = "", hosts: tuple[str, ...] = ()
) -> ASGIApp:
    """Return the desk of a home, guarded.

    It goes by the names of *hosts* too. Feeds lead to *address* where no setting says
    how readers reach it.
    """
    desk = DeskApp(settings, address)
    token = settings.web_token
    router = Router(
        routes=list(_routes(desk)),
        default=_nothing_here(desk),
        # An address with a slash too many has no page: nobody is sent where a header says.
        redirect_slashes=False,
    )
    return Guard(
        router,
        hosts=(*settings.hosts, *hosts),
        token=token.get_secret_value() if token else None,
        trusted=settings.trusted_proxies,
    )


def _routes(desk: DeskApp) -> Iterator[Route]:
    yield Route("/healthz", _Told(desk, desk.health))
    yield Route("/metrics", _Told(desk, desk.metrics))
    yield Route(PATH, Assistants(desk.maker), methods=["POST"])
    for name, answer in FILES.items():
        yield Route(f"/static/{name}", answer)
    for page in PAGES:
        for language, prefix in PREFIX.items():
            for form in (*page.forms, "html"):
                path = page.path if form == "html" else page.base or page.path
                whole = f"{prefix}{path}{ENDINGS[form]}"
                yield Route(whole, PageRoute(desk, page, language, form))


class _Told:
    """What the desk says of itself, found in a thread: a publication may be opened."""

    def __init__(self, desk: DeskApp, tell: Callable[[Publication | None], Answer]) -> None:
        self.desk, self.tell = desk, tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await anyio.to_thread.run_sync(self._told)
        await answer(scope, receive, send)

    def _told(self) -> Answer:
        return self.tell(self.desk.publication())


def _nothing_here(desk: DeskApp) -> ASGIApp:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        language = "zh" if f"{scope['path']}/".startswith("/zh/") else "en"
        await desk.maker.error(NotFound(""), language)(scope, receive, send)

    return answer
