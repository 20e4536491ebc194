"""The phrases that name a company beside the matter: as owner, rival, or place to post.

Texts are folded and lower-case, so Chinese is Simplified and brackets are half-width.
"""

from __future__ import annotations

import re

from transforms.text.fold import LATIN

# Right before a name.
_BEFORE = (
    # who paid for it, founded it, or was left for it
    *("backed by ", "round led by ", "funding led by ", "backing from ", "founded by "),
    *("former ", "formerly of ", "formerly at ", "ex-", "alumni of ", "veteran of "),
    *("years at ", "worked at ", "engineers at ", "engineers from ", "researchers from "),
    *("employees of ", "part of ", "owned by ", "离职", "原", "来自", "曾在", "曾任"),
    *("曾供职于", "转投", "跳槽"),
    # what it is compared with
    *("such as ", "including ", "include ", "like ", "unlike ", "than ", "rival "),
    *("rivals ", "rival to ", "rivals to ", "competes with ", "compete with "),
    *("competing with ", "compared with ", "alternative to ", "answer to ", "dubbed "),
    *("chases ", "chasing ", "to take on ", "taking on ", "catch up with "),
    *("china's own ", "如", "像", "比", "包括", "对标", "挑战", "媲美", "比肩", "堪比"),
    *("酷似", "追赶", "小于", "大于", "不同于", "被称为", "号称", "中国版"),
    *('"国产', '"中国'),
    # where it was said, seen, sold or listed
    *("post on ", "posts on ", "posted on ", "said on ", "says on ", "wrote on "),
    *("viral on ", "star on ", "hit on ", "trending on ", "clip on ", "video on "),
    *("stream on ", "sold on ", "sells on ", "sale on ", "via ", "uses ", "listed on "),
    *("lists on ", "listed on the ", "lists on the ", "debuts on ", "debuts on the "),
    *("trading on ", "account on ", "without ", "在", "用", "用上", "经由", "入驻"),
    *("发到", "发布到", "上传至", "登陆", "登录"),
)
# What ends like one of those and is none.
_NOT_BEFORE = (
    *("looks like ", "would like ", "feels like ", "停用", "禁用", "弃用", "起用", "启用"),
    *("拒用", "信用", "应用", "采用", "商用", "费用", "滥用", "占用", "引用", "作用"),
    *("试用", "专用", "通用", "正在", "存在", "现在", "实在", "图像", "录像"),
    *("偶像", "还原"),
)
# Right after a name.
_AFTER = (
    *("-backed", "-funded", "-invested", "-owned", "-affiliated", "-listed", "-style"),
    *("-like", "-beater", "-killer", " killer", " alternative", " rival", " competitor"),
    *(" veteran", " alumni", " alumnus", " alum ", " supplier", " seller", " spinoff"),
    *(" spin-off", " owner ", " parent ", " affiliate ", " investor ", " shareholder "),
    *("投资的", "领投", "跟投", "参投", "供应商", "系", "背景", "老兵", "直播间", "概念"),
    *("产业链", "为其"),
)
_NOT_AFTER = ("系统", "系列", "系数")
# Right before and right after.
_AROUND = (
    (("the ",), (" of ",)),
    (("(", "["), (")", "]")),
    (("in ", "in a ", "on "), (" post", " account")),
    (("在", "其", "通过"), ("公众号", "官方账号")),
)
_ENDS = tuple(end for _, ends in _AROUND for end in ends)
# "前" also ends words for "before"; a person makes it "former".
_PERSON = re.compile(
    ".{0,8}?(?:高管|员工|工程师|总裁|总监|经理|主管|负责人|研究员|科学家|创始人|ceo|cto)"
)
# From the last two characters of an exchange's or a board's name.
_LISTED = re.compile("(?:[交易]所|[创业]板)(上市|主板|挂牌|递|提交|ipo)")
_WITHIN = 2


def aside(lower: str, start: int, end: int) -> str:
    """Return the phrase that sets the name at lower[start:end] aside, or nothing."""
    if start and lower.endswith(_BEFORE, 0, start) and (cue := _before(lower, start)):
        return cue
    if lower.startswith(_AFTER, end) and not lower.startswith(_NOT_AFTER, end):
        return next(cue for cue in _AFTER if lower.startswith(cue, end)).strip()
    if lower.endswith("前", 0, start) and _PERSON.match(lower, end):
        return "前"
    if lower.startswith("前", end) and _PERSON.match(lower, end + 1):
        return "前"
    if lower.startswith(_ENDS, end):
        return _around(lower, start, end)
    listed = _LISTED.match(lower, end - _WITHIN)
    return listed[1] if listed else ""


def _before(lower: str, start: int) -> str:
    cue = max((c for c in _BEFORE if lower.endswith(c, 0, start)), key=len)
    begin = start - len(cue)
    is_part = cue[0] in LATIN and begin > 0 and lower[begin - 1] in LATIN
    return "" if is_part or lower.endswith(_NOT_BEFORE, 0, start) else cue.strip()


def _around(lower: str, start: int, end: int) -> str:
    for before, after in _AROUND:
        if lower.endswith(before, 0, start) and lower.startswith(after, end):
            first = next(cue for cue in before if lower.endswith(cue, 0, start))
            last = next(cue for cue in after if lower.startswith(cue, end))
            return f"{first.strip()} … {last.strip()}"
    return ""
