"""Tell what an article is about: topics, and types of event.

Each distinct term found adds to its topics' scores, each company named adds its
priors. The topics that reach the threshold and do not fall far behind the best
one are the article's.
"""

from __future__ import annotations

from transforms.topics.compile import compile_topics
from transforms.topics.find import tags_in
from transforms.topics.model import Reason, TopicMatcher
from transforms.topics.weigh import WeighedTopic, weigh

__all__ = [
    "Reason",
    "TopicMatcher",
    "WeighedTopic",
    "compile_topics",
    "tags_in",
    "weigh",
]
