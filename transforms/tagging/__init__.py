"""Tag articles: companies named, topics, types of event.

Why a text is tagged so is told by ``transforms.tagging.explain``, and what is wrong with a
watchlist by ``transforms.tagging.lint``: a run asks neither.
"""

from __future__ import annotations

from transforms.tagging.tag import (
    Tagged,
    Tagger,
    compile_tagger,
    read_lead,
    tag_article,
    tag_document,
    tag_text,
)

__all__ = [
    "Tagged",
    "Tagger",
    "compile_tagger",
    "read_lead",
    "tag_article",
    "tag_document",
    "tag_text",
]
