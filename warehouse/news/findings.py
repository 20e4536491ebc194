"""What is found in articles: mentions, tags and headline facts, appended and replaced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import orjson

from transforms.models import HeadlineFact, Mention, Tag
from warehouse import queries
from warehouse.news.articles import Places


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingTable:
    """A table of what is found in articles: its fields, its key, and what is computed."""

    fields: Sequence[str]
    key: Sequence[str]
    more: str = ""


FINDINGS = {
    "mentions": FindingTable(
        fields=Mention._fields,
        key=("article_id", "company_id", "field"),
        # What both headline and summary name counts once.
        more="field = 'summary' and coalesce(bool_or(field = 'title') over "
        "(partition by article_id, company_id), false) as is_repeat",
    ),
    "tags": FindingTable(fields=Tag._fields, key=("article_id", "topic_id", "kind")),
    "headline_facts": FindingTable(
        fields=HeadlineFact._fields, key=("article_id", "kind", "value")
    ),
}


def append_findings(
    con: duckdb.DuckDBPyConnection,
    mentions: Iterable[Mention],
    tags: Iterable[Tag],
    facts: Iterable[HeadlineFact],
    at: Places,
) -> None:
    """Append what was found in articles *at* these places, of which there is nothing.

    An entity counts once a field, and a topic and a fact once; the first one.
    """
    kinds: Mapping[str, Iterable[Mention | Tag | HeadlineFact]] = {
        "mentions": mentions,
        "tags": tags,
        "headline_facts": facts,
    }
    for table, records in kinds.items():
        found = FINDINGS[table]
        unique = queries.first_of_each(records, found.key)
        if unique:
            columns = queries.columns(unique, found.fields)
            columns["seq"] = orjson.dumps([at[r.article_id] for r in unique]).decode()
            queries.insert_columns(con, table, columns, more=found.more)


def forget_findings(con: duckdb.DuckDBPyConnection, at: Places) -> None:
    """Remove what was found in these articles, to make room for what is found anew."""
    for batch in queries.batches(at.values()):
        for kind in ("mentions", "tags", "facts"):
            queries.run(con, f"findings.delete_{kind}", {"seq": batch})


def replace_findings(
    con: duckdb.DuckDBPyConnection,
    mentions: Iterable[Mention],
    tags: Iterable[Tag],
    facts: Iterable[HeadlineFact],
    at: Places,
) -> None:
    """Put these in place of the mentions, tags and facts that the articles *at* have."""
    forget_findings(con, at)
    append_findings(con, mentions, tags, facts, at)


def mentions_of(con: duckdb.DuckDBPyConnection, at: Places) -> list[Mention]:
    """Return the mentions of these articles."""
    return [
        Mention(**row)
        for batch in queries.batches(at.values())
        for row in queries.rows(con, "findings.mentions_of", {"seq": batch})
    ]


def tags_of(con: duckdb.DuckDBPyConnection, at: Places) -> list[Tag]:
    """Return the tags of these articles."""
    return [
        Tag(**row)
        for batch in queries.batches(at.values())
        for row in queries.rows(con, "findings.tags_of", {"seq": batch})
    ]


def tagged(
    con: duckdb.DuckDBPyConnection, kind: str, topic_id: str, *, most: int
) -> list[queries.Row]:
    """Return the newest articles that have a topic or event, with story and words."""
    params = {"kind": kind, "topic_id": topic_id, "most": most}
    return queries.rows(con, "findings.tagged", params)


def term_of(
    con: duckdb.DuckDBPyConnection, article_id: str, kind: str, topic_id: str
) -> str | None:
    """Return what spoke for a topic or event of an article; None if it has it not."""
    params = {"article_id": article_id, "kind": kind, "topic_id": topic_id}
    found = queries.run(con, "findings.term_of", params)
    return str(found[0][0]) if found else None
