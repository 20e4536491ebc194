"""Lines of ours behind headlines of a brief that its reader cannot read."""

from __future__ import annotations

import pytest

from transforms.brief.model import Items, plain

pytestmark = pytest.mark.slow

HEADLINE = "騰訊雲在香港啟用第五個數據中心，主打人工智能算力"


def test_one_stands_behind_a_headline_in_the_other_language(brief_of):
    """As on Today; who reads the headline's own language has none."""
    english, chinese = (
        [
            plain(line)
            for section in brief_of("day", language).front
            for block in section.blocks
            if isinstance(block, Items)
            for line in block.lines
            if HEADLINE in plain(line)
        ]
        for language in ("en", "zh")
    )

    ours = f"{HEADLINE} [Tencent · new plant or capacity; our words]"
    assert [ours in line for line in english] == [True]
    assert [f"{HEADLINE}〔" in line for line in chinese] == [False]
