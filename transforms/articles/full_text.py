"""When an article's page is visited again, and what of it is text enough to keep."""

from __future__ import annotations

from datetime import datetime, timedelta

from transforms.articles.page_lines import article_lines
from transforms.models import FullTextOutcome
from transforms.text.fold import search_text
from transforms.text.harmless import harmless
from transforms.text.lengths import MAX_CONTENT, cut

# Who is down or busy is asked again, ever more rarely; then the article is no news.
_PAUSES = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
# A page may be put up before its text, and a bot check may be gone by tomorrow: once more.
_ONCE_MORE = timedelta(hours=6)
_LATER = frozenset({"no_text", "challenge"})
# What a page has left without its article: a line on cookies, a caption. A Chinese
# character says about as much as two letters.
_FEWEST = 140
_HAN_FIRST, _HAN_LAST = "\u3400", "\u9fff"


def next_try(
    outcome: FullTextOutcome,
    attempts: int,
    now: datetime,
    *,
    not_before: datetime | None = None,
) -> datetime | None:
    """Return when the page is visited again after *attempts*, None for never.

    *not_before* is what the server asked for.
    """
    at = None
    if outcome == "transient_error" and attempts <= len(_PAUSES):
        at = now + _PAUSES[attempts - 1]
    elif outcome in _LATER and attempts == 1:
        at = now + _ONCE_MORE
    return max(at, not_before) if at and not_before else at


def clean(text: str) -> str:
    """Return an extracted *text* as it is kept: its article's lines, plain, bounded."""
    lines = list(filter(None, map(harmless, text.split("\n"))))
    return cut("\n".join(article_lines(lines)), MAX_CONTENT)


def is_enough(text: str) -> bool:
    """Tell an article from what a page has left without it."""
    han = sum(_HAN_FIRST <= character <= _HAN_LAST for character in text[:_FEWEST])
    return len(text) + han >= _FEWEST


def searched(text: str) -> str:
    """Return what searches look for words in, without a headline's line of its own."""
    return search_text(text).replace("\n", " ")
