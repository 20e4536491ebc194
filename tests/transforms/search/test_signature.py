"""A signature never misses a text that holds the words, and skips most that do not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from transforms.search.query import joint_signature, signature
from transforms.text.fold import search_text

# Letters of both scripts, marks between words, and letters that are in neither run.
TEXT = st.text("abcdez059 -'+.éжカ中国芯片华为出口管制\n", max_size=60)


def holds(bits, asked):
    return all(a & b == b for a, b in zip(bits, asked, strict=True))


@given(before=TEXT, words=TEXT, after=TEXT)
def test_text_that_holds_words_has_their_bits(before, words, after):
    """Whatever stands around them, as long as the last word is not gone on with."""
    text = f"{before} {words} {after}"

    assert holds(signature(text), joint_signature([words]))


@given(before=TEXT, word=st.text("abcdez059", min_size=4, max_size=9), after=TEXT)
def test_long_word_may_go_on(before, word, after):
    """From four letters on a word finds those that begin so."""
    assert holds(signature(f"{before} {word}{after}"), joint_signature([word]))


@given(before=TEXT, word=st.text("中国芯片华为", min_size=1, max_size=5), after=TEXT)
def test_chinese_words_stand_anywhere(before, word, after):
    """Chinese has no spaces between words."""
    assert holds(signature(f"{before}{word}{after}"), joint_signature([word]))


def test_other_words_are_skipped():
    """Of headlines without a word nearly all lack its bit."""
    headlines = [search_text(f"Headline {n} on solar panels 光伏组件") for n in range(200)]
    skipped = sum(not holds(signature(h), joint_signature(["华为"])) for h in headlines)

    assert skipped > 180


def test_words_of_two_phrases_do_not_join():
    """The end of one and the beginning of the next are no word."""
    assert joint_signature(["芯片", "禁令"]) == tuple(
        a | b for a, b in zip(signature("芯片"), signature("禁令"), strict=True)
    )


def test_masks_stay_those_that_are_stored():
    """Articles keep theirs for years: rare characters and short words included."""
    assert signature("huawei 5g 中国芯片 \U00020000\U00020001车 é") == (
        2306968909120536576,
        4503599627370496,
        10133099161714944,
        0,
    )
