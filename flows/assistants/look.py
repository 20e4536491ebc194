"""Pages of the desk as tools read them: arguments, addresses, quoted words of outlets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from flows.assistants.results import QuotedHeadlines, StoryRow
from flows.settings import Settings
from flows.web.addresses import read_query
from flows.web.asked import DeskAsk, read_day
from flows.web.errors import NotFound
from flows.web.maker import Maker
from flows.web.page import PageView
from flows.web.pages import PAGES
from flows.web.shelf import Publication
from transforms.pages.words import address, web_address
from transforms.search.query import SearchError, known_id
from transforms.text.harmless import shorten

_PAGES = {page.path: page for page in PAGES}
# An address longer than this is no use in a citation.
LONGEST_ADDRESS = 1_000
HEADLINE = 300
NAME = 80
OUTLETS = 8
Day = Annotated[str | None, Field(max_length=10, description="A day, as 2026-11-25.")]
Id = Annotated[str, Field(min_length=1, max_length=100)]
Short = Annotated[str | None, Field(max_length=100)]
Names = Annotated[
    list[Annotated[str, Field(max_length=100)]] | None,
    Field(max_length=20, description="Ids or names; any of them counts."),
]
Language = Literal["en", "zh"]
Rows = Annotated[int, Field(ge=1, le=40, description="Most rows of the answer.")]


class Look:
    """Reads the newest publication as pages; safe for any thread."""

    def __init__(self, maker: Maker) -> None:
        self.maker = maker

    @property
    def settings(self) -> Settings:
        """The settings of the home."""
        return self.maker.settings

    def publication(self) -> Publication:
        """Return the newest publication.

        Raises:
            NotReady: There is none yet.
        """
        return self.maker.shelf.current()

    def page(
        self,
        path: str,
        place: Mapping[str, str] | None = None,
        *,
        told_in: str = "en",
        **query: object,
    ) -> tuple[PageView, Publication]:
        """Return a page of the desk in its JSON form, and the publication it is made from.

        Raises:
            DeskError: There is no such page.
        """
        page = _PAGES[path]
        place = place or {}
        pairs = [(k, str(value)) for k, value in query.items() if value is not None]
        ask = DeskAsk(
            path=path.replace(":day}", "}").format(**place),
            language=told_in,
            form="json",
            place=place,
            query=read_query(pairs, page),
        )
        view, publication, _ = self.maker.look(page, ask)
        return view, publication

    def topic(self, publication: Publication, asked: str | None) -> str | None:
        """Return the id of a topic or event type, given its id or name.

        Raises:
            SearchError: There is none; names the nearest.
        """
        names = publication.search_names
        known = {**names.events, **names.topics}
        return None if asked is None else known_id("topic", asked, known)

    def outlet(self, publication: Publication, asked: str | None) -> str | None:
        """Return the name of an outlet as feeds write it.

        Raises:
            SearchError: There is none. The nearest is not named: it is what a feed says.
        """
        if asked is None:
            return None
        known = publication.search_names.publishers.get(asked.strip().lower())
        if known is None:
            raise SearchError(
                f"there is no outlet {asked!r} here",
                "write one that stands in `quoted`, or search without it",
            )
        return known

    def address(self, path: str, **query: object) -> str:
        """Return the address of a page of the desk, absolute where the desk's is known."""
        return self.maker.address + address(path, "en", query)


class Tools:
    """Tools that read pages by one look at the desk."""

    def __init__(self, look: Look) -> None:
        self.look = look


def outside(url: str | None) -> str:
    """Return the quotable address of an outlet's page, "" if it has none."""
    found = web_address(url)
    is_plain = len(found) <= LONGEST_ADDRESS and shorten(found, len(found) + 1) == found
    return found if is_plain and " " not in found else ""


def known_day(publication: Publication, day: str) -> date:
    """Return a day that has data.

    Raises:
        BadRequest: It is no day.
        NotFound: There are none of it; says of which days there are.
    """
    requested = read_day(day)
    first, last = publication.first_day, publication.last_day
    if first is None or last is None:
        raise NotFound("there are no data yet; import some, or run: sinowire run")
    if not first <= requested <= last:
        raise NotFound(
            f"there are no data of {requested}; the data run from {first} to {last}"
        )
    return requested


def table(view: PageView, name: str) -> Sequence[Mapping[str, Any]]:
    """Return the rows of a table of a page."""
    return next(table.rows for table in view.tables if table.name == name)


def headline(text: str | None) -> str:
    """Return a headline in quotable form."""
    return shorten(text or "", HEADLINE)


def outlet(name: str | None) -> str:
    """Return the name of an outlet in quotable form."""
    return shorten(name or "", NAME)


def headlines(row: Mapping[str, Any]) -> QuotedHeadlines:
    """Return the headlines of a row of stories in quotable form."""
    return QuotedHeadlines(
        headline=headline(row["headline"]),
        headline_en=headline(row["headline_en"]),
        headline_zh=headline(row["headline_zh"]),
        headline_translated=headline(row["headline_translated"]),
        outlets=[outlet(name) for name in row["publishers"][:OUTLETS]],
        url=outside(row["url"]),
    )


def story_row(look: Look, row: Mapping[str, Any]) -> StoryRow:
    """Return one row of a table of stories."""
    page = look.address(f"/stories/{row['story_id']}")
    return StoryRow(
        id=row["story_id"],
        address=page,
        page=page,
        first_published_at=row["first_published_at"],
        last_published_at=row["last_published_at"],
        articles=row["articles"],
        languages=row["languages"],
        gap_hours=row["gap_hours"],
        companies=row.get("companies", []),
        topics=[*row.get("events", []), *row.get("topics", [])],
        why=row.get("why", ""),
        quoted=headlines(row),
    )
