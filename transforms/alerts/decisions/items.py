"""New articles in the form that rules test."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from transforms.alerts.rules.item import TaggedArticle
from transforms.alerts.rules.parse import AlertRules
from transforms.models import Article, Mention, Tag


def items_of(
    articles: Iterable[Article],
    mentions: Mapping[str, Sequence[Mention]],
    tags: Mapping[str, Sequence[Tag]],
    rules: AlertRules,
) -> list[TaggedArticle]:
    """Return articles with their findings, in the form that rules test."""
    return [
        TaggedArticle(
            article=article,
            mentions=mentions.get(article.article_id, ()),
            tags=tags.get(article.article_id, ()),
            feed_kind=rules.feed_kinds.get(article.feed_id, "news"),
        )
        for article in articles
    ]
