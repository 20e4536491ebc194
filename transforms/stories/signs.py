"""What a headline is found again by: its letters, grams, Latin names and numbers.

Keys of stored headlines are made of them, so that another sign is another key.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from transforms.stories.concepts import Concepts, concepts_of
from transforms.stories.letters import (
    HAN_RUN,
    LATIN_WORD,
    OTHER_RUN,
    grams_of_other,
    joined,
    pairs_of,
    script_of,
)
from transforms.stories.numbers import find_numbers
from transforms.stories.product_versions import ANNOUNCED
from transforms.stories.words import GENERIC, LEAD, STOPWORDS, TAIL, stem
from transforms.text.fold import fold

# An English headline may have a name or two in Chinese beside it, and no more.
NAMES_AT_MOST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What a headline is found again by.

    ``plain`` is the headline folded and in lower case, ``cased`` as it was written.
    ``grams`` are Han character pairs or stemmed Latin words, and what other scripts
    have of either; ``names`` are Latin words that could name something; ``numbers`` are
    exact quantities, digits of versions among them.
    """

    text: str
    plain: str
    cased: str
    is_han: bool
    script: str
    grams: frozenset[str]
    names: frozenset[str]
    numbers: frozenset[str]


# Keys are made of them in two steps, and features soon after.
@lru_cache(maxsize=1 << 10)
def signs_of(title: str) -> Signs:
    """Return the signs of *title*, regional script and outlet labels set aside."""
    folded = fold(unescape(title) if "&" in title else title).text
    cased = TAIL.sub("", LEAD.sub("", folded)) or folded
    text = cased.lower()
    runs = HAN_RUN.findall(text)
    words = list(map(joined, LATIN_WORD.findall(text)))
    others = [] if text.isascii() else OTHER_RUN.findall(text)
    # Chinese headlines carry many Latin names, English ones hardly a Han letter.
    is_han = bool(runs) and sum(map(len, runs)) >= min(len(words), NAMES_AT_MOST)
    names = frozenset(words) - STOPWORDS
    grams = names.union(pairs_of(runs)) if is_han else frozenset(map(stem, names))
    if others:
        grams = grams.union(*map(grams_of_other, others))
    return Signs(
        text="".join(runs) + " ".join(words) + " ".join(others),
        plain=text,
        cased=cased,
        is_han=is_han,
        script=script_of(others, words, is_han=is_han),
        grams=grams,
        names=frozenset(n for n in names - GENERIC if not n.isdigit()),
        numbers=find_numbers(text),
    )


def told_by(plain: str) -> Concepts:
    """Return what a headline tells: one that is a version and no verb announces it."""
    found = concepts_of(plain)
    if plain[:1].isascii() and ANNOUNCED.match(plain):
        return found._replace(action=found.action | {"launch"})
    return found
