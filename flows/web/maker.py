"""Maker of pages: reads data and renders HTML, JSON, CSV or Atom."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import duckdb
from markupsafe import Markup

from flows.beats import DEFAULT_BEAT
from flows.settings import Settings
from flows.web.addresses import takes
from flows.web.answers import HTML, MEDIA, PLAIN, STAMPED, Answer, Pairs, Stop, make_answer
from flows.web.asked import ENDINGS, DeskAsk, Form, read_moment, read_zone
from flows.web.errors import (
    Busy,
    Damaged,
    DeskError,
    Moved,
    NotFound,
    NothingYet,
)
from flows.web.page import PageView, Reading
from flows.web.pages import PAGES, Page
from flows.web.programs import error_text, render_dates, render_feed, render_rows
from flows.web.shelf import Publication, Shelf, of_this_version
from transforms.config.text import nearest
from transforms.pages.render import render_page
from transforms.pages.words import Link, PageWords, address, meant
from warehouse.errors import WarehouseError
from warehouse.file.open_publication import PublicationMark
from warehouse.numbers.brief import EVER

# What a new home's desk says to run; each has its words.
FIRST_STEPS = ("run", "up", "init", "demo")
# What an address hands on to every page that has it too.
KEPT = ("zone", "as_of")
# The rooms at the head of every page; all others stand under More, in the order of pages.
HEAD = ("today", "companies", "topics", "states", "claims", "alerts", "search")
# Of each room its pages: the word of each, and where it leads.
ROOMS: dict[str, dict[str, str]] = {}
for _page in filter(attrgetter("nav"), PAGES):
    ROOMS.setdefault(_page.room or _page.nav, {})[_page.nav] = _page.entry or _page.path
# The room that a beat without a home side does not have, and what is near it.
OF_STATES = ("states",)
NEAR = ("today", "companies", "topics")


class Maker:
    """Makes pages of the newest publication; safe for any thread."""

    def __init__(
        self,
        settings: Settings,
        shelf: Shelf,
        *,
        address: str = "",
        writes: bool = False,
    ) -> None:
        self.settings = settings
        self.shelf = shelf
        self.writes = writes
        self.address = address.rstrip("/")
        self._busy: dict[tuple[str, Form], Answer] = {}

    def make(
        self, page: Page, ask: DeskAsk, stop: Stop
    ) -> tuple[Answer, PublicationMark, bool]:
        """Return an answer, its publication, and whether it may be cached.

        Raises:
            DeskError: There is no such page; says why.
        """
        view, publication, words = self.look(page, ask, stop)
        return self._answer(page, ask, view, words), publication.mark, view.is_kept

    def look(
        self, page: Page, ask: DeskAsk, stop: Stop | None = None
    ) -> tuple[PageView, Publication, PageWords]:
        """Return a page before rendering, its publication and its words.

        *stop* ends what takes long.

        Raises:
            DeskError: There is no such page; says why.
        """
        publication = self.shelf.current()
        as_of = asked_moment(ask, publication)
        words = self._words(publication, ask, as_of)
        if page.room in words.hidden:
            near = [Link(href=ROOMS[k][k], text=words.word(f"nav.{k}")) for k in NEAR]
            raise NotFound(words.word("none.side", beat=words.beat), near)
        stop = stop or Stop()
        with publication.reading() as con, stop.by(con.interrupt):
            reading = Reading(
                ask=ask,
                settings=self.settings,
                publication=publication,
                con=con,
                words=words,
                stop=stop,
                as_of=as_of,
            )
            with of_this_version(), self._whole(publication):
                if "q" not in page.texts and not page.path.startswith("/searches"):
                    _check_ids(reading)
                view = page.view(reading)
        return view, publication, words

    @contextmanager
    def _whole(self, publication: Publication) -> Iterator[None]:
        """Raise ``Damaged`` where a part of the file cannot be read.

        Raises:
            Damaged: It does.
        """
        try:
            yield
        except (WarehouseError, duckdb.IOException, duckdb.FatalException) as exc:
            self.shelf.tell(exc)
            if isinstance(exc, duckdb.FatalException):
                self.shelf.close_broken(publication)
            raise Damaged from exc

    def _answer(self, page: Page, ask: DeskAsk, view: PageView, words: PageWords) -> Answer:
        if ask.form == "html":
            html = render_page(
                view.template,
                _of_day(view, words),
                **_frame(page, ask, view, words, self.settings.runs_url),
                writes=self.writes,
                **view.given,
            )
            return make_answer(html, status=view.status)
        media = MEDIA[ask.form]
        if ask.form == "atom":
            return make_answer(render_feed(view, words, self.address, ask), media=media)
        if ask.form == "ics":
            return make_answer(render_dates(view, words, self.address, ask), media=media)
        if ask.form == "svg":
            return make_answer(view.drawing, media=media)
        headers: Pairs = ()
        if ask.form == "csv":
            name = "-".join(part for part in ask.path.split("/") if part) or "today"
            headers = (("content-disposition", f'attachment; filename="{name}.csv"'),)
        return make_answer(render_rows(view, ask), media=media, headers=headers)

    def error(self, exc: DeskError, language: str, form: Form = "html") -> Answer:
        """Return the error in *form*, with the known names that are like an unknown one."""
        words = self.plain_words(language)
        key, is_new = exc.key or str(exc.status), isinstance(exc, NothingYet)
        near = exc.near if isinstance(exc, NotFound) else ()
        told: dict[str, Any] = {
            "title": words.label("status", key),
            "said": words.label("said", key)
            if is_new
            else str(exc) or words.label("said", key),
            "near": [
                (each.href if "?" in each.href else words.href(each.href), each.text)
                for each in near
            ],
        }
        headers: Pairs = (("cache-control", "no-store"),)
        if exc.retry_after is not None:
            headers = (*headers, ("retry-after", str(exc.retry_after)))
        if form != "html":
            media = MEDIA["json"] if form == "json" else PLAIN
            return make_answer(
                error_text(told, form), status=exc.status, media=media, headers=headers
            )
        html = render_page(
            "error.html.j2",
            words,
            steps=FIRST_STEPS if is_new else (),
            **told,
            **_bare(words),
            writes=False,
        )
        return make_answer(html, status=exc.status, media=HTML, headers=headers)

    def plain_words(self, language: str) -> PageWords:
        """Return the words of a page without a publication."""
        return PageWords(
            language=language,
            zone=ZoneInfo(self.settings.reporting_zone),
            names={},
            until=EVER,
            hidden=self._hidden(),
        )

    def _hidden(self) -> Collection[str]:
        try:
            return hidden(self.shelf.current())
        except (DeskError, WarehouseError):
            return ()

    def busy(self, language: str, form: Form) -> Answer:
        """Return the answer to an overload, made once per language and form."""
        if (language, form) not in self._busy:
            self._busy[language, form] = self.error(Busy(), language, form)
        return self._busy[language, form]

    def noticed(self, answer: Answer, key: str, language: str) -> Answer:
        """Return a page with a notice at its top."""
        words = self.plain_words(language)
        href = "" if key == "behind" else words.href("/verdicts")
        return _noticed(answer, key, words.word(key), href, words.word("nav.verdicts"))

    def _words(
        self, publication: Publication, ask: DeskAsk, as_of: datetime | None
    ) -> PageWords:
        zone = ask.text("zone") or self.settings.zone
        beat = publication.rules.names[ask.language]
        return PageWords(
            language=ask.language,
            zone=ZoneInfo(publication.zone),
            clocks=read_zone(zone) if zone else None,
            names={
                **{p.person_id: (p.name, p.name_zh) for p in publication.people.values()},
                **publication.names,
            },
            twins=publication.twins,
            until=as_of or publication.as_of,
            kept=tuple((name, ask.query[name]) for name in KEPT if name in ask.query),
            takes=takes,
            beat=beat,
            headed=beat if self.settings.beat != DEFAULT_BEAT else "",
            hidden=hidden(publication),
            in_chinese=publication.rules.in_chinese,
        )


def hidden(publication: Publication) -> Collection[str]:
    """Return the rooms that the beat of a publication does not have."""
    return () if publication.rules.side else OF_STATES


def asked_moment(ask: DeskAsk, publication: Publication) -> datetime | None:
    """Return the moment that data are requested as of; None for the newest."""
    value = ask.text("as_of")
    return None if value is None else read_moment(value, publication)


def _check_ids(reading: Reading) -> None:
    """Check that filters name what there is: an empty page would say that nothing was told.

    Raises:
        NotFound: One does not; links to the same page of the nearest.
    """
    ask, words, names = reading.ask, reading.words, reading.publication.search_names
    ids = {"company": names.companies, "target": names.companies, "event": names.events}
    # A topic's page and the front page take an event type for a topic.
    ids["topic"] = {**names.events, **names.topics}
    for name, known in ids.items():
        value = ask.query.get(name)
        if value is None or value in known.values():
            continue
        near = known.get(nearest(value.lower(), known), "")
        href = words.href(ask.path, **{**ask.query, name: near}) if near else ""
        said = words.word(f"none.{'company' if name == 'target' else name}", id=value)
        raise NotFound(said, meant([href], words.language))


def moved(where: str, query: Pairs) -> Answer:
    """Return the redirect to the new address, which is of this desk."""
    location = f"{where}?{urlencode(query)}" if query else where
    return make_answer("", status=Moved.status, headers=(("location", location),))


@lru_cache(maxsize=32)
def _noticed(answer: Answer, key: str, said: str, href: str, to: str) -> Answer:
    more = Markup(' <a href="{}">{}</a>').format(href, to) if href else ""
    notice = Markup('<p class="notice" role="{}" data-key="{}">{}{}</p>\n').format(
        "alert" if key == "behind" else "status", key, said, more
    )
    main = b'<main id="main"'
    body = answer.body.replace(main, notice.encode() + main, 1)
    return make_answer(
        body, status=answer.status, media=answer.media, headers=answer.headers
    )


def _of_day(view: PageView, words: PageWords) -> PageWords:
    """Return the words of a page, which may be of a day before the newest."""
    clocks = words.zone if view.is_document else words.clocks
    return replace(words, until=view.until or words.until, clocks=clocks)


def _bare(words: PageWords) -> dict[str, Any]:
    return {
        "section": "",
        "canonical": "",
        "static": STAMPED,
        "forms": {},
        "feed_title": "",
        "other_language": words.in_other("/"),
        "asked": "",
        "as_of": None,
        "now": "",
        "runs": None,
        "head": HEAD,
        "rooms": ROOMS,
    }


def _frame(
    page: Page, ask: DeskAsk, view: PageView, words: PageWords, runs: str | None
) -> Mapping[str, Any]:
    """Return the variables of the frame around every page."""
    base = page.base or ask.path
    own = (page.known | page.texts) - {"zone"}
    query = {k: v for k, v in ask.query.items() if k in own or page.is_named(k)}
    data = {**query, "run": ask.stamp} if ask.stamp else query
    return {
        "title": view.title,
        "canonical": address(ask.path, ask.language, query),
        "section": view.section,
        "static": STAMPED,
        "forms": {
            form: words.href(f"{base}{ENDINGS[form]}", **data)
            for form in page.forms
            if view.tables
        },
        "tables": [
            (table.name, words.href(f"{base}.csv", **{**data, "table": table.name}))
            for table in view.tables
        ],
        "feed_title": view.feed_title,
        "other_language": words.in_other(ask.path, **query),
        "asked": (ask.text("q") or "") if view.section == "search" else "",
        "as_of": view.known_at or words.until,
        "now": words.href(ask.path, **{**query, "as_of": ""}) if "as_of" in query else "",
        "runs": runs,
        "head": HEAD,
        "rooms": ROOMS,
    }
