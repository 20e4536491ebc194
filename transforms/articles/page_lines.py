"""Leave out what pages write above and below their articles: credits, rights, calls."""

from __future__ import annotations

import re

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


def article_lines(lines: list[str]) -> list[str]:
    """Return *lines* of a page's text without what stands above and below the article."""
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
