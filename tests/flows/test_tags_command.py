"""`sinowire tags reject`: a wrong topic teaches the home's own file."""

from __future__ import annotations

import json

import pytest
from either_kind import writer

WRONG = "Robot Wars: the film wins a prize"
HEADLINES = (
    WRONG,
    "Baidu opens a robot lab in Wuhan",
    "Roborock sells a robot with an arm",
    "A robot for the harvest of pears",
    "百度发布机器人",
)


@pytest.fixture(autouse=True)
def _of_every_article(home):
    """Wrong topics stand in any article here, off the beat and naming nobody as well."""
    settings = home / "sinowire.toml"
    before = settings.read_text("utf-8") if settings.exists() else ""
    settings.write_text(f"topics_off_beat = true\n{before}", encoding="utf-8")


@pytest.fixture
def history(home, import_once):
    """A home with a handful of articles; returns the id of a headline."""
    lines = [
        json.dumps({"url": f"https://x.example/{n}", "title": title, "publisher": f"P{n}"})
        for n, title in enumerate(HEADLINES)
    ]
    (home / "h.jsonl").write_text("\n".join(lines), encoding="utf-8")
    import_once("tagged", home / "h.jsonl")
    with writer(home) as con:
        ids = dict(con.execute("select title, article_id from articles").fetchall())
    return lambda title: ids[title]


def test_words_are_proposed_and_tried_on_what_is_stored(history, home, sinowire):
    """Nothing is written without --apply; the verdict on the article is named first."""
    before, wrong = (home / "watchlist.toml").read_text("utf-8"), history(WRONG)

    code, out, _ = sinowire("tags", "reject", wrong, "robotics")

    assert code == 0
    verdict = f"sinowire verdicts add {wrong} not-topic robotics"
    assert out.startswith(f"this article only: {verdict}\n")
    assert "(proposed; --apply adds it)" in out
    assert "1 of 5 stored tags would go" in out
    assert "4 would stay, such as" in out
    assert (home / "watchlist.toml").read_text("utf-8") == before


def test_applied_the_topic_is_gone_and_others_keep_it(history, home, sinowire):
    """Retag takes it from the one article; what spoke for it is never excluded."""
    code, out, err = sinowire(
        "tags", "reject", history(WRONG), "robotics", "--apply", "--format", "json"
    )

    (made,) = json.loads(out)
    assert (code, made["removed"], made["tried"]) == (0, 1, 5)
    [word] = made["exclusion"]
    assert word not in {"robot", "the", "a"}
    assert "retag --dry-run" in err
    text = (home / "watchlist.toml").read_text("utf-8")
    assert f'not = ["{word}"]' in text
    assert f'"not: {WRONG}"' in text
    assert sinowire("watchlist", "check")[0] == 0
    dry = json.loads(sinowire("retag", "--dry-run", "--format", "json")[1])
    assert [r["removed"] for r in dry if (r["kind"], r["id"]) == ("topic", "robotics")] == [
        1
    ]


def test_a_shipped_topic_gets_words_and_follows_updates(home, sinowire):
    """Its table adds to the shipped one, and copies nothing of it."""
    (home / "watchlist.toml").write_text('extends = "default"\n', encoding="utf-8")
    line = {
        "url": "https://x.example/1",
        "title": "Chip shortage over: crisps return to pubs",
    }
    (home / "h.jsonl").write_text(json.dumps(line), encoding="utf-8")
    assert sinowire("import", home / "h.jsonl")[0] == 0
    with writer(home) as con:
        [[key]] = con.execute("select article_id from articles").fetchall()
    topic = "semiconductors"

    code, out, err = sinowire("tags", "reject", key, topic, "--apply", "--format", "json")

    assert code == 0, err
    [made] = json.loads(out)
    text = (home / "watchlist.toml").read_text("utf-8")
    assert made["exclusion"] == ["crisps"]
    assert f'[topic.{topic}]\nextends = "default"\n' in text
    assert "terms" not in text
    assert sinowire("watchlist", "check")[0] == 0


def test_what_is_not_there_is_refused(history, sinowire):
    """No article, no such tag: 2, with what to look at."""
    assert "no article" in sinowire("tags", "reject", "0" * 20, "robotics")[2]
    code, _, err = sinowire("tags", "reject", history(WRONG), "event:robotics")
    assert (code, "has no event 'robotics'; see: sinowire watchlist why" in err) == (
        2,
        True,
    )
