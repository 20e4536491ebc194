"""Totals that numbers open, as pages count them, and the numbers assistants are told.

A page's own view runs, on the publication itself, up to the query that counts; a statement
that pages of one path have in common is asked once.
"""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from urllib.parse import parse_qsl, quote, urlsplit

from starlette.routing import compile_path

from flows.assistants.look import Look
from flows.assistants.server import make_assistant_server
from flows.settings import load_settings
from flows.web.addresses import read_query
from flows.web.asked import DeskAsk
from flows.web.errors import DeskError
from flows.web.maker import Maker
from flows.web.page import Reading
from flows.web.pages import PAGES
from flows.web.shelf import Shelf
from transforms.pages.rows.subjects import STORIES

OF_SUBJECTS = {"/companies/{id}", "/topics/{id}", "/people/{id}"}
OF_DAYS = {"/", "/{day:day}"}
READS = re.compile(r"(?:\s*--.*\n)*\s*(?:select|with|from)\b", re.IGNORECASE)


class Counted(Exception):  # noqa: N818  an end, no error
    """The page has counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting(Reading):
    """A reading that ends at the query of a subject's stories, and tells none."""

    def rows(self, query, **params):
        found = Reading.rows(self, query, **params)
        if query is STORIES:
            raise Counted(found[0].found if found else 0)
        return found

    def stories(self, *_, **__):
        return {}


class Counts:
    """The totals of lists of a home."""

    def __init__(self, home):
        settings = load_settings(home)
        shelf = Shelf(settings)
        self.publication = shelf.current()
        self.answers = Answers(self.publication.con)
        shelf._open = replace(self.publication, con=self.answers)
        self.maker = Maker(settings, shelf)
        self.pages = [(compile_path(page.path)[0], page) for page in PAGES]
        told = "select story_id, count(*) from articles group by all"
        with self.publication.reading() as con:
            self.articles = dict(con.execute(told).fetchall())
            days = con.execute("select distinct day from dated_articles").fetchall()
        self.days = [str(day) for (day,) in days]

    def has(self, path):
        """Tell whether a page without parameters stands for something of the home."""
        page, place = self._page(path)
        known = {
            "/stories/{story_id}": self.articles,
            "/companies/{id}": self.publication.entities,
            "/topics/{id}": self.publication.kinds,
            "/people/{id}": self.publication.people,
            "/{day:day}": self.days,
        }
        of_kind = known.get(page.path) if page else ()
        if of_kind is None:
            return page is not None
        return next(iter(place.values())) in of_kind

    def starts(self):
        """Return the addresses of all subjects and days with stories."""
        asked = "select subject_id from subjects where kind <> 'company'"
        with self.publication.reading() as con:
            return [
                *(f"/topics/{key}" for (key,) in con.execute(asked).fetchall()),
                *(f"/companies/{key}" for key in self.firms()),
                *(f"/people/{key}" for key in self.publication.people),
                *(f"/{day}" for day in self.days),
            ]

    def firms(self):
        """Return the ids of what stories name, or what belongs to it."""
        asked = "select distinct family_id from company_coverage join company_families"
        with self.publication.reading() as con:
            found = con.execute(f"{asked} using (company_id) order by all").fetchall()
        return [key for (key,) in found]

    def totals(self, hrefs):
        """Return the totals of those of *hrefs* whose pages only count, by address."""
        alike, found = defaultdict(list), {}
        for href in hrefs:
            parts = urlsplit(href)
            page, place = self._page(parts.path)
            if page and page.path == "/stories/{story_id}":
                found[href] = self.articles.get(place["story_id"])
            elif page and page.path in OF_SUBJECTS | OF_DAYS:
                query = read_query(parse_qsl(parts.query), page)
                # What is told as of one moment stands together: it is looked back once.
                seen = query.get("as_of", ""), parts.path, str(_period(query))
                alike[seen].append((href, page, place, query))
        for _, group in sorted(alike.items()):
            self.answers.forget()
            found |= {href: self._count(*asked) for href, *asked in group}
        return found

    def _page(self, path):
        for pattern, page in self.pages:
            if match := pattern.match(path):
                return page, match.groupdict()
        return None, {}

    def _count(self, page, place, query):
        path = page.path.replace(":day}", "}").format(**place)
        ask = DeskAsk(path=path, form="json", place=place, query=query)
        try:
            view, *_ = self.maker.look(replace(page, view=_counting(page.view)), ask)
        except Counted as counted:
            return counted.args[0]
        except DeskError as exc:
            return f"{exc.status} {exc} {exc.__cause__ or ''}"
        return view.given["stories"]


def told(home, companies, words):
    """Yield what assistants are told: the tool, each number, and what it opens."""
    settings = load_settings(home)
    server = make_assistant_server(Look(Maker(settings, Shelf(settings))))

    def ask(tool, **given):
        return asyncio.run(server.call_tool(tool, given)).structured_content

    today = ask("today", limit=40)
    yield "today", today["total"], "/"
    yield from _rows("today", today["stories"])
    for company in companies:
        found, page = ask("company", company=company, limit=40), f"/companies/{company}"
        yield "company", found["total"], found["address"]
        week = date.fromisoformat(found["until"]) - timedelta(days=6)
        yield "company", found["week"], f"{page}?since={week}&until={found['until']}"
        for day, stories in found["days"].items():
            yield "company: days", stories, f"{page}?day={day}"
        for name in ("bursts", "named_with", "topics", "outlets", "stories"):
            yield from _rows(f"company: {name}", found[name])
    for asked in words:
        found = ask("search_articles", words=asked)
        yield "search_articles", found["total"], f"/search?ever=1&q={quote(asked)}"
        yield from _rows("search_articles", found["stories"])
    for table in ask("trends", limit=40)["tables"]:
        rows = ({**row["values"], **row} for row in table["rows"])
        counted = (row for row in rows if row["address"].endswith("#stories"))
        yield from _rows(f"trends: {table['name']}", counted)


def _rows(said, rows):
    for row in rows:
        count = row["articles"] if "/stories/" in row["address"] else row["stories"]
        yield said, count, {**row, **row.get("quoted", {})}["address"]


def _period(query):
    return query.get("since"), query.get("until")


def _counting(view):
    return lambda reading: view(
        Counting(**{each.name: getattr(reading, each.name) for each in fields(reading)})
    )


class Answers:
    """A connection whose answers are kept; a statement that reads is asked once.

    What a reading makes and drops is done when an answer is wanted that it bears on.
    """

    def __init__(self, con):
        self.con = con
        self.forget()

    def forget(self):
        self.kept, self.done, self.own = {}, [], self.con.cursor()

    def cursor(self):
        return _Cursor(self)

    def ask(self, made, text, params):
        """Return the columns and rows of a statement after those of *made*."""
        key = repr((made, text, params))
        if key not in self.kept:
            if self.done != made[: len(self.done)]:
                self.done, self.own = [], self.con.cursor()
            for each in made[len(self.done) :]:
                self.own.execute(*each)
                self.done.append(each)
            found = self.own.execute(text, params)
            self.kept[key] = found.description, found.fetchall()
        return self.kept[key]


class _Cursor:
    def __init__(self, answers):
        self.answers, self.made = answers, []
        self.description, self.rows = None, []

    def execute(self, text, params=None):
        if READS.match(text):
            self.description, self.rows = self.answers.ask(self.made, text, params)
        else:
            self.made.append((text, params))
        return self

    def fetchall(self):
        return self.rows

    def close(self):
        pass

    interrupt = close
