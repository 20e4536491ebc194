"""Whose address it is."""

from __future__ import annotations

import pytest

from transforms.urls.identity import is_own, site_of


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.bbc.co.uk/zhongwen/feed", "bbc.co.uk"),
        ("https://feeds.BBC.co.uk./feed", "bbc.co.uk"),
        ("http://www.people.com.cn:8080/rss", "people.com.cn"),
        ("https://ann.github.io/feed", "github.io"),
        ("https://chinai.substack.com/feed", "substack.com"),
        ("https://news.例子.中国/feed", "xn--fsqu00a.xn--fiqs8s"),
        ("https://news.xn--fsqu00a.xn--fiqs8s/feed", "xn--fsqu00a.xn--fiqs8s"),
        ("https://8.8.8.8/feed", "8.8.8.8"),
        ("https://[2001:4860:4860::8888]/feed", "2001:4860:4860::8888"),
    ],
)
def test_a_site_is_what_somebody_registered(url, site):
    """A platform is one site, whoever writes there."""
    assert site_of(url) == site


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1200/36kr",
        "http://192.168.0.9/feed",
        "http://[fd00::1]/feed",
        "http://rsshub:1200/36kr",
        "http://localhost/feed",
        "http://rsshub.lan/36kr",
        "http://bridge.internal/36kr",
        "http://co.uk/feed",
        "https://straße.example/feed",
        "http://[nothing/feed",
        "",
    ],
)
def test_ones_own_network_has_no_sites(url):
    """Nor has what is no address, or not surely one."""
    assert site_of(url) == ""
    assert not is_own(url, url)


@pytest.mark.parametrize(
    ("feed", "link", "own"),
    [
        ("https://rss.outlet.example/feed", "https://www.outlet.example/a", True),
        ("https://cn.technode.com/feed", "https://technode.com/a", True),
        ("https://outlet.example.evil.example/feed", "https://outlet.example/a", False),
        ("https://evil-outlet.example/feed", "https://outlet.example/a", False),
        ("https://evil.co.uk/feed", "https://bbc.co.uk/a", False),
        ("https://evil.github.io/feed", "https://ann.github.io/a", False),
        ("https://ann.github.io/feed", "https://ann.github.io/a", True),
        ("https://evil.substack.com/feed", "https://ann.substack.com/a", False),
        ("https://ann.substack.com/feed", "https://ann.substack.com/a", True),
        ("https://straße.example/feed", "https://strasse.example/a", False),
        ("https://outlet.example/feed", "", False),
    ],
)
def test_a_page_is_its_publishers_own(feed, link, own):
    """On a platform each name is somebody else's."""
    assert is_own(feed, link) is own
