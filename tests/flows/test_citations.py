"""`sinowire cite` and `verify`: what was cited is found again, through all that happens."""

from __future__ import annotations

import json
import re
from hashlib import sha256

import pytest
from either_kind import publish, writer

pytestmark = pytest.mark.slow

LAB = "Baidu opens a robot lab in Shenzhen"
LATER = "Baidu opens a robot laboratory in Shenzhen, its third"
SHOP = "Baidu closes 12 shops in Spain } \\input{x} ER - 50% @misc{"
SHARE = "select stories from subjects_between('2026-08-01', '2026-08-08')"
OF_ARTICLES = """
select table_name from duckdb_columns() join duckdb_tables() using (table_name)
where column_name = 'article_id' and table_name <> 'article_merges'
"""
NUMBER = f"{SHARE} where subject_id = 'baidu'"
DATED = "Tue, 04 Aug 2026 {:02}:00:00 GMT"
FIRST, MONTH_LATER = "2026-08-04T12:00Z", "2026-09-04T12:00Z"


@pytest.fixture
def told(home, web, subscribe, sinowire):
    """A home after a run; returns ids by headlines, and runs it a month later."""
    subscribe("/daily")
    items = [("https://x.example/1", LAB, DATED.format(8)),
             ("https://x.example/2", SHOP, DATED.format(9))]  # fmt: skip

    def run(*more, at=FIRST, lab=LAB):
        items[0] = (items[0][0], lab, items[0][2])
        web.feed("/daily", *items, *more)
        assert sinowire("run", "--now", at)[0] == 0
        with writer(home) as con:
            return dict(con.execute("select title, article_id from articles").fetchall())

    return run


@pytest.fixture
def states(home, sinowire):
    """Verify a text as a file; returns the exit code and the rows by id."""

    def verify(text):
        file = home / "cited"
        file.write_text(text, encoding="utf-8")
        code, out, _ = sinowire("verify", file, "--format", "json")
        return code, {row["id"]: row for row in json.loads(out)}

    return verify


def test_what_is_cited_is_verified_after_a_month(told, states, sinowire, home):
    """An article, a story and a number; late articles change no number as of then."""
    ids = told()
    lab, story = ids[LAB], f"s{ids[SHOP]}"
    texts = {}
    for style in ("csl-json", "ris"):
        made = sinowire("cite", lab, story, NUMBER, "--style", style, "-o", home / "refs")
        assert made[:2] == (0, ""), made
        texts[style] = (home / "refs").read_text("utf-8")
        code, found = states(texts[style])
        assert (code, {row["state"] for row in found.values()}) == (0, {"same"})
    [number] = found.keys() - {lab, story}

    late = ("https://x.example/3", "Baidu sells a mine", DATED.format(10))
    told(late, at=MONTH_LATER, lab=LATER)

    for text in texts.values():
        code, found = states(text)
        assert (code, found[story]["state"], found[number]["state"]) == (1, "same", "same")
        assert (found[lab]["state"], found[lab]["since"][:10]) == (
            "rewritten",
            "2026-09-04",
        )
        assert LATER in found[lab]["why"]
    history = {"url": "https://x.example/4", "title": "Baidu buys a farm"}
    history["published"] = "2026-08-04T07:00Z"
    (home / "old").write_text(json.dumps(history))
    assert sinowire("import", home / "old")[0] == 0
    assert "1 article imported since that is of before" in states(text)[1][number]["why"]
    swapped = re.sub(r'(stories.?":)2', r"\1 5", text).replace("Shenzhen", "Shenzhem")
    code, found = states(swapped.replace(story, f"s{'0' * 20}"))
    assert {key: row["state"] for key, row in found.items()} == {
        lab: "differs", number: "differs", f"s{'0' * 20}": "absent",
    }  # fmt: skip
    assert '"stories":4' in sinowire("cite", NUMBER, "--style", "ris")[1]


def test_a_number_that_is_counted_no_more_is_withdrawn(told, states, sinowire):
    """It is known for one of ours, whatever it was; and it is cited no more."""
    told()
    text = sinowire("cite", NUMBER)[1].replace("subjects_between", "frames_between")
    assert "frames_between" in text

    code, found = states(text)

    assert (code, [row["state"] for row in found.values()]) == (1, ["withdrawn"])
    assert "not counted any more" in next(iter(found.values()))["why"]
    code, _, err = sinowire("cite", NUMBER.replace("subjects_between", "frames_between"))
    assert (code, "frames_between is not counted any more" in err) == (2, True)


@pytest.mark.long
def test_merged_and_parted_ids_are_followed(told, states, sinowire, home):
    """Through verdicts, a retag, and an article's id that is given up."""
    ids = told()
    lab, shop = ids[LAB], ids[SHOP]
    text = sinowire("cite", lab, f"s{lab}", shop, f"s{shop}")[1]

    assert sinowire("verdicts", "add", f"s{lab}", "one-event", f"s{shop}")[0] == 0
    code, found = states(text)
    [into] = {row["now"] for row in found.values()} - {""}
    assert code == 0
    assert sum(f"went into {into}" in row["why"] for row in found.values()) == 1
    assert f"is {into} now" in sinowire("cite", f"s{lab}", f"s{shop}")[2]

    assert sinowire("verdicts", "undo", "1")[0] == 0
    assert sinowire("retag", "--all")[0] == 0
    assert states(text)[0] == 0
    with writer(home) as con:
        for (table,) in con.execute(OF_ARTICLES).fetchall():
            con.execute(
                f"update {table} set article_id = ? where article_id = ?", ["f" * 20, lab]
            )
        con.execute(
            "update seen set key = md5(?)::uuid where key = md5(?)::uuid", ["f" * 20, lab]
        )
        con.execute("insert into article_merges values (?, ?, now())", [lab, "f" * 20])
    publish(home)
    code, found = states(text)
    assert (code, found[lab]["now"]) == (0, "f" * 20)
    assert states(text.replace("robot lab", "robot lap"))[1][lab]["state"] == "differs"


def test_what_is_not_ours_or_no_citation_is_told(told, states, sinowire, home, monkeypatch):
    """Another product's is found by its address; what cannot be read is a sentence."""
    told()
    monkeypatch.chdir(home)
    mine = {"id": "http://zotero.org/7", "title": LAB, "container-title": "Daily",
            "issued": {"date-parts": [[2026, 8]]}, "URL": "https://x.example/1",
            "custom": {"x": 1}}  # fmt: skip
    other = {**mine, "id": "8", "URL": "https://other.example/"}
    (home / "some.bib").write_text("@misc{a, title={b}}")

    code, found = states(json.dumps([mine, other]))
    assert (code, [row["state"] for row in found.values()]) == (1, ["same", "absent"])
    for arguments, said in (
        (["cite", "nobody", "-o", "made"], "no article, story, measure or claim 'nobody'"),
        (["cite", "read_csv('x')", "-o", "made"], "read_csv is not a number that can be"),
        (["cite", "share_between('2020-01-01', '2020-02-01')"], "gives no row"),
        (["verify", "some.bib"], "some.bib is neither CSL-JSON nor RIS"),
        (["verify", "nowhere.json"], "nowhere.json cannot be read: No such file"),
    ):
        code, out, err = sinowire(*arguments)
        assert (code, out, said in err) == (2, "", True), err
    assert not (home / "made").exists()


@pytest.mark.long
def test_of_ten_thousand_citations_one_changed_letter_is_found(home, sinowire):
    """Through a merge and a retag, on either kind of warehouse; no other one differs."""
    count = 10_000
    lines = (
        {
            "url": f"https://x.example/{n}",
            "title": " ".join(
                sha256(b"%d" % n).hexdigest()[at : at + 8] for at in (0, 8, 16, 24)
            ),
            "published": f"2026-08-{1 + n % 28:02}T08:00Z",
            "publisher": "Daily",
            "language": "en",
        }
        for n in range(count)
    )
    file = home / "many"
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    assert sinowire("import", file)[0] == 0
    with writer(home) as con:
        ids = [
            each
            for (each,) in con.execute("from (select article_id from articles)").fetchall()
        ]
    assert sinowire("cite", *ids[:-1], f"s{ids[-1]}", "-o", file)[0] == 0
    cited = json.loads(file.read_text("utf-8"))
    assert sinowire("verdicts", "add", ids[1], "one-event", ids[2])[0] == 0
    assert sinowire("retag", "--all")[0] == 0
    for changed, name in ((7_777, "title"), (9_999, "URL")):
        items = list(cited)
        items[changed] = cited[changed] | {name: f"{cited[changed][name]}e"}
        file.write_text(json.dumps(items), encoding="utf-8")
        code, out, _ = sinowire("verify", file, "--format", "json")
        states = [row["state"] for row in json.loads(out)]
        assert (code, len(states)) == (1, count)
        assert [n for n, state in enumerate(states) if state != "same"] == [changed]
