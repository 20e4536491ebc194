"""Rules that ask for a named search."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import article, mention, tag

from connectors.sinks import CHANNELS
from transforms.alerts import items_of, parse_alerts
from transforms.alerts.rules.rule import holds
from transforms.config import ConfigError
from transforms.models import Name, SearchFilters, SearchQuery, Words
from transforms.models.findings import Findings
from transforms.names.rules.file import parse_watchlist

WATCHLIST = parse_watchlist("""
    [company.huawei]
    name = "Huawei"
    [company.hisilicon]
    name = "HiSilicon"
    kind = "brand"
    parent = "huawei"
    [topic.chips]
    name = "Chips"
    [topic.memory]
    name = "Memory"
    parent = "chips"
    terms = ["dram"]
    [event.lawsuit]
    name = "Lawsuit"
    terms = ["sues"]
""")
SEARCH = SearchQuery(
    terms=(Words("export controls"), Name("huawei", ("huawei",))),
    filters=SearchFilters(topics=("chips",), languages=("zh", "en")),
)
RULE = """
[rule.r]
search = "{name}"
channels = ["console"]
[channel.console]
type = "console"
"""


def rules(query=SEARCH, name="controls"):
    return parse_alerts(
        RULE.format(name=name),
        watchlist=WATCHLIST,
        feeds=[],
        channel_types=CHANNELS,
        searches={"controls": query},
    )


def fires(query, *, title="", mentions=(), tags=(), **fields):
    """Say whether the rule is tried on such an article, and fires."""
    alerts = rules(query)
    told = article(title=title, **fields)
    [item] = items_of([told], {"a1": Findings(mentions, tags)}, alerts)
    found = holds(alerts.rules[0].wanted, item)
    if found:
        assert alerts.index.candidates(item) == list(alerts.rules)
    return found


WHOLE = {
    "title": "China's Export Controls hit chips",
    "mentions": [mention("a1", "huawei", "summary")],
    "tags": [tag("a1", "memory")],
}


def test_rule_fires_on_what_the_search_finds():
    """All terms and filters; a topic counts with those below it."""
    assert fires(SEARCH, **WHOLE)


@pytest.mark.parametrize(
    "lacking",
    [
        {"title": "Export and controls"},
        {"mentions": []},
        {"mentions": [mention("a1", "huawei", "content")]},
        {"mentions": [mention("a1", "huawei", role="byline")]},
        {"mentions": [mention("a1", "huawei", via="person")]},
        {"tags": []},
        {"tags": [tag("a1", "chips", "event")]},
        {"language": "ja"},
        {"is_on_beat": False},
    ],
)
def test_rule_is_silent_where_something_lacks(lacking):
    """As in the SQL of a search."""
    assert not fires(SEARCH, **WHOLE | lacking)


@pytest.mark.parametrize(
    ("query", "fields", "wanted"),
    [
        (SearchQuery(terms=(Words("chip"),)), {"title": "New chips"}, True),
        (SearchQuery(terms=(Words("ai"),)), {"title": "It aims high"}, False),
        (SearchQuery(terms=(Words("芯片"),)), {"title": "國產晶片與芯片"}, True),
        (
            SearchQuery(filters=SearchFilters(companies=("huawei",))),
            {"mentions": [mention("a1", "hisilicon")]},
            True,
        ),
        (
            SearchQuery(filters=SearchFilters(companies=("huawei",))),
            {"mentions": [mention("a1", "hisilicon", role="aside")]},
            False,
        ),
        (
            SearchQuery(filters=SearchFilters(events=("lawsuit",))),
            {"tags": [tag("a1", "lawsuit", "event")]},
            True,
        ),
        (
            SearchQuery(filters=SearchFilters(publishers=("Sample",))),
            {"publisher": "Sample"},
            True,
        ),
        (SearchQuery(terms=(Words("x"),), on_beat=False), {"title": "x"}, True),
    ],
)
def test_each_part_of_a_search(query, fields, wanted):
    """Words as searches find them, families widened, outlets by name."""
    assert fires(query, **fields) is wanted
    if query.on_beat and wanted:
        assert not fires(query, **fields, is_on_beat=False)
        assert fires(replace(query, on_beat=False), **fields, is_on_beat=False)


def test_unknown_search_names_the_nearest():
    """The file, the line, the key."""
    with pytest.raises(ConfigError, match=r"alerts.toml:3: .*'control'; did you mean"):
        rules(name="control")
