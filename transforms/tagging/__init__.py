"""Tag articles: companies named, topics, types of event, and why."""

from __future__ import annotations

from transforms.tagging.tag import Tagger, compile_tagger, tag_article, tag_text

__all__ = ["Tagger", "compile_tagger", "tag_article", "tag_text"]
