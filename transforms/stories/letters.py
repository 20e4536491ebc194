"""Tokens of headlines by script: grams, stems, and stop words.

Han text yields character pairs, Latin text stemmed words. Other scripts are treated like
one or the other, depending on whether they separate words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import add

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
_SHORTEST_WORD = 3
# Words of other scripts count by their beginning, since their ends are inflected;
# Arabic's and Hebrew's roots are shorter.
_BEGINNING = 5
_BEGINNING_OF_ROOT = 4
_FIRST_OF_ROOTS = "\u0590"
# "And the", "in the", "the", which Arabic writes as one with the word.
_ARTICLES = ("وال", "بال", "ال")
# Labels that outlets put before and behind a headline.
LEAD = re.compile(
    r"^\s*(?:[【\[][^】\]]{1,12}[】\]]|[^|丨:：\s]{2,8}\s?[|丨]"
    r"|(?i:exclusive|(?:ask|show|tell) hn|update\s?\d*|breaking|report"
    r"|psa|watch|video|analysis|opinion)"
    r"\s?[:\-–—]|(?:热点精选|实时播报|专题(?![片会研报讲培座教学组部]))+)\s*"
)
TAIL = re.compile(
    r"(?<!\s)\s*(?:[|丨][^|丨]{2,12}|[【\[][^】\]]{1,12}[】\]]"
    r"|,\s(?i:(?:the\s)?[\w.' ]{2,30}\s(?:reports?|says?|said|finds?))"
    r"|-\d+(?:分钟|小时|天)前)\s*$"
)
# Frames of guides, offers and how-tos.
GUIDE = re.compile(
    r"\b(?:best|deals?|everything you need|how to|tips|review|hands-on|vs|is hiring)\b"
    r"|教程|免费获取|立减|补贴|到手价|攻略|盘点|测评|优惠|从零|入门|实战|本地部署|白嫖"
)
_STOPWORDS = """
    a about after again ahead all also amid an and another any are as at back be
    because been before behind being between both but by can could did do does down
    during each few first for from further get gets getting give gives go goes going
    had has have he her here his how i if in into is it its just last latest like
    make makes making may might more most much must my near new news next no not now
    of off on once one only or other our out over own per plan plans put puts re
    report reported reportedly reports said same say saying says see sees set sets
    she should since so some source sources still such take takes than that the their
    them then there these they this those through to told too two under until up us
    use uses using very via vs was way we were what when where which while who why
    will with would year years yet you your s t ll ve
    """
STOPWORDS = frozenset(_STOPWORDS.split())
# Names that so many headlines hold that sharing one means nothing; they count
# as words, but bring no two headlines together by themselves.
_GENERIC = """
    ai 5g 6g ceo cfo cto app apps api ipo gpu cpu ev evs it tv vr ar xr pc iot uk
    eu usa china chinese beijing america american washington hong kong taiwan global
    world tech technology company companies firm firms group inc market markets stock
    stocks shares share price prices chip chips data model models launch launches
    launched best deal deals review live how today week month day days pro max plus
    ultra mini air note phone smartphone car cars billion million trillion mln bln
    percent usd rmb yuan hk com www top big ios android windows
    q1 q2 q3 q4 1q 2q 3q 4q h1 h2 1h 2h fy etf etfs 3d
    """
GENERIC = frozenset(_GENERIC.split())
_SUFFIXES = ("ements", "ement", "ations", "ation", "ings", "ing", "ies", "ed", "es", "s")
_SHORTEST_STEM = 3


def script_of(others: Sequence[str], words: Sequence[str], *, is_han: bool) -> str:
    """Return the script of most letters of a headline."""
    if is_han:
        return "han"
    if sum(map(len, others)) <= sum(map(len, words)):
        return "latin"
    # As in CYRILLIC SMALL LETTER A and HANGUL SYLLABLE GA.
    return unicodedata.name(max(others, key=len)[0], "OTHER").split()[0].lower()


def grams_in_order(plain: str, *, is_han: bool) -> Iterable[str]:
    """Return the grams of a folded, lower-case text in order."""
    return (
        gram for token in _TOKEN.findall(plain) for gram in _grams(token, is_han=is_han)
    )


def joined(word: str) -> str:
    """Return a word without joiners: GPT-5.6 as gpt56, Tesla's as tesla."""
    return word if word.isalnum() else word.removesuffix("'s").translate(_JOINERS)


def pairs_of(runs: Iterable[str]) -> set[str]:
    """Return the character pairs in *runs*."""
    pairs: set[str] = set()
    for run in runs:
        # A lone character between Latin words is a pair by itself.
        pairs.update(map(add, run, run[1:]) if len(run) > 1 else run)
    return pairs


def grams_of_other(run: str) -> Iterable[str]:
    """Return the grams of a run of letters neither Latin nor Han."""
    if _RUNS_ON.match(run):
        return pairs_of([run])
    if _HANGUL.match(run):
        return [run[:_SYLLABLES]] if len(run) >= _SYLLABLES else []
    for article in _ARTICLES:
        run = run.removeprefix(article) if len(run) > len(article) + 2 else run
    if len(run) < _SHORTEST_WORD:
        return []
    return [run[: _BEGINNING if run[0] < _FIRST_OF_ROOTS else _BEGINNING_OF_ROOT]]


def _grams(token: str, *, is_han: bool) -> Iterable[str]:
    if HAN_RUN.match(token):
        return sorted(pairs_of([token]), key=token.find)
    if OTHER_RUN.match(token):
        return sorted(grams_of_other(token), key=token.find)
    word = joined(token)
    return [word] if is_han else [stem(word)]


@lru_cache(maxsize=1 << 15)
def stem(word: str) -> str:
    """Return *word* without a common English ending: sues and sued both become su."""
    if not word.isalpha():
        return word
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_STEM:
            word = word.removesuffix(suffix)
            break
    return word.removesuffix("e") if len(word) > _SHORTEST_STEM else word
