"""A headline that is far too long is cut where it comes in, and the cut shows."""

import json

import pytest

pytestmark = pytest.mark.slow

# Quadratic or worse to what cuts outlets, shelves and ages off: no command came back.
HOSTILE = [
    "华为" + " " * 10_000 + "x",
    "华为" + "·｜" * 5_000 + "3小时前",
    "华为" + "<a " * 3_000,
]


def lines(*records):
    return "\n".join(json.dumps(record) for record in records)


@pytest.mark.parametrize("title", HOSTILE)
def test_import_cuts_titles(home, sinowire, title):
    """A line of an import has the bound of a feed's entry."""
    record = {"url": "https://x.example/1", "title": title * 10, "published": "2026-08-01"}
    (home / "history.jsonl").write_text(lines(record))

    assert sinowire("import", home / "history.jsonl")[0] == 0

    _, out, _ = sinowire("sql", "select title from articles", "--format", "json")
    [[stored]] = [row.values() for row in json.loads(out)]
    assert stored.startswith("华为")
    assert len(stored) <= 500


def test_tag_says_what_it_cut(home, sinowire):
    """Only the first 500 characters are tagged, and a note says so."""
    title = "x" * 600 + " Huawei"

    code, out, err = sinowire("watchlist", "tag", stdin=lines({"title": title}))

    assert code == 0
    assert json.loads(out)["companies"] == []
    assert err == "line 1: the title is cut to 500 characters, as a stored one would be\n"


@pytest.mark.parametrize("title", HOSTILE)
def test_commands_cut_titles(home, sinowire, title):
    """What explains, tags and compares texts cuts them, too."""
    pair = {"id": 1, "a": {"title": title}, "b": {"title": "华为发布新机"}}
    for args, stdin in (
        (("watchlist", "why", title), None),
        (("watchlist", "tag"), lines({"title": title})),
        (("stories", "compare"), lines(pair)),
    ):
        code, _, err = sinowire(*args, stdin=stdin)
        assert code == 0
        assert "is cut to 500 characters" in err


def test_parse_shows_the_cut(home, sinowire):
    """`feeds parse --clean` prints the title that is stored, with an ellipsis."""
    title = "Huawei " + "unveils " * 2_000
    (home / "long.xml").write_text(
        f"<rss version='2.0'><channel><item><title>{title}</title>"
        "<link>https://x.example/1</link></item></channel></rss>"
    )

    _, out, _ = sinowire("feeds", "parse", "--clean", home / "long.xml")

    shown = json.loads(out)["title"]
    assert shown.endswith("…")
    assert len(shown) <= 500
