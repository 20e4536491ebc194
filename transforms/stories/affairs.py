"""Affairs: stories that build on one another, such as a model, its price and its agent.

An affair belongs to one group or topic and one matter: a product version, a listing, or a
rare concept. It continues while the next turn follows within days, for a fortnight at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Literal

from transforms.stories.concepts import ConceptLexicon
from transforms.stories.letters import grams_in_order
from transforms.stories.product_versions import versions_of
from transforms.stories.signs import headline_concepts, signs_of

_QUIET = timedelta(days=5)
LONGEST = timedelta(days=14)
# What a turn must share with an affair: of a topic, which has many actors, such as who and
# what; of one group two things, or one that is told in one word.
_LEAST = {"group": 1.5, "topic": 1.8}
# So many words of a headline, and pairs of Chinese signs, mostly name who acts.
_WORDS_OF_ACTOR, _PAIRS_OF_ACTOR = 2, 4
_BARE_VERSION = "v"

_Kind = Literal["group", "topic"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A story of a group or topic, a candidate for a step of its affairs.

    ``names`` are the companies of the story, which do not count as matter of their own
    group.
    """

    kind: _Kind
    subject_id: str
    story_id: str
    headline: str
    began_at: datetime
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Position of a story in an affair, from 1."""

    affair_id: str
    story_id: str
    step: int
    kind: _Kind
    subject_id: str


@dataclass(slots=True)
class _Affair:
    number: int
    turns: list[Turn]
    # Nothing that begins later can be a turn of it.
    until: datetime

    def go_on(self, turn: Turn) -> None:
        self.turns.append(turn)
        self.until = min(turn.began_at + _QUIET, self.turns[0].began_at + LONGEST)


def affairs_of(turns: Iterable[Turn], lexicon: ConceptLexicon) -> list[Step]:
    """Return the steps of the affairs formed by *turns*, over all groups and topics.

    A turn joins the affair with which it shares most of its matter, of equals the older
    one. A single story is no affair.
    """
    subject = attrgetter("kind", "subject_id")
    ordered = sorted(turns, key=attrgetter("kind", "subject_id", "began_at", "story_id"))
    return [
        step
        for _, of_subject in groupby(ordered, key=subject)
        for affair in _linked(list(of_subject), lexicon)
        if len(affair.turns) > 1
        for step in _steps(affair)
    ]


_NOTHING: frozenset[str] = frozenset()


# With each batch of news the stories of two weeks are linked anew, one after the other: a
# memory that is too small for all of them finds none of them again.
@lru_cache(maxsize=1 << 16)
def matter_of(headline: str, lexicon: ConceptLexicon) -> frozenset[str]:
    """Return the matter of a headline without its actor: versions, rare things and acts.

    A product in the news all year, like its maker, counts by its version only.
    """
    # Not by all its features: those in memory are of headlines that new ones are like.
    signs = signs_of(headline)
    plain = signs.plain
    versions = {
        f"{family} {version.number}"
        for version in versions_of(plain, lexicon, signs.cased)
        for family in version.families - {_BARE_VERSION}
    }
    concepts, roles = headline_concepts(plain, lexicon), lexicon.roles
    told = concepts.action | concepts.thing
    rare = lexicon.telling(told) - lexicon.lasting - roles.no_matter
    # Of most headlines there is none, and thousands are kept.
    return frozenset(versions) | (told & roles.matter) | rare or _NOTHING


def _linked(turns: Sequence[Turn], lexicon: ConceptLexicon) -> list[_Affair]:
    affairs: list[_Affair] = []
    # Only who shares something can be joined: a large group has hundreds that are open.
    open_: dict[str, list[_Affair]] = {}
    for turn in turns:
        matter = sorted(matter_of(turn.headline, lexicon) | turn.names)
        number = _nearest(turn, matter, open_, lexicon)
        if number is not None:
            affairs[number].go_on(turn)
        elif matter:
            made = _Affair(len(affairs), [turn], turn.began_at + _QUIET)
            affairs.append(made)
            for word in matter:
                open_.setdefault(word, []).append(made)
    return affairs


def _nearest(
    turn: Turn,
    matter: Iterable[str],
    open_: dict[str, list[_Affair]],
    lexicon: ConceptLexicon,
) -> int | None:
    """Return the number of the affair that shares most of its *matter* with *turn*."""
    near: dict[int, tuple[_Affair, list[str]]] = {}
    for word in matter:
        if word in open_:
            open_[word] = [a for a in open_[word] if a.until >= turn.began_at]
            for affair in open_[word]:
                near.setdefault(affair.number, (affair, []))[1].append(word)
    weighed = (
        (lexicon.rarity(shared), -number)
        for number, (affair, shared) in near.items()
        if _is_turn(turn, affair, shared, lexicon)
    )
    number = max(weighed, default=None)
    return None if number is None else -number[1]


def _is_turn(
    turn: Turn, affair: _Affair, shared: Sequence[str], lexicon: ConceptLexicon
) -> bool:
    """Tell whether what is *shared* makes a turn of it.

    One common thing is the subject of much of a group's news: it takes a word besides who
    acts that both tell it in.
    """
    if lexicon.rarity(shared) >= _LEAST[turn.kind]:
        return True
    if turn.kind == "topic":
        return False
    if any(_is_enough(matter, lexicon) for matter in shared):
        return True
    words = _words_of(turn.headline, lexicon)
    return any(words & _words_of(other.headline, lexicon) for other in affair.turns)


def _is_enough(matter: str, lexicon: ConceptLexicon) -> bool:
    """Tell whether it is a matter alone: a version is a product's name and its number."""
    return " " in matter or matter in lexicon.roles.matter or matter in lexicon.products


@lru_cache(maxsize=1 << 12)
def _words_of(headline: str, lexicon: ConceptLexicon) -> frozenset[str]:
    """Return the words of a headline but the first, which mostly name who acts."""
    signs = signs_of(headline)
    order = grams_in_order(signs.plain, is_han=signs.is_han)
    actor = _PAIRS_OF_ACTOR if signs.is_han else _WORDS_OF_ACTOR
    return (frozenset(list(order)[actor:]) & signs.grams) - lexicon.common_words


def _steps(affair: _Affair) -> Iterator[Step]:
    first = affair.turns[0]
    for number, turn in enumerate(affair.turns, 1):
        yield Step(
            affair_id=f"{first.story_id}-{first.subject_id}",
            story_id=turn.story_id,
            step=number,
            kind=turn.kind,
            subject_id=turn.subject_id,
        )
