"""A beat: what a home watches, read of its files; each function takes the part it needs.

A part's module is loaded with the part: few commands need more than one or two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from transforms.config import ConfigError, ConfigText
from transforms.config.table import ConfigTable

if TYPE_CHECKING:
    from transforms.beat.weights import BeatWeights
    from transforms.brief.ranking.leads import RankingWeights
    from transforms.headlines.frames import Frames

T = TypeVar("T")
HEAD = "beat.toml"
# The files of a beat, without its watchlist and what a home begins with.
PARTS = (
    *("words.toml", "weights.toml", "sources.toml", "roles.toml", "telling.toml"),
    *("ranking.toml", "sides.toml", "regions.toml", "frames.toml", "outlets.toml"),
    *("concepts.toml", "links.toml", "rates.toml"),
)


@dataclass(frozen=True, kw_only=True)
class Beat:
    """A beat of one home; ``texts`` are its files by name, each read on first use.

    ``source`` is the folder as messages name it.
    """

    source: str
    texts: Mapping[str, str]

    @property
    def beat_id(self) -> str:
        """Id of the beat."""
        return str(self._head["id"])

    def name(self, language: str = "en") -> str:
        """Return what titles call the beat in a language."""
        return str(self._head["zh" if language == "zh" else "name"])

    @cached_property
    def weights(self) -> BeatWeights:
        """What each piece of evidence weighs."""
        from transforms.beat.weights import read_weights  # noqa: PLC0415

        return self._read("weights.toml", read_weights)

    @cached_property
    def ranking(self) -> RankingWeights:
        """What makes a story lead."""
        from transforms.brief.ranking.leads import read_ranking  # noqa: PLC0415

        return self._read("ranking.toml", read_ranking)

    @cached_property
    def frames(self) -> Frames:
        """Opposite wordings of headlines."""
        from transforms.headlines.frames import read_frames  # noqa: PLC0415

        return self._read("frames.toml", read_frames)

    @cached_property
    def _head(self) -> Mapping[str, Any]:
        config = ConfigText(self.texts[HEAD], f"{self.source}/{HEAD}")
        table = ConfigTable(config, (), config.data)
        return {key: table.required(key) for key in ("id", "name", "zh")}

    def _read(self, name: str, reader: Callable[[str], T]) -> T:
        """Return a part of the beat.

        Raises:
            ConfigError: The file is wrong; names it, and what is wrong.
        """
        try:
            return reader(self.texts[name])
        except KeyError as exc:
            raise self._error(name, f"lacks {exc}", "add it") from exc
        except (TypeError, ValueError) as exc:
            raise self._error(name, str(exc), "correct it") from exc

    def _error(self, name: str, problem: str, remedy: str) -> ConfigError:
        return ConfigError(f"{self.source}/{name}", problem, remedy)
