"""Make a page: read, put into words, render. In a thread, since all of it takes time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flows.settings import Settings
from flows.web.answer import HTML, MEDIA, Answer, Pairs, make_answer
from flows.web.ask import DeskAsk, read_zone
from flows.web.errors import DeskError, Moved, NotFound, NotReady
from flows.web.forms import render_feed, render_rows
from flows.web.pages import PAGES, Page
from flows.web.reading import PageView, Reading
from flows.web.shelf import Publication, Shelf, of_this_version
from flows.web.static import STAMPED
from transforms.pages.render import render_page
from transforms.pages.words import PageWords
from warehouse.file.open_publication import PublicationMark
from warehouse.numbers.asof import EVER

# Pages that others lead to.
REACH = frozenset(page.path for page in PAGES) | {"/brief/day"}


class Maker:
    """Makes pages of the newest publication; any thread may ask it to."""

    def __init__(self, settings: Settings, shelf: Shelf, *, address: str = "") -> None:
        self.settings = settings
        self.shelf = shelf
        self.address = address.rstrip("/")

    def make(self, page: Page, ask: DeskAsk) -> tuple[Answer, PublicationMark, bool]:
        """Return an answer, of which publication it is, and whether it may be kept.

        Raises:
            DeskError: There is no such page; says why.
        """
        view, publication, words = self.look(page, ask)
        return self._answer(page, ask, view, words), publication.mark, view.is_kept

    def look(self, page: Page, ask: DeskAsk) -> tuple[PageView, Publication, PageWords]:
        """Return a page before it is rendered, what it is made of and how it is said.

        Raises:
            DeskError: There is no such page; says why.
        """
        publication = self.shelf.current()
        words = self._words(publication, ask)
        with publication.reading() as con:
            reading = Reading(
                ask=ask,
                settings=self.settings,
                publication=publication,
                con=con,
                words=words,
            )
            with of_this_version():
                view = page.view(reading)
        return view, publication, words

    def _answer(self, page: Page, ask: DeskAsk, view: PageView, words: PageWords) -> Answer:
        if ask.form == "html":
            html = render_page(
                view.template,
                replace(words, until=view.until) if view.until else words,
                **_frame(page, ask, view, words, self.settings.runs_url),
                **view.given,
            )
            return make_answer(html, status=view.status)
        media = MEDIA[ask.form]
        if ask.form == "atom":
            assert view.feed is not None  # noqa: S101  only such pages have this form
            return make_answer(
                render_feed(view.feed, words, self.address, ask.path), media=media
            )
        headers: Pairs = ()
        if ask.form == "csv":
            name = "-".join(part for part in ask.path.split("/") if part) or "today"
            headers = (("content-disposition", f'attachment; filename="{name}.csv"'),)
        return make_answer(render_rows(view, ask), media=media, headers=headers)

    def error(self, exc: DeskError, language: str) -> Answer:
        """Return a page that says why there is none, and what is near."""
        words = PageWords(
            language=language,
            zone=read_zone(None, self.settings.zone or self.settings.reporting_zone),
            names={},
            until=EVER,
        )
        near = exc.near if isinstance(exc, NotFound) else ()
        html = render_page(
            "error.html.j2",
            words,
            title=words.label("status", str(exc.status)),
            said=str(exc) or words.label("said", str(exc.status)),
            near=[(words.href(each.path), each.text) for each in near],
            **_bare(words),
        )
        headers: Pairs = (("cache-control", "no-store"),)
        if exc.status == NotReady.status:
            headers = (*headers, ("retry-after", "30"))
        return make_answer(html, status=exc.status, media=HTML, headers=headers)

    def _words(self, publication: Publication, ask: DeskAsk) -> PageWords:
        zone = ask.text("zone")
        return PageWords(
            language=ask.language,
            zone=read_zone(zone, self.settings.zone or publication.zone),
            names=publication.names,
            until=publication.as_of,
            is_zone_asked=zone is not None or self.settings.zone is not None,
            kept=(("zone", zone),) if zone else (),
        )


def moved(exc: Moved, language: str) -> Answer:
    """Return the way to where it is now."""
    from transforms.pages.words import address  # noqa: PLC0415

    where = address(exc.path, language, {})
    return make_answer("", status=exc.status, headers=(("location", where),))


def _bare(words: PageWords) -> dict[str, Any]:
    return {
        "section": "",
        "static": STAMPED,
        "forms": {},
        "feed_title": "",
        "other_language": words.in_other("/"),
        "asked": "",
        "as_of": None,
        "of_day": False,
        "runs": None,
        "reach": REACH,
    }


def _frame(
    page: Page, ask: DeskAsk, view: PageView, words: PageWords, runs: str | None
) -> Mapping[str, Any]:
    """Return what the frame of every page shows."""
    base = page.base or ask.path
    query = {k: v for k, v in ask.query.items() if k != "zone"}
    forms = {"json": ".json", "csv": ".csv", "atom": "/atom"}
    return {
        "title": view.title,
        "section": view.section,
        "static": STAMPED,
        "forms": {
            form: words.href(f"{base}{forms[form]}", **query)
            for form in page.forms
            if view.tables
        },
        "tables": [
            (table.name, words.href(f"{base}.csv", **{**query, "table": table.name}))
            for table in view.tables
        ],
        "feed_title": view.feed.title if view.feed else "",
        "other_language": words.in_other(ask.path, **query),
        "asked": (ask.text("q") or "") if view.section == "search" else "",
        "as_of": words.until,
        "of_day": view.until is not None,
        "runs": runs,
        "reach": REACH,
    }
