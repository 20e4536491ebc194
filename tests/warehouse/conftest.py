"""A real warehouse in a temporary folder, and short ways to fill it."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta

import pytest

from transforms.models import (
    Alert,
    Article,
    ArticleVersion,
    CompanyRow,
    Feed,
    Mention,
    Message,
    Poll,
    Run,
    Sighting,
    Tag,
    TopicRow,
)
from warehouse.articles import (
    append_articles,
    append_mentions,
    append_sightings,
    append_tags,
    append_versions,
)
from warehouse.file.connect import PRIVATE_NAME, writer
from warehouse.stories import refresh_stories

NOON = datetime(2026, 8, 4, 4, tzinfo=UTC)  # a Tuesday, noon in Shanghai


@pytest.fixture
def noon():
    return NOON


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


@pytest.fixture(scope="session")
def template(make_once):
    """An empty, fully migrated warehouse file: to migrate takes longer than to copy."""

    def migrate(folder):
        with writer(folder, command="test"):
            pass

    return make_once("template", migrate) / PRIVATE_NAME


@pytest.fixture
def warehouse(data, template):
    """An empty warehouse, open to write."""
    data.mkdir()
    shutil.copy(template, data / PRIVATE_NAME)
    with writer(data, command="test") as con:
        yield con


@pytest.fixture
def make_article():
    """Build an article; name only the fields a test is about."""

    def make(article_id="a1", **fields):
        title = fields.get("title", f"Headline {article_id}")
        published_at = fields.get("published_at", NOON)
        defaults = {
            "article_id": article_id,
            "feed_id": "sample",
            "url": f"https://x.example/{article_id}",
            "title": title,
            "summary": "",
            "content": None,
            "language": "en",
            "script": "latin",
            "is_digest": False,
            "publisher": "Sample",
            "authors": (),
            "published_at": published_at,
            "published_raw": "",
            "published_from": "published",
            "first_seen_at": published_at + timedelta(minutes=10),
            "content_hash": f"hash of {title}",
            "search_text": title.lower(),
            "story_id": f"s{article_id}",
            "story_keys": (),
        }
        return Article(**defaults | fields)

    return make


@pytest.fixture
def load(make_article):
    """Append articles with what the pipeline would append of them.

    ``load(con, {"article_id": …, "companies": …, "topics": …, "events": …}, …)``
    """

    def load_all(con, *specs):
        articles, mentions, tags = [], [], []
        for spec in specs:
            fields = dict(spec)
            companies = fields.pop("companies", ())
            topics = fields.pop("topics", ())
            events = fields.pop("events", ())
            article = make_article(**fields)
            articles.append(article)
            mentions += [mention(article.article_id, c) for c in companies]
            tags += [tag(article.article_id, t, "topic") for t in topics]
            tags += [tag(article.article_id, e, "event") for e in events]
        append_articles(con, articles, run_id="r1")
        append_versions(con, [version(article) for article in articles])
        append_sightings(con, [sighting(article) for article in articles])
        append_mentions(con, mentions)
        append_tags(con, tags)
        refresh_stories(con, {article.story_id for article in articles}, "w0")
        return articles

    return load_all


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
    def make(topic_id, kind="topic"):
        return TopicRow(
            topic_id=topic_id, kind=kind, name=topic_id.title(), name_zh="", parent_id=None
        )

    return make


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
        defaults = {
            "alert_id": alert_id,
            "rule_id": "giants",
            "kind": "mention",
            "company_id": "alibaba",
            "topic_id": None,
            "story_id": f"s{alert_id}",
            "article_id": "a1",
            "title": "Alibaba opens",
            "url": "https://x.example/a1",
            "created_at": NOON,
            "state": "pending",
            "rules_version": "w0",
        }
        company_id = fields.get("company_id", defaults["company_id"])
        defaults["companies"] = (company_id,) if company_id else ()
        return Alert(**defaults | fields)

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


def mention(article_id, company_id, field="title"):
    return Mention(
        article_id=article_id,
        company_id=company_id,
        field=field,
        alias=company_id[:4],
        start=0,
        length=4,
        rules_version="w0",
    )


def tag(article_id, topic_id, kind):
    return Tag(
        article_id=article_id,
        topic_id=topic_id,
        kind=kind,
        term=topic_id,
        score=1.0,
        rules_version="w0",
    )


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
