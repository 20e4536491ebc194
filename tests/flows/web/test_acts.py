"""``/acts``: a register's act through the whole pipeline, and the outlet that told it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
from serving import served

from flows.steps.cycle import run

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
TITLE = "Additions of Baidu entities to the Entity List: export controls on chips"


def quiet(_message):
    pass


def test_acts_and_who_followed(web, home, config):
    """Body, companies and hours after, on the page and as JSON."""
    act = {
        "document_number": "2026-1",
        "html_url": "https://register.example/documents/2026-1",
        "title": TITLE,
        "abstract": "The Bureau adds entities of Baidu in China for chips.",
        "publication_date": "2026-08-04",
        "agencies": [{"name": "Industry and Security Bureau"}],
    }
    hostile = act | {
        "document_number": "2026-2",
        "html_url": "https://register.example/documents/2026-2",
        "title": "Rule <script>alert(1)</script> & <Entries>",
    }
    body = json.dumps({"count": 2, "results": [act, hostile]}).encode()
    web.page("/register.json", body=body, content_type="application/json")
    told = NOW - timedelta(hours=7)
    web.feed("/wire", ("https://wire.example/1", TITLE, format_datetime(told)))
    (home / "feeds.toml").write_text(
        f'[feed.register]\nurl = "{web.url}/register.json"\npublisher = "Register"\n'
        f'language = "en"\nregion = "US"\nkind = "official"\n'
        f'[feed.wire]\nurl = "{web.url}/wire"\npublisher = "Wire"\nlanguage = "en"\n',
        encoding="utf-8",
    )
    run(config(), now=NOW, report=quiet, progress=quiet)

    with (
        served(home) as desk,
        httpx.Client(base_url=desk, trust_env=False, timeout=60) as client,
    ):
        page = client.get("/acts?all=1").text
        assert "Industry and Security Bureau" in page
        assert "+5 h" in page
        assert "Wire" in page
        assert 'href="https://register.example/documents/2026-1"' in page
        assert "<script>alert" not in page
        assert "Rule alert(1) &amp; &lt;Entries&gt;" in page
        assert "官方文件" in client.get("/zh/acts").text
        assert 'href="/acts"' in client.get("/measures").text

        rows = client.get("/acts.json?all=1&company=baidu").json()
        assert {row["act"] for row in rows} == {TITLE, "Rule alert(1) & <Entries>"}
        [row] = [row for row in rows if row["act"] == TITLE]
        assert (row["body"], row["companies"]) == (
            "Industry and Security Bureau",
            ["baidu"],
        )
        assert (row["first_press"], row["hours_to_press"]) == ("Wire", 5.0)
        [story] = client.get("/acts.json?all=1&table=followed").json()
        assert (story["link"], story["publisher"]) == ("story", "Wire")
