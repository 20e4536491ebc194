"""What a search may name, from the rows of a watchlist."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from transforms.models import AliasRow, CompanyRow, SearchNames, TopicRow
from transforms.search.words import alias_key

# Rules of aliases that are a company only where something else says so, too.
_ELSEWHERE = ("ticker:", "needs ", "never by itself")


def make_names(
    companies: Iterable[CompanyRow],
    aliases: Iterable[AliasRow],
    topics: Iterable[TopicRow],
    publishers: Iterable[str] = (),
) -> SearchNames:
    """Return the names of a watchlist and of outlets, as searches look them up."""
    known: dict[str, dict[str, str]] = defaultdict(dict)
    rows = [("company", c.company_id, c.name, c.name_zh) for c in companies]
    rows += [(t.kind, t.topic_id, t.name, t.name_zh) for t in topics]
    for kind, key, *names in rows:
        for written in filter(None, (*names, key)):
            known[kind][written.lower()] = key
    owners: dict[str, dict[str, None]] = defaultdict(dict)
    certain = set()
    for alias in aliases:
        # A ticker, or a common word, is a company only where its context says so.
        if any(word in alias.rule for word in _ELSEWHERE):
            continue
        key = alias_key(alias.alias)
        owners[key][alias.company_id] = None
        if alias.rule == "always":
            certain.add(key)
    return SearchNames(
        companies=known["company"],
        topics=known["topic"],
        events=known["event"],
        publishers={name.lower(): name for name in publishers},
        aliases={key: tuple(ids) for key, ids in owners.items()},
        certain=frozenset(certain),
    )
