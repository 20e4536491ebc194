"""A beat: what a home watches, read of its files; each function takes the part it needs.

A part's module is loaded with the part: few commands need more than one or two.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from transforms.config import ConfigError, ConfigText, did_you_mean
from transforms.config.table import ConfigTable
from transforms.names.rules.watchlist import THEME

if TYPE_CHECKING:
    from transforms.articles.outlets import Outlets
    from transforms.articles.reader import ReadingRules
    from transforms.brief.ranking.leads import RankingWeights
    from transforms.headlines.facts import FactLexicon
    from transforms.headlines.reports import TellingRules
    from transforms.measures.lexicon import MeasureWords
    from transforms.names.match.document import Roles
    from transforms.names.rules.watchlist import Watchlist
    from transforms.names.tagging import TaggingRules
    from transforms.relevance.evidence import Sources, WordGroups
    from transforms.relevance.score import BeatWeights, EvidenceKinds
    from transforms.stories.concepts import ConceptLexicon

T = TypeVar("T")
HEAD, WATCHLIST, THEMES = "beat.toml", "watchlist.toml", "themes.toml"
# What is found in an article is decided by these, and by how evidence hangs together.
_RULES = (
    *("weights.toml", "words.toml", "sources.toml", "roles.toml"),
    *("telling.toml", "reports.toml"),
)
_EVIDENCE = "evidence.toml"
# That was code before it was data: it is part of the version where it says otherwise.
_AS_BEFORE = "7c32f1a99898e1108159963af09a9147418d851a4eeccd2955275b7d2100a6eb"
# What else entries are read by: part of the version where another beat has its own.
_READING = (
    *("sides.toml", "regions.toml", "outlets.toml"),
    *("concepts.toml", "links.toml", "rates.toml", "measures.toml"),
)
# Lists of which a word bears on the articles that have it, and on no other.
WORD_LISTS = ("words.toml", "roles.toml", "measures.toml")
# The files of a beat, without its watchlist and what a home begins with.
PARTS = (
    *_RULES,
    _EVIDENCE,
    *_READING,
    *("ranking.toml", THEMES, "states.toml"),
)


def _part(names: str, reader: str) -> cached_property[Any]:
    """Return the part of a beat that *reader*, "module:function", makes of its files."""
    return cached_property(lambda beat: beat._read(names, resolve_name(reader)))  # noqa: SLF001


@dataclass(frozen=True, kw_only=True)
class Beat:
    """A beat of one home; ``texts`` are its files by name, each read on first use.

    ``source`` is the folder as messages name it, ``changed`` the files that say another
    thing than those of the beat that a home has by default, ``own`` the files of its
    folder as they are written; none for that beat itself.
    """

    source: str
    texts: Mapping[str, str]
    changed: frozenset[str] = frozenset()
    own: Mapping[str, str] = field(default_factory=dict)

    def __getstate__(self) -> dict[str, object]:
        """Leave the parts behind: what is compiled cannot be sent."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    # Words that are evidence.
    words: ClassVar[cached_property[WordGroups]] = _part(
        "words.toml", "transforms.relevance.evidence:read_words"
    )
    # What sources usually tell.
    sources: ClassVar[cached_property[Sources]] = _part(
        "sources.toml", "transforms.relevance.evidence:read_sources"
    )
    # How evidence hangs together.
    kinds: ClassVar[cached_property[EvidenceKinds]] = _part(
        _EVIDENCE, "transforms.relevance.score:read_kinds"
    )
    # Phrases that set a company aside.
    roles: ClassVar[cached_property[Roles]] = _part(
        "roles.toml", "transforms.names.match.document:read_roles"
    )
    # What makes a headline tell by itself what happened.
    telling: ClassVar[cached_property[TellingRules]] = _part(
        "telling.toml reports.toml", "transforms.headlines.reports:read_telling"
    )
    # The words that tell who takes a measure, and on what.
    measures: ClassVar[cached_property[MeasureWords]] = _part(
        "measures.toml", "transforms.measures.lexicon:read_measure_words"
    )
    # How headlines name sides and regions.
    facts: ClassVar[cached_property[FactLexicon]] = _part(
        "sides.toml regions.toml", "transforms.headlines.facts:read_facts"
    )
    # What outlets are called.
    outlets: ClassVar[cached_property[Outlets]] = _part(
        "outlets.toml", "transforms.articles.outlets:read_outlets"
    )
    # Words of both languages for one thing, and what they bring with them.
    concepts: ClassVar[cached_property[ConceptLexicon]] = _part(
        "concepts.toml links.toml rates.toml", "transforms.stories.concepts:read_concepts"
    )

    @property
    def beat_id(self) -> str:
        """Id of the beat."""
        return str(self._head["id"])

    def name(self, language: str = "en") -> str:
        """Return what titles call the beat in a language."""
        return str(self._head["zh" if language == "zh" else "name"])

    @property
    def side(self) -> str:
        """The state whose acts and answers are told; "" for none."""
        return str(self._head["side"])

    @property
    def is_in_chinese(self) -> bool:
        """Whether its headlines, or those of a feed that it begins with, are in Chinese."""
        feeds = tomllib.loads(self.texts["feeds.toml"]).get("feed", {}).values()
        return "zh" in {*self._head["languages"], *(feed.get("language") for feed in feeds)}

    def check(self) -> Beat:
        """Read all parts now.

        Raises:
            ConfigError: A file is wrong.
        """
        _ = self.beat_id, self.reading, self.ranking, self.themes, self.states
        return self

    @cached_property
    def weights(self) -> BeatWeights:
        """What each piece of evidence weighs."""
        from transforms.relevance.score import read_weights  # noqa: PLC0415

        kinds = self.kinds
        return self._read("weights.toml", lambda text: read_weights(text, kinds))

    @cached_property
    def tagging(self) -> TaggingRules:
        """What articles are tagged by."""
        from transforms.names.tagging import TaggingRules  # noqa: PLC0415

        return TaggingRules(
            self.words,
            self.sources,
            self.weights,
            self.roles,
            self.telling,
            self.measures,
        )

    @cached_property
    def reading(self) -> ReadingRules:
        """What entries are read by."""
        from transforms.articles.reader import ReadingRules  # noqa: PLC0415

        return ReadingRules(self.tagging, self.facts, self.concepts, self.outlets)

    @cached_property
    def ranking(self) -> RankingWeights:
        """What makes a story lead."""
        from transforms.brief.ranking.leads import read_ranking  # noqa: PLC0415

        beside = self.facts.sides, self.concepts
        return self._read("ranking.toml", lambda text: read_ranking(text, *beside))

    @cached_property
    def themes(self) -> Mapping[str, Mapping[str, str]]:
        """Themes of a week by id, each with its names by language."""
        return self._read(THEMES, _themes)

    def check_themes(self, watchlist: Watchlist, source: str = WATCHLIST) -> None:
        """Refuse a board of a theme that the beat lacks.

        Raises:
            ConfigError: A topic of *watchlist* has one; names it, and the file *source*.
        """
        known = theme_boards(self.themes)
        for topic in watchlist.topics:
            for board in topic.boards:
                if board.startswith(THEME) and board not in known:
                    raise ConfigError(
                        source,
                        f"[topic.{topic.topic_id}.boards] names {board!r}, which is not a "
                        "board",
                        did_you_mean(board, known)
                        or f"add it to {self.source}/themes.toml",
                    )

    @cached_property
    def states(self) -> Mapping[str, frozenset[str]]:
        """What the state of a side is called, in lower case, by the side."""
        return self._read("states.toml", _states)

    @cached_property
    def _head(self) -> Mapping[str, Any]:
        config = ConfigText(self.texts[HEAD], f"{self.source}/{HEAD}")
        table = ConfigTable(config, (), config.data)
        if (side := table.string("side", "cn")) not in ("", "cn"):
            raise config.error(("side",), f"is {side!r}", 'write "cn", or "" for none')
        return {
            **{key: table.required(key) for key in ("id", "name", "zh")},
            "side": side,
            "languages": table.strings("languages") or ["en", "zh"],
        }

    @cached_property
    def rules(self) -> str:
        """Version of the beat's rules, which with a watchlist decide all findings."""
        rules = hashlib.sha256()
        for name in _RULES:
            rules.update(self.texts[name].encode())
        evidence = json.dumps(tomllib.loads(self.texts[_EVIDENCE]), sort_keys=True)
        if hashlib.sha256(evidence.encode()).hexdigest() != _AS_BEFORE:
            rules.update(evidence.encode())
        for name in sorted(self.changed.intersection(_READING)):
            rules.update(self.texts[name].encode())
        return rules.hexdigest()

    @property
    def reading_texts(self) -> Mapping[str, str]:
        """The files that decide what is found in an article, by name."""
        return {name: self.texts[name] for name in (*_RULES, _EVIDENCE, *_READING)}

    def _read(self, names: str, reader: Callable[..., T]) -> T:
        """Return the part of the beat in the files of these *names*.

        Raises:
            ConfigError: A file is wrong; names it, and what is wrong.
        """
        source = f"{self.source}/{names.replace(' ', ' or ')}"
        try:
            return reader(*(self.texts[name] for name in names.split()))
        except KeyError as exc:
            raise ConfigError(source, f"lacks {exc}", "add it") from exc
        except (AttributeError, TypeError, ValueError, re.error) as exc:
            raise ConfigError(source, str(exc), "correct it") from exc


def theme_boards(themes: Iterable[str]) -> set[str]:
    """Return the boards of topics that stand for *themes*, by their ids."""
    return {f"{THEME}{theme.replace('_', '-')}" for theme in themes}


def _themes(text: str) -> dict[str, dict[str, str]]:
    found = tomllib.loads(text).items()
    return {theme: {"en": entry["name"], "zh": entry["zh"]} for theme, entry in found}


def _states(text: str) -> dict[str, frozenset[str]]:
    found = tomllib.loads(text).items()
    return {side: frozenset(name.lower() for name in names) for side, names in found}
