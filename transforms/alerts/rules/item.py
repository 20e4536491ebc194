"""An article as rules look at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from transforms.alerts.rules.terms import folded
from transforms.models import Article, FeedKind, Mention, Tag, TextField


@dataclass(frozen=True, kw_only=True)
class TaggedArticle:
    """An article with what was found in it."""

    article: Article
    mentions: Sequence[Mention]
    tags: Sequence[Tag]
    feed_kind: FeedKind = "news"
    _texts: dict[str, str] = field(default_factory=dict)

    @cached_property
    def companies(self) -> frozenset[str]:
        """The companies that it names anywhere."""
        return frozenset(mention.company_id for mention in self.mentions)

    @cached_property
    def topics(self) -> frozenset[str]:
        """Its topics and event types."""
        return frozenset(tag.topic_id for tag in self.tags)

    @property
    def language(self) -> str:
        """Its language, without a region."""
        return self.article.language.partition("-")[0]

    def text(self, name: TextField) -> str:
        """Return a field as terms are looked for in it; folded once, when asked."""
        if name not in self._texts:
            self._texts[name] = folded(getattr(self.article, name) or "")
        return self._texts[name]
