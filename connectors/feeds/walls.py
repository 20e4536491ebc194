"""Tell the walls that stand before feeds: bot checks, captchas, logins."""

from __future__ import annotations

import re

# Walls name themselves late in a page full of script.
HEAD = 60_000

_MARKS = (
    # Cloudflare
    r"just a moment\.\.\.|cf-chl|/cdn-cgi/(?:challenge|l/chk)|challenge-platform",
    r"attention required! \| cloudflare|checking your browser|turnstile",
    r"enable javascript and cookies to continue|ddos protection by",
    # Akamai, Imperva, DataDome, PerimeterX, Sucuri, AWS
    r"<title>\s*access denied|errors\.edgesuite\.net|_incapsula_|incapsula incident",
    r"datadome|px-captcha|perimeterx|sucuri website firewall|awswaf",
    r"web application firewall|request unsuccessful|are you (?:a robot|human)",
    # Captchas
    r"recaptcha|hcaptcha|geetest|slidercaptcha|tencentcaptcha",
    r"captcha[-_]?(?:page|container|verify)",
    # Aliyun, Yunsuo, 360, Baidu, ByteDance, and house-made ones
    r"acw_sc__v2|aliyun_waf|waf_nc_|yunsuo_session|__jsl_clearance|byted_acrawler|wzws-waf",
    r"安全验证|人机验证|访问验证|滑动验证|请完成验证|请输入验证码|访问过于频繁|网站防火墙",
    # Logins
    r"""type\s*=\s*["']?password|请先登录""",
    r"<title>[^<]{0,40}(?:log ?in|sign ?in|登录|登入)",
)
_CHALLENGE = re.compile("|".join(_MARKS), re.IGNORECASE)


def is_challenge(page: bytes) -> bool:
    """Tell a bot check, captcha or login from an ordinary page."""
    return bool(_CHALLENGE.search(page[:HEAD].decode("utf-8", "replace")))
