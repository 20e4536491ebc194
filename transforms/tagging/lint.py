"""Read a watchlist critically: what is allowed, but likely not meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from transforms.tagging.explain import why_not
from transforms.tagging.tag import Tagger, compile_tagger
from transforms.text import fold
from transforms.watchlist import Alias, Company, Watchlist

_HAN = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile("[A-Za-z]")
_SHORT_LATIN = 3  # likely an abbreviation of something else, too
_CHINESE_KINDS = ("company", "brand")
_COUNTER_EXAMPLE = "not: "
# Words of headlines that are also names; a name that is one needs a rule.
_WORD_LIST = """
able access ace act action active agent air alpha amber anchor ant apple arc arch arm
arrow art ascend atlas atom axis balance bar base beam bear bee bell best beta bird
black block blue board bolt bond book boss box brain branch bridge bright bull buzz
cap car care castle chain chance charm check chip circle city clear cloud club code
coin compass connect core craft crown cube cup cycle dash data dawn day deep delta
diamond dingo dot dragon dream drive eagle earth east echo edge element elite energy
engine equal era event ever eye face fair falcon feed field fire first fit flag flash
fleet flow fly focus force forest forge fortune forward fox frame free fresh friend
frontier fusion future gate gem giant global glory go gold good grab grace grand great
green grid group grow guide habit halo hand harbor harmony heart hero hive home honor
hope horizon host hub icon idea ideal image impact infinity intel iris island jade jet
joy jump key kind king kite lab lake lark launch leap legend level life lift light
line link lion list live local lotus loop lucky lumen luna magic main maker map mark
mars master match matrix max may maze meta micro mind mint mirror mist mobile modern
moment moon motion mount native nest net new next nexus noble north note nova oasis
ocean omega one open opera oracle orange orbit origin owl pace pad page palm panda
path patriot peak pearl phoenix pilot pine pixel plan planet play plus point polar
port power prime prism pro pulse pure quantum quark quest quick radar rain ranger
rapid real record red relay rise river road rock root rose royal run safe sage sail
salt sand scale sea seal seed sense shell shift shine sign signal silver sky smart
snap snow solar solid sonic soul sound south space spark speed spin spirit spring
square stage star start state step stone storm story stream strike studio sun sure
surge swan swift switch table talk target team tempo threads tide tiger time titan top
torch touch tower track trade trail trend trip true trust turbo unity vector venture
vision vista vivid voice wave way west whale wild wind windows wing wise wolf wonder
world yes zen zero zone zoom
"""
_WORDS = frozenset(_WORD_LIST.split())
# Characters so common that two of them meet by chance, across words.
_COMMON_HAN = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发"
    "年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如"
    "水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然"
    "前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但"
    "质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五"
    "果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组"
    "见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处世车元城安门北"
    "东南海云星"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One doubt about one entry, and what would settle it."""

    check: str
    entry: str
    problem: str
    remedy: str


def lint(watchlist: Watchlist) -> list[Finding]:
    """Return the doubts about *watchlist*, in the order of its entries."""
    tagger = compile_tagger(watchlist)
    return [
        *_unused_macros(watchlist),
        *_inside_others(watchlist),
        *(finding for c in watchlist.companies for finding in _company(c, tagger)),
    ]


def _company(company: Company, tagger: Tagger) -> Iterator[Finding]:
    yield from _missing_scripts(company)
    yield from _duplicates(company)
    for alias in company.aliases:
        if alias.is_certain and not alias.exact:
            yield from _risky(alias)
        yield from _failing_examples(alias, tagger)


def _missing_scripts(company: Company) -> Iterator[Finding]:
    if company.kind not in _CHINESE_KINDS:
        return
    names = " ".join(a.text for a in company.aliases if a.kind != "ticker")
    for script, pattern in (("Chinese", _HAN), ("Latin", _LATIN)):
        if not pattern.search(names):
            yield _finding(
                "script missing", company, f"has no name in {script} script", "add one"
            )


def _duplicates(company: Company) -> Iterator[Finding]:
    seen: set[tuple[bool, str]] = set()
    for alias in company.aliases:
        folded = fold(alias.text).text
        key = alias.kind == "ticker", folded if alias.exact else folded.lower()
        if key in seen:
            yield _finding("duplicate", company, f"has {alias.text!r} twice", "drop one")
        seen.add(key)


def _risky(alias: Alias) -> Iterator[Finding]:
    text = alias.text
    if text.lower() in _WORDS:
        yield _finding(
            "common word",
            alias,
            f"alias {text!r} is a word of the language and counts everywhere",
            "give it context, or what excludes it",
        )
    elif _is_short(text):
        yield _finding(
            "short name",
            alias,
            f"alias {text!r} is short and counts everywhere",
            'give it context, what excludes it, or case = "exact"',
        )


def _is_short(text: str) -> bool:
    if _HAN.search(text):
        return len(text) == 1 or (len(text) == 2 and set(text) <= _COMMON_HAN)  # noqa: PLR2004
    return len(text) <= _SHORT_LATIN


def _failing_examples(alias: Alias, tagger: Tagger) -> Iterator[Finding]:
    for example in alias.examples:
        sentence = example.removeprefix(_COUNTER_EXAMPLE)
        verdict = why_not(tagger, sentence, "", alias.company_id)
        if verdict.named == example.startswith(_COUNTER_EXAMPLE):
            problem = f"alias {alias.text!r} fails its example {example!r}: {verdict.why}"
            yield _finding("example", alias, problem, "mend the rule or the example")


def _inside_others(watchlist: Watchlist) -> Iterator[Finding]:
    """Tell of a Chinese name inside a longer name of a company that is no relation.

    The longer name wins, but its other spellings and abbreviations will not.
    """
    names = [a for a in watchlist.aliases if a.kind != "ticker" and _HAN.search(a.text)]
    certain = {fold(a.text).text: a for a in names if a.is_certain}
    for longer in names:
        text = fold(longer.text).text
        for part in _parts(text):
            inside = certain.get(part)
            if inside and not _related(inside, longer, watchlist):
                yield _finding(
                    "inside another",
                    inside,
                    f"alias {inside.text!r} stands inside {longer.text!r} "
                    f"of {longer.company_id!r}",
                    "exclude what else it may be part of",
                )


def _parts(text: str) -> Iterator[str]:
    for start in range(len(text)):
        for end in range(start + 2, len(text) + 1):
            if end - start < len(text):
                yield text[start:end]


def _related(one: Alias, other: Alias, watchlist: Watchlist) -> bool:
    if one.shared or other.shared:
        return True
    return watchlist.root(one.company_id) == watchlist.root(other.company_id)


def _unused_macros(watchlist: Watchlist) -> Iterator[Finding]:
    used = {p for a in watchlist.aliases for p in (*a.context, *a.excludes)}
    for name in watchlist.macros:
        if name not in used:
            yield Finding(
                check="unused macro",
                entry=f"macro.{name}",
                problem="no alias uses it",
                remedy="remove it",
            )


def _finding(check: str, of: Company | Alias, problem: str, remedy: str) -> Finding:
    return Finding(
        check=check, entry=f"company.{of.company_id}", problem=problem, remedy=remedy
    )
