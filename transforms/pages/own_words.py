"""A line in our own words on a headline in another language: who, what, how much, where.

It is written of what was stored of the headline, and only where that is sure: a reader who
cannot read the headline cannot see that a line is wrong (``own_words.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.headlines.facts import read_lexicon
from transforms.measures.days import money
from transforms.models import Query, StoryId
from transforms.names.rules.topics import REGEX
from transforms.pages.words import PageWords
from transforms.text.fold import fold

_SURE = read_lexicon("own_words")
_ENDS = re.compile(r"[,，。;；:：!！?？|｜丨\n]|\s[–—-]+\s|——")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadlineTags(StoryId):
    """What was stored of a headline that reports.

    ``names`` are (company, alias) in the order of the title, plain if none is named beside
    the news; of the ``called`` their own name stands there. ``events`` are (type, term),
    the heaviest first, ``places`` (part of the world, its words). ``claim`` is subject,
    modality, basis and cue, ``act`` side, status, instrument, actor and thing.
    """

    title: str
    names: tuple[tuple[str, str], ...]
    are_plain: bool
    called: tuple[str, ...]
    events: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, str], ...]
    claim: tuple[str, str, str, str]
    act: tuple[str, str, str, str, str]
    targets: tuple[str, ...]


TAGS_OF = Query(
    name="pages.tags_of",
    row=HeadlineTags,
    relations=(
        *("articles", "mentions", "companies", "tags", "headline_facts"),
        *("article_claims", "article_measures"),
    ),
)


def own_words(words: PageWords, tags: HeadlineTags) -> str:
    """Return the line on a headline; "" where its tags are not sure."""
    return " · ".join(filter(None, _act(words, tags) or _event(words, tags)))


def _act(words: PageWords, tags: HeadlineTags) -> Sequence[str]:
    """Return the parts of a line on the act of a state: who acts, how, on whom or what."""
    side, status, instrument, actor, thing = tags.act
    title = fold(tags.title).text
    if (
        not {side, status, instrument}.issubset(_SURE["acts"])
        or (tags.targets and instrument not in _SURE["on_firms"])
        or not set(tags.targets).issubset(tags.called)
        or (actor and "被" in title)
        or any(_beside(title, alias, "away", "behind") for _, alias in tags.names)
        or re.search(_SURE["act_doubts"], title)
        or re.search(_SURE["doubt"].get(instrument, "$^"), title)
    ):
        return ()
    has_thing = not tags.targets and re.search(_SURE["thing"].get(thing, "$^"), title)
    return (
        words.name(actor) if actor in dict(tags.names) else words.word(f"ours.by.{side}"),
        words.word(f"ours.act.{instrument}"),
        words.joined(map(words.name, tags.targets)),
        words.label("thing", thing) if has_thing else "",
        words.word(f"ours.done.{status}"),
    )


def _event(words: PageWords, tags: HeadlineTags) -> Sequence[str]:
    """Return the parts of a line on what companies do, or what befalls them."""
    (subject, modality, basis, cue), names = tags.claim, dict(tags.names)
    are_called = names.keys() <= set(tags.called)
    spoken = [(event, cue) for event in (_SURE["cues"].get(cue),) if event]
    for event, term in [*tags.events, *spoken]:
        clause = _clause(tags, event, term) if tags.are_plain and subject in names else ""
        if clause and (are_called or event in _SURE["of_products"]):
            return (
                words.joined(map(words.name, names)),
                words.word(f"ours.did.{event}"),
                _sum(words, clause) if event in _SURE["sums"] else "",
                _place(words, tags.places) if event in _SURE["placed"] else "",
                words.word(f"ours.done.{'unnamed' if basis == 'unnamed' else modality}"),
            )
    return ()


def _clause(tags: HeadlineTags, event: str, term: str) -> str:
    """Return the clause that tells *event* of all who are named; "" if that is not sure.

    It is told as done, or as planned by words of that clause.
    """
    title, aliases = fold(tags.title).text, [fold(alias).text for _, alias in tags.names]
    found = re.search(term.removeprefix(REGEX), title) if term.startswith(REGEX) else None
    parts = [found[0]] if found else term.split(" … ")
    places = [(title.lower().find(text.lower()), text) for text in (*aliases, *parts)]
    start, end = min(places)[0], max(at + len(text) for at, text in places)
    begin = max((each.end() for each in _ENDS.finditer(title, 0, max(start, 0))), default=0)
    clause = title[begin:end] + _ENDS.split(title[end:])[0]
    befalls, who = (
        event in _SURE["befall"],
        parts if event in _SURE["befall"] else parts[:1],
    )
    begins = [(_SURE["before"] + re.escape(alias), alias) for alias in aliases]
    (_, modality, _, cue), cues = tags.claim, _SURE["cues"]
    is_planned = modality in _SURE["ahead"] and event not in _SURE["facts"]
    is_sure = (
        start >= 0
        and event in _SURE["told_of"].get(str(len(aliases)), ())
        and not _ENDS.search(title[start:end])
        and (len(parts) > 1 or start == places[0][0])
        and (len(parts) == 1 or all(any(re.match(b, w) for w in who) for b, _ in begins))
        and (befalls or re.match(begins[0][0], title[begin:].strip()))
        and not any(_beside(title, alias, "beside", "behind") for alias in aliases)
        and not re.search(
            _SURE["doubts"], re.sub("|".join(map(re.escape, aliases)), "", clause)
        )
        and not re.search(_SURE["doubt"].get(event, "$^"), clause)
        and (
            modality in _SURE["done"]
            or (is_planned and cue and cue not in cues and cue.lower() in clause.lower())
        )
    )
    return clause if is_sure else ""


def _beside(title: str, alias: str, before: str, behind: str) -> bool:
    """Tell whether a name only says whose, or what like, another one is."""
    sides = title.partition(fold(alias).text)
    return bool(re.search(_SURE[before], sides[0]) or re.search(_SURE[behind], sides[2]))


def _sum(words: PageWords, clause: str) -> str:
    """Return the first sum of money in a clause, where it has a currency and came in."""
    found = money(clause)
    if not found or not found.currency or re.search(_SURE["loss"], clause):
        return ""
    scales = (each.split(":") for each in words.word("ours.scales").split("|"))
    scale, unit = next(each for each in scales if found.amount >= float(each[0]))
    n = f"{found.amount / (float(scale) or 1):.5g}{unit}"
    exact = words.word(f"ours.sum.{found.currency}", n=n)
    return (
        words.word("ours.about", sum=exact) if re.search(_SURE["about"], clause) else exact
    )


def _place(words: PageWords, places: Sequence[tuple[str, str]]) -> str:
    """Return where it is, if the title names one part of the world."""
    [(region, term)] = places if len(places) == 1 else [("", "")]
    known = _SURE["place"].get(term.lower())
    return known[words.language == "zh"] if known else words.label("region", region)
