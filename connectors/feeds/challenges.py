"""Recognise pages that block feeds: bot checks, captchas, logins."""

from __future__ import annotations

import re

from transforms.names.rules.patterns import LazyPattern

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


def is_challenge(page: bytes) -> bool:
    """Tell a bot check, captcha or login from an ordinary page."""
    text = page[:HEAD].decode("utf-8", "replace")
    if _ALWAYS.search(text):
        return True
    return bool(_ALONE.search(text)) and len(_LINK.findall(text)) < MANY_LINKS
