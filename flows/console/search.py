"""``sinowire search``: stories that hold words, names or topics, as the desk finds them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import duckdb
import typer

from flows.console import arguments, output
from flows.console.output import Console, Format, FormatOption
from transforms.config import did_you_mean
from transforms.models import SearchFilters, SearchQuery, SearchResult, StoryFound
from transforms.search import SearchError, narrowed, read_search
from transforms.search.named import SEARCHES, NamedSearch
from transforms.text.plural import counted
from warehouse.news.search import search as find
from warehouse.news.search import search_names

Several = list[str] | None


def register(app: typer.Typer) -> None:
    """Add this command to *app*."""
    app.command(rich_help_panel="Ask")(search)


def search(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="WORDS", help="Words of a headline or summary."),
    ] = None,
    *,
    company: Annotated[
        Several, typer.Option(metavar="ID", help="Only on this company, its brands too.")
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
    everything: Annotated[bool, typer.Option("--all", help="Off the beat, too.")] = False,
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
    its aliases. Each filter may be given several times. Best first are stories that have
    all of it in one headline, then those that more outlets tell, then newer ones.
    """
    console: Console = ctx.obj
    filters = SearchFilters(
        companies=tuple(company or ()),
        topics=tuple(topic or ()),
        events=tuple(event or ()),
        languages=tuple(language or ()),
        publishers=tuple(publisher or ()),
        since=arguments.day(since, "--since"),
        until=arguments.day(until, "--until"),
    )
    kept = named_search(console, named).query if named else None
    typed = SearchQuery(
        text=" ".join(words or ()),
        filters=filters,
        on_beat=not everything,
        order="newest" if newest else "best",
    )
    with console.published() as con:
        if kept is None or typed.text or filters != SearchFilters():
            typed = _read(con, typed)
        found = find(con, narrowed(kept, typed) if kept else typed, limit=limit)
    output.rows(map(_row, found.stories), shape)
    if shape is Format.table or not found.stories:
        output.note(_told(found))


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


def _read(con: duckdb.DuckDBPyConnection, typed: SearchQuery) -> SearchQuery:
    try:
        return read_search(
            typed.text,
            search_names(con),
            typed.filters,
            on_beat=typed.on_beat,
            order=typed.order,
        )
    except SearchError as exc:
        raise output.RequestError(str(exc)) from exc


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


def _told(found: SearchResult) -> str:
    """Return how much was found, or where to look next."""
    shown, total = len(found.stories), found.total
    more = f"{found.off_beat:,} off the beat: add --all" if found.off_beat else ""
    if shown < total:
        return f"{shown} of {counted(total, 'story', 'stories')}; more with --limit; " + (
            more or f"who told one first: sinowire stories show {found.stories[0].story_id}"
        )
    if total:
        told = f"who told one first: sinowire stories show {found.stories[0].story_id}"
        return f"{counted(total, 'story', 'stories')}; {more or told}"
    nothing = f"no story on the beat holds {_asked(found.query)}"
    if more:
        return f"{nothing}; {more}"
    return f"{nothing}; {_elsewhere(found.query)}"


def _asked(query: SearchQuery) -> str:
    parts = [query.text] if query.text else []
    for name in ("companies", "topics", "events", "languages", "publishers"):
        parts += getattr(query.filters, name)
    days = _days(query.filters.since, query.filters.until)
    return " + ".join(parts) + days if parts else f"anything{days}"


def _days(since: date | None, until: date | None) -> str:
    return (f" since {since}" if since else "") + (f" until {until}" if until else "")


def _elsewhere(query: SearchQuery) -> str:
    if query.filters != SearchFilters():
        return "try with fewer filters"
    if len(query.terms) > 1:
        return "try with fewer words, or another name"
    return "try another name of it: sinowire watchlist why TEXT says what is known of it"
