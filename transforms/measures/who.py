"""Who acts in a headline, who answers, and whose measure it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from transforms.measures.lexicon import Office, Token
from transforms.measures.reading import Reading

OTHER = "other"
_STATES = "SJO"
# Who acts, the surest form first; the actor is the first letter of the group.
_WHO = (
    r"b[.Jg]{0,3}(?P<who>[BCS])",
    r"^[@#](?P<who>J)i?[VvDWwEYZu]",
    r"(?<![poi'a])(?P<who>[BCS])[.tgihpJWwe,]{0,3}[VvDEYZuR]",
    r"(?<![poi'a])(?P<who>[BCS])[^;:?]{0,4}[Ww][^;:?]{0,9}[NnDVvEYXM]",
    r"^[@#][^;:?,]{0,4}(?P<who>[BCS])[^;:?,]{0,2}:",
    r"(?P<who>[BC])",
    r"(?<![poi])(?P<who>[S])",
    r"(?P<who>[SJO])",
)
_SUES = r"(?:[FT][.tg]{0,4}Z[^;:?FT]{0,6}?|F.?R[^;:?]{0,4}?)(?P<who>[BCS])"
_REPLIES = r"(?P<who>[BCS])[.t,:fWw]{0,4}(?:R|u[.g]{0,2}[SJ])|(?P<late>[BCS])R"
# Goods that China lets out to another country, or keeps: its measure, whoever is named.
_OWN_GOODS = re.compile(r"(?:恢复|停止|暂停|限制|放宽|收紧)[向对][美日欧韩印澳台]")


@cache
def line(pattern: str) -> re.Pattern[str]:
    """Return a pattern over lines of letters."""
    return re.compile(pattern)


def actor(reading: Reading) -> Token | None:
    """Return the token of whoever acts; None if the headline names no state."""
    letters = reading.letters
    for pattern in (_SUES, *_WHO):
        if found := line(pattern).search(letters):
            return reading.at(found.start("who"))
    return None


def actor_name(reading: Reading, side: str, offices: Iterable[Office]) -> str:
    """Return the id of the body that acts, else its name; empty if none is named.

    If the news is an answer to a measure, it is the body that took that measure. If only a
    state is named, it is the one body whose task the act is.
    """
    by = replier(reading)
    answered = _others(reading, by) if by else []
    who = answered[0] if answered else actor(reading)
    name = reading.text[who.start : who.end] if who else ""
    if who and (who.word.body or who.letter not in _STATES):
        return who.word.body or name
    bodies = [t for t in reading.words("BC") if t.word.side == side and t.word.body]
    if who and bodies and bodies[0].start < who.start:
        return bodies[0].word.body
    return next(
        (o.body for o in offices if o.side == side and o.is_told(reading.lower)), name
    )


def replier(reading: Reading) -> Token | None:
    """Return the token of the state that answers a measure of another, or of its own."""
    found = line(_REPLIES).search(reading.letters)
    if not found:
        return None
    return reading.at(found.start("who" if found["who"] else "late"))


def is_answer(reading: Reading) -> bool:
    """Return whether the headline reports a reply to a measure, or a suit over one."""
    return any(line(form).search(reading.letters) for form in (_REPLIES, _SUES))


def side(reading: Reading) -> str:
    """Return the side that takes the measure; for an answer, the side that is answered."""
    by = replier(reading)
    if by and by.word.side == "cn" and _OWN_GOODS.search(reading.lower):
        return "cn"
    if by and (others := _others(reading, by)):
        return side_of(reading, others[0]) or OTHER
    who = actor(reading)
    return (side_of(reading, who) if who else _unnamed(reading)) or OTHER


def side_of(reading: Reading, token: Token) -> str:
    """Return the side of an actor: its own, or that of the state beside it."""
    if token.word.side:
        return token.word.side
    at = reading.tokens.index(token)
    for near in (
        *reversed(reading.tokens[max(0, at - 5) : at]),
        *reading.tokens[at + 1 : at + 4],
    ):
        if near.letter in "SJO":
            return near.word.side
    named = [t for t in reading.tokens if t.letter in "SJBC" and t.word.side]
    return named[0].word.side if named else _unnamed(reading)


def _unnamed(reading: Reading) -> str:
    """A Chinese headline that names no state tells of its own."""
    if reading.is_chinese:
        return "cn"
    named = [t for t in reading.tokens if t.word.side and t.letter in "BCSJn"]
    return named[0].word.side if named else ""


def _others(reading: Reading, by: Token) -> list[Token]:
    """Return the other states in what is answered, that of the measure first."""
    own, tokens = side_of(reading, by), reading.tokens
    reply = max(
        tokens.index(by), next((n for n, t in enumerate(tokens) if t.letter in "Ru"), 0)
    )
    end = next(
        (n for n in range(reply, len(tokens)) if tokens[n].letter in ",:;?"), len(tokens)
    )
    found = [t for t in tokens[:end] if t.letter in "BCSJO" and t is not by]
    found = [t for t in found if (t.word.side or own) != own]
    means = next((t.start for t in tokens if t.letter in "nNX"), 0)
    return sorted(found, key=lambda t: (t.letter == "O", t.start > means, -t.start))
