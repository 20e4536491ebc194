"""Tell round-ups, which name many companies and are one story of none."""

from __future__ import annotations

import re

_CHINESE = re.compile(
    r"\d点\d+氪|早报|晚报|午报|周报|晨报|早報|晚報|午報|週報|晨報|日报[｜|丨:：]|早餐[｜|丨:：]"
    r"|早知道|晚知道|早资讯|晚资讯|早班车|晚班车|早新闻|早間新聞|投融资日报|科技早参"
    r"|一周要闻|本周要闻|每日要闻|今日要闻|要闻速览|新闻速递|一文看懂今日|盘前必读|隔夜要闻|早安[,，·]"
)
_ENGLISH = re.compile(
    r"\bmorning bid\b|\bdaily (?:briefing|brief|roundup|round-up|digest|recap|update)\b"
    r"|\b(?:morning|evening|weekly|week(?:end)?|news|tech|china)"
    r" (?:briefing|roundup|round-up|digest|recap|wrap)\b"
    r"|\b(?:week|day|year) in review\b|\bthis week in\b|\bwhat to watch\b"
    r"|\btop (?:stories|news) (?:of|this)\b|\blinks? of the (?:day|week)\b",
    re.IGNORECASE,
)
# "…；…；…；…": a headline of four clauses is a list.
_MANY = 3


def is_digest(title: str) -> bool:
    """Tell whether *title* heads a round-up of several stories."""
    if _ENGLISH.search(title) or (not title.isascii() and _CHINESE.search(title)):
        return True
    return title.count("；") + title.count(";") >= _MANY
