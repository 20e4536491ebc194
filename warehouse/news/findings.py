"""Findings in articles (mentions, tags, headline facts) and the watchlist behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, TypeVar

import orjson

from transforms.grouping import grouped
from transforms.models import (
    AliasRow,
    ArticleClaim,
    ArticleMeasure,
    CompanyRow,
    Findings,
    HeadlineFact,
    Mention,
    Tag,
    TopicRow,
)
from transforms.models.articles import EARLY
from transforms.models.calendar import ArticleDate
from warehouse import appends, queries
from warehouse.news.articles import Places
from warehouse.queries import Connection

Rows = tuple[Iterable[CompanyRow], Iterable[AliasRow], Iterable[TopicRow]]


def sync_version(con: Connection, rules_version: str, rows: Callable[[], Rows]) -> bool:
    """Record the watchlist unless this version is recorded; return whether it changed.

    *rows* returns companies, aliases and topics, and is called only if they are needed:
    thousands of aliases cost a tenth of a quiet run.
    """
    if is_synced(con, rules_version):
        return False
    changed = sync_watchlist(con, *rows())
    queries.run(con, "runs.set_synced_rules", rules_version=rules_version)
    return changed


def is_synced(con: Connection, rules_version: str) -> bool:
    """Tell whether this version of the watchlist is recorded."""
    return bool(queries.scalar(con, "runs.synced_rules") == rules_version)


def rejects_early(con: Connection) -> bool:
    """Tell whether topics are skipped in articles that no topic can bring onto the beat."""
    return str(queries.scalar(con, "runs.synced_rules") or "").endswith(EARLY)


def sync_watchlist(
    con: Connection,
    companies: Iterable[CompanyRow],
    aliases: Iterable[AliasRow],
    topics: Iterable[TopicRow],
) -> bool:
    """Replace the recorded watchlist; return whether any row changed."""
    changed = [
        _replace(con, "companies", CompanyRow, companies),
        _replace(con, "aliases", AliasRow, aliases),
        _replace(con, "topics", TopicRow, topics),
    ]
    return any(changed)


def _replace(con: Connection, table: str, kind: Any, records: Iterable[Any]) -> bool:
    names = appends.names(kind)
    wanted = list(dict.fromkeys(records))
    recorded = queries.run(con, f"watchlist.{table}")
    # An unchanged watchlist writes nothing, so that nothing needs publishing for it.
    if sorted(map(_key, recorded)) == sorted(
        _key(getattr(record, name) for name in names) for record in wanted
    ):
        return False
    queries.run(con, f"watchlist.delete_{table}")
    appends.append(con, f"watchlist.append_{table}", wanted, names)
    return True


def _key(values: Iterable[Any]) -> tuple[str, ...]:
    return tuple(
        repr(list(value) if isinstance(value, tuple) else value) for value in values
    )


F = TypeVar("F", Mention, Tag, ArticleMeasure)
Finding = Mention | Tag | HeadlineFact | ArticleMeasure | ArticleClaim | ArticleDate
# By table, as the fields of Findings: the record of a row, and by which it is stored once.
FINDINGS: Mapping[str, tuple[type[Finding], Sequence[str]]] = {
    "mentions": (Mention, ("article_id", "company_id", "field")),
    "tags": (Tag, ("article_id", "topic_id", "kind")),
    "headline_facts": (HeadlineFact, ("article_id", "kind", "value")),
    "article_measures": (ArticleMeasure, ("article_id",)),
    "article_claims": (ArticleClaim, ("article_id",)),
    "article_dates": (ArticleDate, ("article_id", "occasion", "due_on")),
}
_ORDER: Mapping[type[Finding], str] = {
    Mention: "article_id, field desc, start, company_id",
    Tag: "article_id, kind desc, score desc, topic_id",
    ArticleMeasure: "article_id",
}
# What both headline and summary name counts once.
_COMPUTED = {
    "mentions": "field = 'summary' and coalesce(bool_or(field = 'title') over "
    "(partition by article_id, company_id), false) as is_repeat"
}


def append_findings(con: Connection, found: Findings, at: Places) -> None:
    """Append the findings of articles *at* these places, which have none yet.

    Only the first mention of an entity per field is stored, and each topic and fact once.
    """
    rows: tuple[Iterable[Finding], ...] = found
    for (table, (kind, key)), records in zip(FINDINGS.items(), rows, strict=True):
        unique = appends.first_of_each(records, key)
        if unique:
            columns = appends.columns(unique, appends.names(kind))
            columns["seq"] = orjson.dumps([at[r.article_id] for r in unique]).decode()
            appends.insert_columns(con, table, columns, more=_COMPUTED.get(table, ""))


def forget_findings(con: Connection, at: Places) -> None:
    """Delete the findings of these articles."""
    for batch in appends.batches(at.values()):
        for table in FINDINGS:
            queries.rows_of(con, queries.on_table("findings.delete", table), {"seq": batch})


def replace_findings(con: Connection, found: Findings, at: Places) -> None:
    """Replace the findings of the articles *at* these places."""
    forget_findings(con, at)
    append_findings(con, found, at)


def of_articles(
    con: Connection, ids: Collection[Any], *, is_staged: bool = False
) -> defaultdict[str, Findings]:
    """Return what rules of alerts ask of articles, by article; *ids* as in `read`.

    All that was found but facts and claims; of an article without findings nothing is.
    """
    key = attrgetter("article_id")
    mentions = grouped(read(con, Mention, ids, is_staged=is_staged), key)
    tags = grouped(read(con, Tag, ids, is_staged=is_staged), key)
    measures = grouped(read(con, ArticleMeasure, ids, is_staged=is_staged), key)
    found = {
        each: Findings(mentions[each], tags[each], measures=measures[each])
        for each in {*mentions, *tags, *measures}
    }
    return defaultdict(Findings, found)


def read(
    con: Connection, kind: type[F], ids: Iterable[Any], *, is_staged: bool = False
) -> list[F]:
    """Return the findings of a *kind* in articles, by their places.

    Those that a retag has staged have no places yet: *ids* are the articles' own.
    """
    table = next(table for table, (of, _) in FINDINGS.items() if of is kind)
    statement = queries.on_table(
        "findings.read",
        f"new_{table}" if is_staged else table,
        columns=", ".join(appends.names(kind)),
        key="article_id" if is_staged else "seq",
        type="varchar" if is_staged else "bigint",
        order=_ORDER[kind],
    )
    return [
        kind(**queries.frozen(row))
        for batch in appends.batches(ids)
        for row in queries.rows_of(con, statement, {"ids": batch})
    ]


def tagged(con: Connection, kind: str, topic_id: str, *, most: int) -> list[queries.Row]:
    """Return the newest articles with a topic or event, with their story and text."""
    return queries.rows(con, "findings.tagged", kind=kind, topic_id=topic_id, most=most)


def term_of(con: Connection, article_id: str, kind: str, topic_id: str) -> str | None:
    """Return the term that decided a topic or event of an article; None without the tag."""
    found = queries.run(
        con, "findings.term_of", article_id=article_id, kind=kind, topic_id=topic_id
    )
    return str(found[0][0]) if found else None


def names_of(con: Connection, company_id: str) -> list[str]:
    """Return the distinct spellings of the company in articles."""
    found = queries.run(con, "mentions.names_of", company_id=company_id)
    return [name for (name,) in found]


def windows(
    con: Connection, company_id: str, names: Collection[str], *, reach: int
) -> list[queries.Row]:
    """Return the matches of *names* for the company, with *reach* characters of context."""
    return queries.rows(
        con, "mentions.windows", company_id=company_id, names=set(names), reach=reach
    )


def words_of(con: Connection, article_id: str) -> queries.Row:
    """Return the texts of a stored article and the companies it names."""
    [found] = queries.rows(con, "mentions.words_of", article_id=article_id)
    return found


def sample_days(con: Connection, *, days: int, texts: int) -> list[queries.Row]:
    """Return article counts and up to *texts* texts for the last *days* with news."""
    return queries.rows(con, "mentions.sample_days", days=days, texts=texts)
