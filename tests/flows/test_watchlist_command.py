"""`sinowire watchlist`: what its rules are tried on, and why a name is found."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from either_kind import publish, writer

pytestmark = pytest.mark.slow


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


def test_an_id_that_was_given_up_leads_on(home, sinowire):
    """It is explained, and said what it is called now; one that never was is an error."""
    line = {"url": "https://x.example/1", "title": "Baidu opens a robot lab"}
    (home / "h.jsonl").write_text(json.dumps(line), encoding="utf-8")
    sinowire("import", home / "h.jsonl")
    former = "f" * 20
    with writer(home) as con:
        con.execute(
            "insert into article_merges select ?, article_id, now() from articles", [former]
        )
    publish(home)

    code, out, err = sinowire("watchlist", "why", former)

    assert (code, "Baidu" in out) == (0, True)
    assert f"{former} was merged into article " in err
    assert sinowire("watchlist", "why", "e" * 20)[0] == 2


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
