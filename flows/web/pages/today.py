"""``/`` and ``/2026-11-25``: the stories of a day, as of its end or the newest data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flows.web.asked import DAY, read_day
from flows.web.errors import NotFound
from flows.web.page import Page, PageView, Reading
from transforms.brief.basis import WINDOW, thin_coverage
from transforms.brief.ranking import (
    EARLIER,
    EarlierTelling,
    Lead,
    known_behind,
    known_since,
    why_here,
)
from transforms.brief.sections.companies import BURSTS, BurstRow, bursting
from transforms.brief.sections.stories import STORIES, Story
from transforms.freshness import doubts_of
from transforms.models import Doubts, Facet, Freshness
from transforms.pages import today
from transforms.pages.inbox import ALERT_COUNTS, EVERY_ALERT, INBOX
from transforms.pages.rows.stories import (
    ANY_STORY,
    CHANGED,
    DAYS_AROUND,
    MOST_NAMED,
    OF_DAYS,
    OFF_BEAT,
    ChangedSubject,
)
from transforms.pages.stories import card
from transforms.pages.words import DataTable, Ranking, ranked
from warehouse.numbers.brief import EVER, freshness, of_live_stories, seen_by

NAMED = 12
CHANGES = 6
ALERTS = 6
OFF = 60
FILTERS = ("language", "topic", "outlet", "all", "page")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayWindow:
    """The period of a page; a past day is shown as of its end."""

    path: str
    day: date
    since: datetime
    until: datetime
    as_of: datetime | None = None
    is_late: bool = False


def now_page(reading: Reading) -> PageView:
    """Return the stories of the 24 hours up to the newest data."""
    until = reading.until
    # What came at that very moment is of the period.
    end = until + timedelta.resolution
    day = reading.day_of(until)
    window = DayWindow(path="/", day=day, since=end - DAY, until=end, as_of=reading.as_of)
    return _page(reading, window)


def day_page(reading: Reading) -> PageView:
    """Return the stories of a day of the reporting zone, as of its end."""
    day = read_day(reading.ask.place["day"])
    publication = reading.publication
    since, until = reading.start_of(day), reading.start_of(day + DAY)
    first, last = publication.first_day, publication.last_day
    has_data = first is not None and last is not None and first <= day <= last
    if not has_data or not reading.rows(ANY_STORY, since=since, until=until):
        raise NotFound(reading.words.word("none.day", day=reading.words.day(day)))
    as_of = until if until <= publication.as_of else None
    window = DayWindow(path=f"/{day}", day=day, since=since, until=until, as_of=as_of)
    with seen_by(reading.con, as_of, None):
        is_known = bool(reading.rows(ANY_STORY, since=since, until=until))
    if not is_known:
        # A day imported afterwards was unknown then; it is shown as known now.
        return _page(reading, replace(window, as_of=None, is_late=True))
    if as_of is None:
        return _page(reading, window)
    # What its numbers open is told as of then too.
    kept = (*reading.words.kept, ("as_of", str(day)))
    return _page(replace(reading, words=replace(reading.words, kept=kept)), window)


def _page(reading: Reading, window: DayWindow) -> PageView:
    ask, words, by = reading.ask, reading.words, reading.publication.rules.ranking
    chosen = today.Chosen(
        language=ask.language_asked() or "",
        topic=ask.text("topic") or "",
        outlet=ask.text("outlet") or "",
    )
    with_all = ask.one_of("all", "1") == "1"
    place = ask.number("page", default=1, most=25)
    first_place = (place - 1) * today.SHOWN + 1
    period: dict[str, Any] = {"since": window.since, "until": window.until}
    with of_live_stories(reading.con, **period, as_of=window.as_of) as began:
        stories = reading.rows(STORIES, **period)
        most = today.SHOWN * place
        bursts = reading.rows(BURSTS, **period)
        leads = today.leading(stories, chosen, bursting(bursts), by, most=most)
        leads = leads[most - today.SHOWN :]
        ids = [story_id for lead in leads for story_id in lead.story_ids]
        off = (
            [row.story_id for row in reading.rows(OFF_BEAT, **period, limit=OFF)]
            if with_all
            else []
        )
        details = reading.stories([*ids, *off], since=began, until=window.until)
    with seen_by(reading.con, window.as_of, None):
        named = reading.rows(MOST_NAMED, **period, limit=NAMED)
        changed = reading.rows(CHANGED, **period, limit=CHANGES)
        [volume] = reading.rows(WINDOW, **period)
        flagged = sorted(bursts, key=lambda row: row.q)[: today.BURSTS]
        burst_stories = _burst_stories(reading, flagged)
    by_id = {story.story_id: story for story in stories}
    known = _known(reading, window, leads, by_id)
    leads = known_behind(leads, known, by)
    cards = today.lead_cards(
        words, leads, by_id, details, since=window.since, known=known, by=by
    )
    given = {
        "window": window,
        "until": reading.until,
        "is_first": reading.publication.first_day is None,
        "cards": cards,
        "off": [card(words, details[story_id]) for story_id in off if story_id in details],
        "with_all": with_all,
        "place": place,
        "first_place": first_place,
        "more": len(leads) == today.SHOWN,
        "thin": thin_coverage(words, volume),
        "stories": sum(chosen.takes(story) for story in stories),
        "filters": today.filters(words, window.path, stories, chosen, ask.query),
        "query": dict(ask.query),
        "sql": reading.sql(STORIES, **period),
        "days": _neighbours(reading, window),
        **_aside(reading, window, named, changed),
        "bursts": flagged,
        "burst_stories": burst_stories,
    }
    title = words.long_day(window.day)
    shown = [details[lead.story_ids[0]] for lead in leads if lead.story_ids[0] in details]
    return PageView(
        template="today.html.j2",
        title=title,
        section="today",
        until=None if window.path == "/" else window.until - timedelta.resolution,
        known_at=window.as_of,
        given=given,
        tables=(
            DataTable(
                name="stories",
                rows=[
                    {
                        "rank": number,
                        **details[lead.story_ids[0]].record(),
                        "affair": list(lead.story_ids[1:]),
                        **_about(by_id, lead.story_ids[0]),
                        **_first_known(known.get(lead.story_ids[0])),
                        "score": lead.score,
                        "why": lead.why,
                        "why_here": why_here(lead, words.language, words.name),
                    }
                    for number, lead in enumerate(leads, first_place)
                    if lead.story_ids[0] in details
                ],
            ),
        ),
        feed=shown,
        feed_title=words.word("feed.today"),
    )


def _known(
    reading: Reading,
    window: DayWindow,
    leads: Sequence[Lead],
    stories: Mapping[str, Story],
) -> dict[str, EarlierTelling]:
    """Return earlier articles on these leads in the other language."""
    first = [lead.story_ids[0] for lead in leads]
    earlier = reading.rows(
        EARLIER,
        story_ids=first,
        since=window.since,
        until=window.until,
        as_of=window.as_of or EVER,
    )
    return known_since({story_id: stories[story_id].titles for story_id in first}, earlier)


def _first_known(earlier: EarlierTelling | None) -> dict[str, object]:
    return {
        "known_since": earlier and earlier.published_at,
        "known_from": earlier and earlier.publisher,
        "known_url": earlier and earlier.url,
    }


def _about(stories: Mapping[str, Story], story_id: str) -> dict[str, list[str]]:
    story = stories[story_id]
    return {
        "companies": list(story.companies),
        "topics": list(story.topics),
        "events": list(story.events),
    }


def _burst_stories(
    reading: Reading, bursts: Sequence[BurstRow]
) -> dict[tuple[str, str, date], int]:
    """Return the stories of the days of bursts, as pages count them.

    A burst is found on what a company's own names bring; a page counts its brands as well.
    """
    if not bursts:
        return {}
    days = [burst.day for burst in bursts]
    ids = [burst.subject_id for burst in bursts]
    found = reading.rows(OF_DAYS, first_day=min(days), last_day=max(days), ids=ids)
    return {(row.kind, row.subject_id, row.day): row.stories for row in found}


def _aside(
    reading: Reading,
    window: DayWindow,
    named: Sequence[Facet],
    changed: Sequence[ChangedSubject],
) -> dict[str, object]:
    words = reading.words
    period: dict[str, Any] = {"since": window.since, "until": window.until}
    # Alerts of the newest articles are a moment younger than these.
    is_now = window.path == "/" and window.as_of is None
    lately = {**period, "until": EVER} if is_now else period
    alerts = reading.rows(INBOX, **{**EVERY_ALERT, **lately}, limit=ALERTS)
    [counts] = reading.rows(ALERT_COUNTS, **lately)
    known = _freshness(reading, window)
    opens: dict[str, object] = {"day": window.day}
    if window.path == "/":
        opens = {"hours": 24}
    return {
        "named": Ranking(
            key="named",
            title=words.word("board.named"),
            sql=reading.sql(MOST_NAMED, **period, limit=NAMED),
            rows=ranked(
                words, named, lambda row: words.subject(row.kind, row.id, **opens).href
            ),
        ),
        "changed": changed,
        "opens": opens,
        # A past day's numbers open what was known then.
        "seen": words.kept_by("/companies/id"),
        "changed_sql": reading.sql(CHANGED, **period, limit=CHANGES),
        "bursts_sql": reading.sql(BURSTS, **period),
        "alerts": alerts,
        "counts": counts,
        # Parked now, whenever decided: no warning of then.
        "parked": 0 if window.until < reading.publication.as_of else counts.parked,
        "freshness": known,
        "doubts": _doubts(reading, window, known),
        "newest": known.as_of or window.until,
        "permalink": _permalink(reading, window),
    }


def _doubts(reading: Reading, window: DayWindow, known: Freshness) -> Doubts | None:
    """Return what was doubtful then; None if nothing is known of then."""
    if window.is_late or (window.as_of is not None and known.as_of is None):
        return None
    at = window.as_of or reading.until
    return doubts_of(known, at=at, patience=reading.settings.patience)


def _freshness(reading: Reading, window: DayWindow) -> Freshness:
    """Return how new and whole the data were when the page's knowledge ends."""
    if window.as_of is not None:
        return freshness(reading.con, as_of=window.as_of)
    known = reading.publication.freshness
    return Freshness(
        as_of=reading.publication.as_of,
        asked=known.asked,
        answered=known.answered,
        computed_until=known.computed_until,
    )


def _permalink(reading: Reading, window: DayWindow) -> str:
    """Return the address at which today's page stays as it is; "" of other days."""
    if window.path != "/" or window.as_of is not None:
        return ""
    at = reading.until.astimezone(UTC) + timedelta(seconds=1) - timedelta.resolution
    return reading.words.href("/", **{**reading.ask.query, "as_of": f"{at:%FT%TZ}"})


def _neighbours(reading: Reading, window: DayWindow) -> dict[str, str]:
    """Return the addresses of the previous and the next day with articles."""
    words, newest = reading.words, reading.day_of(reading.publication.as_of)
    [around] = reading.rows(DAYS_AROUND, day=window.day)
    addresses = {}
    if around.before:
        addresses["before"] = words.href(f"/{around.before}")
    if window.path != "/":
        is_last = around.after is None or around.after >= newest
        # What was known on a day is its own: the newest page is of now.
        after = "/" if is_last else f"/{around.after}"
        addresses["after"] = words.href(after, as_of="")
    return addresses


KNOWN = frozenset(FILTERS)
PAGES = (
    Page(
        path="/",
        nav="today",
        base="/today",
        also=("", "/today", "/stories"),
        view=now_page,
        known=KNOWN | {"as_of"},
        forms=("json", "csv", "atom"),
    ),
    Page(path="/{day:day}", view=day_page, known=KNOWN),
)
