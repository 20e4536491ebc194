"""From judgements to mentions: the first hit per company and field."""

from __future__ import annotations

from collections.abc import Iterable

from transforms.mentions.compile import MentionMatcher
from transforms.mentions.documents import ArticleText
from transforms.mentions.hits import Judgement
from transforms.mentions.judge import decisions
from transforms.mentions.salience import salience
from transforms.models import Mention


def mentions_in(
    document: ArticleText,
    matcher: MentionMatcher,
    article_id: str = "",
    *,
    is_digest: bool = False,
) -> list[Mention]:
    """Return the mentions in a text that is folded already; a digest is about nobody."""
    hits = accepted(document, decisions(document, matcher))
    if not hits:
        return []
    weights = salience(hits, is_digest=is_digest)
    first: dict[tuple[str, str], Mention] = {}
    for field, start, end, rule, _, _ in hits:
        company_id = rule.alias.company_id
        key = company_id, field.name
        if key not in first:
            # By place: names would take twice as long.
            first[key] = Mention(
                article_id,
                company_id,
                field.name,
                *field.written(start, end),
                matcher.rules_version,
                weights[company_id].is_about,
                weights[company_id].role,
            )
    return list(first.values())


def accepted(document: ArticleText, judged: Iterable[Judgement]) -> list[Judgement]:
    """Return the judgements that name a company, in reading order."""
    hits = [j for j in judged if j.accepted]
    if len(hits) > 1:
        order = {field.name: n for n, field in enumerate(document.fields)}
        hits.sort(key=lambda j: (order[j.field.name], j.start, j.rule.alias.company_id))
    return hits
