"""`sinowire search`: what it prints, what it says of nothing, and searches with a name."""

from __future__ import annotations

import csv
import io
import json

import pytest
from rich.cells import cell_len

TITLES = ("Baidu opens a robot lab in Wuhan", "百度发布新模型", "Rain in Baoding")
SEARCHES = """
[search.opening]
words = "baidu lab"
on_beat = false
"""


@pytest.fixture
def told(home, import_once):
    """A home with two stories of Baidu and one off the beat."""
    lines = (
        json.dumps({"url": f"https://x.example/{n}", "title": t, "published": "2026-08-04"})
        for n, t in enumerate(TITLES)
    )
    (home / "history.jsonl").write_text("\n".join(lines), encoding="utf-8")
    import_once("searched", home / "history.jsonl")
    return home


def test_rows_for_people_and_scripts(told, sinowire, monkeypatch):
    """A table that fits the terminal; JSON and CSV with every column."""
    monkeypatch.setenv("COLUMNS", "80")
    code, out, err = sinowire("search", "百度", "--all")
    assert code == 0
    assert max(map(cell_len, out.splitlines())) <= 80
    assert "Baidu opens" in out
    assert "2 stories" in err

    _, out, _ = sinowire("search", "lab baidu", "--all", "--format", "json")
    assert TITLES[0] in [row["title"] for row in json.loads(out)]
    _, out, _ = sinowire("search", "baidu", "--all", "--newest", "--format", "csv")
    assert "\r" not in out
    assert {"story_id", "url", "matches"} <= set(next(csv.DictReader(io.StringIO(out))))


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (
            ["baidu", "zebra"],
            "no story on the beat holds baidu zebra; try with fewer words",
        ),
        (["zebra"], "no story on the beat holds zebra; try another name of it"),
        (["Baidoo"], "no story on the beat holds Baidoo; did you mean Baidu?"),
        (["zebra", "--company", "baidu"], "holds zebra + baidu; try with fewer filters"),
        (["zebra", "--since", "2026-08-01", "--all"], "holds zebra since 2026-08-01"),
        (["rain"], "1 off the beat: add --all"),
    ],
)
def test_nothing_found_says_where_to_look(told, sinowire, args, said):
    """What was looked for, and what to try next."""
    code, out, err = sinowire("search", *args)

    assert (code, out.strip()) == (0, "")
    assert said in err


def test_named_searches(told, sinowire):
    """By id, and narrowed by what is typed; doctor reads them."""
    file = told / "searches.toml"
    file.write_text(SEARCHES)

    _, out, _ = sinowire("search", "--named", "opening", "--format", "json")
    assert {row["title"] for row in json.loads(out)} >= {TITLES[0]}
    _, out, _ = sinowire("search", "wuhan", "--named", "opening", "--format", "json")
    assert [row["title"] for row in json.loads(out)] == [TITLES[0]]

    code, _, err = sinowire("search", "--named", "openings")
    assert (code, "did you mean 'opening'?" in err) == (2, True)
    _, out, _ = sinowire("doctor", "--format", "json")
    assert "1 named search" in json.loads(out)[0]["detail"]
    file.write_text("[search.x]\nwords = ''")
    _, out, _ = sinowire("doctor", "--format", "json")
    assert "searches.toml:2: [search.x.words] the search is empty" in out


def test_wrong_request_is_a_sentence(told, sinowire):
    """An unknown filter names the nearest; nothing asked is no search."""
    for args, said in (
        (["x", "--company", "baidoo"], "did you mean 'baidu'?"),
        ([], "the search is empty"),
        (["x", "--since", "yesterday"], "is not a date"),
        (["x" * 500], "write at most 400"),
    ):
        code, _, err = sinowire("search", *args)
        assert (code, said in err) == (2, True), args
