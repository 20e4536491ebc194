"""Enrichment of stored articles: full texts and translations."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from transforms.models import FullTextOutcome, Translated
from transforms.text.fold import search_text
from transforms.text.harmless import harmless
from transforms.text.lengths import MAX_CONTENT, MAX_TITLE, cut

# Who is down or busy is asked again, ever more rarely; then the article is no news.
_PAUSES = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
# A page may be put up before its text, and a bot check may be gone by tomorrow: once more.
_ONCE_MORE = timedelta(hours=6)
_LATER = frozenset({"no_text", "challenge"})
# What a page has left without its article: a line on cookies, a caption. A Chinese
# character says about as much as two letters.
_FEWEST = 140
_HAN_FIRST, _HAN_LAST = "\u3400", "\u9fff"
# Above an article: its other title, date, source, letter size, the site's own notices.
_ABOVE = re.compile(
    r"""^[-|\s]*+(?:
        [（(\[]?\s?原(?:标题|题为?|文标题)\s?[:：《].{0,120}
      | 字号.{0,12}
      | (?:(?:信息)?来源|发布时间|发布日期|最后更新|更新时间|时间|作者|浏览次数)
        \s?[:：].{0,60}
      | \d{4}\s?[-年/.]\s?\d{1,2}\s?[-月/.]\s?\d{1,2}日?
        \s*+(?:\d{1,2}[:：]\d\d(?:[:：]\d\d)?\s*+)?(?:来源\s?[:：]?.{0,40})?
      | (?:您所在的位置|(?:您的)?当前位置|现在位置)\s?[:：].{0,60}
      | 首页\s?>.{0,40} | [^。]{1,8}\s?>
      | (?:安装|下载).{2,16}(?:客户端|APP).{0,40}
      | (?:打印|分享到|收藏|大\s?中\s?小|点击进入|相关新闻)[^。！？]{0,20}
      | 本文仅代表作者个人观点。?
    )[|\s]*$""",
    re.VERBOSE | re.IGNORECASE,
)
# An article is over where its editor is named or others are recommended.
_END = re.compile(
    r"""^[\[(（【|\s]*+(?:
        (?:责任编辑|责编|本文编辑|值班编辑)\s?[:：|丨].{0,30}
      | (?:相关(?:阅读|新闻|链接|推荐|文章|报道)
           |推荐阅读|延伸阅读|热门推荐|点击进入专题)\s?[:：]?
    )$""",
    re.VERBOSE,
)
_BELOW = re.compile(
    r"""^[-|\s\[(（【]*+(?:
        (?:编辑|校对|监制|审核|终审|(?:文章)?来源|作者|关键词|标签|上一篇|下一篇
           |相关阅读|相关新闻|相关链接|推荐阅读|延伸阅读|阅读原文|阅读全文
           |举报邮箱|举报电话|违法和不良信息举报电话|发布日期)\s?(?:[:：|丨]|>>|$).{0,60}
      | (?:原标题|原题为?)\s?[:：《].{0,120}
      | (?:版权|特别|免责)?声明(?:[:：].{0,200})?
      | .{0,40}(?:未经.{0,12}(?:不得|禁止|严禁).{0,6}(?:转载|使用)|严禁转载
           |如有侵权|版权所有).{0,80}
      | .{0,60}(?:扫一扫|扫码|二维码|关注.{0,8}(?:公众号|微信|微博)
           |下载.{0,12}(?:APP|客户端)).{0,40}
      | (?:本文|以上内容).{0,12}(?:仅代表|为.{2,20}上传|不代表).{0,120}
      | .{0,20}仅供其表达个人看法.{0,30} | 去跟贴广场看看
      | notice:\ the\ content\ above.{0,200}
      | (?:编辑|校对)\s+\S{2,4}(?:\s+(?:编辑|校对)\s+\S{2,4})?
      | (?:打印|关闭窗口|分享|收藏|返回)[^。！？]{0,12}
      | (?:copyright|©|\(c\)).{0,160} | .{0,60}all\ rights\ reserved.{0,60}
      | (?:read\ more|see\ also|related|tags?|topics?|filed\ under|share\ this
           |follow\ us|sign\ up|subscribe|newsletter|more\ from|lire\ aussi|mots-clés
           |sur\ le\ même\ sujet|lesen\ \w{3}\ auch|mehr\ zum\ thema|schlagw\w{4,5}
           |teilen)(?:\b|:|$)[^.!?]{0,80}
      | (?:loading|advertisement|comments?|print|share|tweet|email)\b[^.!?]{0,20}(?:\.\.\.)?
      | https?://\S+ | [—–_*.\s-]*
    )[\])）】|\s]*$""",
    re.VERBOSE | re.IGNORECASE,
)
# Buttons below an article: "like", "sad".
_BUTTON = re.compile(r"^-\s?.{0,4}$")
# A Chinese headline of twenty characters is one of a hundred letters; a machine that goes
# round in circles writes thousands.
_LONGEST_RATIO = 12
_FLOOR = 200
_MARKUP = re.compile(r"<[A-Za-z!/?][^<>]{0,200}>|&(?:[A-Za-z]{2,8}|#\d{1,6});")


def next_try(
    outcome: FullTextOutcome,
    attempts: int,
    now: datetime,
    *,
    not_before: datetime | None = None,
) -> datetime | None:
    """Return the time of the next visit to a page after *attempts*; None for never.

    *not_before* is the time that the server requested.
    """
    at = None
    if outcome == "transient_error" and attempts <= len(_PAUSES):
        at = now + _PAUSES[attempts - 1]
    elif outcome in _LATER and attempts == 1:
        at = now + _ONCE_MORE
    return max(at, not_before) if at and not_before else at


def clean(text: str) -> str:
    """Return an extracted *text* in stored form: the article's lines, plain, bounded."""
    lines = list(filter(None, map(harmless, text.split("\n"))))
    return cut("\n".join(article_lines(lines)), MAX_CONTENT)


def is_enough(text: str) -> bool:
    """Tell whether a page's text is long enough to be an article."""
    han = sum(_HAN_FIRST <= character <= _HAN_LAST for character in text[:_FEWEST])
    return len(text) + han >= _FEWEST


def searched(text: str) -> str:
    """Return a page's text in its search form, as a single line."""
    return search_text(text).replace("\n", " ")


def article_lines(lines: list[str]) -> list[str]:
    """Return the *lines* of a page without boilerplate above and below the article."""
    lines = lines[: _end(lines)]
    first, last = 0, len(lines)
    while first < last and (not lines[first].strip("-| ") or _ABOVE.match(lines[first])):
        first += 1
    while last > first and (
        _BELOW.match(lines[last - 1]) or _BUTTON.match(lines[last - 1])
    ):
        last -= 1
    return lines[first:last]


def _end(lines: list[str]) -> int:
    """Return the line that names the editor, in the second half of the text."""
    half, read = sum(map(len, lines)) / 2, 0
    for place, line in enumerate(lines):
        if read >= half and _END.match(line):
            return place
        read += len(line)
    return len(lines)


def judge_translation(title: str, text: object) -> Translated:
    """Return *text* as the translation of *title*, or the reason for rejection."""
    if not isinstance(text, str):
        return Translated(title=title, reason="what came is not a text")
    plain = " ".join(text.split())
    if not plain:
        return Translated(title=title, reason="what came is empty")
    if len(plain) > min(MAX_TITLE, max(_FLOOR, _LONGEST_RATIO * len(title))):
        return Translated(title=title, reason="what came is too long for a headline")
    if harmless(text) != plain:
        reason = "what came has control characters or marks of direction"
        return Translated(title=title, reason=reason)
    if _MARKUP.search(plain) and not _MARKUP.search(title):
        return Translated(title=title, reason="what came has markup")
    return Translated(title=title, text=plain)
