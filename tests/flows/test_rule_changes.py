"""`--scope rule` of a verdict: a wrong match or topic teaches the home's own file."""

from __future__ import annotations

import json

import pytest
from either_kind import writer

pytestmark = pytest.mark.slow

WRONG = "Robot Wars: the film wins a prize"
WATER = "百度的水"
HEADLINES = (
    (WRONG, ""),
    ("Baidu opens a robot lab in Wuhan", "The Beijing firm 百度 hires"),
    ("Roborock sells a robot with an arm", ""),
    ("A robot for the harvest of pears", ""),
    ("百度发布机器人", "Baidu does"),
    ("一百度的水烫不烫", ""),
    (WATER, ""),
)


@pytest.fixture(autouse=True)
def _of_every_article(home):
    """Wrong topics stand in any article here, off the beat and naming nobody as well."""
    settings = home / "sinowire.toml"
    before = settings.read_text("utf-8") if settings.exists() else ""
    settings.write_text(f"topics_off_beat = true\n{before}", encoding="utf-8")


def ids_of(home):
    with writer(home) as con:
        return dict(con.execute("select title, article_id from articles").fetchall())


@pytest.fixture
def history(home, import_once):
    """A home with a handful of articles; returns the id of a headline."""
    lines = [
        json.dumps(
            {"url": f"https://x.example/{n}", "title": title, "summary": summary,
             "publisher": f"P{n}", "published": "2026-08-04T12:00Z"}
        )
        for n, (title, summary) in enumerate(HEADLINES)
    ]  # fmt: skip
    (home / "h.jsonl").write_text("\n".join(lines), encoding="utf-8")
    import_once("ruled", home / "h.jsonl")
    ids = ids_of(home)
    return lambda title: ids[title]


@pytest.fixture
def exclude(sinowire):
    """Say a verdict and change the rule; returns the exit code and both texts."""

    def change(article_id, kind, value):
        return sinowire("verdicts", "add", article_id, kind, value, "--scope", "rule")

    return change


@pytest.fixture
def one(home, sinowire):
    """Import one headline; returns its id."""

    def imported(title):
        line = {"url": "https://x.example/1", "title": title}
        (home / "h.jsonl").write_text(json.dumps(line), encoding="utf-8")
        assert sinowire("import", home / "h.jsonl")[0] == 0
        return ids_of(home)[title]

    return imported


def removed(sinowire, kind, key):
    rows = json.loads(sinowire("retag", "--dry-run", "--format", "json")[1])
    return [row["removed"] for row in rows if (row["kind"], row["id"]) == (kind, key)]


def test_words_beside_a_name_are_excluded(history, home, sinowire, exclude):
    """The alias learns them and the headline; retag takes out what else has them."""
    code, out, err = exclude(history(WATER), "not-about", "baidu")

    assert code == 0, err
    assert "rule       百度 (in the title)" in out
    assert "not = '{A}的水' (added)" in out
    assert "2 of 4 that are stored would go" in out
    assert "2 would stay, such as" in out
    assert "retag --dry-run" in err
    assert f'"not: {WATER}"' in (home / "watchlist.toml").read_text("utf-8")
    assert sinowire("watchlist", "why-not", WATER, "baidu")[1].startswith("excluded")
    assert "fails its example" not in sinowire("watchlist", "check")[1]
    # The verdict took one of both.
    assert removed(sinowire, "company", "baidu") == [1]


def test_words_of_a_headline_are_excluded_from_a_topic(history, home, sinowire, exclude):
    """The topic loses this article alone; what spoke for it is never excluded."""
    code, out, err = exclude(history(WRONG), "not-topic", "robotics")

    assert code == 0, err
    assert "rule       topic robotics, for which 'robot' spoke" in out.lower()
    assert "1 of 5 that are stored would go" in out
    assert "4 would stay, such as" in out
    assert out.endswith(f"verdict 1: {history(WRONG)} not-topic robotics\n")
    text = (home / "watchlist.toml").read_text("utf-8")
    assert f'"not: {WRONG}"' in text
    assert sinowire("watchlist", "check")[0] == 0
    assert sinowire("verdicts", "undo", 1)[0] == 0
    # The rule stays without the verdict.
    assert sinowire("retag")[0] == 0
    topics = "select count(*) n from tags where topic_id = 'robotics'"
    assert json.loads(sinowire("sql", topics, "--format", "json")[1]) == [{"n": 4}]


def test_a_shipped_topic_gets_words_and_follows_updates(home, sinowire, one, exclude):
    """Its table adds to the shipped one, and copies nothing of it."""
    (home / "watchlist.toml").write_text('extends = "default"\n', encoding="utf-8")
    key = one("Chip shortage over: crisps return to pubs")

    code, out, err = exclude(key, "not-topic", "semiconductors")

    assert code == 0, err
    assert "not = ['crisps'] (added)" in out
    text = (home / "watchlist.toml").read_text("utf-8")
    assert '[topic.semiconductors]\nextends = "default"\n' in text
    assert "terms" not in text
    assert sinowire("watchlist", "check")[0] == 0


def test_without_a_file_one_that_extends_the_shipped_one(home, sinowire, one, exclude):
    """One alias is added to the company, and all else of it stays as shipped."""
    (home / "watchlist.toml").unlink()

    assert exclude(one("Xiaomi prices millet"), "not-about", "xiaomi")[0] == 0

    text = (home / "watchlist.toml").read_text("utf-8")
    assert text.startswith('extends = "default"\n\n[company.xiaomi]\nextends = "default"\n')
    assert text.count("text =") == 1
    assert "not: Xiaomi prices millet" in text
    why_not = sinowire("watchlist", "why-not", "Xiaomi prices millet", "xiaomi")[1]
    assert why_not.startswith("excluded")


def test_what_is_not_there_is_refused(history, home, sinowire, exclude):
    """No article, no such name or topic: 2; not found any more: 1. The file stays."""
    before = (home / "watchlist.toml").read_text("utf-8")
    some = history("Baidu opens a robot lab in Wuhan")
    for asked, said in (
        (("0" * 20, "not-about", "baidu"), "no article"),
        ((some, "not-about", "roborock"), "it names baidu"),
        ((history(WRONG), "not-topic", "event:robotics"), "no topic or event"),
        ((history(WATER), "not-topic", "robotics"), "see: sinowire watchlist why"),
    ):
        code, _, err = exclude(*asked)
        assert (code, said in err) == (2, True), err
    assert (home / "watchlist.toml").read_text("utf-8") == before
    (home / "watchlist.toml").write_text(
        before.replace("百度", "度娘").replace("Baidu", "Bai")
    )
    code, _, err = exclude(some, "not-about", "baidu")
    assert (code, "sinowire retag" in err) == (1, True)
    assert json.loads(sinowire("verdicts", "list", "--format", "json")[1]) == []


def test_a_ticker_knows_no_exceptions(home, one, exclude):
    """It has no table to hold one."""
    with (home / "watchlist.toml").open("a", encoding="utf-8") as file:
        file.write('\n[company.meow]\nname = "Meow"\ntickers = ["MEOW"]\n')

    code, _, err = exclude(one("$MEOW up"), "not-about", "meow")

    assert (code, "take it out of tickers" in err) == (1, True)


@pytest.mark.parametrize("command", ["watchlist reject", "tags reject"])
def test_a_command_of_before_names_the_one_of_today(home, sinowire, command):
    """As an error of the request, whatever follows it."""
    code, out, err = sinowire(*command.split(), "0" * 20, "baidu", "--apply")

    assert (code, out) == (2, "")
    assert f"there is no `{command}` any more; use: sinowire verdicts add ARTICLE_ID" in err
    assert "--scope rule" in err
