"""Pages of stories: ``/stories/ID``, ``/search?q=`` and ``/searches/ID``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from flows.settings import read_file
from flows.web.asked import DAY
from flows.web.errors import BadRequest, Moved, NotFound, NotReady
from flows.web.page import Page, PageView, Reading
from flows.web.pages.cite import story_citation
from flows.web.pages.lists import CLAIMS, MEASURES
from flows.web.pages.subject import near_names
from transforms.config import ConfigError
from transforms.models import SearchFilters, SearchQuery, SearchResult, StoryFound
from transforms.pages import search as shown
from transforms.pages import story, subject
from transforms.pages.inbox import EVERY_ALERT, INBOX
from transforms.pages.lists import (
    AROUND,
    CLAIMS_OF,
    IN_LEDGERS,
    THREAD,
    ActRow,
    ClaimRow,
    record,
)
from transforms.pages.rows.desk import LOOKED_AT
from transforms.pages.rows.stories import (
    AFFAIR,
    EXCERPTS,
    JOINED,
    NAMED_IN,
    NAMED_IN_DIGESTS,
    PARTED,
    TOLD,
    TREATED_IN,
    WORDINGS,
)
from transforms.pages.stories import ToldStory, card, headlines, said, told_story
from transforms.pages.words import DataTable, Link
from transforms.search.named import SEARCHES, NamedSearch, asked_names, parse_searches
from transforms.search.query import SearchError, narrowed, read_search
from transforms.search.snippet import sought
from warehouse.news.search import search_sql, search_with_facets
from warehouse.news.stories import current_story
from warehouse.numbers.brief import EVER

ROWS = 30
# So many stories of so many of the latest days are more than anybody reads: older ones can
# be asked for.
PLENTY = {30: 3_000, 90: 300}
FACETS = 8
FILTERS = (*shown.FILTERS, "since", "until")
KNOWN = frozenset({*FILTERS, "all", "sort", "page", "ever", "as_of"})
ALERTS = 50
PARTS = 10


def story_page(reading: Reading) -> PageView:
    """Return one story; a merged one redirects to the story of its articles."""
    story_id = reading.ask.place["story_id"]
    words = reading.words
    [times] = reading.rows(TOLD, story_ids=[story_id], since=None)
    if times.began_at is None or times.ended_at is None:
        if current := current_story(reading.con, story_id):
            raise Moved(f"/stories/{current}")
        raise NotFound(words.word("none.story", id=story_id), _parts(reading, story_id))
    params: dict[str, Any] = {"story_ids": [story_id], "since": times.began_at}
    ended = times.ended_at + timedelta.resolution
    articles = reading.articles(**params, until=ended)
    whole = reading.translated({story_id: told_story(articles)})[story_id]
    ids = [article.article_id for article in articles]
    since = min(article.first_seen_at for article in articles)
    wordings = reading.rows(WORDINGS, article_ids=ids, since=since)
    excerpts = reading.rows(EXCERPTS, article_ids=ids, most=story.EXCERPT)
    steps = reading.rows(AFFAIR, story_id=story_id)
    others = reading.stories([step.story_id for step in steps], until=EVER)
    parts = _parted(reading, story_id)
    acts, claims = _ledgers(reading, story_id, ids, [whole, *others.values()])
    if all(a.is_digest or a.published_from == "backlog" for a in articles):
        named = reading.rows(NAMED_IN_DIGESTS, article_ids=ids)
    else:
        named = reading.rows(NAMED_IN, **params, until=times.ended_at)
    return PageView(
        template="story.html.j2",
        title=whole.headline or "",
        section="today",
        given={
            "story": whole,
            "card": card(words, whole),
            "cited": story_citation(reading, story_id, articles[0].article_id),
            "lines": story.lines(words, articles, wordings, excerpts),
            "named": [(row, story.by_words(words, row.aliases)) for row in named],
            "treated": [
                (row, story.by_words(words, [row.term]))
                for row in reading.rows(TREATED_IN, **params, until=times.ended_at)
            ],
            "alerts": reading.rows(
                INBOX, **{**EVERY_ALERT, "story_id": story_id}, limit=ALERTS
            ),
            "acts": acts,
            "claims": claims,
            **MEASURES.more(reading, (), {}).values,
            "affair": story.turns(words, steps, others, whole),
            "parts": [card(words, part) for part in parts.values()],
            "joined": reading.rows(
                JOINED, **params, until=times.ended_at, story_id=story_id, limit=PARTS
            ),
            "hours": story.spread_hours(whole),
            "sql": reading.sql("stories.story_articles", story_id=story_id),
        },
        tables=(
            DataTable(name="articles", rows=[story.record(whole, a) for a in articles]),
            DataTable(name="measures", rows=[record(row) for row, _ in acts]),
            DataTable(name="claims", rows=[record(row) for row, _ in claims]),
        ),
    )


def _ledgers(
    reading: Reading, story_id: str, article_ids: list[str], affair: list[ToldStory]
) -> tuple[list[tuple[ActRow, str]], list[tuple[ClaimRow, str]]]:
    """Return the thread of the act that a story tells of, and the claims that it tells.

    Each row has its address in its list; *affair* are the story and its other turns.
    """
    href = reading.words.href
    [found] = reading.rows(IN_LEDGERS, article_ids=article_ids)
    around = {
        "story_id": story_id,
        "since": min(each.first_published_at for each in affair) - AROUND,
        "until": max(each.last_published_at for each in affair) + AROUND,
    }
    acts = reading.rows(THREAD, **around, as_of=reading.until + DAY) if found.acts else []
    thread = {"since": acts[0].day, "all": "1"} if acts else {}
    claims = []
    for claim in reading.rows(CLAIMS_OF, **around) if found.claims else ():
        place = CLAIMS.place(record(claim), reading.day_of(claim.first_reported_at))
        claims.append((claim, f"{href(CLAIMS.path, **place)}#{claim.claim_id}"))
    return [
        (act, f"{href(MEASURES.path, thread=act.thread_id, **thread)}#{act.measure_id}")
        for act in acts
    ], claims


def _parted(reading: Reading, story_id: str) -> dict[str, ToldStory]:
    """Return the stories that were one with a story, which may be no more."""
    parted = reading.rows(PARTED, story_id=story_id, limit=PARTS)
    return reading.stories([part.story_id for part in parted], until=EVER)


def _parts(reading: Reading, story_id: str) -> list[Link]:
    """Return links to the parts of a story that is no more."""
    parts = _parted(reading, story_id).values()
    return [
        Link(text=headlines(reading.words, part)[0].text, href=f"/stories/{part.story_id}")
        for part in parts
    ]


def search_page(reading: Reading) -> PageView:
    """Return the results of a search, or a form without one."""
    text, filters = reading.ask.text("q") or "", _filters(reading)
    query = None
    if text or filters != SearchFilters():
        query = _read(reading, text, filters)
    word = reading.words.word("nav.search")
    return _page(reading, "/search", query, f"{text} · {word}" if text else word)


def _read(reading: Reading, text: str, filters: SearchFilters) -> SearchQuery:
    try:
        return read_search(text, reading.publication.search_names, filters)
    except SearchError as exc:
        raise BadRequest(str(exc)) from exc


def named_page(reading: Reading) -> PageView:
    """Return the results of a named search of ``searches.toml``."""
    search_id, named = reading.ask.place["id"], _named(reading)
    if search_id not in named:
        near = [Link(text=s.name, href=f"/searches/{key}") for key, s in named.items()]
        raise NotFound(reading.words.word("none.search", id=search_id), near)
    found, filters = named[search_id], _filters(reading)
    query = found.query
    if filters != SearchFilters():
        query = narrowed(query, _read(reading, "", filters))
    return _page(reading, f"/searches/{search_id}", query, found.name)


def _page(reading: Reading, path: str, query: SearchQuery | None, title: str) -> PageView:
    with reading.as_seen():
        return _results(reading, path, query, title)


def _results(
    reading: Reading, path: str, query: SearchQuery | None, title: str
) -> PageView:
    ask, words, publication = reading.ask, reading.words, reading.publication
    text, place = ask.text("q") or "", ask.number("page", default=1, most=50)
    last = reading.day_of(reading.until)
    order = ask.one_of("sort", "best", "newest") or "best"
    result, sql, since = None, "", None
    if query is not None:
        wanted = replace(
            query,
            on_beat=query.on_beat and ask.one_of("all", "1") is None,
            order="newest" if order == "newest" else "best",
        )
        found, result = _found(reading, wanted, skip=ROWS * (place - 1))
        if found.filters.since != query.filters.since:
            since = found.filters.since
        if reading.as_of is None:
            sql = words.href("/sql", q=search_sql(reading.con, found, limit=ROWS))
    terms = result.query.terms if result else ()
    near = near_names(reading, asked_names(text, terms)) if text else []
    stories = result.stories if result else ()
    looked_for = sought(result.query, publication.search_names) if result else ()
    listed = reading.stories(
        [story.story_id for story in stories],
        late=min((story.first_published_at for story in stories), default=None),
    )
    return PageView(
        template="search.html.j2",
        title=title,
        section="search",
        given={
            "text": text,
            "why_none": _none(reading, result) if result and not stories else "",
            "path": path,
            "result": result,
            "filters": subject.active_filters(words, path, ask.query, FILTERS),
            "typed": shown.as_typed(words, result, path, ask.query, since),
            "facets": shown.facets(words, result, path, ask.query, since) if result else [],
            "pages": shown.pages_of(words, near, asked_names(text)[0]),
            "meant": shown.meant(words, path, text, near)
            if result and result.total <= shown.FEW
            else [],
            "terms": shown.terms(words, result),
            "cards": [
                card(words, story, said=said(story, words.language, looked_for))
                for story in listed.values()
            ],
            "place": place,
            "first_place": ROWS * (place - 1) + 1,
            "more": result is not None and result.total > ROWS * place,
            "order": order,
            "late": (last - since).days + 1 if since else 0,
            "query": dict(ask.query),
            "sql": sql,
            "choices": shown.choices(
                words,
                publication.names,
                dict.fromkeys(publication.entities, "company") | dict(publication.kinds),
            ),
            "named": [] if query else shown.named_links(words, _named(reading).values()),
        },
        tables=(
            DataTable(
                name="stories",
                rows=[asdict(_as_told(story, listed, reading)) for story in stories],
            ),
            DataTable(
                name="facets",
                rows=[asdict(facet) for facet in result.facets] if result else [],
                columns=("kind", "id", "stories"),
            ),
        ),
        feed=list(listed.values()),
        feed_title=title,
        sought=looked_for,
    )


def _none(reading: Reading, result: SearchResult) -> str:
    """Return what was looked at in vain: texts themselves, or what was found in them."""
    filters = result.query.filters
    if result.off_beat:
        return reading.words.word("search.none.off")
    since, until = filters.since, filters.until
    if since and not isinstance(since, datetime):
        since = reading.start_of(since)
    if until and not isinstance(until, datetime):
        until = reading.start_of(until + DAY)
    [seen] = reading.rows(LOOKED_AT, since=since, until=until)
    is_tagged = filters.companies or filters.topics or filters.events
    return reading.words.word(
        "search.none.tagged" if is_tagged else "search.none",
        articles=reading.words.count("article", seen.articles),
    )


def _as_told(
    story: StoryFound, told: Mapping[str, ToldStory], reading: Reading
) -> StoryFound:
    """Return a found story with the counts of then: the search has those of today."""
    if reading.as_of is None or story.story_id not in told:
        return story
    own = told[story.story_id]
    return replace(
        story,
        articles=len(own.told),
        publishers=len(own.publishers),
        languages=own.languages,
    )


def _named(reading: Reading) -> Mapping[str, NamedSearch]:
    """Return the searches of the home's file; an invalid one raises ``NotReady``."""
    text = read_file(reading.settings.home / SEARCHES)
    try:
        names = reading.publication
        return parse_searches(text, lambda: names.search_names) if text else {}
    except ConfigError as exc:
        raise NotReady(str(exc)) from exc


def _found(
    reading: Reading, query: SearchQuery, *, skip: int
) -> tuple[SearchQuery, SearchResult]:
    """Return search results, of the latest days where matches are very many.

    A search for such words is a search for news. Counting them in a million articles takes
    half a second; the page names its days, and links to all results.
    """
    filters = query.filters
    is_open = filters.since is None and filters.until is None
    if is_open and reading.ask.one_of("ever", "1") is None:
        for days, plenty in PLENTY.items():
            since = reading.day_of(reading.until) - timedelta(days=days - 1)
            late = replace(query, filters=replace(filters, since=since))
            result = _searched(reading, late, skip, least=plenty)
            if result is not None and result.total >= plenty:
                return late, result
    result = _searched(reading, query, skip)
    assert result is not None  # noqa: S101  however few there are
    return query, result


def _searched(
    reading: Reading, query: SearchQuery, skip: int, *, least: int = 0
) -> SearchResult | None:
    return search_with_facets(
        reading.con, query, most=FACETS, limit=ROWS, offset=skip, least=least
    )


def _filters(reading: Reading) -> SearchFilters:
    ask = reading.ask
    lists: dict[str, Any] = {
        field: tuple(filter(None, [ask.text(name)]))
        for name, field in shown.FILTERS.items()
    }
    return SearchFilters(**lists, since=ask.day("since"), until=ask.day("until"))


PAGES = (
    Page(path="/stories/{story_id}", view=story_page),
    Page(
        path="/search",
        nav="search",
        also=("/searches",),
        view=search_page,
        known=KNOWN,
        texts=frozenset({"q"}),
        forms=("json", "csv", "atom"),
    ),
    Page(
        path="/searches/{id}",
        view=named_page,
        known=KNOWN,
        forms=("json", "csv", "atom"),
    ),
)
