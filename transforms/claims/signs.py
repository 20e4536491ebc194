"""Signs of a claim's basis and modality: cues in their order, by clause and by who acts.

A sign is a name: the group of a cue (``announces``), a group with who acts before it
(``state>says``), what a verb comes to (``denies``, ``refuses``, ``confirms-not``), the last
state that the title tells (``last=plans``, ``strong=denial``), a group that the summary has
(``summary:data``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from transforms.claims.cues import (
    FIRM,
    STATE,
    Cue,
    confirmation,
    denial,
    is_told,
    is_verbless,
    reporting,
)

_ACTORS = {
    FIRM: FIRM,
    "manager": FIRM,
    STATE: STATE,
    "people": "people",
    "outlet": "outlet",
}
_VERBS = frozenset(
    {"announces", "plans", "may", "withdraws", "results", "filing", "data", "round"}
)
# States that another takes the place of; a denial, a confirmation and an end stay.
_WEAK = frozenset({"answers", "announces", "plans", "may"})
_IN_SUMMARY = frozenset(
    {"sources", "says", STATE, "data", "exclusive", "filing", "denial", "outlet", "hint"}
)
# A title with one of these tells by itself who says so.
GROUNDS = frozenset(
    {"sources", "announces", "says", "answers", "denies", "confirms", STATE, "state-act"}
    | {"filing", "data", "exclusive", "outlet-says", "results", "speaker", "refuses"}
)
_BARS = frozenset("|丨")
# Between a name and its colon there may be a title or a product.
_SPEAKS = 8


class Signs(NamedTuple):
    """Names of signs, and the cue by which something is denied, confirmed or given up."""

    names: set[str]
    settled: Cue | None


def title_signs(lower: str, original: str, cues: Sequence[Cue]) -> Signs:
    """Return the signs of a title, by its *cues* and firms in reading order.

    *lower* and *original* are its text, of equal length.
    """
    course = _Course(lower, original, cues)
    for number, cue in enumerate(cues):
        _HANDLERS.get(cue.group, _take)(course, number, cue)
    _end_clause(course)
    if course.weak:
        course.signs.add(f"last={course.weak}")
    if course.strong:
        course.signs.add(f"strong={course.strong}")
    _weigh_leaks(course.signs)
    return Signs(course.signs, course.settled)


def summary_signs(cues: Iterable[Cue]) -> set[str]:
    """Return the signs of a summary, which is read where the title tells no ground."""
    return {f"summary:{cue.group}" for cue in cues if cue.group in _IN_SUMMARY}


@dataclass(slots=True, eq=False)
class _Course:
    """What has been read of a title so far: who acts, who spoke, and what is the state.

    ``rumoured`` and ``strong_in`` are numbers of clauses.
    """

    text: str
    original: str
    cues: Sequence[Cue]
    signs: set[str] = field(default_factory=set)
    clause: int = 0
    actor: str = ""
    has_acted: bool = False
    voice: str = ""
    is_content: bool = False
    rumoured: int = -1
    falsehood: bool = False
    weak: str = ""
    weak_before: str = ""
    is_talk: bool = False
    strong: str = ""
    strong_in: int = -1
    settled: Cue | None = None


def _take(course: _Course, _: int, cue: Cue) -> None:
    course.signs.add(cue.group)


def _act(course: _Course, _: int, cue: Cue) -> None:
    course.signs.add(cue.group)
    course.has_acted = True


def _stop(course: _Course, _: int, cue: Cue) -> None:
    _end_clause(course)
    if course.text[cue.start] in _BARS:
        course.actor = ""


def _ask(course: _Course, _: int, __: Cue) -> None:
    course.signs.add("asks")
    # How far a thing has come is told before the clause that asks.
    course.is_talk = True
    if course.strong == "withdraws" and course.strong_in == course.clause:
        # What is asked about is a rumour until somebody says more.
        course.strong, course.settled, course.rumoured = "", None, course.clause
    _end_clause(course)
    course.actor = ""


def _end_clause(course: _Course) -> None:
    if course.is_talk and course.weak_before:
        course.weak = course.weak_before
    course.weak_before, course.is_talk, course.has_acted = course.weak, False, False
    course.clause += 1
    course.is_content = True


def _colon(course: _Course, number: int, cue: Cue) -> None:
    course.is_content = True
    last = course.cues[number - 1] if number else None
    if last and _ACTORS.get(last.group) == FIRM and cue.start - last.end <= _SPEAKS:
        course.signs.add("speaker")
        course.voice = "speaker"


def _talk(course: _Course, _: int, __: Cue) -> None:
    course.signs.add("talk")
    course.is_talk = True


def _to(course: _Course, _: int, cue: Cue) -> None:
    if not course.has_acted and is_verbless(course.original, cue.start):
        course.signs.add("firm-to")
        course.weak, course.has_acted = "plans", True


def _deny(course: _Course, number: int, cue: Cue) -> None:
    course.has_acted = True
    kind = denial(course.text, course.cues, number, course.actor)
    course.signs.add(kind)
    if kind.endswith("denies"):
        _settle(course, "denial", cue)


def _confirm(course: _Course, number: int, cue: Cue) -> None:
    course.has_acted = True
    kind = confirmation(course.cues, number, course.actor)
    course.signs.add(kind)
    _settle(course, "denial" if kind == "confirms-not" else "confirms", cue)


def _settle(course: _Course, state: str, cue: Cue) -> None:
    course.strong, course.strong_in, course.settled = state, course.clause, cue


def _untrue(course: _Course, _: int, cue: Cue) -> None:
    if course.voice or course.rumoured >= 0:
        course.signs.add("denies")
        _settle(course, "denial", cue)


def _not(course: _Course, _: int, cue: Cue) -> None:
    answers = course.voice == "answers"
    # Behind "responds to" stands what is answered; the answer is another clause.
    if course.voice and not (answers and (cue.group == "lacks" or not course.is_content)):
        course.signs.add(f"{course.voice}-not")


def _tell(course: _Course, _: int, cue: Cue) -> None:
    if is_told(course.text, cue):
        _source(course)


def _source(course: _Course, *_: object) -> None:
    if course.voice == "answers" and not course.is_content:
        course.signs.add("rumour")  # what is answered: 回应网传
        return
    course.signs.add("sources")
    course.rumoured = course.clause
    course.actor, course.has_acted = "sources", True


def _report(course: _Course, number: int, cue: Cue) -> None:
    kind = reporting(course.text, course.cues, number)
    if kind == "outlet-says" and course.strong != "denial":
        course.signs.add(kind)
    elif kind == "sources":
        _source(course)
    elif kind == "says":
        _verb(course, number, cue)
        _speak(course, number, cue)
    else:
        _rumour(course, number, cue)


def _rumour(course: _Course, _: int, cue: Cue) -> None:
    course.signs.add("rumour")
    course.rumoured = course.clause
    course.falsehood = course.falsehood or cue.group == "falsehood"


def _name(course: _Course, _: int, cue: Cue) -> None:
    course.actor = _ACTORS[cue.group]
    if course.actor != FIRM:
        course.signs.add(cue.group)
    if course.actor == FIRM and 0 <= course.rumoured < course.clause:
        course.signs.add("rumour>firm")


def _verb(course: _Course, number: int, cue: Cue) -> None:
    group, acted = cue.group, f"{course.actor or 'someone'}>{cue.group}"
    if group == "plans" and course.strong == "withdraws" and course.has_acted:
        return  # what is given up
    course.signs |= {group, acted}
    if not course.has_acted:
        course.signs.add(f"first={acted}")
    course.has_acted = True
    if group == "withdraws":
        _settle(course, group, cue)
    elif group in _WEAK and not (group == "announces" and _is_planned(course, number)):
        course.weak = group


def _is_planned(course: _Course, number: int) -> bool:
    """Tell whether a verb is what is planned: "plans to launch", 将发布."""
    last = course.cues[number - 1].group if number else ""
    return last in ("plans", "to", "may") and course.weak in ("plans", "may")


def _answer(course: _Course, number: int, cue: Cue) -> None:
    _verb(course, number, cue)
    if course.rumoured >= 0:
        course.signs.add("rumour>answers")
    course.voice, course.is_content = "answers", False
    if course.falsehood:
        course.signs.add("denies")
        _settle(course, "denial", cue)


def _speak(course: _Course, _: int, __: Cue) -> None:
    course.voice = "says"
    course.weak = course.weak or "says"
    if 0 <= course.rumoured < course.clause:
        course.signs.add("rumour>says")


def _weigh_leaks(signs: set[str]) -> None:
    """Take a leak for a voice where what got out tells of a thing or a plan."""
    if "leaks" in signs and not signs.isdisjoint(("product", "shows")):
        signs.add("sources")
    if "sources" in signs and "product" in signs:
        signs.add("sources&product")


_HANDLERS: dict[str, Callable[[_Course, int, Cue], None]] = {
    "stop": _stop,
    "asks": _ask,
    "colon": _colon,
    "talk": _talk,
    "to": _to,
    "not": _not,
    "lacks": _not,
    "untrue": _untrue,
    "told": _tell,
    "exposed": _tell,
    "sources": _source,
    "rumour": _rumour,
    "falsehood": _rumour,
    "report": _report,
    "reports": _report,
    "says": _report,
    "answers": _answer,
    "hint": _act,
    "state-act": _act,
    **dict.fromkeys(("denial", "rejects", "dismisses", "clarifies"), _deny),
    **dict.fromkeys(("confirms", "admits"), _confirm),
    **dict.fromkeys(_ACTORS, _name),
    **dict.fromkeys(_VERBS, _verb),
}
