"""One address for one article."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.urls.canonical import (
    SecretUrl,
    canonical_url,
    hide_secrets,
    public_base,
    redact_target,
    redact_url,
)
from transforms.urls.identity import article_id, identity_of


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://News.Example:443/A?id=1", "https://news.example/A?id=1"),
        ("http://news.example:80", "http://news.example/"),
        ("http://news.example:8080/a", "http://news.example:8080/a"),
        ("http://news.example./a", "http://news.example/a"),
        ("http://user:secret@news.example/a", "http://news.example/a"),
        ("https://news.example/a/../b/./c", "https://news.example/b/c"),
        ("https://news.example/../../a/", "https://news.example/a/"),
        ("https://news.example/a/..", "https://news.example/"),
        ("https://news.example/a/b/.", "https://news.example/a/b/"),
        ("https://news.example/a#0", "https://news.example/a"),
        ("https://news.example/#!/story/1", "https://news.example/#!/story/1"),
        ("https://news.example/#/story/1", "https://news.example/#/story/1"),
        (
            "https://news.example/新闻?q=芯片",
            "https://news.example/%E6%96%B0%E9%97%BB?q=%E8%8A%AF%E7%89%87",
        ),
        ("https://news.example/%e6%96%b0 x%", "https://news.example/%E6%96%B0%20x%25"),
        (" https://news.example/a\n", "https://news.example/a"),
        ('https://news.example/<b>?a="c"', "https://news.example/%3Cb%3E?a=%22c%22"),
        ("http://[2606:2800::1]:80/a", "http://[2606:2800::1]/a"),
        ("https://news.example/a?b=&c", "https://news.example/a?b=&c"),
    ],
)
def test_canonical_form(url, expected):
    """Letter case, ports, dots, fragments and escapes do not make another address."""
    assert canonical_url(url) == expected


@pytest.mark.parametrize(
    "query",
    [
        "utm_source=rss&utm_medium=feed",
        "spm=a2c4e.1",
        "fbclid=x",
        "gclid=x",
        "f=rss",
        "from=rss",
        "from=rss_feed",
        "ref=rss",
        "source=feed",
        "rss",
        "at_medium=RSS&at_campaign=rss",
        "mc_cid=1",
        "UTM_Campaign=x",
        "share_source=copy",
        "spm_id_from=333",
        "xtor=RSS-1",
        "f=feedburner",
    ],
)
def test_tracking_is_dropped(query):
    """Parameters that name a campaign or a click say nothing about the page."""
    assert canonical_url(f"https://news.example/a?{query}") == "https://news.example/a"
    assert (
        canonical_url(f"https://news.example/a?id=1&{query}")
        == "https://news.example/a?id=1"
    )


@pytest.mark.parametrize(
    "query", ["from=home", "f=1", "ref=abc", "source=reuters", "p=1916054", "from_nav=1"]
)
def test_meaning_is_kept(query):
    """The same parameters with another value are the page's own."""
    assert canonical_url(f"https://news.example/?{query}").endswith(f"?{query}")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "/a",
        "http://",
        "http://[::1",
        "http://a b/",
        "http://x.example:port/",
        "mailto:a@b.example",
        "http://%61/",
        "https://[::1]x@y]/a",
        "https://][::1]x@[http://",
    ],
)
def test_no_address(url):
    """What is no http address has no canonical form."""
    assert canonical_url(url) == ""


def test_google_news_links_stay_as_they_are():
    """An opaque link cannot be taken apart."""
    url = "https://news.google.com/rss/articles/CBMiAbc?oc=5&utm_source=x"

    assert canonical_url(url) == url


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=80))
def test_canonical_form_is_stable(text):
    """Making a canonical address canonical changes nothing, whatever it holds."""
    for url in (f"https://news.example/{text}", f"HTTP://{text}", text):
        once = canonical_url(url)
        assert canonical_url(once) == once


_PLAIN = r"https?://([a-z.-]{1,8}\.x/)?[a-z0-9/.%:@?&=_-]{0,20}"


@given(st.from_regex(_PLAIN, fullmatch=True))
def test_plain_addresses_are_no_exception(url):
    """What has its one form already is recognised; a fragment, which goes, hides that."""
    assert canonical_url(url) == canonical_url(f"{url}#part")


_SAME = [
    ("https://x.example/a/chips/", "https://x.example/a/chips"),
    ("http://x.example/a?id=7&p=2", "https://x.example/a?p=2&id=7"),
    ("https://s.x.example/find?q=%23芯片%23", "https://s.x.example/find?q=芯片"),
    ("https://s.x.example/find?q=a+b", "https://s.x.example/find?q=a%20b"),
    (
        "https://x.example/world/asia/chip-makers-win-big-2026-03-01/",
        "https://x.example/tech/chip-makers-win-big-2026-03-01",
    ),
    (
        "https://x.example/2026/03/01/business/chip-makers-win-big.html",
        "https://x.example/2026/03/01/technology/chip-makers-win-big.html",
    ),
    (
        "https://x.example/tech/big-tech/article/3301234/chip-makers-win-big",
        "https://x.example/news/china/article/3301234/chip-makers-win-big/",
    ),
    (
        "https://x.example/articles/chip-makers-win-big-91d32f8f?mod=rss_Technology",
        "https://x.example/tech/chip-makers-win-big-91d32f8f?mod=hp_lead_pos1",
    ),
    (
        "https://x.example/2026/9/19/1234567/chip-makers-win-big",
        "https://x.example/2026/9/19/1234567/chip-maker-wins",
    ),
    (
        "https://finance.x.example/stock/2026-03-10/doc-inabcdef0044305.shtml",
        "https://tech.x.example/roll/2026-03-10/doc-inabcdef0044305.shtml",
    ),
    (
        "https://www.x.example/article/7611105570115912234/",
        "https://m.x.example/trending/7611105570115912234",
    ),
    (
        "http://www.bing.com/news/apiclick.aspx?tid=1&url=https%3a%2f%2fx.example%2fa%2f1&c=2",
        "http://www.bing.com/news/apiclick.aspx?tid=3&url=https%3a%2f%2fx.example%2fa%2f1&c=4",
    ),
    ("https://link.zhihu.com/?target=https%3A//x.example/a", "https://x.example/a"),
    ("https://x.example/a?syn-25a6b1a6=1", "https://x.example/a"),
    ("https://x.example/a?adChannelId=news&id=2", "https://x.example/a?id=2"),
    (
        "https://x.example/a/chip-makers-win?siteid=yhoof2&yptr=yahoo",
        "https://x.example/a/chip-makers-win",
    ),
    (
        "https://x.example/p/3425154885389697?source=copy_link",
        "https://x.example/p/3425154885389697",
    ),
]


@pytest.mark.parametrize(("one", "other"), _SAME)
def test_addresses_of_one_article(one, other):
    """Slashes, schemes, hashtags, sections and counters of clicks make no other article."""
    assert article_id(one, "f", "g") == article_id(other, "f", "g")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://x.example/a?id=1", "https://x.example/a?id=2"),
        (
            "https://x.example/forum.php?mod=view&tid=1",
            "https://x.example/forum.php?mod=post&tid=1",
        ),
        ("https://x.example/show?siteid=1&id=4", "https://x.example/show?siteid=2&id=4"),
        ("https://x.example/list?source=reuters", "https://x.example/list?source=xinhua"),
        ("https://x.example/question/123456789", "https://x.example/p/123456789"),
        ("https://x.example/article/1234567", "https://x.example/video/1234567"),
        (
            "https://x.example/ann/my-very-own-fork",
            "https://x.example/ben/my-very-own-fork",
        ),
        (
            "https://x.example/2026/03/01/week-in-three-charts",
            "https://x.example/2026/03/08/week-in-three-charts",
        ),
        (
            "https://x.example/en/chip-makers-win-big-2026-03-01",
            "https://x.example/zh/chip-makers-win-big-2026-03-01",
        ),
        (
            "https://x.example/video/chip-makers-win-big-2026-03-01",
            "https://x.example/tech/chip-makers-win-big-2026-03-01",
        ),
        (
            "https://ann.x.example/chip-makers-win-big-1234567",
            "https://ben.x.example/chip-makers-win-big-1234567",
        ),
        ("https://a.x.example/20260401123456789", "https://b.x.example/20260401123456789"),
        ("https://x.example/#/story/1", "https://x.example/#/story/2"),
        ("https://x.example/find?q=%23a%23b", "https://x.example/find?q=ab"),
    ],
)
def test_addresses_of_two_articles(one, other):
    """What carries the article stays: numbers, dates, languages, owners, media."""
    assert article_id(one, "f", "g") != article_id(other, "f", "g")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=80))
def test_identity_is_stable(text):
    """What addresses share has no other identity itself, whatever they hold."""
    once = identity_of(canonical_url(f"https://news.example/{text}"))

    assert identity_of(once) == once


def test_wrappers_lead_to_the_web_alone():
    """A link that counts clicks counts for the page behind it, if that is one."""
    wrapped = "https://link.zhihu.com/?target=javascript%3Aalert(1)"

    assert canonical_url(wrapped) == wrapped


def test_id_is_of_the_address_wherever_it_was_seen():
    """The same page has the same id in every feed, under every disguise."""
    plain = article_id("https://news.example/a", "feed", "guid")

    assert plain == article_id("https://NEWS.example/a?utm_source=x#0", "other", "")
    assert len(plain) == 20
    assert int(plain, 16)


def test_id_without_address_is_of_feed_and_guid():
    """Entries without a link are told apart by guid, feed by feed."""
    ids = {article_id("", feed, guid) for feed in ("a", "b") for guid in ("1", "2")}

    assert len(ids) == 4
    assert article_id("javascript:x", "a", "1") == article_id("", "a", "1")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://me:pw@x.example/f", "https://REDACTED@x.example/f"),
        ("https://x.example/f?api_key=abc&n=5", "https://x.example/f?api_key=REDACTED&n=5"),
        ("https://x.example/f?Token=abc", "https://x.example/f?Token=REDACTED"),
        (
            "https://x.example/f?x=0123456789abcdef01234567",
            "https://x.example/f?x=REDACTED",
        ),
        ("https://x.example/f?x=aB3dE5fG7hI9jK1lM3nO", "https://x.example/f?x=REDACTED"),
        (
            "https://x.example/f?hl=en-US&ceid=US:en",
            "https://x.example/f?hl=en-US&ceid=US:en",
        ),
        ("https://x.example/f?key=", "https://x.example/f?key="),
        (
            "https://x.example/search?q=(Alibaba+OR+JD.com)+when:1d",
            "https://x.example/search?q=(Alibaba+OR+JD.com)+when:1d",
        ),
        ("https://x.example/f?a=1;token=abc", "https://x.example/f?a=1;token=REDACTED"),
        ("https://x.example/f#token=abc", "https://x.example/f#token=REDACTED"),
        (
            "https://x.example/p/0123abcd-0123-0123-0123-0123456789ab.rss",
            "https://x.example/p/REDACTED",
        ),
        (
            "https://x.example/2026/08/a-long-headline.xml",
            "https://x.example/2026/08/a-long-headline.xml",
        ),
        ("http://me:pa/ss@x.example/", "REDACTED"),
        ("http://[", "REDACTED"),
    ],
)
def test_secrets_are_redacted(url, expected):
    """User names, keys and what looks like one do not reach the warehouse."""
    assert redact_url(url) == expected


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://me:open sesame@x.example/f", "open sesame"),
        ("https://me:a%2Fbcd@x.example/f", "a/bcd"),
        ("https://x.example/f?token=abcdef", "<title>404 /f?token=abcdef</title>"),
        ("https://keykeykeykey@x.example/f", "bad key keykeykeykey"),
        ("http://me:pass1/word@x.example/", "Invalid port: 'pass1'"),
    ],
)
def test_secrets_are_struck_out_of_texts(url, text):
    """What libraries and servers say about an address does not tell its secrets."""
    hidden = hide_secrets(text, url)

    assert "REDACTED" in hidden
    for secret in ("sesame", "bcd", "key keykey", "pass1"):
        assert secret not in hidden


def test_texts_about_open_addresses_stay():
    """An address without secrets strikes out nothing, not even its own user name."""
    assert hide_secrets("no feed at /feed", "https://feed:pw@x.example/feed") == (
        "no feed at /feed"
    )
    assert hide_secrets("x.example fails", "https://x.example:8080/@a/f?q=b@c") == (
        "x.example fails"
    )


def test_base_of_links_carries_no_secrets():
    """Relative links are made absolute without the key that their feed was asked with."""
    assert public_base("https://me:pw@x.example:8/a/f?key=abc") == (
        "https://x.example:8/a/f?key=REDACTED"
    )
    assert public_base("http://[") == "REDACTED"


def test_of_a_secret_address_its_host_is_left():
    """Any step of it may be the secret, so nothing repeats one, however it is quoted."""
    secret = SecretUrl("https://me:pw@x.example:8/swordfish/feed.xml?q=opensesame")

    assert redact_url(secret) == public_base(str(secret), secret) == "https://x.example:8/"
    assert redact_url(str(secret)).endswith("/swordfish/feed.xml?q=opensesame")
    said = "no feed at /swordfish/feed.xml, not at /swordfish, nor with opensesame"
    assert hide_secrets(said, secret) == (
        "no feed at REDACTED, not at /REDACTED, nor with REDACTED"
    )
    assert redact_target("https://y.example/to/swordfish", secret) == (
        "https://y.example/to/REDACTED"
    )
    assert pickle.loads(pickle.dumps(secret)).__class__ is SecretUrl
