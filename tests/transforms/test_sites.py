"""Whose address it is."""

from __future__ import annotations

import pytest

from transforms.sites import site_of


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
