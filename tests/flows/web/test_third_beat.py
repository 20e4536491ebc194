"""A beat made by the how-to, on games studios of the Nordic countries: all its own."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
from crawl import kind_of
from selectolax.lexbor import LexborHTMLParser
from serving import served

from flows.beats import DEFAULT_BEAT, load_beat
from flows.home import load_config
from flows.settings import load_settings
from transforms.names.rules.file import parse_watchlist

pytestmark = [pytest.mark.slow, pytest.mark.of_a_file("serves a file")]

PLACES = ["Malmö", "Oslo", "Bergen", "Turku", "Espoo", "Aarhus", "Uppsala", "Tampere"]
ON = [
    f"{what} {place}"
    for place in PLACES
    for what in (
        "Games studio raises money in",
        "Indie developer delays its game in",
        "Studio lays off game designers in",
        "Publisher buys a game studio in",
    )
]
OFF = [
    f"{what} {place}"
    for place in PLACES
    for what in (
        "Football club wins the cup in",
        "Bakery opens a second shop in",
        "Ferry is late again in",
        "Council plans a bridge in",
    )
]
NEWS = [
    "Studio Fjordlys raises $12 million for its next game",
    "Fjordlys buys the game studio Myrlight in Turku",
    "Myrlight lays off forty game designers",
    "Game studio of Malmö delays its game to spring",
    "Fjordlys Studio releases its game Northern Rails",
]
WATCHLIST = """
[company.fjordlys]
name = "Fjordlys"
kind = "company"
sector = "gaming"
country = "NO"
aliases = ["Fjordlys"]

[company.myrlight]
name = "Myrlight"
kind = "company"
sector = "gaming"
country = "FI"
aliases = ["Myrlight"]

[topic.jobs]
name = "Jobs at studios"
terms = ["lays off", "hires"]
"""
CHINA = re.compile(
    r"\bchin(?:a|ese)\b|中国|中方|人民币|北京"
    r"|\b(?:beijing|shanghai|rmb|yuan|entity list)\b",
    re.IGNORECASE,
)
HAN = re.compile("[\u4e00-\u9fff]+")
# A language is called so, in a phrase on languages.
LANGUAGE = re.compile(r"(?:\b(?:in|any|English|Simplified|after|against|and|to) )+Chinese")
MOST = 1  # pages of a kind in each language


@pytest.fixture
def nordic(tmp_path, monkeypatch, sinowire, web):
    """A home of the beat, made by the commands of the how-to, with three feeds."""
    monkeypatch.setenv("SINOWIRE_ALLOW_PRIVATE_ADDRESSES", "127.0.0.0/8")
    labels = tmp_path / "labels.jsonl"
    rows = [
        *({"title": t, "on": True} for t in ON),
        *({"title": t, "on": False} for t in OFF),
    ]
    labels.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    home = tmp_path / "home"
    home.mkdir()
    at = ("--home", home)
    told = ("--zone", "Europe/Oslo", "--languages", "en,fr")
    made = sinowire(*at, "beat", "new", "nordic", "--from", labels, *told)
    assert made[0] == 0, made
    with (home / "beats" / "nordic" / "watchlist.toml").open("a") as file:
        file.write(WATCHLIST)
    feeds = home / "beats" / "nordic" / "feeds.toml"
    with feeds.open("a") as file:
        for number in range(3):
            date = format_datetime(datetime.now(UTC) - timedelta(hours=3 * number + 1))
            items = [(f"{web.url}/{number}/{n}", t, date) for n, t in enumerate(NEWS)]
            web.feed(f"/{number}", *items)
            file.write(
                f'[feed.paper-{number}]\nurl = "{web.url}/{number}"\n'
                f'publisher = "Paper {number}"\nlanguage = "en"\nregion = "NO"\n\n'
            )
    assert sinowire("init", home, "--beat", "nordic")[0] == 0
    assert sinowire(*at, "run")[0] == 0
    return home


def texts(html):
    """Return the tree of a page without its link to the other language."""
    tree = LexborHTMLParser(html)
    for node in tree.css("script, style, a[hreflang]"):
        node.decompose()
    return tree


def test_its_pages_have_no_word_of_china_and_no_firm_of_others(nordic):
    """In both languages; and those on states are not there."""
    names = {
        name
        for each in parse_watchlist(
            load_beat(DEFAULT_BEAT).texts["watchlist.toml"]
        ).companies
        for name in (each.name, each.name_zh)
        if name
    }
    faults, kinds, seen = [], {}, set()
    with served(nordic, is_read_only=True) as url, httpx.Client(timeout=60) as client:
        todo = ["/", "/zh/"]
        while todo:
            href = todo.pop(0)
            answer = client.get(f"{url}{href}")
            if answer.status_code == 301:
                answer = client.get(f"{url}{answer.headers['location']}")
            if answer.status_code != 200 and "/brief/" not in href:
                faults.append(f"{href}: {answer.status_code}")
            tree = texts(answer.text)
            said = LANGUAGE.sub("", " ".join(tree.body.text(separator=" ").split()))
            faults += [
                f"{href}: …{said[max(0, m.start() - 50) : m.end() + 30]}…".replace(
                    "\n", " "
                )
                for m in CHINA.finditer(said)
            ]
            # Its headlines are all English.
            if not href.startswith("/zh"):
                faults += [f"{href}: {m}" for m in HAN.findall(said)]
            faults += [
                f"{href}: {name}"
                for name in names
                if re.search(rf"\b{re.escape(name)}\b" if name.isascii() else name, said)
            ]
            for link in tree.css("a[href^='/']"):
                found = link.attributes["href"].partition("#")[0]
                if re.match(r"(/zh)?/(measures|timeline|acts)\b", found):
                    faults.append(f"{href}: a link to {found}")
                kind = kind_of(found)
                if (
                    found in seen
                    or kinds.get(kind, 0) >= MOST
                    or re.search(
                        r"\.(json|csv|atom|svg|css|js|xml)(\?|$)|/sql\?|as_of=|&", found
                    )
                ):
                    continue
                seen.add(found)
                kinds[kind] = kinds.get(kind, 0) + 1
                todo.append(found)
        assert client.get(f"{url}/?language=fr").status_code == 200
        assert client.get(f"{url}/?language=f*").status_code == 400
        said = client.get(f"{url}/sql").text
        assert not re.search(r"RMB|tencent|us-export-controls|price-competition", said)
        assert "Who moves this week" in said
        week = client.get(f"{url}/brief/week/numbers").text
        topics = texts(client.get(f"{url}/topics").text).body.text()
        firm = client.get(f"{url}/companies/fjordlys").text
        search = client.get(f"{url}/search").text
        assert "In Chinese, not in English" not in week
        gone = {
            path: client.get(f"{url}{path}")
            for path in ("/timeline", "/measures", "/zh/acts")
        }

    assert not re.search("[\u4e00-\u9fff]", topics)
    assert "language=zh" not in firm + search
    assert 'name="language"' not in search
    assert "find each other" not in search
    assert "/measures" not in firm
    assert not faults, "\n".join(faults)
    assert len(seen) > 50
    assert {answer.status_code for answer in gone.values()} == {404}
    assert all(
        'href="/companies"' in a.text for path, a in gone.items() if "zh" not in path
    )


def test_it_asks_for_nothing_chinese(nordic, sinowire):
    """Neither of the beat nor of the home's own watchlist; days begin in its zone."""
    code, out, err = sinowire("--home", nordic, "beat", "check", "--format", "json")

    assert code == 0, err
    assert not [row for row in json.loads(out or "[]") if "script" in row["check"]], out
    assert "Chinese" not in out + err
    said = "".join(sinowire("--home", nordic, "watchlist", "check")[1:])
    assert "Chinese" not in said
    assert "macro." not in said
    assert load_settings(nordic).reporting_zone == "Europe/Oslo"
    rules = load_config(load_settings(nordic)).alerts.rules
    assert {rule.rule_id for rule in rules} == {"events", "silent-feeds", "silent-pipeline"}
