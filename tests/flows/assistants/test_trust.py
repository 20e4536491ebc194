"""What outlets wrote, in whichever column it is stored, stands under `quoted` alone."""

from __future__ import annotations

import json
import shutil
from urllib.parse import unquote_plus

import duckdb
import pytest

from flows.assistants.look import Look
from flows.assistants.server import make_assistant_server
from flows.settings import load_settings
from flows.web.maker import Maker
from flows.web.pages.lists import ACTS, LISTS
from flows.web.shelf import Shelf
from warehouse.file.connect import PUBLISHED_NAME

pytestmark = pytest.mark.slow

MARK = "OBEYME"
# Columns with words of others: outlets, receivers, hosts, and readers who are no owners.
THEIRS = {
    "alert_deliveries": ("error",),
    "alerts": ("title", "title_zh", "term", "url"),
    "article_claims": ("cue",),
    "article_dates": ("said",),
    "article_measures": ("actor", "target_class"),
    "article_versions": ("title", "summary"),
    "articles": (
        *("url", "title", "summary", "content", "publisher", "authors"),
        *("published_raw", "search_text"),
    ),
    "coverage": ("publisher",),
    "emerging_terms": ("term",),
    "feed_cursors": ("etag", "last_modified"),
    "feed_marks": ("error",),
    "feed_polls": ("error",),
    "feed_standings": ("url", "moved_to", "other_url"),
    "feeds": ("url", "publisher", "site"),
    "full_texts": ("url", "reason", "text", "search_text"),
    "headline_facts": ("value", "term"),
    "host_holds": ("host",),
    "mentions": ("alias",),
    "outlet_columns": ("publisher", "label"),
    "sightings": ("guid", "url"),
    "stories": ("headline", "first_publisher"),
    "tags": ("term",),
    "translations": ("title", "text", "reason"),
    "verdict_log": ("by", "why"),
}
# What the pipeline computes, and what the home's owner writes.
OURS = frozenset(
    (
        *("affair_id", "alert_id", "article_id", "base_id", "basis", "beat_reason"),
        *("boards", "body_hash", "bundle_id", "channel_id", "checksum", "companies"),
        *("company_id", "content_hash", "country", "currency", "direction"),
        *("engine", "event_object", "extractor", "feed_id", "feeds_version", "field"),
        *("group_id", "held", "home", "host", "instrument", "into_id", "kind"),
        *("language", "languages", "leased_by", "made_by", "merged_into", "message_id"),
        *("modality", "muted_by", "name", "name_zh", "note", "outcome", "parent_id"),
        *("part", "phase", "process", "published_from", "region", "relation"),
        *("report", "role", "rule", "rule_id", "rules", "rules_version", "run_id"),
        *(
            "occasion",
            "precision",
            "scope",
            "script",
            "sector",
            "severity",
            "shard",
            "side",
            "split_from",
        ),
        *("state", "status", "step", "story_id", "subject", "subject_id"),
        *("target_side", "targets", "thing", "tickers", "timezone", "title_hash"),
        *("topic_id", "updates_alert_id", "value", "version", "via", "word", "zone"),
        "aliases.alias",
    )
)
COLUMNS = """
select table_name, column_name, data_type
from duckdb_columns()
where
    data_type like '%VARCHAR%'
    and table_name in (select table_name from duckdb_tables() where schema_name = 'main')
"""


def plant(home, desk):
    """Copy *desk* with a mark of its own in each column of others."""
    shutil.copytree(desk, home, dirs_exist_ok=True)
    with duckdb.connect(home / "data" / PUBLISHED_NAME) as con:
        con.execute("set preserve_insertion_order = true")
        for table, columns in THEIRS.items():
            for column in columns:
                con.execute(
                    f'update {table} set "{column}" = {marked_words(table, column)}'
                )


def marked_words(table, column):
    """Return the SQL of a column's words with its mark; an address stays one."""
    mark = f"{MARK} {table}.{column}"
    if column == "authors":
        return f"['{mark}']"
    if column == "publisher":
        # The same in each table: it is compared.
        return f"'{MARK} publisher ' || publisher"
    return f"url || '/{mark}'" if column == "url" else f"'{mark} ' || \"{column}\""


@pytest.fixture(scope="module")
def marked(make_once, desk):
    """A home whose published file has marks."""
    return make_once("marked", lambda folder: plant(folder, desk))


@pytest.fixture(scope="module")
def asked(marked, connect_to):
    """Ask tools of the marked home, in this process."""
    settings = load_settings(marked)
    server = make_assistant_server(Look(Maker(settings, Shelf(settings))))
    with connect_to(server) as assistant:
        yield assistant


def ids(asked, sql):
    """Return the ids that a statement has."""
    return [row[0] for row in asked("run_sql", sql=sql)["quoted"]["rows"]]


def questions(asked):
    """Yield questions to all tools, each with many of its arguments."""
    yield "today", {"limit": 40}
    for day in ids(asked, "select distinct published_at::date::varchar from articles"):
        yield "today", {"day": day}
    for words in ("baidu", "华为", "robot", MARK, "nothing of this"):
        yield "search_articles", {"words": words, "off_beat": True, "limit": 40}
    stories = ids(asked, "select story_id from stories order by articles desc limit 40")
    for story_id in stories:
        yield "get_story", {"story_id": story_id}
    for company in ids(asked, "select distinct company_id from mentions"):
        yield "company", {"company": company, "limit": 40}
        yield "trends", {"company": company, "limit": 40}
    yield "trends", {"limit": 40}
    for since in (None, "2020-01-01"):
        yield from of_lists(since)
    for period in ("day", "week"):
        for language in ("en", "zh"):
            yield "brief", {"period": period, "language": language}
    yield "alerts", {"limit": 40}
    told = [
        *stories[:5],
        *ids(asked, "select article_id from articles limit 5"),
        *ids(asked, "select measure_id from measures limit 3"),
        *ids(asked, "select claim_id from claims limit 3"),
        "sources_between('2025-11-01', '2025-12-01')",
    ]
    for style in ("csl-json", "chicago"):
        yield "cite", {"ids": told, "style": style}
    cited = [
        {"id": key, "title": f"{MARK} title", "URL": f"https://x.example/{MARK}"}
        for key in (*told[:5], f"{MARK} id")
    ]
    yield "verify", {"citations": json.dumps(cited)}
    for sql in (
        "from articles limit 5",
        "from feeds limit 5",
        "select title::integer from articles",
        "select error(title) from articles",
        "select publisher::timestamp from articles",
        "select strptime(title, title) from articles",
        "select regexp_matches(title, title || '(') from articles",
        f"select '{MARK}'",
    ):
        yield "run_sql", {"sql": sql}


def of_lists(since):
    """Yield a question to the tool of each list, which leaves nothing out."""
    for each in LISTS:
        switches = {one.name: True for one in each.asked if one.kind == "switch"}
        yield each.tool.name, {"since": since, "limit": 40, **switches}


def test_every_column_is_known_to_be_ours_or_theirs(marked):
    """Whoever adds one says whose words it has."""
    with duckdb.connect(marked / "data" / PUBLISHED_NAME, read_only=True) as con:
        columns = con.execute(COLUMNS).fetchall()
    unknown = [
        f"{table}.{column}"
        for table, column, _ in columns
        if column not in THEIRS.get(table, ())
        and OURS.isdisjoint((column, f"{table}.{column}"))
    ]
    assert unknown == []


def test_marks_stand_under_quoted_alone(asked):
    """Whatever is asked, and in whichever column an outlet wrote it; errors have none."""
    seen, tools = set(), set()
    for tool, arguments in questions(asked):
        answer = asked(tool, **arguments)
        if isinstance(answer, str):
            assert MARK not in unquote_plus(answer), (tool, arguments, answer)
            continue
        echoed = json.dumps(arguments)
        for path, text in texts(answer):
            if MARK not in (said := unquote_plus(text)):
                continue
            # The address of a statement is what was asked.
            if path == ("address",) and tool == "run_sql" and MARK in echoed:
                continue
            assert "quoted" in path, (tool, arguments, path, text[:200])
            seen |= {word.strip("/") for word in said.partition(MARK)[2].split()[:1]}
            tools.add(tool)
    # This home has no official source, whose acts there could be.
    lists = {each.tool.name for each in LISTS if each.is_quoting and each is not ACTS}
    assert tools == lists | {
        *("today", "search_articles", "get_story", "company", "trends", "brief"),
        *("alerts", "cite", "verify", "run_sql"),
    }
    assert {"articles.title", "articles.url", "publisher", "emerging_terms.term"} <= seen


def texts(value, path=()):
    """Yield every text of an answer, keys too, with where it stands."""
    if isinstance(value, str):
        yield path, value
    pairs = value.items() if isinstance(value, dict) else ()
    for key, item in pairs or (enumerate(value) if isinstance(value, list) else ()):
        if isinstance(key, str):
            yield (*path, "key"), key
        yield from texts(item, (*path, key))
