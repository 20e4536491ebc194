"""Lists: acts of states, claims with their outcome, official acts, developing stories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from flows.web.lists import Filter, ListPage, ListTool, More
from flows.web.page import Reading
from transforms.models.calendar import OCCASIONS
from transforms.models.measures import INSTRUMENTS, SIDES, STATUSES, said_of_measures
from transforms.models.verdicts import BASES, OUTCOMES
from transforms.pages import lists
from transforms.pages.timeline import LANES
from transforms.pages.words import DataTable, Link

# Official sources with register feeds of their own.
REGIONS = ("CN", "US", "EU", "HK")
_WHOSE = "Whose act of a state it is."
_FIRST = {"sentence": "headline", "first_publisher": "outlet"}


def _bodies(reading: Reading, *_: object) -> More:
    states = reading.publication.rules.states
    return More(values={"body_of": partial(lists.body_of, reading.words, states)})


def _press(reading: Reading, rows: Sequence[Any], params: Mapping[str, Any]) -> More:
    """Return the press that followed acts; where there are none, whether any could come."""
    words = reading.words
    found = reading.rows(
        lists.ACT_STORIES,
        **{**params, "article_ids": [act.article_id for act in rows]},
    )
    stories = reading.stories(list(dict.fromkeys(story.story_id for story in found)))
    official = 0 if rows else reading.rows(lists.OFFICIAL_FEEDS)[0].feeds
    counted = words.count("acts.none", official)
    return More(
        values={"followed": lists.followed(words, found, stories)},
        tables=(DataTable(name="followed", rows=[asdict(story) for story in found]),),
        empty=counted if official else words.word("acts.unfollowed"),
        see=Link(text=words.word("nav.feeds"), href=words.href("/feeds")),
    )


MEASURES = ListPage(
    noun="measures",
    query=lists.MEASURES,
    help="""\
Acts of states on technology, one row an act, however many outlets told of it.

Whose, by what means, how far it has come, and whom it hits; the newest first, of
the last 90 days without days. `target` is a company, by its id or name. Acts are
read in headlines: rumoured and proposed ones are among them.""",
    filters=(
        Filter(name="side", kind="choice", values=SIDES, help="Whose act it is."),
        Filter(name="instrument", kind="choice", values=INSTRUMENTS, help="By what means."),
        Filter(name="status", kind="choice", values=STATUSES, help="How far it has come."),
        Filter(name="lane", kind="choice", values=LANES, is_linked=False, is_asked=False),
        Filter(name="target", kind="company", help="A company that it hits."),
        Filter(name="thing", is_asked=False),
        Filter(name="thread", is_asked=False),
        Filter(name="all", kind="switch", is_asked=False),
    ),
    row_id="measure_id",
    dated="first_reported_at",
    place=lambda _, day: {"since": day, "until": day, "all": "1"},
    counted="act",
    printed=("day", "sentence", "side", "instrument", "status", "targets", "measure_id"),
    room="states",
    beside="calendar",
    more=_bodies,
    tool=ListTool(
        name="measures",
        rows=("Ledger", "Acts of states in a period, the newest first."),
        row=(
            "ActRecord",
            """\
An act of a state; what is not told is empty, and ``status`` is the last one told.""",
        ),
        quoted=("ActWords", "Words of the outlet that told of an act first."),
        fields=(
            *("story_id", "first_reported_at", *said_of_measures(in_words=False)),
            *("articles", "answers", "thread_id", "step", "steps"),
        ),
        words=("sentence", "first_publisher", "actor", *said_of_measures(in_words=True)),
        headlines=("sentence",),
        called={**_FIRST, "target_class": "target", "thread_id": "thread"},
    ),
)
CLAIMS = ListPage(
    noun="claims",
    query=lists.CLAIMS,
    help="""\
What was told of companies by unnamed sources, or as possible, and its outcome.

The open ones first, of the last 90 days without days; `company` by its id or name.
Silent means that nobody said for 30 days. Open and silent do not mean false.""",
    filters=(
        Filter(name="outcome", kind="choice", values=OUTCOMES, help="What became of it."),
        Filter(name="basis", kind="choice", values=BASES, help="On whose word it is told."),
        Filter(name="company", kind="company", help="The company that it is about."),
    ),
    row_id="claim_id",
    dated="first_reported_at",
    place=lambda row, day: {
        "company": row["subject"],
        "since": day,
        "until": day + lists.AROUND,
    },
    counted="claim",
    printed=("first_reported_at", "sentence", "subject", "basis", "outcome", "claim_id"),
    full="claims.full",
    tool=ListTool(
        name="claims",
        rows=(
            "Claims",
            "What was rumoured of companies, and its outcome, the open ones first.",
        ),
        row=(
            "ClaimRecord",
            """\
What was told without a name or as possible; open and silent do not mean false.""",
        ),
        quoted=(
            "SettledWords",
            "Words of an outlet: what was told, by which words, and what settled it.",
        ),
        fields=(
            *("story_id", "subject", "first_reported_at", "basis", "modality"),
            *("outcome", "settled_at", "settled_story", "publishers"),
        ),
        words=("sentence", "first_publisher", "cue", "settled_headline"),
        headlines=("sentence", "settled_headline"),
        called={**_FIRST, "subject": "company", "settled_headline": "settled"},
        help={"settled_headline": "The headline that settled it."},
    ),
)
ACTS = ListPage(
    noun="acts",
    query=lists.ACTS,
    help="""\
What ministries, regulators and other official sources published, and the press after it.

The newest first, of the last 30 days without days, on the beat unless `all` is set;
`company` is one that an act names, by its id or name. Hours are to the first report.""",
    filters=(
        Filter(name="body", help="Who issued it, as its acts name it."),
        Filter(name="company", kind="company", help="A company that it names."),
        Filter(name="region", kind="choice", values=REGIONS, help="Region of the source."),
        Filter(name="all", kind="switch", help="Include what is off the beat."),
    ),
    row_id="article_id",
    dated="published_at",
    place=lambda _, day: {"since": day, "until": day, "all": "1"},
    counted="act",
    printed=("published_at", "act", "body", "region", "hours_to_press", "article_id"),
    room="states",
    days=30,
    shown=100,
    record=lists.act_record,
    more=_press,
    tool=ListTool(
        name="official_acts",
        rows=("OfficialActs", "Acts of official sources in a period, the newest first."),
        row=("OfficialActRecord", "An act, with how soon the press told of it."),
        quoted=(
            "OfficialWords",
            "Words of the source: what it published, and who told it.",
        ),
        fields=(
            *("story_id", "published_at", "kind", "region", "companies", "is_on_beat"),
            *("press_stories", "hours_to_press"),
        ),
        words=("url", "act", "body", "number", "first_press"),
        headlines=("act",),
        called={"act": "headline", "body": "outlet"},
    ),
)
DEVELOPMENTS = ListPage(
    noun="developing",
    query=lists.DEVELOPING,
    help="""\
Developing stories: acts on one object, days apart, each by its newest turn.

Those that turned last come first, of the last 14 days without days, on the beat unless
`all` is set. `company` is the head of a group, by its id or name; `topic` an id.""",
    filters=(
        Filter(name="company", kind="company", help="The group that it is about."),
        Filter(name="topic", help="The topic that it is about, by its id."),
        Filter(name="all", kind="switch", help="Include what is off the beat."),
    ),
    row_id="affair_id",
    dated="turned_at",
    place=lambda _, day: {"since": day, "until": day, "all": "1"},
    counted="affair",
    printed=("turned_at", "headline", "turns", "company", "topic", "story_id"),
    days=14,
    tool=ListTool(
        name="developing",
        rows=("DevelopingStories", "Developing stories, the one that turned last first."),
        row=(
            "DevelopingRecord",
            "A developing story; story_id and page are its newest turn.",
        ),
        quoted=("DevelopingWords", "Words of the newest turn's outlet, and of the first."),
        fields=(
            *("story_id", "turned_at", "began_at", "company", "topic", "turns"),
            "publishers",
        ),
        words=("headline", "first_publisher", "first_headline"),
        headlines=("headline", "first_headline"),
        called={"first_publisher": "outlet", "first_headline": "began"},
        help={
            "company": "Id of the group that it is about.",
            "topic": "Id of the topic that it is about.",
            "turns": "Stories that it has so far.",
            "publishers": "Outlets that told the newest.",
            "first_headline": "The first headline.",
        },
    ),
)

CALENDAR = ListPage(
    noun="calendar",
    query=lists.CALENDAR,
    help="""\
Dates ahead: launches, listings, results, hearings, and from when rules hold.

The soonest first, from today for a year without days, on the beat unless `all` is set.
They are read in headlines and official notices, and nobody checked them; one that was
told otherwise before is `moved`, and one that was withdrawn `cancelled`.""",
    filters=(
        Filter(name="occasion", kind="choice", values=OCCASIONS, help="What is due."),
        Filter(name="company", kind="company", help="The company that it is about."),
        Filter(name="side", kind="choice", values=SIDES, is_linked=False, help=_WHOSE),
        Filter(name="topic", help="A topic of a headline that tells it, by its id."),
        Filter(name="all", kind="switch", help="Include what is off the beat."),
    ),
    row_id="date_id",
    dated="due_on",
    place=lambda _, day: {"since": day, "until": day, "all": "1"},
    counted="due_date",
    printed=("due_on", "precision", "occasion", "company_id", "status", "headline"),
    ahead=365,
    also=("ics",),
    tool=ListTool(
        name="dates_ahead",
        rows=("Calendar", "Dates ahead, the soonest first."),
        row=("DateRecord", "What is due; due_until is its last possible day."),
        quoted=("DateWords", "Words of the outlet that named the date."),
        fields=(
            *("story_id", "due_on", "due_until", "precision", "occasion", "company_id"),
            *("side", "topics", "status", "superseded", "publishers"),
        ),
        words=("headline", "first_publisher"),
        headlines=("headline",),
        called={"first_publisher": "outlet", "company_id": "company"},
    ),
)

# In the order of the navigation, of help and of tools.
LISTS = (MEASURES, CLAIMS, ACTS, DEVELOPMENTS, CALENDAR)
PAGES = tuple(each.page for each in LISTS)
