"""Detection of round-ups, which cover several stories.

A round-up is recognised by the name of its column, at the start of a title before a mark or
in brackets, or at its end after a bar; or by the number of items in the title. The same
word within a sentence is no evidence: a 周报 may be a report at work.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from transforms.names.rules.patterns import LazyPattern, PatternSet, pattern_set

# A newspaper is who said it, and one company is called like a column.
_PLACES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南"
    "|广东|广西|海南|四川|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆|香港|澳门|台湾|深圳|广州|杭州"
    "|南京|成都|武汉|西安|长沙|南方|东方|南华|联合|都市|羊城|新民|扬子|齐鲁|钱江|潇湘|华商|楚天"
)
_PAPERS = LazyPattern(
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
        "报资讯闻间热汇总盘递览动态周发么简顾读导",
        "報資訊聞間熱匯總盤遞覽動態週發麼簡顧讀導",
        strict=True,
    )
}
_BAR = "[|｜︱丨]"
_MARK = "[|｜︱丨:：]"
_NAME = r"[^|｜︱丨:：;；。，,！？!?\]】]"
_NUMBER = (
    r"(?:[（(]?第\s?[\d一二三四五六七八九十百]+\s?[期辑][)）]?|\d+期|#\s?\d+"
    r"|(?i:vol|no|issue)[. #]*\d+)"
)
_PAPER = (
    "(?:(?:早|晚|午|晨|日|周|双周)报|(?:日|周|月)刊|[早晚]间?(?:资讯|新闻)|[早晚](?:知道|班车)"
    "|早餐|早参|早阅|早安|[早晨夜]读|晨会|昨夜今晨)"
)
_PERIOD = (
    r"(?:昨夜|昨日|昨晚|今夜|今晨|今早|今日|每日|每周|一周(?!年)|本周|上周|下周|周末|假期"
    r"|早间|午间|晚间|深夜|隔夜|盘前|早盘|盘后|\d{1,2}月\d{1,2}日)"
)
_LIST = (
    "(?:要闻|资讯|新闻|速递|速览|快讯|简讯|简报|汇总|盘点|大事|动态|热点|回顾|集锦|精选|见闻"
    "|前瞻|聚焦|导读|看点|看什么|必读|摘要|融资|推荐)"
)
# What comes out again and again, and says so by a number or a date behind its name.
_SERIES = "(?:(?:日|周|月)报|(?:日|周|月)刊|资讯|要闻|速递|汇总|简讯|导读|每周精选)[》」]?"
_NOTICES = (
    "(?:要闻|资讯|公告|大事|新闻|快讯|看点)(?:一览|精选|汇总|集锦|速览|速递|摘要|合集)"
)
_COLUMN = (
    f"(?:{_NAME}{{0,10}}{_PAPER}|{_NAME}{{0,8}}{_PERIOD}{_NAME}{{0,6}}{_LIST})"
    rf"{_NAME}{{0,2}}\s?(?:{_NUMBER}|[-·]?\s?\d[\d.\-/年月日]*)?\s*"
)


_NAMED = (
    rf"(?:^|{_BAR}\s?|】\s?){_COLUMN}{_MARK}",
    rf"{_BAR}\s?{_COLUMN}$",
    rf"[【\[]{_COLUMN}[】\]]",
    rf"^{_NAME}{{0,8}}(?:早|晚|午|晨)报[\s\d（(]",
    rf"^{_PERIOD}{_NAME}{{0,4}}{_LIST}$",
    rf"{_SERIES}\s?[-–—·|]?\s?(?:{_NUMBER}|20\d\d[年-])",
    rf"^[【\[]{_NAME}{{1,8}}20\d{{6}}[】\]]",
    rf"{_NOTICES}(?:$|{_MARK})",
    r"新闻联播(?:文字版|主要内容)",
    r"^(?:本周|一周|今日|昨夜).{0,16}发生了(?:什么|哪些)",
    r"(?:日报|周报|早报|晚报|早知道)[-·\s]?\d+[.月]\d+",
    # How a market closed, and what is to come tonight or next week.
    r"^(?:[美A港欧日沪深陆台]?股|两市|市场|沪指)(?:收盘|午盘|收评|午评|盘前|早盘)\s?[：:|｜丨]",
    rf"^[【\[]{_NAME}{{0,4}}(?:收评|午评|复盘|看盘|盘点|盘前|速递)[】\]]",
    rf"{_BAR}\s?(?:今夜看点|环球市场|盘前必看|[^|｜丨，。]{{0,6}}(?:集锦|一览|速览))$",
    rf"「{_NAME}{{0,16}}(?:速览|周刊|周报|日报)」$",
    rf"^{_NAME}{{2,10}}(?:第\s?\d+\s?期)\s?{_BAR}",
    rf"{_BAR}\s?{_NAME}{{2,8}}(?:日报|周报|周刊|月刊)\s?(?:No|Vol|NO|VOL|第)",
    r"^(?:环球)?[下本]周(?:外盘)?看点|名单(?:及.{0,8})?一览$|个股名单$|投资避雷针",
    rf"^{_NAME}{{0,4}}(?:[书書][记記]|主席|总理|科技)的一周(?:$|{_MARK})|[本一]周中国{_NAME}{{0,4}}成果",
    r"\d点\d+氪|(?:一周|本周|[每今]日)要闻|要闻速览|新闻速递|隔夜要闻|投融资日报|盘前必读|早安[,，·]",
)
_LISTING = LazyPattern(
    rf"(?:^|{_BAR}\s?){_NAME}{{0,8}}(?:{_LIST}|周刊){_NAME}{{0,6}}{_MARK}".translate(
        _BOTH_SCRIPTS
    )
)
# "/" stands within names as well, such as Mac/iPhone; with Chinese about, between items.
_ITEMS = re.compile(r"[；;]|\s/\s|/\s?[^\x00-\x7f]|[^\x00-\x7f]/[\w .'-]{1,20}[^\x00-\x7f]")
_BARRED = re.compile(rf"^{_NAME}{{2,12}}[？?]?{_BAR}|{_BAR}{_NAME}{{2,12}}[？?]?$")
_ISSUE = LazyPattern(
    rf"^(?:[^；;]*+[；;]|[^、]*+、[^、]*+、).*{_BAR}\s?{_NAME}{{2,12}}第\s?\d+\s?期$"
)
_NUMBERED = LazyPattern(r"^1[、.．)）]\s?[^\d\s].*[^\d.]2[、.．)）]\s?[^\d\s]")
_DAY = r"(?:week|day|month|weekend|morning)"
_WHEN = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_BEAT = (
    r"(?:tech|news|china|asia|ai|business|startups?|chips?|markets?|world|funding|science"
    r"|security)"
)
_ISSUE_OF = r"(?:briefing|digest|newsletter|bulletin|rundown|weekly)"
_ROUNDUP = r"(?:roundup|round-up)"
# A market as a whole, and which way it went: "Stocks Fall on …", "S&P 500 set for …".
# What one country's shares or one trade's do may be the news of it, and is a report; an
# index is a firm as well, which opens and closes things.
_INDEX = r"(?:s&p(?: 500)?|nasdaq(?: (?:100|composite))?|dow(?: jones)?)"
_REGION = r"(?:us|u\.s\.|global|world|asia|asian|europe|european)"
_MARKET = (
    r"(?:(?:"
    + _REGION
    + r" )?(?:stocks|equities|stock (?:indexe?s|indices|futures|markets))"
    r"|" + _REGION + r" shares|wall st(?:reet)?"
    r"|" + _INDEX + r"(?:(?:,| and|, and) " + _INDEX + r"){0,2}(?: futures)?)"
)
_WENT = (
    r"(?:(?:rise|slide|ease|decline|advance|tumble|surge|plunge|edge|close|struggle|fall|slip"
    r"|gain|drop|climb|retreat|jump|sink|rally|rebound|recover|weaken|soar|end|open)s?|rallies"
    r"|steady|mixed|little changed)"
    r"(?: (?:sharply|slightly|modestly|further|back))?"
    r"(?:$|[,;:.—–]| (?:as|on|after|amid|ahead|at|by|over|higher|lower|in|from|with|while"
    r"|before|to|\d\S*)\b)"
    r"|(?:extend|pare|trim)s? (?:gains|losses)\b"
    r"|(?:is |are )?(?:set|on track|head(?:ed|ing)?) for\b"
)
_ENGLISH = LazyPattern(
    # Columns by their names.
    r"\bmorning bid\b|\b(?:the morning after|the download|take five|trading day"
    r"|daily crunch):"
    r"|\bdaily (?:open|briefing|brief|roundup|round-up|digest|recap|update)\b"
    r"|\b(?:morning|evening|midday|weekly(?: \w+)?|nightly|week(?:end)?|news|tech|china)"
    r" (?:briefing|roundup|round-up|digest|recap|wrap)\b|\bweekly summary\b"
    r"|\bweekend (?:reads|reading|links)\b|^(?:the |\w+ )?reading list\s?:"
    r"|\bwhat we['’](?:re|ve been) reading\b"
    r"|\blinks? of the (?:day|week)\b|\bdaily [\w ]{1,30} for 20\d\d"
    # What such columns are called, in front of a mark or a number, or at the end.
    r"|^(?:[\w&'’]+ )?(?:recap|"
    + _ROUNDUP
    + r")\s?:|^(?:the )?(?:\w+ )?brief(?: \([^)]{4,12}\))?\s?:"
    r"|^(?!newsletter)(?:[\w&'’.]+ ){0,3}" + _ISSUE_OF + r"\s?[:|–—]"
    r"|^(?:[\w&'’.]+ ){4,5}newsletter:"
    r"|: (?:\w+ )?(?:" + _ISSUE_OF + "|" + _ROUNDUP + r")$"
    r"|\b" + _ISSUE_OF + r",? (?:#|no\. ?|issue #?|vol\. ?)\d"
    r"|^(?:morning|overnight|evening|midday) (?:news|headlines)\s?[:|]"
    r"|^daily(?: spotlight)?(?::| [–—-]) |^weekly \w+ list$|\brecap$"
    r"|^(?:" + _BEAT + r" ){1,2}(?:headlines|in brief|this week)\s?[:|]|\bnews in brief\b"
    # A period, and all that was in it.
    r"|\b(?:week|day|month|year) in review\b|\bweek ahead\s?(?:$|[:|–—-])"
    r"|^(?:the |wall st(?:reet)? )?week ahead\b"
    r"|(?:^|[:|–—] ?)(?:the|this|last|your|our) (?:past )?" + _DAY + r" in\b"
    r"|(?:^|['’]s )week in [\w ]{2,15}(?:$|[:|])"
    r"|\bwhat (?:happened|we learned) (?:in [\w ]{2,20} )?this week\b"
    r"|\b(?:news|headlines) of the " + _DAY + r"\b"
    # So many things.
    r"|(?<!here['’]s )\bwhat to watch\b(?! for\b| out\b)|\b\d+ things to watch\b"
    r"|\bthings (?:you need )?to know (?:before the (?:stock )?(?:market|opening)|today"
    r"|this"
    r"|to start|(?:on|for) " + _WHEN + r")|\bwhat you need to know (?:this|today$)"
    r"|\b(?:top|biggest) (?:\d+ )?(?:[\w-]+ ){0,2}(?:stories|news|headlines|deals)"
    r" (?:of |this |from |for )?(?:the |this |last )?(?:past )?(?:week|day|month|today"
    r"|year)\b"
    r"|\b(?:today|week)['’]s (?:\d+ )?(?:top|biggest) (?:[\w-]+ ){0,2}(?:stories|news"
    r"|headlines|rounds)"
    r"|^(?:the )?(?:\d+|two|three|four|five|six|seven|ten) (?:\w+ ){0,2}"
    r"(?:things|themes|stories|charts) .{0,40}\bthis week\b"
    r"|\bthings \w+ing (?:on )?" + _WHEN + r"['’]s market\b"
    r"|\bcan['’]t[ -]miss items\b|\bthis week['’]s (?:\w+ ){0,2}winners and losers\b"
    r"|\btop analyst calls\b|^notable (?:releases|launches|deals) .{0,24}:"
    r"|\btop (?:stories|news) (?:of|this)\b|: \d+ (?:[\w’'-]+ ){0,3}reads$"
    r"|^stocks? (?:market today|to watch)\b|^stocks making the biggest moves\b"
    # How markets went.
    r"|^(?:snapshot:? )?" + _MARKET + r" (?:" + _WENT + r")|^dow jones futures\b"
    r"|\bstocks live:|^(?:market update|dealmaster|rocket report):|\bfront pages\b"
    r"|\btoday['’]s best deals\b",
    re.IGNORECASE,
)
# "Chip Report: this; that" is the column of a paper, and lists.
_ENGLISH_COLUMN = LazyPattern(
    r"^(?:[\w&'’.]+ ){1,3}(?:report|notes|daily|update|wrap|news|diary): [^;]+; \w"
    r"|^(?:[\w&'’.]+ ){1,3}#?\d{1,4}: [^;]+; [^;]+; \w",
    re.IGNORECASE,
)
# "…；…；…": three clauses that could each be a headline are a list.
_MANY = 3
_MARKS = re.compile("[；;|｜︱丨]")
_BETWEEN = re.compile("[；;]")
_BARS = re.compile(r"\s?[|｜︱丨]\s?")
_QUOTED = re.compile('[“「『"][^“”「」『』"]{0,80}[”」』"]|[({][^(){}]{0,80}[)}]')
_WORD = re.compile(r"[A-Za-z0-9][\w'’.-]*|[\u3400-\u9fff]{2}")


def is_digest(title: str) -> bool:
    """Tell whether *title* is the headline of a round-up of several stories."""
    if _lists(title) or _in_any_script().any_in(title):
        return True
    if title.isascii():
        return False
    if _papers().likely(title):
        title = _PAPERS.sub("", title)
    if len(_BETWEEN.findall(title)) == _MANY - 1 and _BARRED.search(title):
        return True
    if _in_chinese().any_in(title):
        return True
    return bool(_ITEMS.search(title) and _LISTING.search(title))


@cache
def _in_any_script() -> PatternSet:
    return pattern_set([_NUMBERED, _ENGLISH, _ENGLISH_COLUMN])


@cache
def _papers() -> PatternSet:
    return pattern_set([_PAPERS])


@cache
def _in_chinese() -> PatternSet:
    return pattern_set([_ISSUE, *map(_chinese, _NAMED)])


def _chinese(pattern: str) -> LazyPattern:
    return LazyPattern(pattern.translate(_BOTH_SCRIPTS))


def _lists(title: str) -> bool:
    """Tell whether *title* is made of clauses that could each be a headline.

    Of three each has to have some words; more are a list in any case.
    """
    if not _MARKS.search(title) or title.endswith(("?", "？")):
        return False
    plain = _QUOTED.sub("", title)
    clauses, columns = _BETWEEN.split(plain), _BARS.split(plain)
    return len(clauses) > _MANY or _are_headlines(clauses) or _are_headlines(columns)


def _are_headlines(items: Sequence[str]) -> bool:
    return len(items) >= _MANY and all(len(_WORD.findall(i)) >= _MANY for i in items)
