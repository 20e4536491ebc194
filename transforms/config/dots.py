"""Keys of TOML with more dots than any of ours, found before they are parsed.

``tomllib`` keeps each beginning of a dotted key, so that time and memory grow with the
square of its dots: 80 KB of them took 6 GB.
"""

from __future__ import annotations

import re

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
