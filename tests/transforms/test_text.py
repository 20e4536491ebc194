"""Folding: one form for all spellings, and the way back."""

from __future__ import annotations

import unicodedata

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.text.fold import fold, lowered, script_of, search_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Alibaba", "Alibaba", id="plain stays"),
        pytest.param("ＢＡＢＡ　２０２６", "BABA 2026", id="full width"),
        pytest.param("臺灣晶片", "台湾晶片", id="Traditional"),
        pytest.param("“Singles’ Day”", '"Singles\' Day"', id="quotes"),
        pytest.param("阿里\u200b巴巴", "阿里巴巴", id="zero width"),
        pytest.param("Ali\u00adbaba", "Alibaba", id="soft hyphen"),
        pytest.param("Cafe\u0301", "Café", id="combining accent"),
        pytest.param("ﬁnance", "finance", id="ligature"),
        pytest.param("Kimi™…", "Kimi™…", id="signs that are not letters"),
        pytest.param("a\ud800b", "a\ufffdb", id="half a surrogate pair"),
        pytest.param("哪吒 乾坤", "哪吒 乾坤", id="phrases keep their characters"),
        pytest.param("", "", id="empty"),
        pytest.param("\u200b", "", id="nothing visible"),
    ],
)
def test_fold(text, expected):
    """Spellings that a reader takes for the same fold to the same."""
    assert fold(text).text == expected


def test_span_points_into_the_original():
    """Where folding drops or joins characters, the span covers what was there."""
    text = "看阿里\u200b巴巴ﬁne e\u0301"

    folded = fold(text)

    start, length = folded.span(1, 5)
    assert text[start : start + length] == "阿里\u200b巴巴"
    start, length = folded.span(folded.text.index("i"), folded.text.index("i") + 1)
    assert text[start : start + length] == "ﬁ"
    start, length = folded.span(len(folded.text) - 1, len(folded.text))
    assert text[start : start + length] == "e\u0301"


@given(st.text())
def test_spans_stay_inside_the_original(text):
    """Whatever the text, each folded character comes from a place in it."""
    folded = fold(text)

    for at in range(len(folded.text)):
        start, length = folded.span(at, at + 1)
        assert length >= 1
        assert start + length <= len(text)


@given(st.text())
def test_lowering_keeps_the_length(text):
    """Places in the lower-case text are places in the text."""
    assert len(lowered(text)) == len(text)


def test_lowering_a_dotted_capital_i():
    """A letter whose lower-case form is two characters stays as it is."""
    assert lowered("İSTANBUL") == "İstanbul"


def test_search_text_folds_query_and_article_alike():
    """A Simplified query finds a Traditional headline, in whatever case."""
    assert search_text("華為 Mate", "發佈 ＡＩ") == "华为 mate\n发布 ai"
    assert search_text("华为") in search_text("華為 Mate", "")


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Alibaba reports", "latin"),
        ("腾讯发布财报", "hans"),
        ("騰訊發布財報", "hant"),
        ("騰訊發布財報\ud83d", "hant"),
        ("阿里", "hans"),
        ("iPhone 17 Pro Max发布", "hans"),
        ("Why 内卷 became China's word of the year", "latin"),
        ("ソニーのゲーム機", "other"),
        ("삼성전자", "other"),
        ("12 345", "other"),
        ("", "other"),
    ],
)
def test_script_of(text, script):
    """The script is that of most of the text; Chinese may hold Latin names."""
    assert script_of(text) == script


@pytest.mark.parametrize(
    ("text", "expected"),
    [("他沈默了", "他沉默了"), ("沈先生", "沈先生"), ("答覆", "答复"), ("覆盖", "覆盖")],
)
def test_characters_that_only_some_words_change(text, expected):
    """A word may have another form in Simplified script though its characters do not."""
    assert fold(text).text == expected


@given(st.text(alphabet="A ,沈藉覆坏瞭哩甦衹默口盖打解海生得臺\u200b①", max_size=12))
def test_folding_is_what_opencc_says(text):
    """Leaving out what takes time leaves out nothing else."""
    plain = unicodedata.normalize("NFKC", text.replace("\u200b", ""))

    assert fold(text).text == opencc.OpenCC("t2s").convert(plain)
