"""`sinowire company` and `stories show` print what the pages of the desk show."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def told(home, sinowire):
    """A home with a story of Baidu."""
    line = {"url": "https://x.example/1", "title": "Baidu opens a robot lab in Wuhan"}
    (home / "history.jsonl").write_text(json.dumps(line | {"published": "2026-08-04"}))
    assert sinowire("import", home / "history.jsonl")[0] == 0
    return home


def test_company_and_its_story(told, sinowire):
    """Stories, with whom, on what, by whom; the story names the company."""
    code, out, err = sinowire("company", "baidu", "--format", "json")
    assert (code, err) == (0, "")
    parts = json.loads(out)
    [story] = [row for row in parts if row["part"] == "stories"]
    assert story["headline"] == "Baidu opens a robot lab in Wuhan"
    assert "outlets" in {row["part"] for row in parts}

    assert "Baidu opens" in sinowire("company", "baidu")[1]
    _, out, _ = sinowire("stories", "show", story["story_id"])
    assert "Baidu opens" in out
    assert "named" in out

    code, _, err = sinowire("company", "baidoo")
    assert (code, "near it: baidu" in err) == (2, True)
    assert sinowire("company", "baidu", "--since", "x")[0] == 2
