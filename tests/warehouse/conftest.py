"""A real warehouse in a temporary folder, and short ways to fill it."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta

import pytest
from builders import (
    alert,
    append_articles,
    article,
    mention,
    shipped_beat,
    shipped_watchlist,
    tag,
)

from transforms.calendar.read import local_day, read_dates
from transforms.headlines.facts import read_headline
from transforms.models import (
    ArticleClaim,
    ArticleMeasure,
    ArticleVersion,
    CompanyRow,
    Feed,
    Message,
    Poll,
    Run,
    Sighting,
    TopicRow,
)
from transforms.models.calendar import ArticleDate
from transforms.models.findings import Findings
from transforms.names.match.document import read_document
from warehouse.file.connect import PRIVATE_NAME, writer
from warehouse.lake.writer import writer as lake_writer
from warehouse.news.articles import append_sightings, append_versions
from warehouse.news.coverage import refresh_coverage, refresh_story_days
from warehouse.news.findings import append_findings, replace_findings
from warehouse.news.stories import THE_START, refresh_stories

NOON = datetime(2026, 8, 4, 4, tzinfo=UTC)  # a Tuesday, noon in Shanghai


@pytest.fixture
def noon():
    return NOON


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


@pytest.fixture(autouse=True)
def begun_from_a_copy(migrated_once):
    """Not every test of a file is one of how it is migrated."""


@pytest.fixture(scope="session")
def begin_warehouse(template):
    """Begin an empty warehouse, open to write: a lake where one is given, or a file."""

    def begin(data, lake):
        data.mkdir()
        if lake:
            return lake_writer(data, lake, command="test")
        shutil.copy(template, data / PRIVATE_NAME)
        return writer(data, command="test")

    return begin


@pytest.fixture
def warehouse(request, data, begin_warehouse, is_on_lake):
    """An empty warehouse: a file, or a lake with ``--warehouse lake``."""
    lake = request.getfixturevalue("lake") if is_on_lake else None
    with begin_warehouse(data, lake) as con:
        yield con


@pytest.fixture
def make_article():
    """Build an article; name only the fields a test is about."""

    def make(article_id="a1", **fields):
        title = fields.get("title", f"Headline {article_id}")
        published_at = fields.get("published_at", NOON)
        defaults = {
            "url": f"https://x.example/{article_id}",
            "title": title,
            "published_at": published_at,
            "first_seen_at": published_at + timedelta(minutes=10),
            "content_hash": f"hash of {title}",
            "story_id": f"s{article_id}",
        }
        return article(article_id, **defaults | fields)

    return make


@pytest.fixture
def load(make_article):
    """Append articles with what the pipeline would append of them.

    ``load(con, {"article_id": …, "companies": …, "topics": …, "events": …}, …)``;
    "roles" says what companies are to the article, where they are more than named.
    """

    def load_all(con, *specs):
        articles, mentions, tags = [], [], []
        for spec in specs:
            fields = dict(spec)
            companies = fields.pop("companies", ())
            roles = fields.pop("roles", {})
            topics = fields.pop("topics", ())
            events = fields.pop("events", ())
            made = make_article(**fields)
            articles.append(made)
            mentions += [
                mention(made.article_id, c, alias=c[:4], role=roles.get(c))
                for c in companies
            ]
            tags += [tag(made.article_id, topic) for topic in topics]
            tags += [tag(made.article_id, event, "event") for event in events]
        at = append_articles(con, articles, run_id="r1")
        append_versions(con, [version(article) for article in articles], at)
        append_sightings(con, [sighting(article) for article in articles], at)
        found = [fact for article in articles for fact in facts(article)]
        dates = [date for article in articles for date in dates_in(article, mentions)]
        append_findings(con, Findings(mentions, tags, found, dates=dates), at)
        refresh_stories(con, {article.story_id for article in articles}, "w0")
        refresh_coverage(con, articles, [], mentions, tags)
        refresh_story_days(con, {a.story_id for a in articles}, since=THE_START)
        return articles

    return load_all


def dates_in(article, mentions):
    if article.is_digest:
        return []
    [title, *_] = read_document(article.title).fields
    named = [m for m in mentions if m.article_id == article.article_id]
    on = local_day(article.published_at, article.language)
    return [ArticleDate(article.article_id, *d, "w0") for d in read_dates(title, named, on)]


def facts(article):
    lexicon = shipped_beat().facts
    if article.is_digest:
        return []
    return read_headline(article.article_id, article.title, lexicon)


@pytest.fixture
def make_company():
    def make(company_id, **fields):
        defaults = {
            "company_id": company_id,
            "name": company_id.title(),
            "name_zh": "",
            "kind": "company",
            "sector": "ecommerce",
            "parent_id": None,
            "tickers": (),
        }
        return CompanyRow(**defaults | fields)

    return make


@pytest.fixture
def make_topic():
    def make(topic_id, kind="topic", boards=()):
        return TopicRow(
            topic_id=topic_id,
            kind=kind,
            name=topic_id.title(),
            name_zh="",
            parent_id=None,
            boards=tuple(boards),
        )

    return make


@pytest.fixture(scope="session")
def shipped_topics():
    """The topics and event types of the shipped watchlist, on their boards."""
    return shipped_watchlist().topic_rows()


@pytest.fixture
def make_feed():
    def make(feed_id="sample", **fields):
        defaults = {"url": f"https://{feed_id}.example/feed", "publisher": feed_id.title()}
        return Feed(feed_id=feed_id, **defaults | fields)

    return make


@pytest.fixture
def make_poll():
    def make(feed_id="sample", outcome="new", **fields):
        defaults = {"run_id": "r1", "polled_at": NOON}
        return Poll(feed_id=feed_id, outcome=outcome, **defaults | fields)

    return make


@pytest.fixture
def make_run():
    def make(run_id="r1", **fields):
        defaults = {
            "run_id": run_id,
            "started_at": NOON,
            "ended_at": None,
            "outcome": "running",
            "feeds": 0,
            "new_articles": 0,
            "alerts": 0,
            "version": "0.1.0",
            "rules_version": "w0",
        }
        return Run(**defaults | fields)

    return make


@pytest.fixture
def make_alert():
    def make(alert_id="x1", **fields):
        company_id = fields.get("company_id", "alibaba")
        defaults = {
            "company_id": company_id,
            "companies": (company_id,) if company_id else (),
            "story_id": f"s{alert_id}",
            "title": "Alibaba opens",
            "url": "https://x.example/a1",
            "created_at": NOON,
        }
        return alert(alert_id, **defaults | fields)

    return make


@pytest.fixture
def make_message():
    def make(message_id="m1", alert_id="x1", channel_id="desk", **fields):
        return Message(
            message_id=message_id,
            alert_id=alert_id,
            channel_id=channel_id,
            **{"created_at": NOON} | fields,
        )

    return make


def version(article):
    return ArticleVersion(
        article_id=article.article_id,
        seen_at=article.first_seen_at,
        title=article.title,
        summary=article.summary,
        content_hash=article.content_hash,
    )


def sighting(article):
    return Sighting(
        article_id=article.article_id,
        feed_id=article.feed_id,
        guid=f"guid {article.article_id}",
        url=f"{article.url}?utm_source=feed",
        first_seen_at=article.first_seen_at,
    )


@pytest.fixture
def tell(warehouse, load, noon):
    """Store an article *days* after noon, with the measure or the claim that it tells."""

    def store(article_id, days, *, story, measure=None, claim=None, act=(), **fields):
        place = warehouse.execute("select count(*) from articles").fetchall()[0][0] + 1
        at = noon + timedelta(days=days)
        load(
            warehouse,
            {"article_id": article_id, "story_id": story, "published_at": at, **fields},
        )
        replace_findings(
            warehouse,
            Findings(
                tags=[tag(article_id, act[0], "event", event_object=act[1])] if act else [],
                measures=[] if measure is None else [measured(article_id, **measure)],
                claims=[] if claim is None else [claimed(article_id, **claim)],
            ),
            {article_id: place},
        )

    return store


def measured(article_id, **told):
    """Return the measure that an article tells: an export control of chips, if no other."""
    fields = {
        "side": "us",
        "actor": "",
        "instrument": "export-control",
        "status": "decided",
        "direction": "tightens",
        "targets": (),
        "target_class": "",
        "target_side": "cn",
        "thing": "chips",
        "effective_on": None,
        "amount": None,
        "currency": "",
        "rules_version": "w0",
    }
    return ArticleMeasure(article_id=article_id, **fields | told)


def claimed(article_id, **told):
    """Return what an article tells of a firm: by unnamed sources, if nobody else."""
    fields = {
        "basis": "unnamed",
        "modality": "planned",
        "cue": "sources",
        "subject": "baidu",
        "rules_version": "w0",
    }
    return ArticleClaim(article_id, **fields | told)
