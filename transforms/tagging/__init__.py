"""Tag articles: companies named, topics, types of event, and why."""

from __future__ import annotations

from transforms.tagging.explain import (
    CompanyReport,
    Explanation,
    HitReport,
    TopicReport,
    WhyNot,
    explain,
    why_not,
)
from transforms.tagging.lint import Finding, lint, missing_examples
from transforms.tagging.tag import (
    Tagger,
    compile_tagger,
    tag_article,
    tag_text,
    tag_words,
)

__all__ = [
    "CompanyReport",
    "Explanation",
    "Finding",
    "HitReport",
    "Tagger",
    "TopicReport",
    "WhyNot",
    "compile_tagger",
    "explain",
    "lint",
    "missing_examples",
    "tag_article",
    "tag_text",
    "tag_words",
    "why_not",
]
