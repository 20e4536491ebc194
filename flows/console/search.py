"""Search of stories, ``sinowire search``, and one company, ``sinowire company``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.console import arguments, output
from flows.console.output import CommandContext, Console, Format, FormatOption
from transforms.config import did_you_mean
from transforms.models import SearchFilters, SearchQuery, SearchResult, StoryFound
from transforms.search.named import SEARCHES, NamedSearch
from transforms.search.query import narrowed, read_search
from transforms.text.lengths import counted
from warehouse.news.search import nearly_named, search_names
from warehouse.news.search import search as find

if TYPE_CHECKING:
    from flows.web.page import PageView

NEAR = 3
Several = list[str] | None
# In the order in which they have room on a terminal.
_STORY = (
    "last_published_at",
    "headline",
    "publishers",
    "story_id",
    "first_publisher",
    "url",
)


def search(
    ctx: CommandContext,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="WORDS", help="Words of a headline or summary."),
    ] = None,
    *,
    company: Annotated[
        Several, typer.Option(metavar="ID", help="Only on this company and its brands.")
    ] = None,
    topic: Annotated[
        Several, typer.Option(metavar="ID", help="Only on this topic.")
    ] = None,
    event: Annotated[
        Several, typer.Option(metavar="ID", help="Only on events of this type.")
    ] = None,
    language: Annotated[
        Several, typer.Option(metavar="CODE", help="Only in this language: zh, en …")
    ] = None,
    publisher: Annotated[
        Several, typer.Option(metavar="NAME", help="Only by this outlet.")
    ] = None,
    since: Annotated[str | None, typer.Option(metavar="DAY", help="First day.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Last day.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Include what is off the beat.")
    ] = False,
    named: Annotated[
        str | None,
        typer.Option(metavar="ID", help="A search of searches.toml; the rest adds to it."),
    ] = None,
    newest: Annotated[
        bool, typer.Option("--newest", help="Newest first, instead of best first.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="Print at most this many rows.")] = 20,
    shape: FormatOption = Format.table,
) -> None:
    """Find stories that hold all WORDS in any order: a row each, with the best article.

    字節 also finds 字节, "quotes" keep words together, and a company's name stands for all
    its aliases. Each filter may be given several times. Best first are stories with
    names as typed, then those with all of it in one headline, or that more outlets tell.
    """
    filters = SearchFilters(
        companies=tuple(company or ()),
        topics=tuple(topic or ()),
        events=tuple(event or ()),
        languages=tuple(language or ()),
        publishers=tuple(publisher or ()),
        since=arguments.day(since, "--since"),
        until=arguments.day(until, "--until"),
    )
    saved = named_search(ctx.obj, named).query if named else None
    typed = SearchQuery(
        text=" ".join(words or ()),
        filters=filters,
        on_beat=not everything,
        order="newest" if newest else "best",
    )
    with ctx.obj.published() as con:
        if saved is None or typed.text or filters != SearchFilters():
            typed = read_search(
                typed.text,
                search_names(con),
                typed.filters,
                on_beat=typed.on_beat,
                order=typed.order,
            )
        results = find(con, narrowed(saved, typed) if saved else typed, limit=limit)
        near = []
        if not results.total:
            people = {
                each.person_id: each.names for each in ctx.obj.config.watchlist.people
            }
            near = nearly_named(con, results.query, people, most=NEAR)
    output.rows(map(_row, results.stories), shape)
    if shape is Format.table or not results.stories:
        output.note(_told(results, near))
    if results.is_partial:
        output.note(
            "sinowire finds no topics in articles that are off the beat and name nobody; "
            "to find them, set `topics_off_beat = true`, then run: sinowire retag"
        )


def named_search(console: Console, search_id: str) -> NamedSearch:
    """Return a search of ``searches.toml``.

    Raises:
        RequestError: There is none; names the nearest.
    """
    searches = console.config.searches
    if search_id in searches:
        return searches[search_id]
    remedy = did_you_mean(search_id, searches) or (
        f"there are {', '.join(searches)}" if searches else f"add it to {SEARCHES}"
    )
    raise output.RequestError(f"no search {search_id!r} in {SEARCHES}; {remedy}")


def _row(story: StoryFound) -> dict[str, Any]:
    # In the order in which they have room on a terminal.
    return {
        "published_at": story.published_at,
        "title": story.headline,
        "publishers": story.publishers,
        "story_id": story.story_id,
        "publisher": story.publisher,
        "language": story.language,
        "languages": story.languages,
        "articles": story.articles,
        "matches": story.matches,
        "is_on_beat": story.is_on_beat,
        "article_id": story.article_id,
        "url": story.url,
    }


def _told(found: SearchResult, near: Sequence[str]) -> str:
    """Return the number of results, or a hint for the next search."""
    shown, total = len(found.stories), found.total
    more = f"{found.off_beat:,} off the beat: add --all" if found.off_beat else ""
    if shown < total:
        return f"{shown} of {counted(total, 'story', 'stories')}; more with --limit; " + (
            more or f"who told one first: sinowire stories show {found.stories[0].story_id}"
        )
    if total:
        hint = f"who told one first: sinowire stories show {found.stories[0].story_id}"
        return f"{counted(total, 'story', 'stories')}; {more or hint}"
    nothing = f"no story on the beat holds {_asked(found.query)}"
    if more:
        return f"{nothing}; {more}"
    if near:
        return f"{nothing}; did you mean {' or '.join(near[:NEAR])}?"
    return f"{nothing}; {_elsewhere(found.query)}"


def _asked(query: SearchQuery) -> str:
    parts = [query.text] if query.text else []
    for name in ("companies", "topics", "events", "languages", "publishers"):
        parts += getattr(query.filters, name)
    since, until = query.filters.since, query.filters.until
    days = (f" since {since}" if since else "") + (f" until {until}" if until else "")
    return " + ".join(parts) + days if parts else f"anything{days}"


def _elsewhere(query: SearchQuery) -> str:
    if query.filters != SearchFilters():
        return "try with fewer filters"
    if len(query.terms) > 1:
        return "try with fewer words, or another name"
    return "try another name of it: sinowire watchlist why TEXT says what is known of it"


def company(
    ctx: CommandContext,
    company_id: Annotated[
        str, typer.Argument(metavar="ID", help="A company, brand or body of the watchlist.")
    ],
    *,
    since: Annotated[
        str | None, typer.Option(metavar="DAY", help="First day; default: 90 days ago.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DAY", help="Last day; default: the newest.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(metavar="CODE", help="Only stories in it: en or zh.")
    ] = None,
    shape: FormatOption = Format.table,
) -> None:
    """Print a company's stories, the companies and topics named with it, its outlets and bursts.

    The same as its page: brands and subsidiaries count with it.
    """  # noqa: E501  (a sentence of help)
    given = {"since": since, "until": until, "language": language}
    query = {key: value for key, value in given.items() if value}
    view = look(ctx.obj, "/companies/{id}", {"id": company_id}, query)
    if shape in (Format.json, Format.csv):
        # One table for scripts: every row says which part it belongs to.
        parts = ({"part": t.name, **row} for t in view.tables for row in t.rows)
        output.rows(parts, shape)
        return
    period = view.given["period"]
    output.note(f"{view.title}, {period.first} to {period.last}")
    for table in view.tables:
        rows = (
            [
                {n: len(row[n]) if n == "publishers" else row[n] for n in _STORY}
                for row in table.rows
            ]
            if table.name == "stories"
            else table.rows
        )
        print_part(table.name, rows, shape)
    print_part("bursts", list(map(asdict, view.given["burst_days"].values())), shape)


def look(
    console: Console, path: str, place: dict[str, str], query: dict[str, str]
) -> PageView:
    """Return the contents of the desk's page at *path*.

    Raises:
        RequestError: There is nothing of that name, or it makes no sense; says why.
        Moved: It has another address now.
    """
    from flows.web.asked import DeskAsk  # noqa: PLC0415  the desk is slow to import
    from flows.web.errors import DeskError, Moved, NotFound  # noqa: PLC0415
    from flows.web.maker import Maker  # noqa: PLC0415
    from flows.web.pages import PAGES  # noqa: PLC0415
    from flows.web.shelf import Shelf  # noqa: PLC0415

    page = next(page for page in PAGES if page.path == path)
    ask = DeskAsk(path=path.format(**place), place=place, query=query)
    try:
        return Maker(console.settings, Shelf(console.settings)).look(page, ask)[0]
    except Moved:
        raise
    except NotFound as exc:
        near = ", ".join(filter(None, (each.href.rpartition("/")[2] for each in exc.near)))
        said = str(exc).rstrip(".")
        raise output.RequestError(f"{said}; near it: {near}" if near else said) from exc
    except DeskError as exc:
        raise output.RequestError(str(exc)) from exc


def print_part(
    name: str, rows: Sequence[Any], shape: Format, *, nothing: str = "none"
) -> None:
    """Print one table under its name, or *nothing* where it is empty."""
    title = name.replace("_", " ")
    typer.echo(f"\n## {title}\n" if shape is Format.markdown else f"\n{title}")
    if rows:
        output.rows((r if isinstance(r, Mapping) else asdict(r) for r in rows), shape)
    else:
        typer.echo(nothing)
