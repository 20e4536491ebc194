"""Whatever stands behind a key of a home's files, a mistake is named with file and line."""

from __future__ import annotations

import pytest

from connectors.subscriptions import parse_feeds
from connectors.subscriptions.toml import KEYS
from flows.channels import ALL_CHANNELS
from flows.settings import Settings, load_settings
from transforms.alerts import parse_alerts
from transforms.config import ConfigError
from transforms.names.rules.file import parse_watchlist

HUGE = "9" * 5_000
VALUES = [
    *("[]", "{}", "5", "-1", "1.5", "nan", "inf", "true", '""', '"x"', '["x", 1]', "[[]]"),
    *("{ a = { b = 1 } }", "[{}]", "2026-01-01", "07:00:00", '"\\u0000"'),
    *("{ env = 1 }", "{ env = [] }", HUGE, f"0x{HUGE}", "[" * 3_000),
    *(f'"{HUGE}"', f'"{HUGE}m"', f'"{HUGE}/h"', f'"{HUGE}:00"', '"99999999999999d"'),
]
WATCHLIST = parse_watchlist('[company.a]\nname = "Acme"\n')
COMPANY = ("name", "zh", "aliases", "tickers", "kind", "sector", "parent", "wikidata")
ALIAS = ("text", "case", "default", "context", "not", "co_alias", "shared", "examples")
TOPIC = ("name", "zh", "parent", "terms", "weak", "not", "threshold")
RULE = (
    *("companies", "topics", "terms", "people", "languages", "feeds", "kind", "channels"),
    *("cooldown", "digest", "quiet", "min_publishers", "any", "none", "updates", "once"),
)
CHANNEL = ("type", "url", "path", "token", "to", "from", "zone", "rate", "quiet", "digest")


def _alerts(text):
    return parse_alerts(text, watchlist=WATCHLIST, feeds=[], channel_types=ALL_CHANNELS)


def _table(head, key, value, **others):
    lines = [f'{name} = "{text}"' for name, text in others.items() if name != key]
    return "\n".join([f"[{head}]", *lines, f"{key} = {value}", ""])


def texts(value):
    """Yield a reader and a text for every key, with *value* behind it."""
    yield from _feeds_and_names(value)
    yield from _alert_texts(value)
    for read in (parse_feeds, parse_watchlist, _alerts):
        for name in ("feed", "company", "rule", "channel", "extends"):
            yield read, f"{name} = {value}\n"
            yield read, f"[{name}]\na = {value}\n"


def _feeds_and_names(value):
    for key in KEYS:
        yield parse_feeds, _table("feed.a", key, value, url="https://a.example/")
    for key in COMPANY:
        yield parse_watchlist, _table("company.a", key, value, name="A")
    for key in ALIAS:
        text = "" if key == "text" else 'text = "B", '
        alias = f"[{{ {text}{key} = {value} }}]"
        yield parse_watchlist, _table("company.a", "aliases", alias, name="A")
    for key in TOPIC:
        yield parse_watchlist, _table("topic.a", key, value, name="A")


def _alert_texts(value):
    console = '[channel.c]\ntype = "console"\n'
    for key in RULE:
        yield _alerts, console + _table("rule.r", key, value, channels="c", companies="a")
    for kind in ("console", "file", "webhook", "mail", "slack", "ntfy"):
        for key in CHANNEL:
            yield _alerts, _table("channel.c", key, value, type=kind)
    for key in ("period", "at", "zone", "language", "channels", "only"):
        yield _alerts, console + _table("brief.b", key, value, channels="c")


def refusal(read, *args):
    """Return how *read* refuses, None where it does not."""
    try:
        read(*args)
    except ConfigError as exc:
        return exc
    return None


@pytest.mark.parametrize("value", VALUES, ids=lambda value: f"{value[:9]}{value[-4:]}")
def test_a_wrong_value_is_named_with_its_line(value):
    """It is taken, or refused in a sentence that a person can read."""
    refusals = list(filter(None, (refusal(read, text) for read, text in texts(value))))

    assert len(refusals) > 50
    assert [str(each) for each in refusals if each.line is None] == []
    assert [each for each in map(str, refusals) if len(each) > 1_000] == []


@pytest.mark.parametrize("value", VALUES, ids=lambda value: f"{value[:9]}{value[-4:]}")
def test_a_wrong_setting_is_named_with_its_line(tmp_path, value):
    """The same goes for sinowire.toml."""
    refusals = []
    for key in Settings.model_fields.keys() - {"home"}:
        (tmp_path / "sinowire.toml").write_text(f"\n{key} = {value}\n")
        refusals.append(refusal(load_settings, tmp_path))

    refusals = list(filter(None, refusals))
    assert len(refusals) > 5
    assert {each.line for each in refusals} == {2}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("[" * 100_000, "history.jsonl:2: is not JSON: nested too deeply"),
        ('{"url": ' + HUGE + "}", "history.jsonl:2: 'url' '9999"),
        ('{"url": "https://x.example/1", "title": []}', "history.jsonl:2: has no 'title'"),
    ],
    ids=["deep", "number", "type"],
)
def test_a_line_of_history_that_cannot_be_read_is_named(home, sinowire, line, message):
    """File and line, and what to do."""
    good = '{"url": "https://x.example/0", "title": "Zero", "published": "2026-01-01"}'
    (home / "history.jsonl").write_text(f"{good}\n{line}\n")

    code, _, err = sinowire("import", home / "history.jsonl")

    assert code == 2
    assert message in err
    assert len(err) < 700


def test_a_line_to_tag_that_cannot_be_read_is_named(home, sinowire):
    """The same on standard input."""
    code, _, err = sinowire("watchlist", "tag", stdin='{"title": "a"}\n' + "[" * 100_000)

    assert code == 2
    assert "standard input:2: is not JSON: nested too deeply" in err
