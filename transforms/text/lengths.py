"""Lengths of text: limits for feeds and readers, and nouns after a number.

Headlines have a hundred characters; one of ten thousand is an accident or an attack. Every
input (a feed, an import, a command) is cut to these limits before names are searched in it,
and an ellipsis marks the cut.
"""

from __future__ import annotations

import re

MAX_TITLE = 500
MAX_CONTENT = 50_000
# What a title may be written in: links and images around it, each letter as &#…;.
MAX_TITLE_MARKUP = 20_000
# Beyond this a summary is the article itself, of which only the beginning says what it is
# about: a name in the twentieth paragraph is neither news of it nor an alert.
MAX_SUMMARY = 600
_MAX_SUMMARY_HAN = 300
_SENTENCE_END = re.compile(r"[。!?！？](?:[”’」』\"]|)|[.!?][\"”]?(?=\s)")
_HAN = re.compile("[\u3400-\u9fff]")


def cut(text: str, limit: int) -> str:
    """Return *text* cut to *limit* characters at a word border, with an ellipsis."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    # Chinese has no spaces to cut at: a space far back is no word's end.
    space = max(head.rfind(" "), head.rfind("\n"))
    head = head[:space] if space > limit * 0.8 and text[limit - 1].isascii() else head
    return f"{head.rstrip()}…"


def beginning(text: str) -> str:
    """Return *text*, cut to its first sentences if too long for a summary."""
    sample = text[:_MAX_SUMMARY_HAN]
    is_han = len(_HAN.findall(sample)) * 3 > len(sample)
    limit = _MAX_SUMMARY_HAN if is_han else MAX_SUMMARY
    if len(text) <= limit:
        return text
    half = limit // 2
    # With the sign and the quote of one that ends right behind the half.
    ends = [found.end() for found in _SENTENCE_END.finditer(text, half - 1, limit)]
    return text[: ends[-1]] if ends and ends[-1] > half else cut(text, limit)


def counted(count: int, one: str, many: str = "") -> str:
    """Return *count* with its noun; the plural is *many*, by default *one* with "s"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
