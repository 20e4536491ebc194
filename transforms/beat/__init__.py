"""Tell how surely an article belongs to the beat: China's technology industry.

``evidence`` gathers what speaks for and against it: what the companies named are to the
article, its topics and events, words, genre, source. ``score`` adds up the weights of
``weights.toml``, a logistic regression that a person can read, and says what carried it.
"""

from __future__ import annotations

from transforms.beat.evidence import (
    BeatMatcher,
    TextFindings,
    compile_beat,
    gather,
    learnable,
)
from transforms.beat.score import Relevance, WeighedTerm, score, weighed
from transforms.beat.weights import (
    BeatWeights,
    learned_term,
    read_weights,
    shipped_weights,
    taught_weights,
)
from transforms.beat.words import Evidence

__all__ = [
    "BeatMatcher",
    "BeatWeights",
    "Evidence",
    "Relevance",
    "TextFindings",
    "WeighedTerm",
    "compile_beat",
    "gather",
    "learnable",
    "learned_term",
    "read_weights",
    "score",
    "shipped_weights",
    "taught_weights",
    "weighed",
]
