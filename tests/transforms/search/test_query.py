"""What a search may ask for, and what is said of the rest."""

from __future__ import annotations

from datetime import date

import pytest

from transforms.models import SearchFilters, SearchNames, Words
from transforms.search.query import SearchError, read_search

NAMES = SearchNames(
    companies={"huawei": "huawei", "华为": "huawei"},
    topics={"chips": "chips", "semiconductors": "chips"},
    events={"ipo": "ipo"},
    publishers={"caixin": "Caixin"},
)


def test_filters_are_written_by_id_or_name():
    """In either script and case, and each counts once."""
    made = read_search(
        " ban ",
        NAMES,
        SearchFilters(
            companies=("华为", "Huawei"),
            topics=("Semiconductors",),
            events=("IPO",),
            publishers=("caixin",),
            languages=("ZH",),
        ),
        order="newest",
    )

    assert made.text == "ban"
    assert made.terms == (Words("ban"),)
    assert made.filters == SearchFilters(
        companies=("huawei",),
        topics=("chips",),
        events=("ipo",),
        publishers=("Caixin",),
        languages=("zh",),
    )
    assert made.order == "newest"


@pytest.mark.parametrize(
    ("text", "filters", "said"),
    [
        ("", {}, "the search is empty; write words, or choose a filter"),
        (
            "ban",
            {"companies": ("huawai",)},
            "no company 'huawai' here; did you mean",
        ),
        ("ban", {"topics": ("zzz",)}, "there is no topic 'zzz' here; search without it"),
        ("ban", {"languages": ("中文",)}, "'中文' is not a language code; write"),
        (
            "ban",
            {"since": date(2026, 8, 5), "until": date(2026, 8, 4)},
            "2026-08-05 is after 2026-08-04; change since or until",
        ),
    ],
)
def test_what_cannot_be_asked_is_a_sentence(text, filters, said):
    """It names the nearest that can."""
    with pytest.raises(SearchError) as refused:
        read_search(text, NAMES, SearchFilters(**filters))

    assert said in str(refused.value)
