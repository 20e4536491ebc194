"""What tests are made of: each builder takes only the fields that a test is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from flows.beats import load_beat
from transforms.articles.reader import EntryReader
from transforms.brief.ranking.leads import ranking_of
from transforms.brief.rules import BriefRules
from transforms.models import Alert, Article, Mention, Notice, Parcel, Tag
from transforms.names.rules.file import parse_watchlist
from transforms.names.tagging import compile_tagger
from transforms.search.query import signature
from transforms.text.fold import search_text
from warehouse.news.articles import append_new, known

ROOT = Path(__file__).resolve().parents[1]
NOON = datetime(2026, 8, 4, 12, tzinfo=UTC)
# When alerts that are told were decided.
CREATED = NOON + timedelta(minutes=1)
# A notice has names of companies and outlets where an alert has ids and a number.
_OF_ALERT = frozenset(Alert.__dataclass_fields__) - {"companies", "publishers"}


def article(article_id="a1", **fields):
    title = fields.get("title", "")
    folded = search_text(title, fields.get("summary", ""))
    defaults = {
        "feed_id": "sample",
        "url": "https://x.example/1",
        "title": title,
        "summary": "",
        "content": None,
        "language": "en",
        "script": "latin",
        "is_digest": False,
        "publisher": "Sample",
        "authors": (),
        "published_at": NOON,
        "published_raw": "",
        "published_from": "published",
        "first_seen_at": NOON,
        "content_hash": "h1",
        "search_text": folded,
        "search_bits": signature(folded),
        "story_id": "sa1",
        "story_keys": (),
    }
    return Article(article_id=article_id, **defaults | fields)


def mention(article_id, company_id, field="title", **fields):
    defaults = {"alias": company_id, "start": 0, "length": 4, "rules_version": "w0"}
    return Mention(
        article_id=article_id, company_id=company_id, field=field, **defaults | fields
    )


def tag(article_id, topic_id, kind="topic", **fields):
    defaults = {"term": topic_id, "score": 1.0, "rules_version": "w0"}
    return Tag(article_id=article_id, topic_id=topic_id, kind=kind, **defaults | fields)


def alert(alert_id="x1", rule_id="giants", **fields):
    defaults = {
        "kind": "mention",
        "company_id": None,
        "topic_id": None,
        "story_id": "sa1",
        "article_id": "a1",
        "title": "",
        "url": "https://x.example/1",
        "created_at": NOON,
        "state": "pending",
        "rules_version": "w0",
    }
    return Alert(alert_id=alert_id, rule_id=rule_id, **defaults | fields)


def notice(message_id="m1", *, company_ids=(), **fields):
    """Build a notice of one alert; a field belongs to whichever of the two has it."""
    of_alert = {name: fields.pop(name) for name in list(fields) if name in _OF_ALERT}
    told = {
        "alert_id": "al1",
        "company_id": "alibaba",
        "title": "Alibaba opens a data centre",
        "created_at": CREATED,
        "companies": company_ids,
    }
    defaults = {
        "alert": alert(**told | of_alert),
        "channel_id": "desk",
        "attempt": 1,
        "company_name": "Alibaba Group",
        "company_name_zh": "阿里巴巴",
        "publisher": "Harbour Wire",
        "language": "en",
        "published_at": NOON,
        "alias": "Alibaba",
        "publishers": ("Harbour Wire", "前沿网"),
    }
    return Notice(message_id=message_id, **defaults | fields)


def parcel(*notices, why=None, message_id=None):
    """Build a parcel of notices, one where none are given; *why* makes it a digest."""
    notices = notices or (notice(),)
    return Parcel(
        message_id=message_id or (notices[0].message_id if why is None else "b1"),
        channel_id="desk",
        attempt=notices[0].attempt,
        notices=notices,
        why=why,
    )


@cache
def shipped_beat():
    """Return the beat that a home has by default, read once."""
    return load_beat()


@cache
def shipped_watchlist():
    """Return the watchlist as it is shipped, read once."""
    text = (ROOT / "watchlist.toml").read_text(encoding="utf-8")
    return parse_watchlist(text, default=text, rules=shipped_beat().rules)


@cache
def shipped_tagger():
    """Return its tagger, compiled once."""
    return tagger_of(shipped_watchlist())


@cache
def shipped_writing():
    """Return what briefs and pages of a home by default are written by."""
    return BriefRules(
        names={"en": "China tech", "zh": "中国科技"},
        themes=shipped_beat().themes,
        ranking=ranking_of(shipped_beat().ranking, shipped_watchlist()),
    )


def tagger_of(watchlist):
    """Return the tagger of a watchlist by the rules of the beat that is shipped."""
    return compile_tagger(watchlist, shipped_beat().tagging)


def reader_of(watchlist):
    """Return the reader of entries by a watchlist, and the beat that is shipped."""
    return EntryReader(watchlist, shipped_beat())


def append_articles(con, articles, *, run_id=""):
    """Append the articles not stored yet, the first of each id; return their places."""
    first = {}
    for one in articles:
        first.setdefault(one.article_id, one)
    here = known(con, list(first))
    fresh = [one for key, one in first.items() if key not in here]
    return append_new(con, fresh, run_id=run_id)


def refresh_all_stories(con, rules_version):
    """Derive every story from its articles anew."""
    con.execute("delete from stories")
    con.execute(
        "insert into stories by name"
        " select *, $rules as rules_version from derived_stories()",
        {"rules": rules_version},
    )
