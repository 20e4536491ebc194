"""What a measure is: who acts, its instrument, status and direction, on whom and what.

Each is told by the words of the main clause first; what is not told stays empty.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache

from transforms.measures.lexicon import Office, Token
from transforms.measures.reading import Reading
from transforms.models.measures import EVERYWHERE

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
ANSWERED, RUMOURED, PROPOSED, DECIDED = "answered", "rumoured", "proposed", "decided"
IN_FORCE, STAYED, EASED = "in-force", "stayed", "eased"
_ACTS = "ADVvjNnPGXIYEZRMHuWwK"
_LATER = 0.4
_DIRECTED = 0.6
_TOLD_BY = re.compile(r"sources|reportedly|familiar|said to|消息|知情|据悉|曝|外媒|据报")
_VOTED = re.compile(
    r"\b(?:lawmakers?|senate|house|committee|panel|parliament|legislature|congress)\b.{0,30}"
    r"\b(?:approves?|pass(?:es|ed)?|advances?|votes?|backs?)\b|[众参]议院.{0,6}通过"
)
_SIGNED = re.compile(
    r"\b(?:signs?|signed|enacts?|enacted|passed into law|becomes law|finali[sz]es?)\b"
    r"|(?<!house )(?<!senate )(?<!committee )(?<!lawmakers )"
    r"\bpasses\b(?!.{0,60}\b(?:house|senate|committee)\b)|签署|签字|正式通过|发布|印发|出台(?<!将出台)"
)
_TIGHTENS = re.compile(
    r"取消|撕毁|终止补|退坡|only .{0,60} qualify"
    r"|\b(?:cuts?|ends?|scraps?|revokes?|cancels?)\b"
)
_SUPPORTS = re.compile(
    r"标准体系|建设指南|支持|鼓励|促进|推进|培育|发展的?意见|先行区|示范区|试点|赋能"
    r"|(?<![-\w])(?:boost|support|promot|foster|encourag)(?:e?s|e|ing)?\b"
)
# What is meant to tighten supports nothing, whatever it is to promote.
_STRICT = re.compile(r"收紧|从严|严管|\b(?:tighten|strict)|\borders\b")
# Who must allow something, or is fined for it, is not let off; nor who gets no more goods.
_FORCED = re.compile(
    r"(?:\b(?:for|only)"
    r"|\b(?:orders?|ordered|forces?|tells?|requires?|makes?)\b.{1,40}\bto) $"
)
# To end what lets somebody off tightens.
_EXEMPTION_ENDS = re.compile(
    r"(?:取消|撤[销回]|终止|收回|废[除止])[^，。；、并予]{0,14}(?:豁免|免税)"
    r"|\b(?:end(?:s|ed|ing)?|(?:scrap|revok|rescind|withdr[ae]w|cancel|repeal|remov|lift)\w*)"
    r" (?:(?!and |but |to |bans? |rules |curbs |tariffs |controls |restrictions )"
    r"[^\s,;:]+ ){0,4}"
    r"(?:exemptions?|waivers?|loopholes?|de minimis)\b"
)
_GOODS = re.compile(
    r"(?:halt|pause|suspend|freeze)\w* .{0,40}\b(?:shipments|exports|sales|supplies)\b"
    r"(?! (?:ban|controls?|curbs?|rules?))|暂停[向对].{1,8}(?:供应|出口|出货|销售)"
)
# Who asks in vain that something be paused has paused nothing.
_ASKED_IN_VAIN = re.compile(
    r"\b(?:den(?:y|ies|ied)|reject(?:s|ed)?|refuse[sd]?|dismiss(?:es|ed)?|los(?:es|t))\b"
    r"[^,;:]{0,40}\b(?:bid|request|motion|plea|attempt|effort|challenge|appeal)\b[^,;:]{0,30}"
    r"|驳回[^，；：]{0,16}(?:暂停|中止|暂缓|禁令)[^，；：]{0,6}(?:请求|申请|动议)?"
)
# A court that holds a rule to be none.
_STRUCK_DOWN = re.compile(
    r"\b(?:strikes?|struck) down\b"
    r"|\b(?:vacate|invalidate|overturn|void|annul)(?:s|ed|led|ls)?\b"
    r"|判[^，；：]{0,12}(?:违法|无效|违宪)"
)
_DENIED = re.compile(r"\b(?:deny|denies|denied|refuses?|rejects?)\b")
_ON_CHINA = re.compile(
    r"[对對输輸][华華](?![硕碩尔爾纳納裔])|[对對向]中[国國]|\bto china\b"
)
# Whom a measure hits, where no firm is named: a noun of many, with what stands before it.
_MANY = re.compile(
    r"(?:(?:^|[\s-])(?:companies|firms|developers|platforms|apps|suppliers|users|exporters"
    r"|startups|manufacturers|operators|models|chips|drones|vehicles|giants|entities"
    r"|data cent(?:er|re)s)|(?<!law)makers)$"
    r"|(?:企业|公司|平台|厂商|实体|车企|中企|机构|经营者|服务商)$"
)
_BESIDE, _FEW = "JSOTegf", 3
_NO_PART = frozenset({"and", "or", "than", "as", "but", "from", "are", "its", "over"})
# Of Chinese words that no list has a number, else all of them if they are few.
_OWN = re.compile(
    r"(?:\d{1,4}|[一二两三四五六七八九十百多数])\s?[家款个]\s?$"
    r"|^[^对將将给給把被向在与與和及的等了会會让讓至、]{2,4}$|$"
)


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
        return name if _state_before(reading, who) else who.word.body or name
    bodies = [t for t in reading.words("BC") if t.word.side == side and t.word.body]
    if who and bodies and bodies[0].start < who.start:
        return bodies[0].word.body
    return next(
        (o.body for o in offices if o.side == side and o.is_told(reading.lower)), name
    )


def replier(reading: Reading) -> Token | None:
    """Return the token of the state that answers a measure of another, or of its own."""
    found = line(_REPLIES).search(reading.letters)
    return reading.at(found.start("who" if found["who"] else "late")) if found else None


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
    if state := _state_before(reading, token):
        return state.word.side or OTHER
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


def _state_before(reading: Reading, token: Token) -> Token | None:
    """Return the state of another side that stands before a body: Malaysian lawmakers."""
    at = reading.tokens.index(token)
    before = reading.tokens[at - 1] if at and token.letter in "BC" else None
    is_of_another = (
        before
        and before.letter in _STATES
        and before.word.side != token.word.side
        and reading.lower[before.end : token.start] == " "
    )
    return before if is_of_another else None


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


def main_words(reading: Reading) -> list[tuple[Token, float]]:
    """Return the words of acts with their weight: less behind "after", a comma, a mark."""
    found, weight, seen = [], 1.0, False
    for token in reading.tokens:
        if (token.letter == "a" and seen and not reading.is_chinese) or (
            token.letter in ";?" and seen
        ):
            weight = min(weight, _LATER)
        elif token.letter in ",:" and seen:
            weight = min(weight, _DIRECTED)
        if token.letter in _ACTS and not _is_turned(reading, token):
            seen = seen or token.letter not in "Ww"
            found.append((token, weight))
    return found


def _is_turned(reading: Reading, token: Token) -> bool:
    """Tell whether a word that eases does not, by what stands around it."""
    lower, start = reading.lower, token.start
    if token.letter == "E":
        is_forced = bool(_FORCED.search(lower[:start]))
        return is_forced or _within(_EXEMPTION_ENDS, lower, start)
    return token.letter == "Y" and (
        bool(_GOODS.match(lower, start)) or _within(_ASKED_IN_VAIN, lower, start)
    )


def _within(pattern: re.Pattern[str], text: str, place: int) -> bool:
    return any(found.start() <= place < found.end() for found in pattern.finditer(text))


def instrument(reading: Reading) -> str:
    """Return the means of the measure."""
    votes: dict[str, float] = defaultdict(float)
    letters = {t.letter for t in reading.tokens}
    for token, weight in main_words(reading):
        word = token.word
        if word.instrument:
            votes[word.instrument] += word.strength * weight
    _combine(votes, letters, reading)
    best = max(votes, key=lambda name: votes[name])
    return best if votes[best] else OTHER


def _combine(votes: dict[str, float], letters: set[str], reading: Reading) -> None:
    """Count what words mean together."""
    by_court = any(t.letter == "C" for t in reading.tokens)
    if votes["court-ruling"] and not by_court:
        votes["court-ruling"] *= 0.5
    if by_court and votes["court-ruling"]:
        votes["court-ruling"] += 1.5
    if "X" in letters and letters & set("DEVYHG"):
        votes["export-control"] += 1.2
    if "M" in letters and letters & set("VDHGE"):
        votes["approval-or-licence"] += 0.6
    if votes["ban"] and line(r"[VDG][.tgWw]{0,2}[FT]").search(reading.letters):
        votes["ban"] += 1.2
    if votes["plan-or-support"] and votes["rule-or-standard"]:
        votes["rule-or-standard"] += 0.3 if "《" in letters else 0.0


def status(reading: Reading, *, is_to_come: bool = False) -> str:
    """Return how far the measure has come; one whose day ``is_to_come`` is not in force."""
    if is_answer(reading):
        return ANSWERED
    cues = _cues(reading)
    least = _DIRECTED if reading.is_chinese else 1.0
    is_proposed = cues[PROPOSED] >= least or bool(_VOTED.search(reading.lower))
    stages = (
        (RUMOURED, cues[RUMOURED] >= least),
        (PROPOSED, is_proposed and not _is_signed(reading.lower)),
        (STAYED, cues[STAYED] == 1),
        (EASED, cues[EASED] == 1),
        (IN_FORCE, bool(cues[IN_FORCE]) and not is_to_come),
        (EASED, _is_granted(reading) and bool({"X", "n"} & set(reading.letters))),
    )
    return next((stage for stage, holds in stages if holds), DECIDED)


def _is_signed(lower: str) -> bool:
    """Tell whether it is more than a proposal; what is published for comment is not."""
    return "征求意见" not in lower and bool(_SIGNED.search(lower))


def _cues(reading: Reading) -> dict[str, float]:
    """Return the weight of each status that the words tell; of "sources say" anywhere 1."""
    cues: dict[str, float] = defaultdict(float)
    for token, weight in main_words(reading):
        if token.word.status:
            is_source = _TOLD_BY.search(reading.lower, token.start, token.end)
            said = 1.0 if is_source else weight
            cues[token.word.status] = max(cues[token.word.status], said)
    return cues


def _is_granted(reading: Reading) -> bool:
    return any(token.letter == "H" or token.word.grants for token in reading.tokens)


def direction(reading: Reading, means: str, state: str) -> str:
    """Return whether the measure tightens, eases or supports."""
    letters, lower = reading.letters, reading.lower
    is_struck_down = "C" in letters and _STRUCK_DOWN.search(lower)
    if state in (EASED, STAYED) or is_struck_down:
        return "eases"
    if means == "plan-or-support":
        return "tightens" if _TIGHTENS.search(lower) else "supports"
    main = [t for t, weight in main_words(reading) if weight == 1]
    is_let = any(t.letter in "EYHK" or t.word.grants for t in main) and "R" not in letters
    # A licence that is told, and no other measure.
    told = {t.word.instrument for t in main if t.letter in "ADNPVn"}
    if is_let or (state == DECIDED and told == {"approval-or-licence"}):
        is_denied = means == "approval-or-licence" and _DENIED.search(lower)
        return "tightens" if is_denied or _EXEMPTION_ENDS.search(lower) else "eases"
    is_rule = means in ("rule-or-standard", "approval-or-licence")
    supports = is_rule and _SUPPORTS.search(lower) and not _STRICT.search(lower)
    return "supports" if supports else "tightens"


def thing(reading: Reading) -> str:
    """Return the technology of the measure: the one named nearest to the act."""
    acts = [
        t.start
        for t, weight in main_words(reading)
        if t.letter in "VDNnPGEYX" and weight == 1
    ]
    named = [t for t in reading.tokens if t.word.thing]
    if not named:
        return ""
    own = [t for t in named if t.word.thing != OTHER] or named
    faint = [t for t in own if t.letter != "e"] or own
    return min(faint, key=lambda token: _distance(token, acts)).word.thing


def _distance(token: Token, acts: Sequence[int]) -> tuple[bool, int]:
    """Return how far a thing is from the act; what a firm stands for comes last."""
    near = min((abs(token.start - at) for at in acts), default=0)
    return token.letter == "F", near


def targets(reading: Reading) -> list[Token]:
    """Return the firms that the measure hits: all that the headline names."""
    return [t for t in reading.tokens if t.letter in "Ff" and t.company]


def target_class(reading: Reading) -> str:
    """Return the words for a class of targets; empty if the headline names firms."""
    if targets(reading):
        return ""
    for n, token in enumerate(reading.tokens):
        if _MANY.search(reading.lower[token.start : token.end]):
            return reading.text[_class_begins(reading, n) : token.end]
    return ""


def _class_begins(reading: Reading, last: int) -> int:
    """Return where a class begins whose noun is the token *last*: no phrase is cut."""
    tokens, lower, n = reading.tokens, reading.lower, last

    def goes_on(letters: str) -> bool:
        before = tokens[n - 1] if n else None
        return (
            before is not None
            and before.letter in letters
            and not lower[before.end : tokens[n].start].strip()
            and lower[before.start : before.end] not in _NO_PART
        )

    listed = _BESIDE if reading.is_chinese else f"{_BESIDE}."
    while last - n < _FEW and goes_on(listed):
        n -= 1
    start = tokens[n].start
    while reading.is_chinese and goes_on("."):
        n -= 1
    own = _OWN.search(lower[tokens[n].start : start])
    return tokens[n].start + own.start() if own else start


def target_side(
    reading: Reading, own: str, means: str, state: str, hit: Iterable[Token]
) -> str:
    """Return the home side of the targets of a measure; "对华" means China.

    If a body of another side answers the measure, its side is the target. A tariff or an
    export control with no country named is on all.
    """
    if own != "cn" and _ON_CHINA.search(reading.lower):
        return "cn"
    homes = [t.word.side for t in hit if t.word.side]
    if homes:
        return homes[0]
    letters = reading.letters
    if found := line(r"[pi][.g]{0,2}(?P<who>[SJ])|(?P<to>O)|J[.T]{0,3}[fTF]").search(
        letters
    ):
        at = found.start("who") if found["who"] else found.start()
        if (named := reading.at(at).word.side) and named != own:
            return named
    told = "SJOBC" if state == "answered" else "SJO"
    for token in reading.tokens:
        if token.letter in told and token.word.side not in ("", own):
            return token.word.side
    if means in ("tariff", "export-control"):
        return EVERYWHERE
    return "" if own == OTHER else own
