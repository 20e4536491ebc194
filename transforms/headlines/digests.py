"""Tell round-ups, which name many companies and are one story of none.

A round-up is told by the name of its column, which stands at the head of a title before
a mark or in brackets, or at its tail after a bar; or by how many items the title lists.
The same word within a sentence says nothing: people write a 周报 for their boss.
"""

from __future__ import annotations

import re

# A newspaper is who said it, and one company is called like a column.
_PLACES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南"
    "|广东|广西|海南|四川|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆|香港|澳门|台湾|深圳|广州|杭州"
    "|南京|成都|武汉|西安|长沙|南方|东方|南华|联合|都市|羊城|新民|扬子|齐鲁|钱江|潇湘|华商|楚天"
)
_PAPERS = re.compile(
    rf"(?:{_PLACES})(?:日|晚|晨|早)[报報]|新闻晨报|新聞晨報"
    r"|(?:人民|光明|经济|經濟|中国|中國|科技|证券|證券|工人|农民|法治|法制|解放军?|青年|新华"
    r"|朝鲜|朝鮮|中央|东亚|東亞|星岛|星島)日[报報]"
    r"|(?:新闻|新聞|三联生活|时代|人物|亚洲|亞洲|南都|瞭望|商业|新)周刊"
    r"|每日经济新闻|每日商报|今日头条|今日頭條"
)
# Patterns are written in Simplified characters and match Traditional ones as well; these
# may stand in no class of characters.
_BOTH_SCRIPTS = {
    ord(one): f"[{one}{other}]"
    for one, other in zip(
        "报资讯闻间热汇总盘递览动态周发么简顾",
        "報資訊聞間熱匯總盤遞覽動態週發麼簡顧",
        strict=True,
    )
}
_BAR = "[|｜︱丨]"
_MARK = "[|｜︱丨:：]"
_NAME = r"[^|｜︱丨:：;；。，,！？!?\]】]"
_NUMBER = r"(?:[（(]?第\s?\d+\s?期[)）]?|\d+期|#\s?\d+|(?i:vol|no)[. ]*\d+)"
_PAPER = (
    "(?:(?:早|晚|午|晨|日|周|双周)报|周刊|[早晚]间?(?:资讯|新闻)|[早晚](?:知道|班车)"
    "|早餐|早参|早读|昨夜今晨)"
)
_PERIOD = (
    "(?:昨夜|昨日|昨晚|今晨|今早|今日|每日|每周|一周(?!年)|本周|上周|下周|周末|假期"
    "|早间|午间|晚间|隔夜)"
)
_LIST = (
    "(?:要闻|资讯|新闻|速递|速览|快讯|简讯|简报|汇总|盘点|大事|动态|热点|回顾|集锦|精选|见闻"
    "|前瞻)"
)
_COLUMN = (
    f"(?:{_NAME}{{0,10}}{_PAPER}|{_NAME}{{0,8}}{_PERIOD}{_NAME}{{0,6}}{_LIST})"
    rf"{_NAME}{{0,2}}\s?(?:{_NUMBER}|[-·]?\s?\d[\d.\-/年月日]*)?\s*"
)


def _chinese(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns).translate(_BOTH_SCRIPTS))


_NAMED = _chinese(
    rf"(?:^|{_BAR}\s?|】\s?){_COLUMN}{_MARK}",
    rf"{_BAR}\s?{_COLUMN}$",
    rf"[【\[]{_COLUMN}[】\]]",
    rf"^{_NAME}{{0,8}}(?:早|晚|午|晨)报[\s\d（(]",
    rf"(?:日报|周报|周刊|资讯|要闻|速递|汇总)\s?{_NUMBER}",
    r"^(?:本周|一周|今日|昨夜).{0,16}发生了(?:什么|哪些)",
    r"(?:日报|周报|早报|晚报|早知道)[-·\s]?\d+[.月]\d+",
    r"\d点\d+氪|(?:一周|本周|[每今]日)要闻|要闻速览|新闻速递|隔夜要闻|投融资日报|盘前必读|早安[,，·]",
)
_LISTING = _chinese(rf"(?:^|{_BAR}\s?){_NAME}{{0,8}}(?:{_LIST}|周刊){_NAME}{{0,6}}{_MARK}")
# "/" stands within names as well, such as Mac/iPhone; with Chinese about, between items.
_ITEMS = re.compile(r"[；;]|\s/\s|/\s?[^\x00-\x7f]|[^\x00-\x7f]/[\w .'-]{1,20}[^\x00-\x7f]")
_BARRED = re.compile(rf"^{_NAME}{{2,12}}[？?]?{_BAR}|{_BAR}{_NAME}{{2,12}}[？?]?$")
_ISSUE = re.compile(rf"^[^；;]*+[；;].*{_BAR}{_NAME}{{2,12}}第\s?\d+\s?期$")
_NUMBERED = re.compile(r"^1[、.．)）]\s?[^\d\s].*[^\d.]2[、.．)）]\s?[^\d\s]")
_ENGLISH = re.compile(
    r"\bmorning bid\b|\b(?:the morning after|the download|take five|trading day):"
    r"|\bdaily (?:open|briefing|brief|roundup|round-up|digest|recap|update)\b"
    r"|\b(?:morning|evening|weekly|week(?:end)?|news|tech|china)"
    r" (?:briefing|roundup|round-up|digest|recap|wrap)\b"
    r"|^(?:[\w&'’]+ )?(?:briefing|roundup|round-up|digest|recap|weekly)\s?:"
    r"|\b(?:weekly|digest|newsletter|bulletin),? (?:#|no\. ?|issue #?|vol\. ?)\d"
    r"|\b(?:week|day|year) in review\b|(?:^|[:|–—] ?)this week in\b"
    r"|(?<!here['’]s )\bwhat to watch\b(?! for\b| out\b)|\b\d+ things to watch\b"
    r"|\btop (?:stories|news) (?:of|this)\b|\blinks? of the (?:day|week)\b"
    r"|^stock market today\b|^stocks making the biggest moves\b|^market update:",
    re.IGNORECASE,
)
# "…；…；…；…": a headline of four clauses is a list; one of three, beside a column.
_MANY = 3


def is_digest(title: str) -> bool:
    """Tell whether *title* heads a round-up of several stories."""
    clauses = title.count("；") + title.count(";")
    if clauses >= _MANY or _ENGLISH.search(title) or _NUMBERED.search(title):
        return True
    if title.isascii():
        return False
    title = _PAPERS.sub("", title)
    if clauses == _MANY - 1 and _BARRED.search(title):
        return True
    if _NAMED.search(title) or _ISSUE.search(title):
        return True
    return bool(_LISTING.search(title) and _ITEMS.search(title))
