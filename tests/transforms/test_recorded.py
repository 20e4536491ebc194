"""What is read in texts of our own, how alike they are, and what charts draw.

Weights, bounds, words and lengths are compared with what was recorded, as pages are: ``make
printed`` records what was meant to change.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, pairwise
from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from brief_rows import answers
from builders import (
    article,
    shipped_beat,
    shipped_tagger,
    shipped_watchlist,
    shipped_writing,
)
from printed import text_of
from recorded import recorded

from connectors.sinks import CHANNELS
from transforms.alerts import Coverage, Rehearsal, items_of, messages_for, parse_alerts
from transforms.articles.reader import EntryReader
from transforms.brief import compose_brief, render_html, render_markdown
from transforms.brief.model import Bar, Chart, Spark
from transforms.brief.ranking import LeadCandidate, known_behind, rank, why_here
from transforms.brief.render.charts import draw_charts
from transforms.brief.render.shapes import draw_spark
from transforms.brief.render.text import story_rows
from transforms.models import Feed, SearchQuery, Words
from transforms.models.verdicts import GivenVerdict
from transforms.names.tagging import tag_article, tag_text
from transforms.pages.feeds import reason
from transforms.pages.inbox import demands
from transforms.pages.render import DayBar, as_text, draw_bars, draw_line
from transforms.pages.rows.desk import FeedPoll, FeedState
from transforms.pages.verdict_lines import queued
from transforms.pages.words import PageWords
from transforms.stories.features import actor_keys, bridge_keys, story_keys
from transforms.stories.pairs.demands import contradictions, share_count
from transforms.stories.pairs.similarity import (
    StoryText,
    compare,
    demanded,
    match,
    pair_evidence,
    pair_kind,
    side_of,
    weights_of,
)
from transforms.stories.settling import become_one, stay_one

DATA = Path(__file__).parents[1] / "data"
NOON = datetime(2026, 8, 4, 12, tzinfo=UTC)
# Of a headline what is no copy of another sign, and no number of this process.
READ = (
    *("script", "is_guide", "weight", "information", "lead", "names", "numbers", "counts"),
    *("counted", "units", "amounts", "versions", "matter", "acts", "telling", "rest"),
)
SENTENCES = [
    json.loads(line)
    for name in ("tagging_sentences", "salience", "explanations")
    for line in (DATA / f"{name}.jsonl").read_text("utf-8").splitlines()
]


# Rules of every kind of condition; the watchlist is that of a home.
ALERTS = """
[channel.desk]
type = "file"
path = "a"
once = true

[channel.phone]
type = "file"
path = "b"
language = "zh"
zone = "Asia/Shanghai"
digest = ["08:00", "18:30"]
quiet = "22:00-07:00"
rate = "50/10m"

[channel.mail]
type = "email"
host = "smtp.example.com"
user = "u"
password = { env = "P" }
from = "sinowire <alerts@example.com>"
to = ["team@example.com", "desk@example.com"]

[channel.hook]
type = "webhook"
url = "https://hook.example/in"
secret = { env = "S" }
headers = { X-Team = "news" }

[brief.daily]
at = "8:05"
channels = ["desk", "phone"]

[brief.weekly]
period = "week"
at = "Fri 17:30"
zone = "Europe/Berlin"
language = "zh"
search = "controls"
only = ["stories"]
channels = ["mail", "mail"]

[brief.monday]
period = "week"
at = "7:00"
channels = ["mail"]

[brief.off]
at = "9:00"
enabled = false
channels = ["mail"]

[rule.firms]
companies = ["huawei", "catl", "byd", "alibaba", "meituan", "jd", "xiaomi", "unitree"]
about = true
updates = { publishers = [2, 4], languages = true, companies = true, outcomes = ["denied"] }
channels = ["desk", "phone"]

[rule.wide]
feed_kinds = ["news"]
on_beat = true
reports = true
min_publishers = 3
updates = { publishers = [4] }
channels = ["desk"]

[rule.controls]
severity = "urgent"
measure = { side = "us", instrument = ["export-control", "entity-list"] }
updates = { languages = true }
channels = ["desk", "phone"]

[rule.answers]
measure = { side = ["cn"], status = ["proposed", "in-force", "decided"] }
channels = ["desk"]

[rule.words]
terms = ["AI", "chips", "芯片", "battery"]
in = ["title"]
cooldown = "3h"
severity = "low"
channels = ["phone", "desk"]

[rule.chinese]
languages = ["zh"]
any = [{ topics = ["earnings", "funding"] }, { companies = ["byd"], exact = true }]
none = [{ terms = ["港股"] }]
max_age = "2d"
channels = ["phone"]

[rule.people]
people = ["colin-huang"]
not_feeds = ["ministry"]
channels = ["desk"]

[rule.ministry]
kind = "official"
companies = ["huawei", "byd", "nvidia", "xiaomi", "jd", "smic"]
channels = ["desk"]

[rule.crossing]
kind = "crossing"
languages = ["zh"]
mute_until = 2026-08-05
channels = ["desk"]

[rule.searched]
search = "controls"
channels = ["phone"]
"""


@pytest.fixture(scope="module")
def tagged(texts):
    """The headlines as articles, with their findings: a story and affair a group."""
    found, group, last = [], 0, 0.0
    for n, text in enumerate(texts):
        hours = (text.published_at - NOON) / timedelta(hours=1)
        group, last = group + (hours < last), hours
        row = article(
            f"a{n}", title=text.title, publisher=text.publisher, story_id=f"s{group}",
            language="en" if text.title.isascii() else "zh", published_at=text.published_at,
            feed_id="ministry" if n % 9 == 4 else "news", is_digest=n % 13 == 12,
            summary="Its shares rose. Analysts of Ledger had asked for more." * (n % 2),
        )  # fmt: skip
        found.append((row, tag_article(row, shipped_tagger())))
    return found


@pytest.fixture(scope="module")
def texts():
    with (DATA / "headlines.tsv").open(encoding="utf-8") as file:
        return [
            StoryText(
                title=title,
                publisher=outlet,
                published_at=NOON + timedelta(hours=int(hours)),
                companies=frozenset(filter(None, firms.split(","))),
            )
            for hours, outlet, firms, title in csv.reader(file, delimiter="\t")
        ]


def test_a_headline_is_read_as_it_was(texts):
    """Its figures, names, versions, concepts and words, and the keys that find it."""
    lexicon, said = shipped_beat().concepts, []
    for text in texts:
        parts, named = side_of(text, lexicon).parts, (text.title, text.companies, lexicon)
        keys = (
            *story_keys(text.title),
            *bridge_keys(*named),
            *actor_keys(*named, is_chinese=parts.is_han),
        )
        read = {key: getattr(parts, key) for key in READ}
        read |= {"words": len(parts.words), "keys": len(keys), "first": keys[0] ^ keys[-1]}
        said += [text.title, *(f"  {key} {_plain(value)}" for key, value in read.items())]

    assert "\n".join(said) == recorded("headlines", "\n".join(said))


def test_pairs_are_as_alike_as_they_were(texts):
    """How likely they tell one event, why, what joining asks, and what became of it."""
    lexicon, said = shipped_beat().concepts, []
    for a, b in combinations(texts, 2):
        one, found = (side_of(a, lexicon), side_of(b, lexicon)), compare(a, b, lexicon)
        if found.score < 0.02 and not stay_one(*one):
            continue
        evidence = _plain([each for each in pair_evidence(*one) if each])
        decided = (
            *(match(*one), stay_one(*one), become_one(*one, found.score)),
            *(contradictions(*one), share_count(*one)),
            weights_of(pair_kind(*one)).meaning.above(*one),
        )
        asked = f"of {demanded(*one):.3f} {_plain(decided)}"
        said += [a.title, b.title, f"  {found.score:.3f} {asked} {found.why} {evidence}"]

    assert "\n".join(said) == recorded("headline-pairs", "\n".join(said))


def _plain(value):
    """Return a value as text that is the same in each process."""
    if isinstance(value, float):
        return f"{value:.3f}"
    if isinstance(value, dict):
        return _plain(list(value.items()))
    if isinstance(value, frozenset):
        return " ".join(sorted(map(_plain, value)))
    return " ".join(map(_plain, value)) if isinstance(value, list | tuple) else str(value)


def test_a_text_is_tagged_as_it_was():
    """Companies, people, topics, events, relevance, measure and claim of each."""
    said = []
    for row in SENTENCES:
        title, summary = row.get("title", row.get("text")), row.get("summary", "")
        found = tag_text(shipped_tagger(), title=title, summary=summary)
        told = {key: value for key, value in found.items() if value or key == "on_beat"}
        said += [f"{title} {summary}", f"  {json.dumps(told, ensure_ascii=False)}"]

    assert "\n".join(said) == recorded("tags", "\n".join(said))


def test_alerts_are_decided_as_they_were(tagged):
    """Which rule tells what at which step, whose it is, and what is held back."""
    watchlist = shipped_watchlist()
    feeds = [
        Feed(feed_id=key, url=f"https://{key}.example/", kind=kind)
        for key, kind in (("news", "news"), ("ministry", "official"))
    ]
    rules = parse_alerts(
        ALERTS,
        watchlist=watchlist,
        feeds=feeds,
        channel_types=CHANNELS,
        env={"P": "pass", "S": "0123456789abcdef"},
        searches={"controls": SearchQuery(terms=(Words("price"),))},
        names={"sections": lambda: ("stories", "searches"), "things": tuple},
    )
    reader = EntryReader(watchlist, shipped_beat())
    names = {
        each.company_id: (each.name, each.name_zh or "") for each in watchlist.companies
    }
    said = []
    for each in (*rules.rules, *rules.briefs, *rules.channels.values()):
        fields = asdict(each)
        said += [_plain([key, value]) for key, value in fields.items() if value]
    for language in ("en", "zh"):
        of = PageWords(language=language, zone=ZoneInfo("UTC"), names=names, until=NOON)
        for rule in rules.rules:
            said += [
                rule.rule_id,
                *(f"  {label}: {asked}" for label, asked in demands(of, rule)),
            ]
    told = {}
    rehearsal = Rehearsal(rules=rules, rules_version="w1")
    seen = defaultdict(list)
    for since, until in pairwise((-1, 0, 2, 4, 9, 40, 100)):
        now = NOON + timedelta(hours=until)
        came = [
            (replace(row, is_on_beat=found.beat.is_on_beat,
                     headline_weight=found.headline_weight), found)
            for row, found in tagged
            if NOON + timedelta(hours=since) < row.published_at <= now
        ]  # fmt: skip
        for row, _ in came:
            seen[row.story_id].append(row)
        coverage = {
            story: Coverage(
                publishers=len({row.publisher for row in rows}),
                languages=frozenset(row.language for row in rows),
                crossed_by=frozenset(
                    row.article_id for row in rows if row.language != rows[0].language
                ),
            )
            for story, rows in seen.items()
        }
        rows = [row for row, _ in came]
        findings = {row.article_id: reader.findings(row, found) for row, found in came}
        items = items_of(rows, findings, rules)
        alerts = rehearsal.take(items, coverage, now=now)
        said += [f"after {until} hours"]
        for each in alerts:
            fields = asdict(each)
            said += [_plain([key, value]) for key, value in fields.items() if value]
        messages = messages_for(alerts, rules, told=told)
        said += [f"  {m.alert_id} to {m.channel_id}" for m in messages]
        severity = {each.alert_id: each for each in alerts}
        for m in messages:
            told[m.channel_id, severity[m.alert_id].story_id] = severity[
                m.alert_id
            ].severity

    assert "\n".join(said) == recorded("alerts-decided", "\n".join(said))


def test_stories_are_ranked_as_they_were(tagged):
    """The score of each, its reasons, and which are one affair."""
    by = shipped_writing().ranking
    candidates = []
    for n, (row, found) in enumerate(tagged):
        firms = tuple(dict.fromkeys(each.company_id for each in found.mentions))
        measure = f"m{n // 9}" if n % 4 == 3 else ""
        candidates.append(
            LeadCandidate(
                story_id=f"s{n}", titles=(row.title,), articles=1 + n % 6,
                outlets=tuple("ABCDEFGHIJKLMN"[: 1 + n * n % 13]),
                languages=("en", "zh") if n % 3 == 0 else ("en",), subjects=firms[:1],
                companies=firms,
                topics=tuple(tag.topic_id for tag in found.tags if tag.kind == "topic"),
                events=tuple(tag.topic_id for tag in found.tags if tag.kind == "event"),
                relevance=1 - n % 5 / 9, is_reported=n % 8 != 5,
                bursts=firms[:1] if n % 7 == 0 else (), measure=measure,
                act=measure and f"{measure}-{n % 2}", is_answer=n % 16 == 7,
            )
        )  # fmt: skip
    known = [f"s{n}" for n in range(0, len(tagged), 6)]
    leads = known_behind(rank(candidates, by), known, by)
    said = []
    for lead in leads:
        said += [f"{lead.score:.3f} {' '.join(lead.story_ids)} of {lead.outlets}"]
        said += [f"  {lead.why}", *(f"  {why_here(lead, i, str)}" for i in ("en", "zh"))]
        said += [f"  {_plain(lead.reasons)}"]

    assert "\n".join(said) == recorded("ranking", "\n".join(said))


def weekly(series, values, first=40):
    """Return bars of a series, one a week; None where there is none."""
    return [
        Bar(f"W{first + week}", series, value, stories=week + 3)
        for week, value in enumerate(values)
        if value is not None
    ]


def chart(kind, bars, positions=(), **fields):
    """Return a chart of bars, of as many series as these have."""
    series = tuple(dict.fromkeys(bar.series for bar in bars))
    given = {"title": kind, "alt": f"{kind} <&>", "series": series, **fields}
    return Chart(kind=kind, bars=tuple(bars), positions=tuple(positions), **given)


def within(bars, width):
    """Return bars with an interval of *width* to both sides, but for each fourth."""
    return [
        bar if n % 4 == 3 else replace(bar, low=bar.value - width, high=bar.value + width)
        for n, bar in enumerate(bars)
    ]


def marks(series, values, *, opened=False):
    """Return marks of a lane by month, of an area that is the share of the largest."""
    return [
        Bar(month, series, n / 40, n, hue=n % 5, href=f"/acts?month={n}" if opened else "")
        for month, n in values.items()
    ]


WEEKS = [f"W{number}" for number in range(40, 52)]
MONTHS = [f"{n % 12 + 1}\n{2025 + n // 12}" for n in range(7, 27)]
PERIODS = {"day": (24, 25), "week": (16, 23)}
NAMED = (
    *("id", "name", "name_zh", "publisher", "first_publisher", "headline", "headline_en"),
    *("headline_zh", "title", "term", "theme"),
)
# Of relations of which the files of a brief have no rows.
FURTHER = {
    "became": [
        {
            "claim_id": "c1", "story_id": "s9", "subject": "byd", "basis": basis,
            "modality": modality, "outcome": outcome, "sentence": "It may buy a plant.",
            "first_reported_at": "2026-11-20T02:00", "first_publisher": "Ledger",
            "url": "https://news.example/c", "settled_at": "2026-11-23T05:00",
            "settled_by": "c2", "settled_story": "s1", "settled_publisher": "Wire",
            "settled_headline": f"It is {outcome}", "settled_url": "https://news.example/d",
        }
        for basis, modality, outcome in (
            ("unnamed", "said", "denied"),
            ("official", "planned", "confirmed"),
            ("official", "may", "withdrawn"),
        )
    ],
    "movers": [
        {
            "company_id": company, "name": company.title(), "stories": 20, "previous": 9,
            "usual": 8.5, "expected": 9.1, "ratio": ratio, "low": ratio / 2,
            "high": 2 * ratio, "state": state,
        }
        for company, ratio, state in (("byd", 2.2, "up"), ("dji", 0.4, "down"))
    ],
    "quality": [
        {
            "articles": 400, "stories": 180, "undated": 3, "estimated": 8,
            "delay_median_min": 42.0, "delay_p95_min": 300.0,
        }
    ],
    "shifts": [
        {
            "subject_id": subject, "kind": kind, "name": subject.title(),
            "since": "2026-11-02", "before": before, "after": 6.0, "ratio": 6 / before,
            "low": 1.5 / before, "high": 9 / before,
        }
        for subject, kind, before in (("byd", "company", 2.0), ("chips", "topic", 9.0))
    ],
    "arcs": [
        {"subject_id": of, "kind": kind, "day": f"2026-11-{day:02}", "stories": day % 5}
        for of, kind in (("byd", "company"), ("chips", "topic"))
        for day in range(1, 24)
    ],
    "story_articles": [
        {
            "story_id": "s1", "article_id": f"a{n}", "url": f"https://news.example/{n}",
            "title": "Roborock passes iRobot in a third European market",
            "summary": summary, "publisher": f"Outlet {n}", "language": "en",
        }
        for n, summary in enumerate(
            ("It sold 40,000 robots in Spain, Ledger said. Rivals fell.", "", "Yes")
        )
    ],
    "warming_up": [{"relation": "bursts", "state": "warming", "days": 9, "needed": 28}],
    "freshness": [
        {"as_of": "2026-11-24T12:00", "feeds": 9, "asked": 9, "answered": 4}
    ],
    "uncomputed": [{"day": "2026-11-23"}],
}  # fmt: skip
FONT = ' font-family="system-ui, sans-serif"'
CHARTS = {
    "share": chart(
        "share",
        [
            bar
            for n, name in enumerate(("Alpha", "比亚迪汽车集团", "A firm of a long name"))
            for bar in weekly(name, [0.1 * (n + 1), 0.25, 0.3 - 0.1 * n])
        ],
    ),
    "share of ten": chart(
        "share", [Bar("W1", f"Firm number {n}", 0.1, n) for n in range(10)]
    ),
    "lift": chart(
        "lift",
        [
            Bar(name, "times as often as any two", value, n)
            for n, (name, value) in enumerate(
                {"Alpha and Beta": 3.2, "华为与中芯国际 in one": 0.4, "C": -2.3}.items()
            )
        ],
    ),
    "lift of little": chart("lift", [Bar("A" * 60 + " b " * 30, "as often", -0.1, 2)]),
    "lift of much": chart("lift", [Bar("A", "as often", 14.0, 2)]),
    "themes": chart(
        "themes",
        [
            *weekly("Chips", [3, None, 7, 12, 5]),
            *weekly("Robots", [0, 1, 2]),
            *weekly(
                "A theme whose name is far too long for the room that a phone has", [4]
            ),
        ],
        WEEKS,
    ),
    "themes of none": chart("themes", [], WEEKS[:2], series=("Chips",)),
    "crackdown": chart(
        "crackdown",
        [
            *weekly("against", [1, 4, 9, None, 2]),
            *weekly("for", [-2, -1, None, -3]),
        ],
        WEEKS,
    ),
    "crackdown of one": chart(
        "crackdown", [Bar("W40", "against", 1, 1)], WEEKS[:3], series=("against", "for")
    ),
    "voice": chart(
        "voice",
        [
            *within(weekly("Alpha", [0.1, 0.12, None, 0.2, 0.21, 0.19, 0.3]), 0.04),
            *within(weekly("比亚迪", [0.3, 0.28, 0.3, 0.26, 0.2, 0.1, 0.29]), 0.02),
            *weekly("A firm of a name that takes more lines than one", [0.05, 0.04]),
        ],
        WEEKS[:7],
    ),
    "voice of many": chart(
        "voice",
        [bar for n in range(14) for bar in weekly(f"Firm {n}", [0.001, 0.002 + n / 9_000])],
        WEEKS[:2],
    ),
    "voice of none": chart("voice", [], WEEKS[:1], series=("Alpha",)),
    "lanes": chart(
        "lanes",
        [
            *marks("Against firms", dict(zip(MONTHS, range(1, 9), strict=False))),
            *marks("对企业", dict(zip(MONTHS[5:8], (1, 20, 40), strict=True)), opened=True),
        ],
        MONTHS[:9],
        unseen=tuple(MONTHS[2:5]),
    ),
    "lanes of a month": chart(
        "lanes", marks("A lane of a name too long", {MONTHS[0]: 1200}), MONTHS[:1]
    ),
    "lanes of many months": chart(
        "lanes", marks("Against firms", dict.fromkeys(MONTHS, 39)), MONTHS
    ),
    "lanes of a year's end": chart("lanes", marks("A", {MONTHS[4]: 1}), MONTHS[4:7]),
}


def test_charts_are_drawn_as_they_were():
    """Wide and narrow, of many bars and of hardly any, an element a line."""
    said = []
    for name, each in CHARTS.items():
        drawn = "".join(draw_charts(each, "c"))
        said += [name, drawn.replace("><", ">\n<").replace(FONT, "")]
    for values, high in (((0, 3, 40), 40), ((1, 0), 0), ((), 3)):
        said += [f"spark {values}", draw_spark(Spark(values, "a <day>"), high)]

    assert "\n".join(said) == recorded("drawings", "\n".join(said))


def address(path, **query):
    """Return the address of a page of the desk."""
    return f"{path}?{urlencode(query)}"


def crowded(rows):
    """Return rows with others like them, of other names and numbers: thirty of a kind."""
    copies = range(1 if len(rows) > 100 else 30 // max(len(rows), 1) + 1)
    return [{k: _another(k, v, n) for k, v in row.items()} for n in copies for row in rows]


def _another(key, value, number):
    if number == 0 or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        # Some are alike, and none is beyond its bounds.
        return value + number % 7 if isinstance(value, int) else value / (1 + number % 5)
    is_named = key.endswith(("_id", "_a", "_b")) or key in NAMED
    return f"{value}-{number}" if is_named and value else value


def a_feed(state, failures, **fields):
    """Return a feed of a page, in a state."""
    defaults = {
        "url": "https://f.example/", "site": None, "reason": "", "last_success_at": NOON,
        "last_article_at": NOON, "usual_gap_hours": 5.0, "silent_hours": 30.2,
        "next_poll_at": None, "retry_after_at": None, "moved_to": None, "other_url": None,
    }  # fmt: skip
    named = {"feed_id": "f", "publisher": "F", "language": "en"}
    return FeedState(**named | defaults | fields, state=state, failures=failures)


FEEDS = [
    a_feed("failing", 3),
    a_feed("failing", 3, last_success_at=None),
    a_feed("failing", 0),
    a_feed("dead", 40, moved_to="https://g.example/", other_url="https://h.example/"),
    a_feed("quiet", 0, retry_after_at=NOON + timedelta(hours=3)),
    a_feed("paused", 0, retry_after_at=NOON),
    a_feed("healthy", 1),
    a_feed("healthy", 1, last_success_at=None),
    a_feed("healthy", 0, last_success_at=None, silent_hours=None),
    a_feed("healthy", 0, last_article_at=None, silent_hours=-2.0),
    a_feed("healthy", 0, usual_gap_hours=None),
    a_feed("healthy", 0),
]
HOURS = (
    0,
    0.2,
    0.99,
    1,
    1.5,
    5.98,
    6,
    6.5,
    23.9,
    24,
    25.2,
    47,
    48,
    49,
    71,
    72,
    73,
    100,
    720,
)
VALUES = (None, 1234567.891, 0.00012, 3, ["a", None, 2.5], NOON, NOON.replace(tzinfo=None))
BARS = [
    DayBar(value=value, label=f"{value}", href="/companies/x", is_burst=n % 3 == 1,
           is_shift=n == 4, is_current=n == 5)
    for n, value in enumerate((0, 3, 17, None, 5, 9))
]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh"])
def test_parts_of_pages_say_what_they_said(language):
    """Lengths of time, why a feed is as it is, values of a statement, days and clicks."""
    names = {"byd": ("BYD", "比亚迪"), "chips": ("Chips", "芯片")}
    words = PageWords(language=language, zone=ZoneInfo("UTC"), names=names, until=NOON)
    poll = FeedPoll(
        feed_id="f", polled_at=NOON, outcome="permanent_error", http_status=404,
        duration_ms=1, new_articles=0, error="HTTP 404.",
    )  # fmt: skip
    said = [f"{h} h: {words.short_span(h)} {words.span(h)}" for h in HOURS]
    said += [reason(words, each, polls) for each in FEEDS for polls in ([poll], [])]
    said += [as_text(value) for value in VALUES]
    said += [draw_bars(BARS).replace("><", ">\n<"), draw_bars(BARS[:1]), draw_bars([])]
    said += [draw_line([2, None, 0, 7], "a <line>"), draw_line([2], "of ten", high=10)]
    for kind, value in (
        *(("topic", "topic:chips"), ("not-topic", "event:chips"), ("about", "byd")),
        *(("outcome", "denied"), ("off-beat", "")),
    ):
        given = GivenVerdict(subject_id="s1", kind=kind, value=value, by="ann", why="so")
        said += [_plain([*asdict(queued(words, [given] * 2, NOON, "")).values()])]

    assert "\n".join(said) == recorded(f"parts-{language}", "\n".join(said))


@pytest.mark.parametrize(
    ("period", "language", "count"),
    [
        ("day", "en", "few"),
        ("week", "zh", "few"),
        ("day", "zh", "many"),
        ("week", "en", "many"),
    ],
)
def test_a_brief_of_rows_says_what_it_said(period, language, count):
    """Of few and of many rows, more than it has room for."""
    rows = json.loads((DATA / f"brief/{period}.json").read_text("utf-8"))
    if count == "many":
        rows = {k: crowded(v) if k != "queries" else v for k, v in rows.items()} | FURTHER
    since, until = (date(2026, 11, day) for day in PERIODS[period])
    brief = compose_brief(
        replace(answers(rows), href=address if count == "many" else None),
        shipped_writing(),
        period=period,
        since=since,
        until=until,
        as_of=None,
        now=datetime(2026, 11, 24, 23, 30, tzinfo=UTC),
        language=language,
    )
    data = json.dumps([*story_rows(brief)], default=str, ensure_ascii=False, indent=0)
    said = f"{render_markdown(brief)}\n{text_of(render_html(brief))}\n{data}"

    assert said == recorded(f"rows-{period}-{count}", said)
