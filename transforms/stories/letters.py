"""Letters of headlines by script, and the grams that are made of them.

Of Han characters pairs are taken, of Latin letters stemmed words. Other scripts are
treated as one or the other: some write words apart, and some run on.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from operator import add

from transforms.stories.words import stem

HAN_RUN = re.compile("[\u3400-\u9fff\uf900-\ufaff]+")
LATIN_WORD = re.compile(r"[a-z0-9à-ɏ]+(?:['.-][a-z0-9à-ɏ]+)*")
OTHER_RUN = re.compile("[^\\W\\d_a-zà-ɏ\u3400-\u9fff\uf900-\ufaff]+")
_TOKEN = re.compile(f"{HAN_RUN.pattern}|{LATIN_WORD.pattern}|{OTHER_RUN.pattern}")
# Thai to Lao, Burmese, Khmer, Kana.
_RUNS_ON = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff]")
# Hangul writes words apart, with their particles behind them; two syllables tell one.
_HANGUL = re.compile("[\u1100-\u11ff\uac00-\ud7a3]")
_SYLLABLES = 2
# Scripts of which names and acts are read.
READ = frozenset({"latin", "han"})
_JOINERS = str.maketrans("", "", "-.'")
# What is shorter is mostly a particle: a preposition, "and", "not".
SHORTEST_WORD = 3
# Words of other scripts count by their beginning, since their ends are inflected;
# Arabic's and Hebrew's roots are shorter.
BEGINNING = 5
_BEGINNING_OF_ROOT = 4
_FIRST_OF_ROOTS = "\u0590"
# "And the", "in the", "the", which Arabic writes as one with the word.
_ARTICLES = ("وال", "بال", "ال")


def script_of(others: Sequence[str], words: Sequence[str], *, is_han: bool) -> str:
    """Return the script of most letters of a headline, by its words that are not Han."""
    if is_han:
        return "han"
    if sum(map(len, others)) <= sum(map(len, words)):
        return "latin"
    # As in CYRILLIC SMALL LETTER A and HANGUL SYLLABLE GA.
    return unicodedata.name(max(others, key=len)[0], "OTHER").split()[0].lower()


def grams_in_order(plain: str, *, is_han: bool) -> Iterable[str]:
    """Return the grams of a folded, lower-case text as they follow each other."""
    return (
        gram for token in _TOKEN.findall(plain) for gram in _grams(token, is_han=is_han)
    )


def joined(word: str) -> str:
    """Return GPT-5.6 as gpt56, and Tesla's as tesla."""
    return word if word.isalnum() else word.removesuffix("'s").translate(_JOINERS)


def pairs_of(runs: Iterable[str]) -> set[str]:
    """Return the pairs of neighbours in *runs* of characters."""
    pairs: set[str] = set()
    for run in runs:
        # A lone character between Latin words is a pair by itself.
        pairs.update(map(add, run, run[1:]) if len(run) > 1 else run)
    return pairs


def grams_of_other(run: str) -> Iterable[str]:
    """Return the grams of a run of letters that are neither Latin nor Han."""
    if _RUNS_ON.match(run):
        return pairs_of([run])
    if _HANGUL.match(run):
        return [run[:_SYLLABLES]] if len(run) >= _SYLLABLES else []
    for article in _ARTICLES:
        run = run.removeprefix(article) if len(run) > len(article) + 2 else run
    if len(run) < SHORTEST_WORD:
        return []
    return [run[: BEGINNING if run[0] < _FIRST_OF_ROOTS else _BEGINNING_OF_ROOT]]


def _grams(token: str, *, is_han: bool) -> Iterable[str]:
    if HAN_RUN.match(token):
        return sorted(pairs_of([token]), key=token.find)
    if OTHER_RUN.match(token):
        return sorted(grams_of_other(token), key=token.find)
    word = joined(token)
    return [word] if is_han else [stem(word)]
