"""Errors of a feed, and the pages that block one: bot checks, captchas, logins.

FeedError
├── TransientFeedError       worth another try: timeouts, 429, 5xx
│   ├── TimedOutFeedError    no answer in time
│   └── CrowdedFeedError     not asked at all: its site wants long pauses between pages
└── PermanentFeedError       another try will not help until somebody changes something
    ├── GoneFeedError        the publisher says that the feed is gone (410)
    ├── TooLargeFeedError    larger than the limit, and no list of entries to cut short
    ├── DisallowedFeedError  the site's robots.txt asks programs to keep away
    └── FeedParseError       we got a document, but not a feed
        ├── ChallengeError   a wall stands before the feed: bot check, login, captcha
        └── MovedFeedError   the address leads elsewhere, and not to a feed

The class says what to do about it, so callers never inspect messages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Literal

from transforms.models import Outcome
from transforms.names.rules.patterns import LazyPattern
from transforms.urls.canonical import hide_secrets, redact_url

# A bot check may name itself only late in a page full of script.
HEAD = 60_000
_STRONG = (
    # Cloudflare
    r"just a moment\.\.\.|cf-chl|/cdn-cgi/(?:challenge|l/chk)|challenge-platform",
    r"attention required! \| cloudflare|checking your browser",
    r"enable javascript and cookies to continue|ddos protection by",
    # Akamai, Imperva, PerimeterX, Sucuri, AWS
    r"<title>\s*access denied|errors\.edgesuite\.net|incapsula incident|px-captcha",
    r"sucuri website firewall|awswaf|web application firewall|request unsuccessful",
    r"are you (?:a robot|human)|captcha[-_]?(?:page|container|verify)",
    # Aliyun, Yunsuo, 360, Baidu, ByteDance, and house-made ones
    r"acw_sc__v2|aliyun_waf|waf_nc_|yunsuo_session|__jsl_clearance|byted_acrawler|wzws-waf",
    r"安全验证|人机验证|访问验证|滑动验证|请完成验证|请输入验证码|访问过于频繁|网站防火墙",
    r"请先登录|<title>[^<]{0,40}(?:log ?in|sign ?in|登录|登入)",
)
# Ordinary pages carry these too, in a corner; a wall has little else.
_WEAK = (
    r"recaptcha|hcaptcha|geetest|slidercaptcha|tencentcaptcha|turnstile",
    r"_incapsula_|datadome|perimeterx",
    r"""type\s*=\s*["']?password""",
)
MANY_LINKS = 15
# Compiled when a page is first looked at: most runs meet none.
_ALWAYS = LazyPattern("|".join(_STRONG), re.IGNORECASE)
_ALONE = LazyPattern("|".join(_WEAK), re.IGNORECASE)
_LINK = re.compile(r"<a\s[^<>]*href", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What came in place of a web host's answer: that host may not be to blame.

    ``said`` is the reason without a remedy. Equal ``page`` are one page.
    """

    kind: Literal["connection", "certificate", "address", "gateway", "page"]
    said: str
    page: str = ""


class FeedError(Exception):
    """A feed could not be read; ``outcome`` is the one that a poll records.

    ``feed_url`` is whole; no text of the error shows the secrets in it. Without an
    ``obstacle`` it is the feed's host that answered.
    """

    outcome: ClassVar[Outcome] = "permanent_error"

    def __init__(
        self,
        feed_url: str,
        reason: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        host: str = "",
        obstacle: Obstacle | None = None,
    ) -> None:
        # Libraries, servers and pages quote the address that they were asked for.
        reason = hide_secrets(reason, feed_url)
        super().__init__(redact_url(feed_url), reason)
        self.feed_url = feed_url
        self.reason = reason
        self.status = status
        self.retry_after = retry_after
        self.host = host
        self.obstacle = obstacle

    def __str__(self) -> str:
        return f"{redact_url(self.feed_url)}: {self.reason}"


class TransientFeedError(FeedError):
    """The feed may work later, after ``retry_after`` seconds if known.

    ``host`` is the one that asked for that, which a redirect may have led to.
    """

    outcome = "transient_error"


class TimedOutFeedError(TransientFeedError):
    """There was no complete answer in time."""


class CrowdedFeedError(TransientFeedError):
    """The crawl-delay of the page's site leaves it no time in this run."""


class PermanentFeedError(FeedError):
    """A retry will not help until a person changes something."""


class GoneFeedError(PermanentFeedError):
    """The publisher says that the feed was removed for good."""

    outcome = "gone"


class DisallowedFeedError(PermanentFeedError):
    """The site's robots.txt disallows the page."""


class TooLargeFeedError(PermanentFeedError):
    """The document is larger than the limit, and its beginning alone says nothing."""

    outcome = "too_large"

    @classmethod
    def over(cls, feed_url: str, limit: int) -> TooLargeFeedError:
        """Return the error of a document of more than *limit* bytes."""
        return cls(feed_url, f"larger than {limit:,} bytes; max_bytes raises the limit")


class FeedParseError(PermanentFeedError):
    """The document is not a feed that can be read."""

    outcome: ClassVar[Outcome] = "not_a_feed"


class SlowFeedError(FeedParseError):
    """Parsing the document exceeds its time limit; it may well be a feed."""

    outcome = "permanent_error"


class ChallengeError(FeedParseError):
    """A bot check, a login or a captcha blocks the feed."""

    outcome = "challenge"


class MovedFeedError(FeedParseError):
    """A redirect leads to a document that is not a feed."""

    outcome = "moved"


def is_challenge(page: bytes) -> bool:
    """Tell whether *page* is a bot check, a captcha or a login."""
    text = page[:HEAD].decode("utf-8", "replace")
    if _ALWAYS.search(text):
        return True
    return bool(_ALONE.search(text)) and len(_LINK.findall(text)) < MANY_LINKS
