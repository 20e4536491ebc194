"""Tools on stories: those of a day, those of a search, and one in full."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from flows.assistants.look import (
    Day,
    Id,
    Language,
    Names,
    Rows,
    Short,
    Tools,
    headline,
    headlines,
    known_day,
    outlet,
    outside,
    story_row,
    table,
)
from flows.assistants.results import (
    ArticleRow,
    ArticleWords,
    FoundRow,
    FoundStories,
    NamedRow,
    QuotedHeadline,
    StoryAlert,
    StoryLink,
    StoryTold,
    Today,
)
from flows.web.asked import read_day
from flows.web.errors import Moved, NotFound
from transforms.freshness import warnings
from transforms.models import (
    SearchFilters,
    SearchOrder,
    SearchResult,
    StoryFound,
)
from transforms.pages.story import ArticleLine
from transforms.search.query import read_search
from warehouse.news.search import nearly_named, search

ARTICLES = 60
EARLIER = 3
NEAR = 3


class StoryTools(Tools):
    """Tools on stories."""

    def today(
        self,
        day: Day = None,
        *,
        language: Language | None = None,
        topic: Short = None,
        outlet: Short = None,
        limit: Rows = 15,
    ) -> Today:
        """The stories of a day, in the order of the brief: a developing story as one.

        Without a day: the 24 hours up to the newest data. A past day is told as it was
        known at its end. `topic` is a topic or event type, by id or name.
        """
        newest = self.look.publication()
        requested = None if day is None else known_day(newest, day)
        place = None if requested is None else {"day": str(requested)}
        view, publication = self.look.page(
            "/" if place is None else "/{day:day}",
            place,
            language=language,
            topic=self.look.topic(newest, topic),
            outlet=self.look.outlet(newest, outlet),
        )
        rows = table(view, "stories")
        given = view.given
        return Today(
            as_of=publication.as_of,
            day=given["window"].day,
            since=given["window"].since,
            until=given["window"].until,
            total=given["stories"],
            stories=[story_row(self.look, row) for row in rows[:limit]],
            alerts_parked=given["counts"].parked,
            alerts_pending=given["counts"].pending,
            warnings=warnings(given["doubts"]) if given["doubts"] else [],
            note=_note_on_day(len(rows), limit),
        )

    def search_articles(
        self,
        words: Annotated[str, Field(max_length=400)] = "",
        *,
        companies: Names = None,
        topics: Names = None,
        events: Names = None,
        languages: Names = None,
        outlets: Names = None,
        since: Day = None,
        until: Day = None,
        order: SearchOrder = "best",
        off_beat: Annotated[
            bool, Field(description="Also stories that are not on the beat.")
        ] = False,
        limit: Rows = 20,
    ) -> FoundStories:
        """Search headlines and summaries, in both scripts: one row a story.

        All words must be in an article, in any order; quotes keep words together. A
        company's name finds all its aliases. Days are of the reporting zone, both included.
        """
        publication = self.look.publication()
        filters = SearchFilters(
            companies=tuple(companies or ()),
            topics=tuple(topics or ()),
            events=tuple(events or ()),
            languages=tuple(languages or ()),
            publishers=tuple(self.look.outlet(publication, o) or "" for o in outlets or ()),
            since=None if since is None else read_day(since),
            until=None if until is None else read_day(until),
        )
        query = read_search(
            words, publication.search_names, filters, on_beat=not off_beat, order=order
        )
        with publication.reading() as con:
            results = search(con, query, limit=limit)
            people = {key: each.names for key, each in publication.people.items()}
            near = [] if results.stories else nearly_named(con, query, people, most=NEAR)
        return FoundStories(
            as_of=publication.as_of,
            total=results.total,
            off_beat=results.off_beat,
            stories=[self._found(story) for story in results.stories],
            note=_note_on_search(results, near),
        )

    def get_story(self, story_id: Id) -> StoryTold:
        """A story whole: articles in order, whom it names, its development, its alerts."""
        requested = story_id.strip()
        try:
            return self._story(requested)
        except Moved as exc:
            return self._story(exc.path.rpartition("/")[2], merged_from=requested)
        except NotFound as exc:
            remedy = "search_articles finds stories by their words, today lists the newest."
            raise NotFound(f"{exc} {remedy}") from exc

    def _found(self, story: StoryFound) -> FoundRow:
        page = self.look.address(f"/stories/{story.story_id}")
        return FoundRow(
            id=story.story_id,
            address=page,
            article_id=story.article_id,
            page=page,
            published_at=story.published_at,
            language=story.language,
            matches=story.matches,
            articles=story.articles,
            publishers=story.publishers,
            languages=list(story.languages),
            is_on_beat=story.is_on_beat,
            quoted=QuotedHeadline(
                headline=headline(story.headline),
                outlet=outlet(story.publisher),
                url=outside(story.url),
            ),
        )

    def _story(self, story_id: str, merged_from: str = "") -> StoryTold:
        view, publication = self.look.page("/stories/{story_id}", {"story_id": story_id})
        given, page = view.given, self.look.address(f"/stories/{story_id}")
        story, articles = given["story"], table(view, "articles")
        return StoryTold(
            as_of=publication.as_of,
            id=story_id,
            address=page,
            page=page,
            merged_from=merged_from,
            spread_hours=given["hours"],
            gap_hours=story.gap_hours,
            articles=self._articles(articles[:ARTICLES], given["lines"], page),
            companies=[
                NamedRow(
                    id=row.company_id,
                    address=self.look.address(f"/companies/{row.company_id}"),
                    articles=row.articles,
                    is_subject=row.is_subject,
                )
                for row, _ in given["named"]
            ],
            topics=[
                NamedRow(
                    id=row.topic_id,
                    address=self.look.address(f"/topics/{row.topic_id}"),
                    articles=row.articles,
                )
                for row, _ in given["treated"]
            ],
            affair=[
                StoryLink(
                    id=turn.story_id,
                    address=self.look.address(f"/stories/{turn.story_id}"),
                    first_published_at=turn.first_at,
                    quoted=QuotedHeadline(
                        headline=headline(turn.headline.text),
                        outlet=outlet(turn.first.text),
                    ),
                )
                for turn in given["affair"]
                if turn.story_id != story_id
            ],
            alerts=[
                StoryAlert(
                    id=alert.alert_id,
                    address=self.look.address("/alerts", rule=alert.rule_id),
                    rule=alert.rule_id,
                    state=alert.state,
                    created_at=alert.created_at,
                )
                for alert in given["alerts"]
            ],
            quoted=headlines(story.record()),
            note=_more(len(articles), ARTICLES, "articles: run_sql has them all"),
        )

    def _articles(
        self, rows: Sequence[Mapping[str, Any]], lines: Sequence[ArticleLine], page: str
    ) -> list[ArticleRow]:
        return [
            ArticleRow(
                id=row["article_id"],
                address=page,
                published_at=row["published_at"],
                hours_after_first=row["hours_after_first"],
                language=row["language"],
                is_digest=row["is_digest"],
                quoted=ArticleWords(
                    headline=headline(row["title"]),
                    outlet=outlet(row["publisher"]),
                    url=outside(row["url"]),
                    said=line.said.text if line.said else "",
                    earlier=[headline(each.title) for each in line.earlier[:EARLIER]],
                ),
            )
            for row, line in zip(rows, lines, strict=False)
        ]


def _more(count: int, limit: int, what: str) -> str:
    return f"{count - limit} more {what}" if count > limit else ""


def _note_on_day(count: int, limit: int) -> str:
    if not count:
        return "no story on the beat; search_articles with off_beat finds the others"
    return _more(count, limit, "at least: raise limit, or filter by topic or outlet")


def _note_on_search(found: SearchResult, near: Sequence[str]) -> str:
    if found.is_partial:
        return "topics are not looked for in what is off the beat and names nobody"
    if found.stories:
        return _more(found.total, len(found.stories), "stories: narrow by days or topics")
    if found.off_beat:
        return f"nothing on the beat; off_beat finds {found.off_beat} stories"
    if near:
        return f"nothing has all of these words; did you mean {' or '.join(near)}?"
    return "nothing has all of these words; write fewer, or leave filters out"
