"""The second shipped beat: chip makers outside of China, by its files alone."""

from __future__ import annotations

from functools import cache

import pytest

from flows.beats import load_beat
from transforms.names.rules.file import parse_watchlist
from transforms.names.tagging import compile_tagger, tag_text
from transforms.training.check import lint_beat, lint_ranking


@cache
def beat():
    """Return the beat as it is shipped."""
    return load_beat("chips")


@cache
def tagger():
    """Return the tagger of the beat."""
    text = beat().texts["watchlist.toml"]
    return compile_tagger(parse_watchlist(text, rules=beat().rules), beat().tagging)


@pytest.mark.parametrize(
    "title",
    [
        "Nvidia readies a slower chip for Chinese buyers",
        "SK Hynix books all its memory for next year as revenue jumps",
        "Dutch tighten export licences for lithography tools of ASML",
        "Apple and Broadcom agree on a chip supply deal",
        "Carmakers idle lines as chip shortage bites",
        "台积电2nm产能已被预订一空",
        "美光财报超预期，存储涨价延续",
        "美國擬放寬輝達晶片對華出口",
        "英特尔推迟德国晶圆厂",
    ],
)
def test_on_the_beat(title):
    """A maker abroad acts, a state rules on its chips, or their market moves."""
    assert tag_text(tagger(), title=title)["on_beat"]


@pytest.mark.parametrize(
    "title",
    [
        "SMIC lifts chip capacity at its Beijing plant",
        "Huawei unveils a phone with a new Kirin chip",
        "Laptop with an RTX card is 30% off",
        "How to install the Nvidia driver on Ubuntu Linux",
        "Better buy: Nvidia or a bank stock?",
        "Harbour Crisps sells potato chips in nine more shops",
        "国产芯片公司寒武纪科创板股价创新高",
        "黄仁勋夜市吃面排队",
        "小米汽车下调价格",
        "安卓内存泄漏分析",
    ],
)
def test_off_the_beat(title):
    """Chinese makers alone, devices, advice, programs, gossip and snacks are off it."""
    assert not tag_text(tagger(), title=title)["on_beat"]


def test_makers_abroad_are_at_home():
    """They have share of voice and bursts; makers in China and users of chips are peers."""
    stored = {row.company_id: row.kind for row in tagger().watchlist.company_rows()}

    assert {stored[k] for k in ("nvidia", "tsmc", "asml", "samsung")} == {"company"}
    assert {stored[k] for k in ("smic", "huawei", "apple")} == {"foreign_company"}


def test_its_files_are_without_findings():
    """The lint that `sinowire beat check` prints finds nothing."""
    assert lint_beat(tagger(), beat().tagging, beat().texts["words.toml"]) == []
    assert lint_ranking(tagger().watchlist, beat().ranking) == []
