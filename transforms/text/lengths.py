"""How long the texts are that patterns get to see, and how a longer one is cut.

Headlines have a hundred characters; one of ten thousand is an accident or an attack.
Whatever brings a text in (a feed, an import, a command) cuts it with these, before
anything looks for names in it, and the cut shows as an ellipsis.
"""

from __future__ import annotations

MAX_TITLE = 500
MAX_CONTENT = 50_000
# What a title may be written in: links and images around it, each letter as &#…;.
MAX_TITLE_MARKUP = 20_000


def cut(text: str, limit: int) -> str:
    """Return *text* cut to *limit* characters at a word's end, with an ellipsis."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    # Chinese has no spaces to cut at: a space far back is no word's end.
    space = max(head.rfind(" "), head.rfind("\n"))
    head = head[:space] if space > limit * 0.8 and text[limit - 1].isascii() else head
    return f"{head.rstrip()}…"
