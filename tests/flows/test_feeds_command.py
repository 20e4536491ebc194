"""What `sinowire feeds` refuses, and what it says then."""

from __future__ import annotations

import gzip
import json

import pytest


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("notaurl",), "'notaurl' is not an http or https address"),
        (("ftp://x.example/feed",), "not an http or https address"),
        (("http://[",), "not an http or https address"),
        (("{web}/good", "--id", "Bad Id!"), "letters, digits, - and _"),
        (("{web}/good", "--id", "-a"), "a letter or digit first"),
        (("{web}/good", "--id", "other"), "'other' is taken"),
    ],
)
def test_what_cannot_be_added_is_refused_before_any_fetch(
    home, web, subscribe, sinowire, args, message
):
    """A wrong request is exit 2, and no server hears of it."""
    subscribe("/other")

    code, out, err = sinowire("feeds", "add", *(arg.format(web=web.url) for arg in args))

    assert (code, out) == (2, "")
    assert message in err
    assert web.requests == []


def test_zone_of_a_document_to_parse_is_checked(home, sinowire, tmp_path):
    """The option is named, and an example given."""
    file = tmp_path / "feed.xml"
    file.write_text("<rss version='2.0'><channel><title>t</title></channel></rss>")

    code, out, err = sinowire("feeds", "parse", file, "--timezone", "Nope/X")

    assert (code, out) == (2, "")
    assert "--timezone 'Nope/X'" in err
    assert "Asia/Shanghai" in err


def test_error_of_parse_names_the_file(home, sinowire, tmp_path):
    """Not the address that relative links would be resolved against."""
    file = tmp_path / "page.html"
    file.write_text("<html><body>Down for maintenance</body></html>")

    code, _, err = sinowire("feeds", "parse", file)

    assert code == 1
    assert str(file) in err
    assert "feed.example" not in err


@pytest.mark.parametrize(("good", "code"), [((), 1), (("/good",), 0)])
def test_check_of_several_fails_where_none_is_well(
    home, web, subscribe, sinowire, good, code
):
    """One ill feed of many is every day's news; all of them ill is a failure."""
    web.feed("/good", ("https://x.example/1", "Hello", ""))
    subscribe("/bad", "/worse", *good)

    assert sinowire("feeds", "check")[0] == code


def test_check_of_no_feed_says_so(home, sinowire):
    """A home without feeds has nothing to check."""
    code, _, err = sinowire("feeds", "check")

    assert code == 2
    assert "no enabled feed in feeds.toml" in err


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{}", "neither title nor text"),
        ('{"title": null, "summary": "x"}', "neither title nor text"),
        ('{"title": 5}', "texts in quotes"),
        ('{"text": ["a"]}', "texts in quotes"),
        ('{"title": "a", "summary": {}}', "texts in quotes"),
    ],
)
def test_line_without_words_to_tag_is_named(home, sinowire, line, message):
    """The number of the line counts empty lines as an editor does."""
    code, out, err = sinowire(
        "watchlist", "tag", stdin=f'{{"title": "", "summary": null}}\n\n{line}\n'
    )

    assert code == 2
    assert len(out.splitlines()) == 1
    assert "line 3: " in err
    assert message in err


KEYED = """
[feed.keyed]
url = "https://me:hunter2-pass@x.example/feed?token=tok-5f4dcc3b5aa7&a=1"

[feed.plain]
url = "https://y.example/feed"

[feed.hidden]
url = { env = "HIDDEN_FEED" }
"""


def test_an_export_holds_no_secret_unless_asked(home, sinowire, monkeypatch):
    """A list is made to be passed on; with secrets it is for oneself."""
    monkeypatch.setenv("HIDDEN_FEED", "https://z.example/swordfish/feed")
    (home / "feeds.toml").write_text(KEYED)

    _, public, said = sinowire("feeds", "export")
    _, whole, nothing = sinowire("feeds", "export", "--with-secrets")

    assert [s for s in ("hunter2", "tok-5f4", "swordfish", "me:") if s in public] == []
    assert 'xmlUrl="https://y.example/feed"' in public
    assert 'xmlUrl="https://z.example/REDACTED"' in public
    assert said == "left out the secrets of 2 addresses; --with-secrets keeps them\n"
    assert "hunter2-pass@x.example/feed?token=tok-5f4dcc3b5aa7&amp;a=1" in whole
    assert "https://z.example/swordfish/feed" in whole
    assert nothing == ""


def test_an_address_without_its_secrets_is_not_subscribed(home, sinowire, tmp_path):
    """What an export took out is no address to poll."""
    (home / "feeds.toml").write_text(KEYED.partition("[feed.hidden]")[0])
    _, public, _ = sinowire("feeds", "export")
    file = tmp_path / "list.opml"
    file.write_text(public)
    (home / "feeds.toml").write_text("")

    code, out, err = sinowire("feeds", "import", file)

    assert (code, out) == (0, "added 1 feed; already in feeds.toml: 0\n")
    assert "came without its secrets: add it by hand" in err


def test_an_address_from_the_environment_is_told_as_its_host(home, sinowire, monkeypatch):
    """Whatever stands in such an address may be the secret."""
    monkeypatch.setenv("HIDDEN_FEED", "https://z.example:8443/swordfish/feed")
    (home / "feeds.toml").write_text(KEYED)

    _, out, _ = sinowire("feeds", "list", "--format", "json")

    told = {row["feed_id"]: row["url"] for row in json.loads(out)}
    assert told["hidden"] == "https://z.example:8443/"
    assert told["plain"] == "https://y.example/feed"


PAGE = "<html><body><ul class='news'>{}</ul></body></html>".format(
    "".join(
        f"<li><a href='/n/{n}'>百度发布第{n}款人工智能机器人产品</a><i>{n}小时前</i></li>"
        for n in range(5)
    )
)
LIST = "list = { items = 'ul.news > li', date = 'i' }\n"


def test_page_without_a_feed_is_read_by_its_list(home, web, subscribe, sinowire):
    """A page is polled like a feed, from what `add` finds on it to mentions."""
    web.page("/news", body=PAGE.encode(), content_type="text/html; charset=utf-8")

    code, _, err = sinowire("feeds", "add", f"{web.url}/news")
    assert code == 1
    assert "--page reads" in err
    assert 'list = { items = "ul.news > li", date = "i" }' in err

    (home / "feeds.toml").write_text("")
    code, out, _ = sinowire("feeds", "add", f"{web.url}/news", "--page", "--id", "news")
    assert (code, out) == (0, f"added news: {web.url}/news\n")
    assert 'items = "ul.news > li"' in (home / "feeds.toml").read_text()
    code, out, _ = sinowire("run", "--json")
    assert code == 0
    assert json.loads(out)["new_articles"] == 5
    assert json.loads(out)["mentions"] > 0
    assert (
        json.loads(sinowire("run", "--json", "--now", "2030-01-01")[1])["new_articles"] == 0
    )
    assert "/robots.txt" in [path for _, path, _, _ in web.requests]


def test_document_is_parsed_as_a_feed_of_the_file(home, web, sinowire, tmp_path):
    """With --feed, a saved page is read by that feed's selectors, address and zone."""
    file = tmp_path / "page.html.gz"
    file.write_bytes(gzip.compress(PAGE.encode()))
    (home / "feeds.toml").write_text(
        f'[feed.news]\nurl = "https://x.example/list"\nlanguage = "zh"\n{LIST}'
    )

    code, out, _ = sinowire("feeds", "parse", file, "--feed", "news", "--now", "2026-08-04")
    alone = sinowire("feeds", "parse", file)
    unknown = sinowire("feeds", "parse", file, "--feed", "nope")

    first = json.loads(out.splitlines()[1])
    assert (code, len(out.splitlines())) == (0, 5)
    assert first["url"] == "https://x.example/n/1"
    assert first["published_at"] == "2026-08-03T23:00:00+00:00"
    assert (alone[0], unknown[0]) == (1, 2)
    assert "a web page, not a feed" in alone[2]


def test_compressed_document_that_breaks_off(home, sinowire, tmp_path):
    """Half a .gz file is named as such."""
    file = tmp_path / "feed.xml.gz"
    file.write_bytes(gzip.compress(PAGE.encode())[:-20])

    code, _, err = sinowire("feeds", "parse", file)

    assert code == 1
    assert "feed.xml.gz: the compressed answer breaks off" in err


def test_check_says_what_is_wrong_in_one_sentence(home, web, subscribe, sinowire):
    """Standard error has one line, and --json prints an object a feed."""
    web.feed("/good", ("https://x.example/1", "Hello", ""))
    subscribe("/good", "/bad")

    code, _, err = sinowire("feeds", "check", f"{web.url}/missing")
    assert (code, err.count("\n")) == (1, 1)
    assert err.startswith("error: check: HTTP 404")

    code, out, _ = sinowire("feeds", "check", "--json")
    records = [json.loads(line) for line in out.splitlines()]
    assert (code, [record["ok"] for record in records]) == (0, [True, False])
    assert records[0]["sample"][0]["title"] == "Hello"
