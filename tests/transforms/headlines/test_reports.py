"""Whether a headline reports what happened or talks about it."""

from __future__ import annotations

import re
from functools import cache

import pytest
from builders import shipped_beat, shipped_tagger

from transforms.headlines.reports import is_report, pieces_of
from transforms.names.tagging import tag_document

TEXT = shipped_beat().texts["reports.toml"]
WEIGHTS = shipped_beat().telling.reports


@cache
def tagger():
    return shipped_tagger()


def tagged(title):
    return tag_document(tagger().read(title, ""), tagger())


def pieces(title, *, is_chinese):
    document = tagger().read(title, "")
    return pieces_of(
        document.fields[0].folded, tagged(title).mentions, is_chinese=is_chinese
    )


@pytest.mark.parametrize(
    ("report", "talk"),
    [
        ("小米宣布第三季度交付量增长两成", "小米为什么留不住年轻人"),
        ("华为发布新一代昇腾芯片", "华为芯片突围之路：十年复盘"),
        ("BYD opens a battery plant in Hungary", "Why BYD is betting on Hungary"),
        ("Alibaba unveils new Qwen model", "What Alibaba's Qwen means for the AI race"),
    ],
)
def test_a_report_scores_above_talk(report, talk):
    """Of the same firm on the same thing."""
    assert tagged(report).report_score > 0 > tagged(talk).report_score


def test_what_is_off_the_beat_has_no_score():
    """It would cost all what few need."""
    assert tagged("Dumplings are served in the old town").report_score is None


@pytest.mark.parametrize("title", ["36氪首发 | 星河科技完成融资", "独家丨星河科技完成融资"])
def test_a_title_with_a_bar_is_read_whole(title):
    """The column before it tells that a report follows, and the rest is the report."""
    read = pieces(title, is_chinese=True)
    assert {title[2:4], "完成", "融资", "资$"} <= {*read}


def test_names_are_one_sign_and_digits_one():
    """Nothing is learned of a firm or a figure, in either script and where it stands."""
    assert pieces("小米 交付5000辆", is_chinese=True) == pieces(
        "比亚迪交付20辆", is_chinese=True
    )
    assert pieces("Tencent hires 20 people", is_chinese=False) == pieces(
        "Baidu hires 3,000 people".replace(",", ""), is_chinese=False
    )


def test_a_name_within_traditional_text_of_another_length_is_one_sign():
    """Where folding moves what stands behind, the name is still found."""
    assert "※" in pieces("㈱…騰訊發布新模型", is_chinese=True)


def test_no_weight_is_of_a_name():
    """Of no firm, person or body of the watchlist."""
    from reports import holds_name, names_of  # noqa: PLC0415  needs numpy, which few need

    names = names_of(tagger())
    assert [piece for piece in WEIGHTS.pieces if holds_name(piece, names)] == []
    assert holds_name(" huawei says ", names)


def test_the_file_is_small_and_weights_share_lines():
    """A fit may not grow into a dictionary, nor take a line for each."""
    weights = len(WEIGHTS.findings) + len(WEIGHTS.pieces)
    assert 600 < weights <= 1_200
    assert len(TEXT.encode()) <= 20_000
    assert len(TEXT.splitlines()) < weights / 8
    assert not re.search(r"https?:|\w\.(?:com|cn|net)\b", TEXT)


@pytest.mark.parametrize(
    ("weight", "score", "reports"),
    [
        (5, 0.0, True), (5, None, True), (None, None, True),
        (5, -0.01, False), (4, 3.0, False), (9, -2.0, False),
    ],
)  # fmt: skip
def test_a_report_has_weight_and_score(weight, score, reports):
    """Neither makes up for the other; what an earlier release tagged has no score."""
    assert is_report(weight, score) is reports
