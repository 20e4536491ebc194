"""``/measures`` and ``/claims``: from a headline to the page."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
from serving import served

from flows.steps.brief import make_brief
from flows.steps.cycle import run
from transforms.brief import render_json, render_markdown

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
FINE = "China fines Baidu 50 million yuan over map data"
DRAFT = "Beijing drafts rules for delivery robots, seeks public comment"
LAUNCH = "Roborock launches a robot that climbs stairs"
TOLD = "Baidu to buy a maker of robot hands, sources say"


def quiet(_message):
    pass


def stands_on_pages_of_companies(client):
    """A company's page tells what hit it and what is open; of another none is known."""
    firm = client.get("/companies/baidu").text
    hit, claim = (
        client.get(f"/companies/baidu.json?table={name}").json()
        for name in ("measures", "claims")
    )
    assert [row["sentence"] for row in (*hit, *claim)] == [FINE, TOLD]
    assert all(each in firm for each in (FINE, "China · penalty · decided", TOLD))
    [link] = re.findall(r'href="(/measures\?target=baidu[^"]*)"', firm)
    assert FINE in client.get(html.unescape(link)).text
    assert "针对它的官方措施" in client.get("/zh/companies/baidu").text
    other = client.get("/companies/roborock").text
    assert "No act of a state that hits it is known of these days." in other
    assert "No claim of these days is open or settled." in other
    assert "subject.measures" not in client.get("/topics/robotics").text


def stands_on_its_story(client, act):
    """A story's page tells how far its act has come, and opens its row and thread."""
    path = f"/stories/{act['story_id']}"
    page, data = client.get(path).text, client.get(f"{path}.json?table=measures").json()
    assert [row["measure_id"] for row in data] == [act["measure_id"]]
    [(own, said)] = re.findall(r'<strong><a href="([^"]*)">([^<]*)<', page)
    assert said == "decided"
    opened = client.get(html.unescape(own)).text
    assert f'id="{act["measure_id"]}"' in opened
    assert ">各国措施</h2>" in client.get(f"/zh{path}").text
    assert client.get(f"{path}.json?table=claims").json() == []


def test_acts_and_claims_are_ledgers(web, home, config):
    """What an act is, and what a claim rests on, stand beside the headlines of both."""
    told = [
        (f"https://wire.example/{n}", title, format_datetime(NOW - timedelta(hours=n)))
        # Nineteen hours before, it is the day before in UTC, and still today in Shanghai.
        for n, title in ((1, FINE), (19, DRAFT), (3, LAUNCH), (4, TOLD))
    ]
    web.feed("/wire", *told)
    (home / "feeds.toml").write_text(
        f'[feed.wire]\nurl = "{web.url}/wire"\npublisher = "Wire"\nlanguage = "en"\n',
        encoding="utf-8",
    )
    run(config(), now=NOW, report=quiet, progress=quiet)

    with (
        served(home) as desk,
        httpx.Client(base_url=desk, trust_env=False, timeout=60) as client,
    ):
        page = client.get("/measures").text
        assert FINE in page
        assert DRAFT in page
        assert LAUNCH not in page
        assert "penalty" in page
        assert "处罚" in client.get("/zh/measures").text

        rows = client.get("/measures.json").json()
        fields = ("side", "instrument", "status", "targets", "sentence")
        assert [[row[name] for name in fields] for row in rows] == [
            ["cn", "penalty", "decided", ["baidu"], FINE],
            ["cn", "rule-or-standard", "proposed", [], DRAFT],
        ]
        month = client.get("/timeline").text
        assert "China rules at home" in month
        assert "2 acts" in month
        for path in ("/measures", "/measures?zone=UTC", "/timeline", "/timeline?zone=UTC"):
            shown = client.get(path).text
            assert "4 Aug" in shown, path
            assert "3 Aug" not in shown, path
        [link] = set(re.findall(r'href="(/measures[^"]*lane=own[^"]*)"', month))
        opened = client.get(
            html.unescape(link).replace("/measures", "/measures.json")
        ).json()
        assert [row["sentence"] for row in opened] == [FINE, DRAFT]
        assert client.get("/timeline?months=99").status_code == 400
        # Its picture has the same number, in either language.
        assert 'aria-label="China rules at home, Aug 2026: 2 acts" data-n="2"' in month
        assert (
            'aria-label="中国国内规范，2026年8月：2项行动"'
            in client.get("/zh/timeline").text
        )
        assert "Articles begin on 4 Aug 2026." in month
        assert "<svg" in client.get("/timeline.svg").text

        stands_on_pages_of_companies(client)
        stands_on_its_story(client, rows[0])

        # The brief's boards count acts, and open them.
        day, week = (client.get(f"/brief/{each}").text for each in ("day", "week/numbers"))
        assert re.search(r'href="/measures\?hours=24" data-n="2">2</a> acts of states', day)
        assert len(client.get("/measures.json?hours=24").json()) == 2
        board = week.split("Crackdown")[-1]
        [days] = re.findall(r'href="(/measures[^"]*)" data-n="2"', board)
        assert "lane=own" in days
        days = html.unescape(days).replace("/measures", "/measures.json")
        assert len(client.get(days).json()) == 2
        assert "/zh/measures?hours=24" in client.get("/zh/brief/day").text

        assert TOLD in client.get("/claims").text
        claims = client.get("/claims.json").json()
        fields = ("subject", "basis", "modality", "cue", "outcome")
        assert [[row[name] for name in fields] for row in claims] == [
            ["baidu", "unnamed", "planned", "sources say", "open"]
        ]


RUMOUR = "Roborock to buy a chip maker in Suzhou, sources say"
DENIAL = "Roborock denies report that it will buy a chip maker in Suzhou"
OPEN = "Baidu weighs a sale of its map unit, people familiar say"


def settled_on_other_pages(client, claim):
    """Its story, the answer's and its firm's page tell what settled it, with its day."""
    stories = {f"/stories/{claim[key]}" for key in ("story_id", "settled_story")}
    for path in (*stories, "/companies/roborock"):
        en, zh = (
            re.sub("<[^>]*>", "", client.get(prefix + path).text) for prefix in ("", "/zh")
        )
        assert f"Denied 18:00: {DENIAL}" in en, path
        assert f"否认于 18:00：{DENIAL}" in zh.replace(": ", "："), path
        assert RUMOUR in en, path
    [open_one] = (r for r in client.get("/companies/baidu.json?table=claims").json())
    assert [open_one["outcome"], open_one["settled_by"]] == ["open", None]
    page = client.get(f"/stories/{open_one['story_id']}").text
    [(own, said)] = re.findall(r'<strong><a href="([^"]*)">(open for [^<]*)<', page)
    assert said == "open for 5 h"
    address, _, claim_id = html.unescape(own).partition("#")
    assert f'id="{claim_id}"' in client.get(address).text


def test_what_became_of_a_rumour(web, home, config):
    """The firm's denial, hours later, stands below what was told; the open ones first."""
    told = [
        (
            f"https://wire.example/{hours}",
            title,
            format_datetime(NOW - timedelta(hours=hours)),
        )
        for hours, title in ((9, RUMOUR), (2, DENIAL), (5, OPEN))
    ]
    web.feed("/wire", *told)
    (home / "feeds.toml").write_text(
        f'[feed.wire]\nurl = "{web.url}/wire"\npublisher = "Wire"\nlanguage = "en"\n',
        encoding="utf-8",
    )
    run(config(), now=NOW, report=quiet, progress=quiet)

    with (
        served(home) as desk,
        httpx.Client(base_url=desk, trust_env=False, timeout=60) as client,
    ):
        rows = client.get("/claims.json").json()
        fields = ("subject", "basis", "outcome", "sentence", "settled_headline")
        assert [[row[name] for name in fields] for row in rows] == [
            ["baidu", "unnamed", "open", OPEN, None],
            ["roborock", "unnamed", "denied", RUMOUR, DENIAL],
        ]
        page = client.get("/claims").text
        assert "open for 5 h" in page
        assert DENIAL in page
        assert "已否认" in client.get("/zh/claims").text
        settled_on_other_pages(client, rows[1])

        told = re.sub("<[^>]*>", "", client.get("/brief/day").text)
        assert f"Denied: {RUMOUR}" in told
        assert f"(unnamed sources); 18:00: {DENIAL}" in told
        [story] = re.findall(
            rf'href="(/stories/[^"]*)">{RUMOUR}<', client.get("/brief/day").text
        )
        assert DENIAL in client.get(story).text
    brief = make_brief(config(), now=NOW, language="zh")
    assert f"**已否认：** [{RUMOUR}](https://wire.example/9)" in render_markdown(brief)
    [row] = json.loads(render_json(brief))["sections"]["became"]
    assert (row["outcome"], row["settled_headline"]) == ("denied", DENIAL)
