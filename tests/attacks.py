"""Texts that make a backtracking engine work, and the time a pattern takes over them."""

from __future__ import annotations

import re
import re._parser as parser
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

# Short texts tell at once of most patterns that their time grows as the text does.
SHORT = (2_500, 5_000)
# Of the others the largest comes first: where that is quick, the rest has nothing to tell.
SIZES = (40_000, 20_000, 10_000)
# CPU seconds: what takes less at 40,000 characters is quick enough, whatever its growth.
QUICK = 0.1
DEADLINE = 2.0
# What takes so little at the shortest takes less than QUICK at the longest, though it grew
# with the fourth power. Of the rules none grows faster than with the square: a watchlist
# with one is refused.
LITTLE = {power: QUICK / (SIZES[0] / SHORT[0]) ** power for power in (2, 4)}
# Linear is twice the time for twice the text, quadratic four times.
GROWTH = 3.0
# From the one short text to the other. A sum of a linear and a quadratic part that grows by
# GROWTH among the long ones grows by 2.4 here.
LINEAR = 1.7, 2.2
# Until one looks linear, and so many where none does: a program on the same core's other
# thread makes CPU time longer as well, and may come and go with each text.
TRIALS = 5
# Repeats of a few copies cost as much on a long text as on a short one.
WIDE = 10
COMMON = (" ", "0", "a", "中", "(", "[")
MORE = tuple("\n\t\u3000A)]>|.<'\"-、。…,/:;=&%_#@")
PAIRS = (
    "a ",
    "0 ",
    "中 ",
    "a.",
    "0,",
    "<a ",
    "<a>",
    "</a",
    "a中",
    "a-",
    "《a》",
    "a@a.",
    "://",
)


class Attack(NamedTuple):
    """A beginning that matches, what is repeated behind it, and an end that fails."""

    before: str
    repeated: str
    after: str

    def text(self, size: int) -> str:
        """Return the attack, *size* characters long."""
        copies = size // len(self.repeated) + 1
        return (self.before + self.repeated * copies)[:size] + self.after


class Slow(NamedTuple):
    """An attack under which a pattern grows faster than the text, and the CPU seconds."""

    attack: Attack
    seconds: tuple[float, ...]


class _TooLongError(Exception):
    """The deadline is over."""


def slowest(
    pattern: re.Pattern[str] | re.Pattern[bytes], *, anchored: bool, thorough: bool
) -> Slow | None:
    """Return what *pattern* is slow on, None where its time grows as the text does.

    An *anchored* one is matched at the beginning, others are searched for. To be called
    from the main thread of a process of its own: it sets a timer and its handler.
    """
    signal.signal(signal.SIGVTALRM, _stop)
    source = pattern.pattern
    text = source if isinstance(source, str) else source.decode("latin-1")
    flags = pattern.flags if isinstance(pattern, re.Pattern) else 0
    little = LITTLE[4 if thorough else 2]
    for attack in attacks(_plain(text), flags, thorough=thorough):
        taken = _least(partial(_trial, pattern, attack, anchored=anchored, little=little))
        if _is_superlinear(taken):
            return Slow(attack, taken)
    return None


def attacks(source: str, flags: int, *, thorough: bool = True) -> list[Attack]:
    """Return attacks on the pattern *source*, made from its own pieces and from others."""
    walk = _Walk()
    whole = walk.example(parser.parse(source, flags), "")
    if not walk.pumps:
        # Nothing repeats without end, so that each place of a text costs a bounded time.
        return [Attack("", whole or "a", "\x00")]
    general = (*COMMON, *MORE, *PAIRS) if thorough else COMMON[:6]
    found = {Attack("", each, "\x00"): None for each in general}
    for before, body in walk.pumps:
        for each in (Attack(before, body, "\x00"), Attack("", before + body, "\x00 ")):
            found[each] = None
    for piece in (whole, whole[:-1], whole[:2], whole[:1], f"{whole} "):
        found[Attack("", piece, "\x00")] = None
    return [attack for attack in found if attack.repeated]


class _Walk:
    """A walk over a parsed pattern that writes what it matches, and notes what repeats."""

    def __init__(self) -> None:
        self.pumps: dict[tuple[str, str], None] = {}
        self._groups: dict[int | None, str] = {}
        self._repeating = False

    def example(self, tree: parser.SubPattern, before: str) -> str:
        """Return a text that *tree* matches, near enough."""
        text = ""
        for kind, value in tree:
            text += self._one(str(kind), value, before + text)
        return text

    def _one(self, kind: str, value: Any, before: str) -> str:  # noqa: C901, PLR0911  a case each
        match kind, value:
            case "LITERAL", int(code):
                return chr(code)
            case "NOT_LITERAL", int(code):
                return "b" if code == ord("a") else "a"
            case "ANY", _:
                return "a"
            case "IN", list(items):
                return members(items)[0]
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT", (least, most, body):
                return self._repeat(least, most, body, before)
            case "SUBPATTERN", (group, _, _, body):
                self._groups[group] = self.example(body, before)
                return self._groups[group]
            case "ATOMIC_GROUP", body:
                return self.example(body, before)
            case "BRANCH", (_, branches):
                examples = [self.example(branch, before) for branch in branches]
                if self._repeating:
                    self.pumps |= dict.fromkeys((before, each) for each in examples)
                return examples[0]
            case "GROUPREF", int(group):
                return self._groups.get(group, "")
            case (("ASSERT" | "ASSERT_NOT"), (_, body)):
                self.example(body, before)
        return ""

    def _repeat(self, least: int, most: int, body: parser.SubPattern, before: str) -> str:
        outer, self._repeating = self._repeating, self._repeating or most > WIDE
        one = self.example(body, before)
        self._repeating = outer
        if most > WIDE:
            [(kind, items), *rest] = list(body)
            chars = members(items) if str(kind) == "IN" and not rest else [one]
            self.pumps |= dict.fromkeys((before, each) for each in chars)
        return one * min(least, 50)


def members(items: list[tuple[object, object]]) -> list[str]:
    """Return a few characters of a class."""
    chars: list[str] = []
    for kind, value in items:
        match str(kind), value:
            case "LITERAL", int(code):
                chars.append(chr(code))
            case "RANGE", (first, last):
                chars += [chr(first), chr(last)]
            case "CATEGORY", category:
                chars.append(_CATEGORIES[str(category)])
    if str(items[0][0]) == "NEGATE":
        return [c for c in "a 0中!" if c not in chars][:3] or ["\x02"]
    return chars[:5]


_CATEGORIES = {
    "CATEGORY_DIGIT": "0",
    "CATEGORY_SPACE": " ",
    "CATEGORY_WORD": "a",
    "CATEGORY_NOT_DIGIT": "a",
    "CATEGORY_NOT_SPACE": "a",
    "CATEGORY_NOT_WORD": " ",
}


def _plain(source: str) -> str:
    r"""Return *source* without what only ``regex`` knows: \p{…}, \X and set differences."""
    plain = re.sub(r"\\p\{\w+\}|\\X", "a", source)
    return re.sub(r"\[\[(\w+)\]--\[[^\]]*\]\]", r"[\1]", plain)


def _least(trial: Callable[[], tuple[float, ...]]) -> tuple[float, ...]:
    """Return the least CPU seconds of up to TRIALS, as soon as they are not superlinear."""
    least = trial()
    for _ in range(TRIALS - 1):
        if not _is_superlinear(least):
            break
        again = trial()
        # One that got beyond the deadline of another says more than that one.
        both = len(least) == len(again) or not again
        least = tuple(map(min, least, again)) if both else max(least, again, key=len)
    return least


def _trial(
    pattern: re.Pattern[str] | re.Pattern[bytes],
    attack: Attack,
    *,
    anchored: bool,
    little: float,
) -> tuple[float, ...]:
    """Return the CPU seconds over SIZES, the shortest first; nothing where it is quick."""

    def seconds(size: int, clock: Callable[[], float] = time.process_time) -> float:
        text = attack.text(size)
        subject = text if isinstance(pattern.pattern, str) else text.encode()
        began = clock()
        with _deadline():
            _use(pattern, subject, anchored=anchored)
        return clock() - began

    try:
        # By the wall clock: that of the process may tick once in four milliseconds.
        short = seconds(SHORT[0], time.perf_counter)
        if short < little:
            return ()
        longer = seconds(SHORT[1], time.perf_counter)
        if not LINEAR[0] < longer / short < LINEAR[1]:
            # Once more: another program may have been in the way of either.
            again = [seconds(size, time.perf_counter) for size in SHORT]
            short, longer = map(min, (short, longer), again)
        if short < little or longer < LINEAR[1] * short:
            return ()
        taken: list[float] = []
        for size in SIZES:
            taken.insert(0, seconds(size))
            if taken[-1] < QUICK:
                return ()
    except _TooLongError:
        return (DEADLINE,)
    return tuple(taken)


def _use(pattern: re.Pattern[Any], subject: Any, *, anchored: bool) -> None:
    if anchored:
        pattern.match(subject)
        pattern.fullmatch(subject)
    else:
        for _ in pattern.finditer(subject):
            pass


def _is_superlinear(seconds: tuple[float, ...]) -> bool:
    match seconds:
        case [ten, twenty, forty]:
            return twenty > GROWTH * ten and forty > GROWTH * twenty
        case _:
            return seconds == (DEADLINE,)


@contextmanager
def _deadline() -> Iterator[None]:
    signal.setitimer(signal.ITIMER_VIRTUAL, DEADLINE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _stop(*_: object) -> None:
    raise _TooLongError
