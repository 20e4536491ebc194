"""What `sinowire feeds` refuses, and what it says then."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("notaurl",), "'notaurl' is no http or https address"),
        (("ftp://x.example/feed",), "no http or https address"),
        (("http://[",), "no http or https address"),
        (("{web}/good", "--id", "Bad Id!"), "letters, digits, - and _"),
        (("{web}/good", "--id", "-a"), "a letter or digit first"),
        (("{web}/good", "--id", "other"), "'other' is there already"),
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
