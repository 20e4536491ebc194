"""Languages and round-ups of headlines."""

from __future__ import annotations

import pytest

from transforms.digests import is_digest
from transforms.language import base_language, detect_language


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        ("华为发布新芯片", "en", "zh"),
        ("OpenAI发布GPT-5", "zh", "zh"),
        ("輝達財報優於預期", "", "zh"),
        ("Alibaba's Qwen (通义千问) model tops the chart", "zh", "en"),
        ("Huawei unveils a new cluster for the cloud", "zh", "en"),
        ("今日のニュースをお届けします", "en", "ja"),
        ("优の良品开店", "zh", "zh"),
        ("東京大学", "ja", "ja"),
        ("삼성전자 실적 발표", "en", "ko"),
        ("Новости технологий", "", "ru"),
        ("Новини технологій", "uk", "uk"),
        ("أخبار التكنولوجيا", "", "ar"),
        ("De nieuwe telefoon van Xiaomi is te koop", "", "nl"),
        ("Der neue Chip ist nicht schnell und die Karte auch", "en", "de"),
        ("Les puces sont dans le marché et une hausse est attendue", "en", "fr"),
        ("El precio de los coches sube con la demanda", "", "es"),
        ("BYD", "zh-Hans", "zh"),
        ("", "zh", "zh"),
        ("", "", "en"),
        ("Nieuwe Xiaomi telefoon", "nl", "nl"),
        ("Xiaomi electric factory expands", "zh", "en"),
        (
            "Xiaomi factory expansion plan announced today while investors cheer loudly",
            "",
            "en",
        ),
        ("…", "zh", "zh"),
        ("“It’s the chip of the year” – and it isn’t new", "zh", "en"),
        ("Der Hersteller “größte” verkauft nicht mit dem Chip", "en", "de"),
        ("El Niño and De la Espriella", "en", "en"),
        ("No hire, no fire?", "en", "en"),
        ("本月玩什么｜龙之信条 2、浪人崛起、Llamasoft: The Jeff Minter Story", "zh", "zh"),
    ],
)
def test_language(text, declared, expected):
    """Script decides, then common words, then the feed's own word."""
    assert detect_language(text, declared) == expected


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("zh-Hans-CN", "zh"),
        ("zh_TW", "zh"),
        ("EN-us", "en"),
        ("yue", "zh"),
        ("cn", "zh"),
        ("eng", "en"),
        ("jp", "ja"),
        ("", ""),
        ("english", ""),
        ("x", ""),
    ],
)
def test_tag(tag, language):
    """Language tags in all their spellings come down to two letters."""
    assert base_language(tag) == language


@pytest.mark.parametrize(
    "title",
    [
        "8点1氪｜甲公司降价；乙公司裁员",
        "9点1氪丨x",
        "早报｜a/b/c",
        "氪星晚报｜x",
        "x｜极客早知道",
        "Morning Bid: Chips again",
        "Tech daily briefing: what moved",
        "The Week in Review",
        "China Tech Digest",
        "甲上市；乙涨价；丙离职；丁收购",
    ],
)
def test_digest(title):
    """Round-ups are told by their names, or by their many clauses."""
    assert is_digest(title)


@pytest.mark.parametrize(
    "title",
    [
        "华为发布新芯片；股价上涨",
        "日报社记者获奖",
        "Chipmaker digests its losses",
        "早上好，北京",
        "",
    ],
)
def test_no_digest(title):
    """An article is no round-up for a word that occurs in such names."""
    assert not is_digest(title)
