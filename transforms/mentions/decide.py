"""What the rule of an alias decides, once the alias stands there as a word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from transforms.mentions.compile import AliasRule
from transforms.mentions.documents import ArticleText
from transforms.mentions.hits import Gate, Hit
from transforms.patterns.compile import LazyPattern, without_pangu
from transforms.text.case import is_title_case

# In a full text, what an ambiguous name means is decided nearby or by the headline.
_CONTENT_REACH = 200


class View:
    """What the rules may look at beyond the hit itself."""

    def __init__(self, document: ArticleText, kept: Iterable[Hit]) -> None:
        self._document = document
        self._texts: tuple[str, ...] | None = None
        self._seen: dict[LazyPattern, bool] = {}
        self._sure: set[str] = set()
        self._sure_in_content: set[str] = set()
        for hit in kept:
            for rule in hit.rules:
                if rule.certain:
                    in_content = hit.field.name == "content"
                    sure = self._sure_in_content if in_content else self._sure
                    sure.add(rule.alias.company_id)

    def is_sure(self, company_id: str, hit: Hit) -> bool:
        """Whether the company is named beyond doubt; a headline decides for itself."""
        return company_id in self._sure or (
            hit.field.name == "content" and company_id in self._sure_in_content
        )

    def context(self, hit: Hit, patterns: Iterable[LazyPattern]) -> str:
        """Return the first pattern found in the headline or near a hit in a full text."""
        nearby: tuple[str, ...] = ()
        if hit.field.name == "content":
            nearby = _both_ways(_around(hit, _CONTENT_REACH))
        for pattern in patterns:
            if self._in_headline(pattern) or any(map(pattern.search, nearby)):
                return pattern.pattern
        return ""

    def _in_headline(self, pattern: LazyPattern) -> bool:
        if self._texts is None:
            self._texts = _both_ways(self._document.headline)
        found = self._seen.get(pattern)
        if found is None:
            found = self._seen[pattern] = any(map(pattern.search, self._texts))
        return found


def verdict(hit: Hit, rule: AliasRule, view: View) -> tuple[Gate, str]:
    """Return the gate that decides *hit* under *rule*, and the pattern it hung on.

    Not asked of a rule that is certain, which there is nothing to decide about.
    """
    if rule.excludes and (found := _excluded(hit, rule)):
        return "excluded", found
    says_nothing = _says_nothing(hit, rule)
    if rule.alias.default == "accept" and not says_nothing:
        return "not_excluded", ""
    may_lean = rule.alias.co_alias or says_nothing
    if may_lean and view.is_sure(rule.alias.company_id, hit):
        return "co_alias", ""
    if found := view.context(hit, rule.context):
        return "context", found
    return "no_context", ""


def _excluded(hit: Hit, rule: AliasRule) -> str:
    """Return the pattern that excludes the hit.

    What matches at another place that has the name, excludes the name there: in
    "何小鹏发布小鹏GX" the founder is no carmaker, and the car is one.
    """
    for window, at in _windows(hit, rule.window):
        for pattern in rule.excludes:
            if _excludes(pattern, window, at, at + hit.end - hit.start):
                return pattern.pattern
    return ""


def _excludes(pattern: LazyPattern, window: str, start: int, end: int) -> bool:
    name, text = window[start:end], window
    while found := pattern.search(text):
        at, to = found.span()
        if (at < end and start < to) or name not in window[at:to]:
            return True
        text = f"{text[:at]}{' ' * (to - at)}{text[to:]}"
    return False


def _windows(hit: Hit, reach: int) -> Iterator[tuple[str, int]]:
    """Yield what is around a hit, and where in it the hit begins, as ``_both_ways``."""
    window = _around(hit, reach)
    before = hit.start - max(0, hit.start - reach)
    yield window, before
    if not window.isascii() and (closed := without_pangu(window)) != window:
        # A space right before the name goes as well where the name makes it one to close.
        name = window[before : before + hit.end - hit.start]
        at = len(without_pangu(window[: before + len(name)])) - len(name)
        yield closed, max(at, 0)


def _says_nothing(hit: Hit, rule: AliasRule) -> bool:
    """Whether the case of the name, which its rule leans on, is that of every word."""
    written = rule.text
    return (
        rule.exact
        and bool(rule.context)
        and written.istitle()
        and hit.field.name == "title"
        and is_title_case(hit.field.text)
    )


def _around(hit: Hit, reach: int) -> str:
    return hit.field.text[max(0, hit.start - reach) : hit.end + reach]


def _both_ways(text: str) -> tuple[str, ...]:
    """Return *text*, and without its spaces between Han and Latin if it has any."""
    closed = text if text.isascii() else without_pangu(text)
    return (text,) if closed == text else (text, closed)
