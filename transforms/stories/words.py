"""Words of headlines that carry no event, and a small stemmer for the rest."""

from __future__ import annotations

import re
from functools import lru_cache

# Labels that outlets put before and behind a headline.
LEAD = re.compile(
    r"^\s*(?:[【\[][^】\]]{1,12}[】\]]|[^|丨:：\s]{2,8}\s?[|丨]"
    r"|(?i:exclusive|(?:ask|show|tell) hn|update\s?\d*|breaking|report"
    r"|psa|watch|video|analysis|opinion)"
    r"\s?[:\-–—]|(?:热点精选|实时播报|专题(?![片会研报讲培座教学组部]))+)\s*"
)
TAIL = re.compile(
    r"(?<!\s)\s*(?:[|丨][^|丨]{2,12}|[【\[][^】\]]{1,12}[】\]]"
    r"|,\s(?i:(?:the\s)?[\w.' ]{2,30}\s(?:reports?|says?|said|finds?))"
    r"|-\d+(?:分钟|小时|天)前)\s*$"
)
# Frames of guides, offers and how-tos.
GUIDE = re.compile(
    r"\b(?:best|deals?|everything you need|how to|tips|review|hands-on|vs|is hiring)\b"
    r"|教程|免费获取|立减|补贴|到手价|攻略|盘点|测评|优惠|从零|入门|实战|本地部署|白嫖"
)
_STOPWORDS = """
    a about after again ahead all also amid an and another any are as at back be
    because been before behind being between both but by can could did do does down
    during each few first for from further get gets getting give gives go goes going
    had has have he her here his how i if in into is it its just last latest like
    make makes making may might more most much must my near new news next no not now
    of off on once one only or other our out over own per plan plans put puts re
    report reported reportedly reports said same say saying says see sees set sets
    she should since so some source sources still such take takes than that the their
    them then there these they this those through to told too two under until up us
    use uses using very via vs was way we were what when where which while who why
    will with would year years yet you your s t ll ve
    """
STOPWORDS = frozenset(_STOPWORDS.split())
# Names that so many headlines hold that sharing one means nothing; they count
# as words, but bring no two headlines together by themselves.
_GENERIC = """
    ai 5g 6g ceo cfo cto app apps api ipo gpu cpu ev evs it tv vr ar xr pc iot uk
    eu usa china chinese beijing america american washington hong kong taiwan global
    world tech technology company companies firm firms group inc market markets stock
    stocks shares share price prices chip chips data model models launch launches
    launched best deal deals review live how today week month day days pro max plus
    ultra mini air note phone smartphone car cars billion million trillion mln bln
    percent usd rmb yuan hk com www top big ios android windows
    """
GENERIC = frozenset(_GENERIC.split())
# Names and words of this beat that half its headlines hold.
_BEAT = """
    apple google amazon meta microsoft facebook twitter tesla samsung openai spacex
    nvidia intel huawei tiktok trump biden musk elon white house court supreme
    administration president government iphone ipad macos update feature features
    announce announces announced show shows vision
    """
_SUFFIXES = ("ements", "ement", "ations", "ation", "ings", "ing", "ies", "ed", "es", "s")
SHORTEST_STEM = 3


@lru_cache(maxsize=1 << 15)
def stem(word: str) -> str:
    """Return *word* without a common English ending: sues and sued meet as su."""
    if not word.isalpha():
        return word
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= SHORTEST_STEM:
            word = word.removesuffix(suffix)
            break
    return word.removesuffix("e") if len(word) > SHORTEST_STEM else word


COMMON = frozenset(map(stem, (*GENERIC, *_BEAT.split())))
