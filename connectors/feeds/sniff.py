"""Tell what a document is before any parser sees it."""

from __future__ import annotations

import re
from typing import Literal

DocumentKind = Literal["xml", "json", "html", "challenge", "other"]

HEAD = 4096
# Walls name themselves late in a page full of script.
CHALLENGE_HEAD = 60_000

_FEED_ROOT = re.compile(rb"<(?:[\w-]+:)?(?:rss|feed|rdf|channel)[\s>]", re.IGNORECASE)
_HTML_ROOT = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|script|title|meta|div)[\s>]", re.IGNORECASE
)
_MARKUP = re.compile(rb"^\s*<[?!\w]")
_CHALLENGE = re.compile(
    "|".join(
        (
            # Cloudflare, Akamai, Imperva, DataDome, PerimeterX, Sucuri, AWS
            r"just a moment\.\.\.|cf-chl|/cdn-cgi/(?:challenge|l/chk)|challenge-platform|attention required! \| cloudflare",
            r"checking your browser|ddos protection by|enable javascript and cookies to continue",
            r"<title>\s*access denied|errors\.edgesuite\.net|_incapsula_|incapsula incident|datadome|px-captcha|perimeterx",
            r"sucuri website firewall|awswaf|web application firewall|request unsuccessful|are you (?:a robot|human)",
            r"recaptcha|hcaptcha|geetest|slidercaptcha|captcha[-_]?(?:page|container|verify)|turnstile",
            # Aliyun, Tencent, Yunsuo, 360, Baidu, and house-made ones
            r"acw_sc__v2|aliyun_waf|waf_nc_|yunsuo_session|tencentcaptcha|__jsl_clearance|byted_acrawler|_waf_|wzws-waf",
            r"安全验证|人机验证|访问验证|滑动验证|请完成验证|验证码|访问过于频繁|防火墙|请输入验证",
            # Logins
            r"type=.?password|请先登录|请登录|<title>[^<]{0,40}(?:log ?in|sign ?in|登录|登入)",
        )
    ),
    re.IGNORECASE,
)


def sniff(body: bytes) -> DocumentKind:
    """Return what *body* is: its first tag or bracket, never its label, decides.

    Servers label feeds text/html and error pages application/xml.
    """
    start = body[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in (b"{", b"["):
        return "json"
    if body.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00", b"<\x00")):
        return "xml"
    feed, page = _FEED_ROOT.search(start), _HTML_ROOT.search(start)
    if feed and (not page or feed.start() < page.start() or _is_warning(start, feed)):
        return "xml"
    if page:
        return "challenge" if is_challenge(body) else "html"
    return "xml" if _MARKUP.match(start) else "other"


def is_challenge(body: bytes) -> bool:
    """Tell a bot check, captcha or login from an ordinary page."""
    return bool(_CHALLENGE.search(body[:CHALLENGE_HEAD].decode("utf-8", "replace")))


def without_junk(body: bytes) -> bytes:
    """Drop what a server's warnings or blank lines put before the document."""
    head = body[:HEAD]
    feed = _FEED_ROOT.search(head)
    declaration = head.find(b"<?xml")
    if declaration > 0 and (not feed or declaration < feed.start()):
        return body[declaration:]
    if (
        declaration < 0
        and feed
        and b"<" in head[: feed.start()]
        and b"<!" not in head[: feed.start()]
    ):
        return body[feed.start() :]
    return body


def _is_warning(start: bytes, feed: re.Match[bytes]) -> bool:
    # PHP prints its complaints as HTML before the feed; a page has a root of its own.
    return not re.search(
        rb"<(?:!doctype\s+html|html|body)[\s>]", start[: feed.start()], re.I
    )
