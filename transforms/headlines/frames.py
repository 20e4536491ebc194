"""Frames: which of two opposite wordings a headline uses, such as leader or follower.

The frames and their words are data (``frames.toml``). Framing is what Entman 1993,
*Framing: Toward Clarification of a Fractured Paradigm*, J. of Communication 43, calls
the choice of some aspects over others; counting words sees only the plainest of it.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ahocorasick_rs import AhoCorasick

from transforms.models import FramePole, Framing
from transforms.names.rules.patterns import LazyPattern
from transforms.text.fold import fold

_POLES = 2
# What "…" stands for: words of one thought, not the other end of the headline.
_GAP = r".{1,40}?"
_LETTER = re.compile(r"[A-Za-z0-9]")
_LITERAL = re.compile(r"[^*…]+")


class FrameError(ValueError):
    """The definition of a frame is invalid."""


@dataclass(frozen=True, slots=True)
class Pole:
    """One wording of a frame, compiled."""

    row: FramePole
    terms: LazyPattern
    excepted: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Frames:
    """All frames: their poles, and hints that preselect headlines."""

    version: str
    poles: Sequence[Pole]
    hints: AhoCorasick
    hinted: Sequence[int]

    @property
    def rows(self) -> list[FramePole]:
        """Return the poles as rows of the warehouse."""
        return [pole.row for pole in self.poles]


def read_frames(text: str) -> Frames:
    """Compile the frames of a TOML text.

    Raises:
        FrameError: A frame has not two poles, or a pole no terms.
    """
    poles: list[Pole] = []
    hints: list[tuple[str, int]] = []
    for frame_id, frame in tomllib.loads(text).get("frame", {}).items():
        if len(frame.get("poles", {})) != _POLES:
            raise FrameError(f"frame {frame_id!r} needs two poles")
        for pole_id, pole in frame["poles"].items():
            if not pole.get("terms"):
                raise FrameError(f"pole {pole_id!r} of frame {frame_id!r} needs terms")
            hints += ((_hint(term), len(poles)) for term in pole["terms"])
            poles.append(_pole(frame_id, pole_id, pole))
    return Frames(
        version="f" + hashlib.sha256(text.encode()).hexdigest()[:12],
        poles=poles,
        hints=AhoCorasick([hint for hint, _ in hints]),
        hinted=[index for _, index in hints],
    )


def framings(titled: Iterable[tuple[str, str]], frames: Frames) -> Iterator[Framing]:
    """Yield the poles matched by each (article id, headline); a headline may match both."""
    for article_id, title in titled:
        text = fold(title).text
        found = frames.hints.find_matches_as_indexes(text.lower(), overlapping=True)
        for index in sorted({frames.hinted[hint] for hint, _, _ in found}):
            pole = frames.poles[index]
            if term := _worded(text, pole):
                yield Framing(
                    article_id=article_id,
                    frame_id=pole.row.frame_id,
                    pole=pole.row.pole,
                    term=term,
                )


def _worded(text: str, pole: Pole) -> str:
    if pole.excepted is not None:
        text = pole.excepted.sub("\n", text)
    found = pole.terms.search(text)
    return str(found[0]) if found else ""


def _pole(frame_id: str, pole_id: str, pole: Mapping[str, Any]) -> Pole:
    row = FramePole(
        frame_id=frame_id,
        pole=pole_id,
        name=pole.get("name", pole_id),
        name_zh=pole.get("zh", ""),
    )
    excepted = re.compile(_pattern(pole["not"])) if pole.get("not") else None
    return Pole(row, LazyPattern(_pattern(pole["terms"])), excepted)


def _pattern(terms: Sequence[str]) -> str:
    longest_first = sorted(terms, key=lambda term: (-len(term), term))
    return "(?i)" + "|".join(map(_one_pattern, longest_first))


def _one_pattern(term: str) -> str:
    pieces = re.split(r"(\*|\s*…\s*|\s+)", fold(term).text)
    body = "".join(_piece(piece) for piece in pieces if piece)
    # A Latin word ends where its letters do; Chinese knows no such end.
    before = r"(?<![A-Za-z0-9])" if _LETTER.match(term[0]) else ""
    after = r"(?![A-Za-z0-9])" if _LETTER.match(term[-1]) or term[-1] == "*" else ""
    return before + body + after


def _piece(piece: str) -> str:
    if piece == "*":
        return "[A-Za-z]*"
    if piece.strip() == "…":
        return _GAP
    return r"\s+" if piece.isspace() else re.escape(piece)


def _hint(term: str) -> str:
    """Return the longest part of *term* that a headline must hold as it stands."""
    parts = _LITERAL.findall(fold(term).text.lower())
    return max((word for part in parts for word in str(part).split()), key=len)
