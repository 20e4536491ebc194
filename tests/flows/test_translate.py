"""Translated headlines: asked for once, shown beside the outlet's, and used for nothing."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
from serving import served

from flows.home import load_config
from flows.settings import load_settings
from flows.steps.brief import make_brief
from flows.steps.cycle import run
from transforms.brief.render import render_html, render_markdown
from transforms.config import ConfigError
from warehouse.file.connect import open_published

pytestmark = pytest.mark.slow

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
TITLE = "百度发布新一代人工智能大模型"
OTHER = "华为发布新芯片"
ROBOT = "石头科技发布机器人"
PROGRAM = """
import json, sys
made = json.load(open(sys.argv[1], encoding="utf-8"))
lines = [json.loads(line) for line in sys.stdin]
with open(sys.argv[2], "a", encoding="utf-8") as log:
    log.writelines(line["text"] + "\\n" for line in lines)
for line in lines:
    print(json.dumps({"id": line["id"], "text": made.get(line["text"], "")}))
"""


def quiet(_message):
    pass


@pytest.fixture
def translated(home, web, subscribe, config):
    """Make a pass over headlines, with these translations; returns what it was and said."""
    (home / "t.py").write_text(PROGRAM, encoding="utf-8")
    command = f"{sys.executable} -S {home}/t.py {home}/made.json {home}/asked"
    (home / "sinowire.toml").write_text(
        f"[translate]\ncommand = {json.dumps(command)}\n", encoding="utf-8"
    )

    def go(made, *titles, now=NOW):
        (home / "made.json").write_text(json.dumps(made), encoding="utf-8")
        links = ((f"https://x.example/{t}", t, format_datetime(NOW)) for t in titles)
        web.feed("/news", *links)
        subscribe("/news")
        said = []
        return run(config(), now=now, report=said.append, progress=quiet), said

    return go


@pytest.fixture
def ask(home):
    """Return the rows of a query on the published file."""

    def query(sql):
        with open_published(home / "data" / "sinowire.duckdb") as con:
            return con.execute(sql).fetchall()

    return query


def test_both_headlines_are_shown(translated, ask, home):
    """The translation is labelled, made once, and nothing finds a name in it."""
    english = "Roborock: Baidu model > others & more"
    summary, said = translated({TITLE: english}, TITLE, "Baidu opens a robot lab")

    assert summary.translations == {"translated": 1}
    assert "1 headline translated" in said
    assert ask("select language, title, text, made_by from translations") == [
        ("en", TITLE, english, sys.executable.rpartition("/")[2])
    ]
    assert ask("select distinct company_id from mentions") == [("baidu",)]

    [(story_id,)] = ask(f"select story_id from articles where title = '{TITLE}'")
    with (
        served(home) as desk,
        httpx.Client(base_url=desk, trust_env=False, timeout=60) as client,
    ):
        shown = "Roborock: Baidu model &gt; others &amp; more"
        for path in (f"/stories/{story_id}", "/companies/baidu", "/search?q=百度"):
            page = client.get(path).text
            assert TITLE in page
            assert shown in page
            assert "machine translation" in page
        assert "machine translation" not in client.get(f"/zh/stories/{story_id}").text
        rows = client.get("/companies/baidu.json?table=stories").json()
    [row] = [r for r in rows if r["story_id"] == story_id]
    assert (row["headline"], row["headline_translated"]) == (TITLE, english)
    assert row["headline_en"] is None

    brief = make_brief(load_config(load_settings(home)), now=NOW, until=NOW + HOUR)
    for told in (render_markdown(brief), render_html(brief)):
        assert "machine translation" in told
        assert TITLE in told

    assert translated({}, TITLE, now=NOW + HOUR)[0].translations == {}
    assert (home / "asked").read_text("utf-8") == f"{TITLE}\n", "asked for once"


def test_what_cannot_be_shown_is_left_out(translated, ask):
    """Markup, marks of direction and nothing at all: the headline stands alone."""
    made = {TITLE: "Baidu \u202elaunches", ROBOT: "<b>Roborock</b> launches", OTHER: ""}
    summary, said = translated(made, TITLE, ROBOT)
    assert summary.translations == {"refused": 2}
    assert any("has markup" in line for line in said)
    assert any("marks of direction" in line for line in said)
    assert ask("select count(*), count(text), count(reason) from translations") == [
        (2, 0, 2)
    ]


def test_a_failure_costs_the_translations_alone(translated, ask, home):
    """It is said, the pass goes on, and the next one asks again."""
    (home / "t.py").write_text("print('no JSON')", encoding="utf-8")
    summary, said = translated({}, TITLE)
    assert summary.translations == {"failed": 1}
    assert any("were not translated" in line and "not JSON" in line for line in said)
    assert ask("select (select count(*) from articles), count(*) from translations") == [
        (1, 0)
    ]
    (home / "t.py").write_text(PROGRAM, encoding="utf-8")
    summary, _ = translated({TITLE: "Baidu launches a model"}, TITLE, now=NOW + HOUR)
    assert summary.translations == {"translated": 1}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[translate]\n", "name a command or a url"),
        ('[translate]\ncommand = ""\n', "command is empty"),
        ('[translate]\nurl = "localhost:5000"\n', "does not begin with http"),
        ('[translate]\nurl = "https://x.example"\ninto = ["fr"]\n', "'en' or 'zh'"),
        ('[translate]\nurl = "https://x.example"\nkey = "k"\n', "not permitted"),
        ('translate_api_key = "k"\n', "translate_api_key"),
    ],
)
def test_mistakes_in_the_file(home, text, said):
    """Each names the file and says what is wrong; a key does not stand in a file."""
    (home / "sinowire.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=said) as wrong:
        load_settings(home)
    assert "sinowire.toml" in str(wrong.value)
