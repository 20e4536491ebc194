"""Article fields as input of matchers: folded, without credit lines.

Phrases that give a company a secondary role are data of the beat (``roles.toml``).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple, get_args

from transforms.models import TextField
from transforms.names.rules.patterns import PatternSet, lazy_pattern, pattern_set
from transforms.text.fold import LATIN, Folded, fold, lowered

# Feeds cut summaries at 100 to 300 characters, most with an ellipsis; a shorter text with
# one is style. Without an ellipsis, only a round length says that a feed has cut.
_CUT_WITH_ELLIPSIS = 60
_ROUND_LENGTHS = frozenset({*range(100, 1001, 50), 120, 140, 160, 255, 256, 280, 512})
_ELLIPSIS = re.compile(r"(?<=\w)[\[(]?(?:…|\.{3,})[\])]?\s*$")
_ELLIPSIS_SIGNS = "….[]()"
# A bracket that nothing closes was cut, wherever that was.
_OPEN_BRACKET = re.compile(r"\([^()]{0,12}\s*$")
# Credit lines are words that are no part of the news.
_NO_CREDIT_LINES = PatternSet()
_Beside = Literal["aside", "place", "byline"]
BESIDE: tuple[_Beside, ...] = get_args(_Beside)
# "前" also ends words for "before"; a person makes it "former".
_PERSON = re.compile(
    ".{0,8}?(?:高管|员工|工程师|总裁|总监|经理|主管|负责人|研究员|科学家|创始人|ceo|cto)"
)
# From the last two characters of an exchange's or a board's name.
_LISTED = re.compile("(?:[交易]所|[创业]板)(上市|主板|挂牌|递|提交|ipo)")
_WITHIN = 2


class Field(NamedTuple):
    """One field: *text* and *lower* are equally long, *folded* maps back."""

    name: TextField
    original: str
    folded: Folded
    text: str
    lower: str
    cut: int | None = None

    def written(self, start: int, end: int) -> tuple[str, int, int]:
        """Return the original text, start and length of folded [start, end)."""
        at, length = self.folded.span(start, end)
        return self.original[at : at + length], at, length


class ArticleText(NamedTuple):
    """Non-empty fields of an article, with title and summary as one text."""

    fields: tuple[Field, ...]

    @property
    def headline(self) -> str:
        """Title and summary, the context of ambiguous names."""
        return "\n".join([f.text for f in self.fields if f.name != "content"])


def read_document(
    title: str,
    summary: str = "",
    content: str | None = None,
    *,
    credit_lines: PatternSet = _NO_CREDIT_LINES,
) -> ArticleText:
    """Fold the fields of an article and blank out credit lines.

    Blanks keep the length and so all positions.
    """
    texts: tuple[tuple[TextField, str], ...] = (
        ("title", title),
        ("summary", summary),
        ("content", content or ""),
    )
    return ArticleText(tuple([_field(n, t, credit_lines) for n, t in texts if t]))


def compile_credit_lines(sources: Iterable[str]) -> PatternSet:
    """Compile the patterns of a watchlist's credit lines."""
    return pattern_set([lazy_pattern(source) for source in sources])


def _field(name: TextField, original: str, credit_lines: PatternSet) -> Field:
    folded = fold(original)
    text, lower = folded.text, lowered(folded.text)
    for number in credit_lines.likely(lower):
        text = credit_lines.patterns[number].sub(lambda found: " " * len(found[0]), text)
    cut = None if name == "title" else _cut(text)
    if name != "title" and (found := _OPEN_BRACKET.search(text, max(0, len(text) - 16))):
        text = text[: found.start()] + " " * (len(text) - found.start())
    if text is not folded.text:
        lower = lowered(text)
    return Field(name, original, folded, text, lower, cut)


def _cut(text: str) -> int | None:
    """Return where a feed cut *text* off inside a word, or None."""
    end = len(text.rstrip())
    tail = len(text[:end].rstrip(_ELLIPSIS_SIGNS))
    if tail < end and (found := _ELLIPSIS.search(text, tail)):
        return found.start() if found.start() >= _CUT_WITH_ELLIPSIS else None
    return end if len(text) in _ROUND_LENGTHS and text[end - 1].isalnum() else None


class RoleCue(NamedTuple):
    """Secondary role of a company, with the phrase that shows it."""

    role: _Beside
    phrase: str


class Roles(NamedTuple):
    """Phrases that set a name aside; ``person`` are the words that mark a manager."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    after_pattern: re.Pattern[str]
    role_before: Mapping[str, _Beside]
    role_after: Mapping[str, _Beside]
    not_before: tuple[str, ...]
    not_after: tuple[str, ...]
    around: tuple[tuple[_Beside, tuple[str, ...], tuple[str, ...]], ...]
    ends: tuple[str, ...]
    person: tuple[str, ...]


def read_roles(text: str) -> Roles:
    """Return the phrases of a TOML text."""
    data = tomllib.loads(text)
    role_before = {text: role for role in BESIDE for text in data[role]["before"]}
    role_after = {text: role for role in BESIDE for text in data[role]["after"]}
    around = tuple(
        (entry["role"], tuple(entry["before"]), tuple(entry["after"]))
        for entry in data["around"]
    )
    return Roles(
        before=tuple(role_before),
        after=tuple(role_after),
        after_pattern=re.compile(data["place"]["after-pattern"]),
        role_before=role_before,
        role_after=role_after,
        not_before=tuple(data["not"]["before"]),
        not_after=tuple(data["not"]["after"]),
        around=around,
        ends=tuple(end for _, _, ends in around for end in ends),
        person=tuple(data["person"]["words"]),
    )


def beside(known: Roles, lower: str, start: int, end: int) -> RoleCue | None:
    """Return the phrase that gives the name at lower[start:end] a secondary role."""
    ends = lower.startswith(known.ends, end)
    if ends and (cue := _around(known, lower, start, end)):
        return cue
    begins = start and lower.endswith(known.before, 0, start)
    if begins and (cue := _before(known, lower, start)):
        return cue
    if lower.startswith(known.after, end) and not lower.startswith(known.not_after, end):
        phrase = max((c for c in known.after if lower.startswith(c, end)), key=len)
        return RoleCue(known.role_after[phrase], phrase.strip())
    if scored := known.after_pattern.match(lower, end):
        return RoleCue("place", scored[0])
    return _former_or_listed(lower, start, end)


def _before(known: Roles, lower: str, start: int) -> RoleCue | None:
    phrase = max((c for c in known.before if lower.endswith(c, 0, start)), key=len)
    begin = start - len(phrase)
    is_part = phrase[0] in LATIN and begin > 0 and lower[begin - 1] in LATIN
    if is_part or lower.endswith(known.not_before, 0, start):
        return None
    return RoleCue(known.role_before[phrase], phrase.strip())


def _around(known: Roles, lower: str, start: int, end: int) -> RoleCue | None:
    for role, before, after in known.around:
        if lower.endswith(before, 0, start) and lower.startswith(after, end):
            first = next(cue for cue in before if lower.endswith(cue, 0, start))
            last = next(cue for cue in after if lower.startswith(cue, end))
            return RoleCue(role, f"{first.strip()} … {last.strip()}")
    return None


def _former_or_listed(lower: str, start: int, end: int) -> RoleCue | None:
    if lower.endswith("前", 0, start) and _PERSON.match(lower, end):
        return RoleCue("aside", "前")
    if lower.startswith("前", end) and _PERSON.match(lower, end + 1):
        return RoleCue("aside", "前")
    listed = _LISTED.match(lower, end - _WITHIN)
    return RoleCue("place", listed[1]) if listed else None
