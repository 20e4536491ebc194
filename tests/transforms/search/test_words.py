"""What the words of a search ask for."""

from __future__ import annotations

import re

import pytest

from transforms.models import Name, SearchNames, Words
from transforms.search.query import (
    MAX_TEXT,
    SearchError,
    alias_key,
    read_words,
    spaced,
    word_pattern,
)

HUAWEI, XIAOMI, BOE = ("huawei",), ("xiaomi",), ("boe",)
NAMES = SearchNames(
    aliases={
        "华为": HUAWEI,
        "huawei": HUAWEI,
        "li auto": ("li-auto",),
        "tcl 科技": ("tcl",),
        "小米": XIAOMI,
        "京东": ("jd",),
        "京东方": BOE,
        "apple": ("apple", "apple-records"),
    },
    certain=frozenset({"华为", "huawei", "京东", "京东方"}),
)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("chip ban", [Words("chip"), Words("ban")]),
        ("  晶片 禁令 ", [Words("晶片"), Words("禁令")]),
        ('"Export  Controls" chip', [Words("export controls"), Words("chip")]),
        ("“出口管制”", [Words("出口管制")]),
        ('"not closed', [Words("not closed")]),
        ("華為", [Name("华为", HUAWEI)]),
        ("HUAWEI chip", [Name("huawei", HUAWEI), Words("chip")]),
        ('"huawei"', [Words("huawei")]),
        ("apple", [Name("apple", ("apple", "apple-records"))]),
        ("Li Auto, deliveries", [Name("li auto", ("li-auto",)), Words("deliveries")]),
        ("TCL科技", [Name("tcl科技", ("tcl",))]),
        ("5G芯片", [Words("5g"), Words("芯片")]),
        ("c++ .NET gpt-5", [Words("c++"), Words("net"), Words("gpt-5")]),
        ("chip chip", [Words("chip")]),
        ("", []),
    ],
)
def test_words_names_and_phrases(text, terms):
    """Both scripts fold, quotes keep together, names stand for companies."""
    assert list(read_words(text, NAMES)) == terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("华为芯片", [Name("华为", HUAWEI), Words("芯片")]),
        ("禁华为令", [Words("禁"), Name("华为", HUAWEI), Words("令")]),
        ("京东方的屏", [Name("京东方", BOE), Words("的屏")]),
        ("小米粥", [Words("小米粥")]),
        ("小米", [Name("小米", XIAOMI)]),
    ],
)
def test_chinese_is_cut_at_names_beyond_doubt(text, terms):
    """The longest name counts; one that other words may contain is none inside a word."""
    assert list(read_words(text, NAMES)) == terms


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x" * (MAX_TEXT + 1), "the search has 401 characters; write at most 400"),
        (" ".join(map(str, range(17))), "17 words; write at most 16, or put some"),
        ("… - !", "holds nothing to find; write words or a name"),
    ],
)
def test_what_cannot_be_searched_is_a_sentence(text, said):
    """It says what to write instead."""
    with pytest.raises(SearchError) as refused:
        read_words(text, NAMES)

    assert said in str(refused.value)


def test_aliases_are_looked_up_as_words_are_cut():
    """However an alias is written, the same words find it."""
    assert alias_key("TCL 科技") == alias_key("tcl科技") == "tcl 科技"


@pytest.mark.parametrize(
    ("words", "plain", "text"),
    [
        ("chips", " chips", "new chips,"),
        ("ai", " ai ", "an ai firm"),
        ("ai芯片", " ai芯片", "新 ai芯片"),
        ("芯片 ai", "芯片 ai ", "新芯片 ai "),
        ("芯片", "芯片", "新芯片"),
    ],
)
def test_spaces_alone_say_that_a_word_is_whole(words, plain, text):
    """What holds the words with these spaces is found by their pattern too."""
    assert spaced(words) == plain
    assert plain in text
    assert re.search(word_pattern(words), text, re.ASCII)
