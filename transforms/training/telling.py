"""Words of labelled headlines that tell those on a beat from those off it.

A word is one or two words of Latin script, or two to four Chinese characters. It tells
where so many headlines of one side bear it that chance would seldom do it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, islice, pairwise
from math import log
from typing import NamedTuple

from transforms.text.fold import fold, lowered

# So many headlines must bear a word, and so many of them be of its side.
_LEAST, _SHARE = 3, 0.8
# From here on it is surer: hardly any headline of the other side bears it.
_SURE = 0.93
# Likelihood ratio (G²) that chance reaches once in forty times.
_TELLING = 5.0
_MOST = 120
_LONGEST_HAN = 4
_LATIN_WORD = re.compile(r"[a-z0-9]++(?:[-.'&+][a-z0-9]++)*+")
_HAN_RUN = re.compile("[\u4e00-\u9fff]{2,}")
_SHORT = 3
# They stand in any headline; the Chinese ones were counted among headlines on technology.
PLAIN = frozenset(
    re.findall(
        r"\w+",
        """
    the a an of in on for to and or at by as is are was be it its with from that this than
    how why what who when new says say said will may can could has have had not no more most
    about after into over up out but your you we our their they his her he she all first one
    two amid against under just now get gets make makes take takes
    一个 什么 如何 为什么 怎么 为何 来了 开始 使用 完成 成为 打造 发布
    推出 宣布 表示 回应 上线 升级 正式 首次 首个 首款 最新 最大 第一
    终于 正在 可能 到底 没有 还是 不是 知道 这个 自己 我们 一年 今年
    今日 昨日 近日 日前 时代 未来 世界 全球 市场 行业 企业 公司 产品
    项目 问题 科技 技术 智能 消息 曝光 万元 亿元 美元 亿美元
    """,
    )
)
_PLAIN_HAN = re.compile("[的了在将与和是被为对这那有也不就都及或]")


class TellingWord(NamedTuple):
    """A word, and how many headlines on and off the beat have it."""

    word: str
    on: int
    off: int

    @property
    def is_for(self) -> bool:
        """Whether it speaks for the beat."""
        return self.on > self.off

    @property
    def is_sure(self) -> bool:
        """Whether hardly any headline of the other side has the word."""
        return max(self.on, self.off) >= _SURE * (self.on + self.off)


def words_of(titles: Iterable[str]) -> list[set[str]]:
    """Return the words of each headline, without those too rare to tell anything."""
    found = [_words(title) for title in titles]
    times = Counter(chain.from_iterable(found))
    return [{word for word in words if times[word] >= _LEAST} for words in found]


def telling_words(
    headlines: Sequence[Collection[str]], is_on: Sequence[bool]
) -> list[TellingWord]:
    """Return the words that tell *headlines* apart, the most telling first.

    Each headline is its words. Of words that are part of each other only the more telling
    one is among them.
    """
    borne: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for words, on in zip(headlines, is_on, strict=True):
        for word in words:
            borne[word][not on] += 1
    sides = sum(is_on), len(is_on) - sum(is_on)
    found = [
        (_likelihood(counts, sides), len(word), TellingWord(word, *counts))
        for word, counts in borne.items()
        if sum(counts) >= _LEAST and _leans(counts, sides)
    ]
    ranked = sorted(found, key=lambda each: (-each[0], -each[1], each[2].word))
    telling = (each for told, _, each in ranked if told >= _TELLING)
    return list(islice(_apart(telling), _MOST))


def _words(title: str) -> set[str]:
    text = lowered(fold(title).text)
    latin = [
        word
        for word in _LATIN_WORD.findall(text)
        if len(word) >= _SHORT and not word.isdigit()
    ]
    pairs = (f"{a} {b}" for a, b in pairwise(latin) if f"{a} {b}" in text)
    found = {w for w in (*latin, *pairs) if not PLAIN.intersection(w.split())}
    for run in _HAN_RUN.findall(text):
        found |= {
            run[start : start + length]
            for length in range(2, _LONGEST_HAN + 1)
            for start in range(len(run) - length + 1)
        }
    return {w for w in found if w not in PLAIN and not _PLAIN_HAN.search(w)}


def _leans(counts: Sequence[int], sides: Sequence[int]) -> bool:
    """Tell whether nearly all that bear it are of one side, were there as many of each."""
    on, off = (count / max(side, 1) for count, side in zip(counts, sides, strict=True))
    return max(on, off) >= _SHARE * (on + off)


def _likelihood(counts: Sequence[int], sides: Sequence[int]) -> float:
    """Return G² of a word, against its being borne on both sides alike."""
    borne, whole = sum(counts), sum(sides)
    total = 0.0
    for count, side in zip(counts, sides, strict=True):
        for seen, share in ((count, borne / whole), (side - count, 1 - borne / whole)):
            if seen and share:
                total += 2 * seen * log(seen / (side * share))
    return total


def _apart(ranked: Iterable[TellingWord]) -> Iterator[TellingWord]:
    kept: list[TellingWord] = []
    for each in ranked:
        if not any(_overlap(each.word, other.word) for other in kept):
            kept.append(each)
            yield each


def _overlap(one: str, other: str) -> bool:
    if one.isascii() and other.isascii():
        return not set(one.split()).isdisjoint(other.split())
    return one in other or other in one or one[:-1] == other[1:] or one[1:] == other[:-1]
