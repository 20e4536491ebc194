"""Both matchers over one reading of a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from transforms.headlines.digests import is_digest
from transforms.mentions import MentionMatcher, compile_mentions, mentions_in
from transforms.mentions.documents import Document, read_document
from transforms.models import Article, Mention, Tag
from transforms.topics import TopicMatcher, compile_topics, tags_in
from transforms.watchlist import Watchlist


@dataclass(frozen=True, slots=True, eq=False)
class Tagger:
    """A watchlist ready to be matched against articles."""

    watchlist: Watchlist
    mentions: MentionMatcher
    topics: TopicMatcher

    def read(self, title: str, summary: str, content: str | None = None) -> Document:
        """Fold a text once for both matchers."""
        return read_document(
            title, summary, content, credit_lines=self.mentions.credit_lines
        )


def compile_tagger(watchlist: Watchlist) -> Tagger:
    """Prepare *watchlist* for matching."""
    return Tagger(watchlist, compile_mentions(watchlist), compile_topics(watchlist))


def tag_article(article: Article, tagger: Tagger) -> tuple[list[Mention], list[Tag]]:
    """Return the mentions of *article* and its topics and event types."""
    return tag_words(
        tagger,
        article.article_id,
        article.title,
        article.summary,
        article.content,
        is_digest=article.is_digest,
    )


def tag_words(
    tagger: Tagger,
    article_id: str,
    title: str,
    summary: str,
    content: str | None,
    /,
    *,
    is_digest: bool,
) -> tuple[list[Mention], list[Tag]]:
    """Return what ``tag_article`` does, of an article of which only this is at hand."""
    document = tagger.read(title, summary, content)
    mentions = mentions_in(document, tagger.mentions, article_id, is_digest=is_digest)
    return mentions, tags_in(document, mentions, tagger.topics, article_id)


def tag_text(tagger: Tagger, *, title: str, summary: str = "") -> dict[str, Any]:
    """Return what ``sinowire watchlist tag`` prints of a text, but for its id."""
    document = tagger.read(title, summary)
    mentions = mentions_in(document, tagger.mentions, is_digest=is_digest(title))
    tags = tags_in(document, mentions, tagger.topics)
    return {
        "companies": [
            {
                "company_id": m.company_id,
                "field": m.field,
                "alias": m.alias,
                "start": m.start,
                "length": m.length,
                "about": m.is_about,
            }
            for m in mentions
        ],
        "topics": [_scored(t) for t in tags if t.kind == "topic"],
        "events": [_scored(t) for t in tags if t.kind == "event"],
    }


def _scored(tag: Tag) -> dict[str, Any]:
    return {"topic_id": tag.topic_id, "score": tag.score}
