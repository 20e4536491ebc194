"""Reading feeds.toml."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from connectors.subscriptions import parse_feeds
from transforms.config import ConfigError
from transforms.models import ListSelectors
from transforms.urls.canonical import HubUrl, SecretUrl

ROOT = Path(__file__).resolve().parents[3]
URL = 'url = "https://x.example/feed"'


def one(lines="", env=None):
    text = f"[feed.a]\n{URL}\n{lines}\n"
    (feed,) = parse_feeds(text, env=env or {})
    return feed


def test_everything_that_can_be_said():
    """Every key is read into the feed."""
    feed = one(
        """
        publisher = "Outlet"
        language = "zh-Hant"
        region = "TW"
        kind = "regulator"
        timezone = "Asia/Taipei"
        proxy = "http://127.0.0.1:7890"
        poll = "15m"
        max_silence = "2d"
        headers = { X-Plain = "yes", Authorization = { env = "TOKEN" } }
        enabled = false
        note = "why"
        """,
        env={"TOKEN": "Bearer s3cret"},
    )

    assert (feed.feed_id, feed.url, feed.publisher) == (
        "a",
        "https://x.example/feed",
        "Outlet",
    )
    assert (feed.language, feed.region, feed.kind) == ("zh-Hant", "TW", "regulator")
    assert (feed.timezone, feed.proxy) == ("Asia/Taipei", "http://127.0.0.1:7890")
    assert (feed.poll, feed.max_silence) == (timedelta(minutes=15), timedelta(days=2))
    assert feed.headers == (("X-Plain", "yes"), ("Authorization", "Bearer s3cret"))
    assert (feed.enabled, feed.note) == (False, "why")


def test_little_needs_to_be_said():
    """An address is enough; the zone follows the language."""
    feed = one()

    assert (feed.kind, feed.enabled, feed.poll, feed.zone) == ("news", True, None, "UTC")
    assert one('language = "zh"').zone == "Asia/Shanghai"


def test_empty_text_means_no_feeds():
    """An empty file is a choice, not a mistake."""
    assert parse_feeds("") == []
    assert parse_feeds("# nothing yet\n[feed]\n") == []


def test_secret_address():
    """An address that holds a secret may come from the environment."""
    (feed,) = parse_feeds(
        '[feed.a]\nurl = { env = "U" }\n', env={"U": "https://x.example/?k=1"}
    )

    assert feed.url == "https://x.example/?k=1"


@pytest.mark.parametrize(
    ("text", "problem", "line"),
    [
        (f"[feed.a]\n{URL}\nlanguag = 'zh'", "did you mean 'language'", 3),
        ("[feeds.a]\nurl = 'x'", "did you mean 'feed'", 1),
        ("[feed.a]\npublisher = 'x'", "has no url", 1),
        ("[feed.a]\nurl = 'ftp://x.example'", "not an http or https address", 2),
        ("[feed.a]\nurl = 'http://['", "not an http or https address", 2),
        ("[feed.a]\nurl = 'https://x.example/a b'", "not an http or https address", 2),
        ("[feed.a]\nurl = 5", "neither a text nor a variable", 2),
        ("[feed.a]\nurl = { env = 'NOPE' }", "environment variable NOPE", 2),
        (f"[feed.a]\n{URL}\nkind = 'paper'", "'paper' is not a kind", 3),
        (f"[feed.a]\n{URL}\ntimezone = 'Beijing'", "not a time zone", 3),
        (f"[feed.a]\n{URL}\ntimezone = '../etc'", "not a time zone", 3),
        (f"[feed.a]\n{URL}\nlanguage = 'Chinese'", "not a language code", 3),
        (f"[feed.a]\n{URL}\npoll = 30", "not a span", 3),
        (f"[feed.a]\n{URL}\npoll = '30'", "not a span", 3),
        (f"[feed.a]\n{URL}\npoll = '0m'", "not a span", 3),
        (f"[feed.a]\n{URL}\nmax_silence = '5m'", "not a span", 3),
        (f"[feed.a]\n{URL}\npoll = '9999999999w'", "not a span", 3),
        (f"[feed.a]\n{URL}\nproxy = 'ftp://x.example'", "not a proxy", 3),
        (f"[feed.a]\n{URL}\nproxy = '127.0.0.1:7890'", "not a proxy", 3),
        (f"[feed.a]\n{URL}\nproxy = 'http://127.0.0.1:99999'", "not a proxy", 3),
        (f"[feed.a]\n{URL}\nproxy = 5", "neither a text nor a variable", 3),
        (f"[feed.a]\n{URL}\nenabled = 'yes'", "neither true nor false", 3),
        (f"[feed.a]\n{URL}\nnote = 5", "is not a text", 3),
        (f"[feed.a]\n{URL}\nheaders = 'x'", "is not a table", 3),
        (f"[feed.a]\n{URL}\nheaders = {{ authorization = 'x' }}", "is a literal secret", 3),
        (f"[feed.a]\n{URL}\nheaders = {{ Cookie = 'x' }}", "is a literal secret", 3),
        (f"[feed.a]\n{URL}\nheaders = {{ 'X Y' = 'x' }}", "not an HTTP header", 3),
        (f'[feed.a]\n{URL}\nheaders = {{ X = "a\\nb" }}', "not an HTTP header", 3),
        (f"[feed.a]\n{URL}\nheaders = {{ X = {{ var = 'x' }} }}", "neither a text", 3),
        (
            f"[feed.a]\n{URL}\n[feed.b]\nurl = 'https://X.example/feed/'",
            "also the address of",
            4,
        ),
        (f"[feed.a]\n{URL}\nalso = 'https://y.example'", "not a list of addresses", 3),
        (f"[feed.a]\n{URL}\nalso = ['y.example/feed']", "not an http or https", 3),
        (f"[feed.a]\n{URL}\nalso = [5]", "neither a text nor a variable", 3),
        (f"[feed.a]\n{URL}\nalso = ['https://x.example/feed']", "also the address of", 3),
        (
            f"[feed.a]\n{URL}\nalso = ['https://y.example/']\n[feed.b]\nurl='https://y.example'",
            r"\[feed.a.also\] is also the address of \[feed.b\]",
            3,
        ),
        ("[feed.a]\nurl = 'rsshub://36kr/hot-list'", "not a route of an RSSHub", 2),
        ("[feed.a]\nurl = 'rsshub:36kr'", "not a route of an RSSHub", 2),
        ("[feed.a]\nurl = 'rsshub:/a b'", "not a route of an RSSHub", 2),
        (f"[feed.a]\n{URL}\nalso = ['rsshub:']", "not a route of an RSSHub", 3),
        (f"[feed.a]\n{URL}\n[feed.a]\n{URL}", "not valid TOML", 3),
        (f'[feed."a b"]\n{URL}', "not a feed id", 1),
        ("feed = 5", "not a table of feeds", 1),
        ("[feed]\na = 5", "is not a table", 2),
        ("[feed.a\n", "not valid TOML", 1),
    ],
)
def test_mistake_names_its_line(text, problem, line):
    """A mistake is an error with file, line and remedy."""
    with pytest.raises(ConfigError, match=problem) as caught:
        parse_feeds(text)

    assert str(caught.value).startswith(f"feeds.toml:{line}: ")
    assert caught.value.remedy


def test_secrets_are_not_in_the_error():
    """An error about a secret header does not repeat it."""
    with pytest.raises(ConfigError) as caught:
        parse_feeds(f"[feed.a]\n{URL}\nheaders = {{ Cookie = 'sess=123' }}")

    assert "123" not in str(caught.value)


ROUTE = "[feed.a]\nurl = 'rsshub:/36kr/hot-list'\n"


def test_routes_of_an_rsshub_are_those_of_the_one_that_is_named():
    """Without it such a feed is off for want of it; one that was paused is only paused."""
    (named,) = parse_feeds(ROUTE, rsshub="http://hub.lan:1200")
    (waiting,) = parse_feeds(ROUTE)
    (paused,) = parse_feeds(ROUTE + "enabled = false")

    assert (named.url, named.enabled, named.lacks) == (
        "http://hub.lan:1200/36kr/hot-list",
        True,
        "",
    )
    assert isinstance(named.url, HubUrl)
    assert (waiting.url, waiting.enabled, waiting.lacks) == (
        "rsshub:/36kr/hot-list",
        False,
        "rsshub",
    )
    assert (paused.enabled, paused.lacks) == (False, "")


def test_second_addresses():
    """They are addresses in their order; a route without an RSSHub is none."""
    text = 'also = ["https://y.example/1", { env = "U" }, "rsshub:/36kr/news"]'
    env = {"U": "https://z.example/?k=1"}

    assert one(text, env).also == ("https://y.example/1", "https://z.example/?k=1")
    (feed,) = parse_feeds(f"[feed.a]\n{URL}\n{text}", env=env, rsshub="http://hub:1200")
    assert feed.also[2] == "http://hub:1200/36kr/news"
    assert isinstance(feed.also[1], SecretUrl)


def test_shipped_feeds():
    """The list that we ship is read, is broad, and says why a feed is paused."""
    feeds = parse_feeds((ROOT / "feeds.toml").read_text(encoding="utf-8"))

    assert len(feeds) >= 145
    assert {feed.language for feed in feeds} == {"en", "zh"}
    kinds = {feed.kind for feed in feeds if feed.enabled}
    assert kinds >= {"news", "official", "regulator", "newsletter", "research", "company"}
    assert all(feed.publisher and feed.region for feed in feeds)
    assert all(feed.note for feed in feeds if not feed.enabled)


# By theme, what of it answered somebody on a known day.
THEMES = {
    "regulation": ("ftc-press", "hkma-press-releases", "digitalpolicy-hk"),
    "data law": ("future-of-privacy-forum", "inside-privacy"),
    "facial recognition": ("biometric-update",),
    "supercomputing": ("semiengineering", "tomshardware", "techpowerup"),
    "start-ups": ("e27", "krasia", "techinasia"),
    "US acts": ("fedreg-bis", "whitehouse-actions", "ustr-press"),
    "EU acts": ("eu-commission-press", "eur-lex-oj-l"),
}


def test_shipped_feeds_that_are_on():
    """A first run asks enough of them, of each theme, and nobody who forbids it."""
    feeds = parse_feeds((ROOT / "feeds.toml").read_text(encoding="utf-8"))
    on = {feed.feed_id: feed for feed in feeds if feed.enabled}
    undated = {key for key, feed in on.items() if feed.note.startswith("On without")}

    assert len(on) >= 115
    assert undated == {"carnewschina", "china-digital-times", "hket", "merics", "sinocism"}
    assert "On without a dated proof" in on["npc-observer"].note
    assert all(key in on for named in THEMES.values() for key in named)
    hosts = {
        urlsplit(url).hostname for feed in on.values() for url in (feed.url, *feed.also)
    }
    assert hosts.isdisjoint({"news.google.com", "rsshub.app", "www.sec.gov"})


def test_one_setting_turns_the_routes_on():
    """None of the shipped list asks the public RSSHub, and the paused ones stay paused."""
    text = (ROOT / "feeds.toml").read_text(encoding="utf-8")
    without, served = parse_feeds(text), parse_feeds(text, rsshub="http://127.0.0.1:1200")

    waiting = {feed.feed_id for feed in without if feed.lacks}
    turned_on = {feed.feed_id for feed in served if feed.enabled} - {
        feed.feed_id for feed in without if feed.enabled
    }
    assert waiting == turned_on
    assert len(waiting) >= 15
    assert "rsshub.app" not in text.partition("[feed.nbs]")[0]


@pytest.mark.parametrize("name", ["feeds.toml", "beats/chips/feeds.toml"])
def test_no_shipped_feed_is_on_at_an_address_that_is_known_to_be_lost(name):
    """Addresses that public records call dead, blocked or moved are asked by nobody."""
    record = ROOT.parent / "shared" / "feeds" / "alive.csv"
    if not record.exists():
        pytest.skip("the record of addresses is not here")
    with record.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    lost = {r["address"] for r in rows if r["verdict"] in {"dead", "blocked", "moved"}}
    feeds = parse_feeds((ROOT / name).read_text(encoding="utf-8"))

    assert len(lost) >= 20
    on = {url for feed in feeds if feed.enabled for url in (feed.url, *feed.also)}
    assert on.isdisjoint(lost)
    known = {row["feed_id"] for row in rows}
    gone = {"latepost-rsshub", "geekpark-rsshub", "mofcom", "pbc"}
    if name == "feeds.toml":
        assert known - {feed.feed_id for feed in feeds} <= gone


def test_list():
    """The selectors of a list are one text or several, each."""
    feed = one(
        'list = { items = "ul.news > li", title = ["a@title", "a"], link = "a@href" }\n'
        "plain_sitemap = true"
    )

    assert feed.selectors == ListSelectors(
        items="ul.news > li", title=("a@title", "a"), link=("a@href",)
    )
    assert feed.plain_sitemap
    assert one("[feed.a.list]\nitems = 'data.list[0].x[]'").selectors.items.startswith("d")


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("list = 1", r"\[feed.a.list\] is not a table; write list = "),
        ("list = {}", "has no items; say what finds the entries"),
        ('list = { itms = "a" }', "did you mean 'items'"),
        ('list = { items = "" }', "neither a selector nor a list"),
        ('list = { items = ["a", "b"] }', "more than one selector"),
        ('list = { items = "a[[" }', r"'a\[\[' is not a selector; write CSS"),
        ('list = { items = "a", date = 3 }', r"\[feed.a.list.date\] is neither"),
        ('list = { items = "a", title = "https://x/{id}" }', "only link is an address"),
        ('list = { items = "a", link = "https://x/{a[[}" }', "is not a selector"),
        ('plain_sitemap = "yes"', "neither true nor false"),
    ],
)
def test_mistakes_in_a_list(lines, problem):
    """A selector that could find nothing is refused where it is written."""
    with pytest.raises(ConfigError, match=problem) as caught:
        one(lines)

    assert caught.value.line == 3


def test_limit_of_bytes():
    """A feed may have a limit of its own, within bounds that are said."""
    assert one("max_bytes = 12_000_000").max_bytes == 12_000_000
    assert one("").max_bytes is None
    for wrong in ("9_999", "50_000_001", "true", "'5 MB'"):
        with pytest.raises(ConfigError, match="from 10_000 to 50_000_000"):
            one(f"max_bytes = {wrong}")
