"""TOML reader whose errors name file, line and remedy.

``tomllib`` keeps no positions, so a mistake found after parsing is placed by
looking for its header and key in the text again.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import timedelta
from difflib import get_close_matches
from typing import Any

from transforms.text.json_limits import deep_line, is_huge, long_number_line

_HEADER = re.compile(r"^\s*+\[++(?P<path>[^\]]+)\]++\s*+(#.*)?$")
_KEY = re.compile(r"""^\s*(?P<key>"[^"]*"|'[^']*'|[\w.-]+)\s*=""")
# Messages quote the wrong text, which may be a megabyte; this much is shown.
_LONGEST_SAID = 400
_SPAN = re.compile(r"(\d{1,9})\s*(m|h|d|w)")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
# A hundred years: a longer span would overflow dates.
_LONGEST = timedelta(days=36_525)


# ``tomllib`` keeps each beginning of a dotted key, so that time and memory grow with the
# square of its dots: 80 KB of them took 6 GB.
MOST_DOTS = 32
# Strings and comments, also ones that nothing ends: what stands in them is no key.
_QUOTED = re.compile(
    r'"""(?:[^"\\]++|\\.|"(?!""))*+(?:"{3,5}|\\?\Z)'
    r"|'''(?:[^']++|'(?!''))*+(?:'{3,5}|\Z)"
    r'|"(?:[^"\\\n]++|\\[^\n])*+"?'
    r"|'[^'\n]*+'?"
    r"|#[^\n]*+",
    re.DOTALL,
)
# What stands between two keys, or between a key and a value.
_BETWEEN = re.compile(r"[=,\[\]{}]")


def decode_text(data: bytes, source: str) -> str:
    """Return the text of a file, without the byte order mark of Windows.

    Raises:
        ConfigError: It is not UTF-8; names the line of the first bad byte.
    """
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as exc:
        line = exc.object.count(b"\n", 0, exc.start) + 1
        problem = f"not UTF-8 text: byte 0x{exc.object[exc.start]:02x}"
        remedy = "save the file as UTF-8"
        raise ConfigError(source, problem, remedy, line=line) from exc


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a question with the nearest of the *known* names; "" if none is near."""
    near = nearest(name, known)
    return f"did you mean {near!r}?" if near else ""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the *known* name nearest to *name*; "" if none is near."""
    return next(iter(get_close_matches(name, known, n=1)), "")


class ConfigError(Exception):
    """A configuration file is wrong; the message names the place and the remedy."""

    def __init__(
        self, source: str, problem: str, remedy: str, *, line: int | None = None
    ) -> None:
        problem, remedy = _shown(problem), _shown(remedy)
        super().__init__(source, problem, remedy, line)
        self.source = source
        self.problem = problem
        self.remedy = remedy
        self.line = line

    def __str__(self) -> str:
        where = f"{self.source}:{self.line}" if self.line else self.source
        return f"{where}: {self.problem}; {self.remedy}"


class ConfigText:
    """A parsed TOML text that finds the line of each key."""

    def __init__(
        self, text: str, source: str, *, is_shipped: bool = False, own: str | None = None
    ) -> None:
        """Parse *text*; *source* is the file's name in messages.

        What *is_shipped* was checked in full before; reading it may be brief. Where *text*
        was made of a file laid over another one, *own* is that file as it is written.

        Raises:
            ConfigError: The text is not TOML.
        """
        self.source = source
        self.is_shipped = is_shipped
        self._lines = (text if own is None else own).splitlines()
        if not is_shipped:
            self._refuse_dots(text if own is None else own)
        try:
            self.data: dict[str, Any] = tomllib.loads(text)
            self.own = self.data if own is None else tomllib.loads(own)
            if not is_shipped:
                self._refuse_huge(self.data, ())
        except tomllib.TOMLDecodeError as exc:
            found = re.search(r"line (\d+)", str(exc))
            line = int(found[1]) if found else len(self._lines)
            raise ConfigError(
                source, f"not valid TOML: {exc}", "correct the line", line=line
            ) from exc
        except RecursionError as exc:
            problem = "nested too deeply"
            raise ConfigError(
                source, problem, "correct the line", line=deep_line(text)
            ) from exc
        except ValueError as exc:
            problem = "a number has too many digits"
            raise ConfigError(
                source, problem, "correct the line", line=long_number_line(text)
            ) from exc

    def line(self, *path: str) -> int | None:
        """Return the line of the key at *path*, or of its nearest table."""
        for depth in range(len(path), 0, -1):
            for start, table in self._tables():
                if table == path[:depth]:
                    return self._key_line(start, path[depth:]) or start
        return self._key_line(0, path) or self._first_below(path)

    def line_of(self, text: str, *path: str) -> int | None:
        """Return the line with *text* in quotes below the table at *path*."""
        start = self.line(*path)
        quoted = f'"{text}"', f"'{text}'"
        for number in range(start or 1, len(self._lines) + 1):
            line = self._lines[number - 1]
            if number != start and _HEADER.match(line):
                break
            if any(text in line for text in quoted):
                return number
        return start

    def error(self, path: Iterable[str], problem: str, remedy: str) -> ConfigError:
        """Return the error on the key at *path*, with its line."""
        path = tuple(path)
        named = f"[{'.'.join(path)}] {problem}" if path else problem
        return ConfigError(self.source, named, remedy, line=self.line(*path))

    def check_keys(
        self, table: Mapping[str, Any], allowed: Iterable[str], path: tuple[str, ...]
    ) -> None:
        """Refuse any key of *table* that is not *allowed*.

        Raises:
            ConfigError: A key is unknown; the remedy names the nearest known one.
        """
        known = sorted(allowed)
        for key in table:
            if key not in known:
                remedy = did_you_mean(key, known) or f"known keys are {', '.join(known)}"
                raise self.error((*path, key), "is not a known key", remedy)

    def _refuse_dots(self, text: str) -> None:
        if line := dotted_line(text):
            problem = f"not valid TOML here: a key of more than {MOST_DOTS} dots"
            raise ConfigError(self.source, problem, "correct the line", line=line)

    def _refuse_huge(self, value: Any, path: tuple[str, ...]) -> None:
        """Refuse integers that TOML does not have: messages could not even show them."""
        if isinstance(value, dict):
            for key, below in value.items():
                self._refuse_huge(below, (*path, key))
        elif isinstance(value, list):
            for below in value:
                self._refuse_huge(below, path)
        elif isinstance(value, int) and is_huge(value):
            raise self.error(path, "is not a 64-bit number", "write a smaller one")

    def _tables(self) -> Iterable[tuple[int, tuple[str, ...]]]:
        for number, text in enumerate(self._lines, 1):
            if found := _HEADER.match(text):
                yield number, tuple(_parts(found["path"]))

    def _first_below(self, path: tuple[str, ...]) -> int | None:
        below = (n for n, table in self._tables() if table[: len(path)] == path)
        return next(below, None)

    def _key_line(self, start: int, rest: tuple[str, ...]) -> int | None:
        if not rest:
            return None
        for number in range(start + 1, len(self._lines) + 1):
            text = self._lines[number - 1]
            if _HEADER.match(text):
                return None
            if (found := _KEY.match(text)) and _parts(found["key"])[0] == rest[0]:
                return number
        return None


def _shown(words: str) -> str:
    return words if len(words) <= _LONGEST_SAID else f"{words[:_LONGEST_SAID]}…"


def _parts(path: str) -> list[str]:
    return [
        part.strip().strip("\"'")
        for part in re.findall(r"""\s*("[^"]*"|'[^']*'|[^.\s]+)\s*""", path)
    ]


def parse_span(text: str) -> timedelta | None:
    """Read a time span such as 30m, 6h, 2d or 1w, up to a hundred years."""
    found = _SPAN.fullmatch(text.strip())
    if not found:
        return None
    try:
        span = timedelta(**{_UNITS[found[2]]: int(found[1])})
    except OverflowError:
        return None
    return span if span <= _LONGEST else None


def span_text(span: timedelta | None) -> str:
    """Return the span in the form of ``parse_span``, in its largest whole unit."""
    if span is None:
        return ""
    minutes = int(span.total_seconds() // 60)
    for unit, size in (("d", 1440), ("h", 60)):
        if minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"


def dotted_line(text: str) -> int | None:
    """Return the line of the first key with too many dots; None without one."""
    if not any(line.count(".") > MOST_DOTS for line in text.split("\n")):
        return None
    keys = _QUOTED.sub(_placeholder, text)
    for number, line in enumerate(keys.split("\n"), 1):
        if any(part.count(".") > MOST_DOTS for part in _BETWEEN.split(line)):
            return number
    return None


def _placeholder(quoted: re.Match[str]) -> str:
    """Return a name in place of a string, and nothing for a comment; lines are kept."""
    text = quoted[0]
    return (
        "\n" * text.count("\n") if text.startswith("#") else "x" + "\n" * text.count("\n")
    )
