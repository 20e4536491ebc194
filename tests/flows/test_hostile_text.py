"""Text of strangers is shown and stored as text: it steers no terminal and no browser."""

from __future__ import annotations

import json
import re

import pytest

pytestmark = pytest.mark.slow

ANGRY = (
    "Baidu \x1b[31mred\x1b]0;title\x07 \x9b2J \u202egpj.exe\u202c \u2066x\u2069 \x00nul "
    "<script>alert(1)</script><img src=x onerror=alert(2)> '\"><svg/onload=alert(3)> "
    "'; drop table articles; -- {{ 7*7 }} [link](javascript:alert(4)) \ud83d"
)
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture
def told(home, web, subscribe, sinowire, fill_once):
    """A home that read a feed made of hostile text."""
    author, link = {"name": ANGRY}, "https://x.example/"
    items = [
        {"id": ANGRY, "title": ANGRY, "summary": ANGRY, "url": link + "1", "tags": [ANGRY]},
        {"id": "2", "title": "Baidu " + "A" * 1_000_000, "url": link + "2"},
        {
            "id": "3",
            "title": "Baidu links",
            "url": "javascript:alert(5)",
            "authors": [author],
        },
        {"id": "4", "title": "Baidu dates", "url": link + "4?<b>", "date_published": ANGRY},
    ]
    for item in items:
        item.setdefault("date_published", "2026-08-04T10:00:00Z")
    body = json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": ANGRY,
            "language": ANGRY,
            "items": items,
        }
    )
    web.page("/hostile", body=body.encode(), content_type="application/json")
    subscribe("/hostile")

    def poll():
        code, out, _ = sinowire("run", "--json", "--now", "2026-08-04T12:00Z")
        assert (code, json.loads(out)["new_articles"]) == (0, 4)

    fill_once("hostile-text", poll)
    return home


COMMANDS = (
    ("sql", "select title, summary, url, authors, published_raw from articles"),
    ("sql", "select * from articles", "--format", "json"),
    ("sql", "select * from sightings", "--format", "markdown"),
    ("search", "baidu", "--all"),
    ("search", "baidu", "--all", "--format", "json"),
    ("alerts", "list"),
    ("stories", "list", "--all"),
    ("feeds", "list"),
    ("feeds", "health"),
    ("feeds", "check"),
    ("brief", "--until", "2026-08-05"),
    ("watchlist", "why", ANGRY.replace("\x00", "").replace("\ud83d", "")),
)


def test_nothing_steers_the_terminal(told, sinowire):
    """No command that shows stored text prints a control sequence."""
    for command in COMMANDS:
        _, out, err = sinowire(*command)

        assert out, command
        assert STEERING.findall((out + err).replace("\r\n", "\n")) == [], command
        assert "Traceback" not in err, command


def test_page_of_the_brief_runs_nothing(told, sinowire):
    """The brief as a page holds hostile titles as text."""
    file = told / "brief.html"
    sinowire("brief", "--until", "2026-08-05", "--format", "html", "--output", file)

    page = file.read_text(encoding="utf-8")
    body = re.sub(r"(?s)<script\b.*?</script>", "", page)
    assert "Baidu" in body
    assert not re.search(r"<(?:img|svg)[^>]*\bon(?:error|load)", body)
    assert "alert(1)" not in "".join(re.findall(r"(?s)<script\b.*?</script>", page))
    assert not re.search(r"""href\s*=\s*["']?\s*javascript:""", page, re.IGNORECASE)


def test_what_is_stored_is_plain_text(told, sinowire):
    """Titles hold words only, bounded in length; links are http or nothing."""
    _, out, _ = sinowire(
        "sql", "select title, url from articles order by url", "--format", "json"
    )
    rows = json.loads(out)

    assert all(len(row["title"]) <= 500 for row in rows)
    assert not any("<script" in row["title"] or "<img" in row["title"] for row in rows)
    assert {row["url"][:8] for row in rows} <= {"https://", ""}
    assert not any("<" in row["url"] for row in rows)
