"""From judgements to mentions: the first hit per company and field."""

from __future__ import annotations

from transforms.documents import Document, read_document
from transforms.mentions.compile import MentionMatcher
from transforms.mentions.judge import judge
from transforms.models import Article, Mention


def find_mentions(article: Article, matcher: MentionMatcher) -> list[Mention]:
    """Return the companies that the fields of *article* name, in reading order."""
    document = read_document(
        article.title,
        article.summary,
        article.content,
        credit_lines=matcher.credit_lines,
    )
    return mentions_in(document, matcher, article.article_id)


def mentions_in(
    document: Document, matcher: MentionMatcher, article_id: str = ""
) -> list[Mention]:
    """Return the mentions in a text that is folded already."""
    hits = [j for j in judge(document, matcher) if j.accepted]
    if not hits:
        return []
    order = {field.name: n for n, field in enumerate(document.fields)}
    hits.sort(key=lambda j: (order[j.field.name], j.start, j.rule.alias.company_id))
    first: dict[tuple[str, str], Mention] = {}
    for hit in hits:
        key = hit.rule.alias.company_id, hit.field.name
        if key not in first:
            alias, start, length = hit.field.written(hit.start, hit.end)
            first[key] = Mention(
                article_id=article_id,
                company_id=key[0],
                field=hit.field.name,
                alias=alias,
                start=start,
                length=length,
                rules_version=matcher.rules_version,
            )
    return list(first.values())
