"""Searches with a name: what a file says, and what is said of a wrong one."""

from __future__ import annotations

import pytest

from transforms.config import ConfigError
from transforms.models import Name, SearchFilters, SearchNames, SearchQuery, Words
from transforms.search.named import parse_searches
from transforms.search.query import narrowed

NAMES = SearchNames(
    companies={"huawei": "huawei", "华为": "huawei"},
    topics={"chips": "chips"},
    aliases={"huawei": ("huawei",)},
)
FILE = """
[search.controls]
name = "Export controls"
words = '"export controls" huawei'
companies = ["华为"]
topics = ["chips"]
languages = "zh"
publishers = ["Caixin"]
on_beat = false

[search.phones]
words = "手机"
"""


def test_searches_of_a_file():
    """Words as they are typed, companies by id or name, outlets as they are."""
    made = parse_searches(FILE, lambda: NAMES)

    assert list(made) == ["controls", "phones"]
    assert made["controls"].name == "Export controls"
    assert made["controls"].query == SearchQuery(
        text='"export controls" huawei',
        terms=(Words("export controls"), Name("huawei", ("huawei",))),
        filters=SearchFilters(
            companies=("huawei",),
            topics=("chips",),
            languages=("zh",),
            publishers=("Caixin",),
        ),
        on_beat=False,
    )
    assert made["phones"].name == "phones"
    assert made["phones"].query.on_beat


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[search.x]\nwords = "…"', "searches.toml:2: [search.x.words] '…' holds nothing"),
        (
            "[search.x]",
            "searches.toml:1: [search.x.words] the search is empty",
        ),
        (
            '[search.x]\nwords = "a"\ncompanies = ["huawey"]',
            "searches.toml:3: [search.x.companies] there is no company 'huawey' here;",
        ),
        ('[search.x]\nwordz = "a"', "is not a known key; did you mean 'words'?"),
        ('[search.X]\nwords = "a"', "has the id 'X'; use small letters"),
        ('[sarch.x]\nwords = "a"', "is not a known key; did you mean 'search'?"),
        ("[search.x]\nwords = 5", "write a text in quotes"),
        ("[search.x", "searches.toml:1: not valid TOML"),
    ],
)
def test_wrong_file_is_a_sentence(text, said):
    """File, line and remedy."""
    with pytest.raises(ConfigError) as refused:
        parse_searches(text, lambda: NAMES)

    assert said in str(refused.value)


def test_empty_file_has_none():
    """As the starter, which is all comments."""
    assert parse_searches("# nothing yet\n", lambda: NAMES) == {}


def test_what_is_typed_narrows_a_named_search():
    """All words of both; a filter of its own takes the place of the kept one."""
    kept = parse_searches(FILE, lambda: NAMES)["controls"].query
    typed = SearchQuery(
        text="ban",
        terms=(Words("ban"),),
        filters=SearchFilters(languages=("en",)),
        order="newest",
    )

    made = narrowed(kept, typed)

    assert made.text == '"export controls" huawei ban'
    assert [term.text for term in made.terms] == ["export controls", "huawei", "ban"]
    assert made.filters.languages == ("en",)
    assert made.filters.companies == ("huawei",)
    assert (made.order, made.on_beat) == ("newest", False)
