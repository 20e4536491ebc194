"""`sinowire watchlist reject`: a wrong match teaches the home's own file."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from warehouse.file.connect import open_published

HEADLINES = (
    ("Baidu opens a robot lab", "The Beijing firm 百度 hires"),
    ("Roborock sells a robot", "石头科技 says so"),
    ("一百度的水烫不烫", ""),
    ("百度的水", ""),
    ("百度发布新车", "Baidu does"),
)


@pytest.fixture
def history(home, import_once):
    """A home with a handful of articles; returns the id of a headline."""
    lines = [
        json.dumps(
            {
                "url": f"https://x.example/{n}",
                "title": title,
                "summary": summary,
                "published": "2026-08-04T12:00Z",
                "publisher": f"Outlet {n}",
            }
        )
        for n, (title, summary) in enumerate(HEADLINES)
    ]
    (home / "h.jsonl").write_text("\n".join(lines), encoding="utf-8")
    import_once("watched", home / "h.jsonl")
    with open_published(home / "data" / "sinowire.duckdb") as con:
        ids = dict(con.execute("select title, article_id from articles").fetchall())
    return lambda title: ids[title]


def test_reject_keeps_an_example_and_proposes(history, home, sinowire):
    """Without --apply only the example is written; the proposal shows its effect."""
    before = (home / "watchlist.toml").read_text("utf-8")

    code, out, err = sinowire(
        "watchlist", "reject", history("百度的水"), "baidu", "--format", "json"
    )

    (learned,) = json.loads(out)
    assert (code, learned["alias"], learned["field"]) == (0, "百度", "title")
    assert learned["exclusion"] == "{A}的水"
    assert (learned["removed"], learned["matches"]) == (2, 4)
    assert sorted(learned["examples"]) == ["一百度的水烫不烫", "百度的水"]
    assert "retag --dry-run" in err
    after = (home / "watchlist.toml").read_text("utf-8")
    assert len(set(after.splitlines()) ^ set(before.splitlines())) == 2
    assert not list(home.glob("*.part"))
    assert "fails its example" in sinowire("watchlist", "check", "--format", "json")[1]


def test_reject_applies(history, home, sinowire):
    """With --apply the match is gone, and retag takes out what is stored."""
    code, out, _ = sinowire("watchlist", "reject", history("百度的水"), "baidu", "--apply")

    assert code == 0
    assert "not = '{A}的水' (added)" in out
    article = f"{history('百度的水')} not-about baidu"
    assert out.startswith(f"this article only: sinowire verdicts add {article}\n")
    assert "2 would stay, such as" in out
    assert "2 of 4 stored mentions would go" in out
    assert sinowire("watchlist", "why-not", "百度的水", "baidu")[1].startswith("excluded")
    assert "fails its example" not in sinowire("watchlist", "check")[1]
    dry = json.loads(sinowire("retag", "--dry-run", "--format", "json")[1])
    removed = {row["id"]: row["removed"] for row in dry}
    assert removed == {"baidu": 2, "on-beat": 2, "happened": 2}


def test_reject_without_a_file_extends_the_shipped_one(home, sinowire, tmp_path):
    """One alias is added to the company, and all else of it stays as shipped."""
    (home / "watchlist.toml").unlink()
    line = {"url": "https://x.example/1", "title": "Xiaomi prices millet"}
    (tmp_path / "h.jsonl").write_text(json.dumps(line), encoding="utf-8")
    sinowire("import", tmp_path / "h.jsonl")
    _, out, _ = sinowire("sql", "select article_id from articles", "--format", "csv")

    code, _, err = sinowire("watchlist", "reject", out.split()[-1], "xiaomi", "--apply")

    assert (code, "wrote" in err) == (0, True)
    text = (home / "watchlist.toml").read_text("utf-8")
    assert text.startswith('extends = "default"\n\n[company.xiaomi]\nextends = "default"\n')
    assert text.count("text =") == 1
    shipped = json.loads(sinowire("watchlist", "list", "--format", "json")[1])
    [xiaomi] = (row for row in shipped if row["company_id"] == "xiaomi")
    assert len(xiaomi["aliases"]) > 5
    assert "not: Xiaomi prices millet" in text
    assert sinowire("watchlist", "why-not", "Xiaomi prices millet", "xiaomi")[1].startswith(
        "excluded"
    )


def test_reject_refuses_what_is_not_there(history, home, sinowire):
    """No article, no such mention: 2; not found any more: 1. The file stays."""
    before = (home / "watchlist.toml").read_text("utf-8")
    some = history("Baidu opens a robot lab")

    code, _, err = sinowire("watchlist", "reject", "0" * 20, "baidu")
    assert (code, "no article" in err) == (2, True)
    code, _, err = sinowire("watchlist", "reject", some, "roborock")
    assert (code, "it names baidu" in err) == (2, True)
    assert (home / "watchlist.toml").read_text("utf-8") == before
    (home / "watchlist.toml").write_text(
        before.replace("百度", "度娘").replace("Baidu", "Bai")
    )
    code, _, err = sinowire("watchlist", "reject", some, "baidu")
    assert (code, "sinowire retag" in err) == (1, True)


def test_reject_of_a_ticker(home, sinowire, tmp_path):
    """A ticker has no table to hold an exception."""
    with (home / "watchlist.toml").open("a", encoding="utf-8") as file:
        file.write('\n[company.meow]\nname = "Meow"\ntickers = ["MEOW"]\n')
    line = {"url": "https://x.example/1", "title": "$MEOW up"}
    (tmp_path / "h.jsonl").write_text(json.dumps(line), encoding="utf-8")
    sinowire("import", tmp_path / "h.jsonl")
    _, out, _ = sinowire("sql", "select article_id from articles", "--format", "csv")

    code, _, err = sinowire("watchlist", "reject", out.split()[-1], "meow")

    assert (code, "take it out of tickers" in err) == (1, True)


def test_check_asks_for_examples_of_shipped_rules_too(home, sinowire):
    """The shipped file has them; a copy that lost a pair of them is told so."""
    shipped = (Path(__file__).parents[2] / "watchlist.toml").read_text("utf-8")
    lost = re.sub(r', examples = \[\s*"滴滴单季扭亏"[^\]]*\]', "", shipped)
    assert lost != shipped
    (home / "watchlist.toml").write_text(lost, encoding="utf-8")

    out = sinowire("watchlist", "check", "--format", "json")[1]

    (found,) = json.loads(out)
    assert (found["check"], found["entry"]) == ("untried rule", "company.didi")


def test_why_and_why_not_in_words(home, sinowire):
    """The reason that a person would give, of names, of none, and of a full text."""
    (home / "watchlist.toml").write_text('extends = "default"\n', encoding="utf-8")

    def said(*args):
        code, out, _ = sinowire("watchlist", *args)
        assert code == 0
        return out

    why = json.loads(said("why", "荣耀推出轻薄新机", "--format", "json"))
    (hit,) = why["hits"]
    assert (hit["company_id"], hit["listed"], hit["gate"]) == ("honor", "荣耀", "context")
    assert hit["why"].endswith("(here '荣耀推出')")

    assert said("why-not", "JD Vance boards a plane", "jd").endswith("(here 'JD Vance')\n")
    assert said("why-not", "JD.com hires", "jd").startswith("named: 'JD.com' in the title")
    absent = said("why-not", "TikTok adds a shop", "bytedance")
    assert absent.startswith("absent: none of its ")
    assert "tiktok is named, which belongs to it" in absent


def test_why_reads_the_full_text_of_a_stored_article(home, sinowire):
    """A mention that is stored for the content is explained, not denied."""
    line = {
        "url": "https://x.example/1",
        "title": "Markets stay calm",
        "summary": "A dull day.",
        "content": "Traders shrugged. Baidu was flat.",
    }
    (home / "h.jsonl").write_text(json.dumps(line), encoding="utf-8")
    sinowire("import", home / "h.jsonl")
    _, out, _ = sinowire("sql", "from mentions", "--format", "json")
    (mention,) = json.loads(out)

    why = sinowire("watchlist", "why", mention["article_id"], "--format", "json")[1]
    absence = sinowire("watchlist", "why-not", mention["article_id"], "baidu")[1]

    (company,) = json.loads(why)["companies"]
    assert mention["field"] == "content"
    assert company["why"] == "only the full text names it"
    assert absence.startswith("named: 'Baidu' in the content")
