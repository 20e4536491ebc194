"""From weighed topics to tags."""

from __future__ import annotations

from collections.abc import Iterable

from transforms.mentions.documents import ArticleText
from transforms.models import Mention, Tag
from transforms.text.fold import fold
from transforms.topics.clauses import Named
from transforms.topics.model import TopicMatcher
from transforms.topics.weigh import weigh_kept


def tags_in(
    document: ArticleText,
    mentions: Iterable[Mention],
    matcher: TopicMatcher,
    article_id: str = "",
) -> list[Tag]:
    """Return the tags of a text that is folded already."""
    named = _named(mentions) if mentions else {}
    version = matcher.rules_version
    return [
        # By place: names would take twice as long.
        Tag(
            *(article_id, topic.topic_id, topic.kind, why.term, round(score, 3), version),
            _object(why.object, named, document),
        )
        for topic, score, why in weigh_kept(document, named, matcher)
    ]


def _object(words: str, named: Named, document: ArticleText) -> str | None:
    """Return the company that *words* name, else these as they were written, if any."""
    for company_id, spellings in named.items():
        if any(fold(spelling).text == words for spelling in spellings):
            return company_id
    for field in document.fields if words else ():
        if (start := field.text.find(words)) >= 0:
            return field.written(start, start + len(words))[0]
    return words or None


def _named(mentions: Iterable[Mention]) -> dict[str, set[str]]:
    """Return the spellings of each company in title and summary, in order of the ids."""
    named: dict[str, set[str]] = {}
    for company_id, alias in sorted(
        {(m.company_id, m.alias) for m in mentions if m.field != "content"}
    ):
        named.setdefault(company_id, set()).add(alias)
    return named
