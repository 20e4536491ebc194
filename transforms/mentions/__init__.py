"""Find the companies that an article names.

fold ─▶ one automaton over every alias ─▶ gates, in this order: the ends of Latin
words, the letters' case, a text that a feed cut off, the longest span, what the
alias excludes, what it needs. What passes is a mention, and ``salience`` tells whether
the article is about the company or only names it.
"""

from __future__ import annotations

from transforms.mentions.compile import MentionMatcher, compile_mentions
from transforms.mentions.find import accepted, mentions_in
from transforms.mentions.hits import Judgement
from transforms.mentions.judge import judge
from transforms.mentions.salience import Ground, Salience, salience

__all__ = [
    "Ground",
    "Judgement",
    "MentionMatcher",
    "Salience",
    "accepted",
    "compile_mentions",
    "judge",
    "mentions_in",
    "salience",
]
